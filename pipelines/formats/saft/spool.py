"""Rows on their way to Parquet: chunks in the scratch folder, so that memory does not grow with the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

_CHUNK = 50_000


class Spool:
    """Rows of one kind. Values are text or whole numbers, null where there is none."""

    def __init__(self, folder: Path, name: str, schema: dict[str, pl.DataType], *, chunk: int = _CHUNK) -> None:
        self.folder, self.name, self.schema, self.chunk = folder, name, schema, chunk
        self.rows: list[Sequence[object]] = []
        self.files: list[Path] = []
        self.count = 0

    def add(self, row: Sequence[object]) -> None:
        self.rows.append(row)
        self.count += 1
        if len(self.rows) >= self.chunk:
            self._write()

    def extend(self, rows: Sequence[Sequence[object]]) -> None:
        self.rows.extend(rows)
        self.count += len(rows)
        if len(self.rows) >= self.chunk:
            self._write()

    def _frame(self) -> pl.DataFrame:
        columns = zip(*self.rows, strict=True) if self.rows else [()] * len(self.schema)
        return pl.DataFrame(
            [
                pl.Series(name, column, dtype=kind)
                for (name, kind), column in zip(self.schema.items(), columns, strict=True)
            ]
        )

    def _write(self) -> None:
        path = self.folder / f"{self.name}-{len(self.files):05}.parquet"
        self._frame().write_parquet(path, compression="lz4", statistics=False)
        self.files.append(path)
        self.rows = []

    def scan(self) -> pl.LazyFrame:
        """All rows; nothing may be added any more."""
        if not self.files:
            return self._frame().lazy()
        if self.rows:
            self._write()
        return pl.scan_parquet(self.files, glob=False)
