"""Rows of canonical tables as they are made: kept while they are few, in chunks of Parquet when they are many."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from pipelines.contracts import contracts
from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT

_CHUNK = 50_000
# 10 million lines of a plan: a thousand projects of a hundred tasks over eight years
MOST_ROWS = 10_000_000


class Sink:
    """The rows of one canonical table. Memory holds one chunk at most."""

    def __init__(self, table: str, *, work: Path, where: str) -> None:
        self.table, self.work, self.where = table, work, where
        self.schema = dict.fromkeys((*contracts()[table].column_names, "source_line", FAULT), pl.String)
        self.rows: list[Sequence[str | None]] = []
        self.files: list[Path] = []
        self.count = 0

    def add(self, *, place: str, fault: str | None = None, **cells: str | None) -> None:
        self.rows.append([*(cells.get(name) for name in list(self.schema)[:-2]), place, fault])
        self.count += 1
        if len(self.rows) >= _CHUNK:
            self._flush()

    def _frame(self) -> pl.DataFrame:
        return pl.DataFrame(self.rows, schema=self.schema, orient="row")

    def _flush(self) -> None:
        if self.count > MOST_ROWS:
            raise RefusedFile(
                f"the schedule makes more than {MOST_ROWS:,} rows of {self.table}",
                where=self.where,
                remedy="check its dates; export it in parts",
            )
        self.work.mkdir(parents=True, exist_ok=True)
        path = self.work / f"{self.table}-{len(self.files):05d}.parquet"
        self._frame().write_parquet(path, compression="lz4")
        self.files.append(path)
        self.rows = []

    def frame(self) -> pl.LazyFrame:
        if not self.files:
            return self._frame().lazy()
        return pl.concat([pl.scan_parquet(path, glob=False) for path in self.files] + [self._frame().lazy()])
