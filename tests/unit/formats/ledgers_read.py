"""Reading a file's bytes the way landing does, for the tests of ledger formats."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.formats.base import Source, TableRead
from pipelines.formats.detect import recognise


def read_path(
    path: Path, work: Path, *, name: str | None = None, options: Mapping[str, Any] | None = None
) -> list[TableRead]:
    source = Source(path=path, name=name or path.name, feed="erp", size=path.stat().st_size)
    return list(recognise(source, own_parties=(), profiles=(), work=work / "work", options=options))  # type: ignore[arg-type]


def read_bytes(
    data: bytes, work: Path, *, name: str = "file", options: Mapping[str, Any] | None = None
) -> list[TableRead]:
    work.mkdir(parents=True, exist_ok=True)
    path = work / "delivered"
    path.write_bytes(data)
    return read_path(path, work, name=name, options=options)


def frames(reads: list[TableRead]) -> dict[str, pl.DataFrame]:
    return {read.table: read.frame.collect() for read in reads}


def rules(reads: list[TableRead]) -> list[str]:
    return [finding.rule for read in reads for finding in read.findings]


def totals(reads: list[TableRead]) -> dict[str, tuple[str, str]]:
    """measure -> stated and found, as plain numbers."""
    return {
        control.measure: (f"{control.stated.normalize():f}", f"{control.found.normalize():f}")
        for read in reads
        for control in read.controls
    }
