"""Reads a small schedule in a test: its tables as rows, and what was said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.formats.base import FAULT, ControlTotal, Finding, Source, TableRead
from pipelines.formats.detect import recognise

Rows = list[dict[str, Any]]


@dataclass
class Read:
    format: str
    source_system: str | None
    tables: dict[str, Rows]
    warnings: tuple[str, ...]
    controls: tuple[ControlTotal, ...]
    findings: tuple[Finding, ...]

    def total(self, version: str, column: str = "amount") -> Decimal:
        rows = [row for row in self.tables["plan_line"] if row["plan_version_id"] == version]
        return sum((Decimal(row[column] or 0) for row in rows), Decimal(0))

    def cells(self, version: str) -> dict[tuple[str, str, str], tuple[str | None, str]]:
        """Element, month and category -> hours and amount."""
        return {
            (row["wbs_id"], row["month"], row["category"]): (row["hours"], row["amount"])
            for row in self.tables["plan_line"]
            if row["plan_version_id"] == version
        }

    def one(self, table: str, **where: Any) -> dict[str, Any]:
        (row,) = [r for r in self.tables[table] if all(r[key] == value for key, value in where.items())]
        return row

    def faults(self) -> list[tuple[str, str]]:
        return [(table, row[FAULT]) for table, rows in self.tables.items() for row in rows if row[FAULT]]


def read_path(path: Path, *, work: Path, options: Mapping[str, Any] | None = None) -> Read:
    source = Source(path=path, name=path.name, feed="erp", size=path.stat().st_size)
    reads = recognise(source, own_parties=(), profiles=(), work=work, options={"schedule_files": dict(options or {})})
    assert isinstance(reads, list)
    first: TableRead = reads[0]
    return Read(
        format=first.format,
        source_system=first.source_system,
        tables={read.table: read.frame.collect().to_dicts() for read in reads},
        warnings=first.warnings,
        controls=first.controls,
        findings=first.findings,
    )


def read_bytes(
    data: bytes, tmp_path: Path, *, name: str = "file.bin", options: Mapping[str, Any] | None = None
) -> Read:
    path = tmp_path / name
    path.write_bytes(data)
    return read_path(path, work=tmp_path / "work", options=options)
