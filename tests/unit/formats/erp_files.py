"""Reads bytes as landing would, for the tests of the ERP formats."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.formats.base import FAULT, Source, TableRead
from pipelines.formats.detect import recognise
from pipelines.formats.profiles import Profile, load_profiles


class Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def reads(
        self,
        content: bytes | str,
        *,
        name: str = "export.txt",
        profiles: Sequence[Profile] | None = None,
        **options: Mapping[str, Any],
    ) -> list[TableRead]:
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        path = folder / "bytes"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        source = Source(path=path, name=name, feed="erp", size=path.stat().st_size)
        read = recognise(
            source,
            own_parties=(),
            profiles=load_profiles() if profiles is None else profiles,
            work=folder / "work",
            options=options,
        )
        assert isinstance(read, list)
        return read

    def one(self, content: bytes | str, **more: Any) -> TableRead:
        (read,) = self.reads(content, **more)
        return read


def rows(read: TableRead, *columns: str) -> list[tuple]:
    """The columns' values, rows in the file's order, without those that are faulty."""
    frame = read.frame.collect()
    return frame.filter(pl.col(FAULT).is_null()).select(columns).rows()


def total(read: TableRead, column: str = "amount") -> Decimal:
    return read.frame.select(pl.col(column).cast(pl.Decimal(24, 6)).sum()).collect().item()


def faults(read: TableRead) -> list[tuple]:
    frame = read.frame.collect()
    return frame.filter(pl.col(FAULT).is_not_null()).select("source_line", FAULT).rows()
