"""`outturn explain FILE`: what landing would make of a file, in words."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from pipelines.errors import ConfigurationError
from pipelines.landing.explain import ExplainedCell, ExplainedTable, explain
from pipelines.settings import Settings


def _cell(cell: ExplainedCell) -> str:
    source = f" ← {cell.source}" if cell.source and cell.source != cell.column else ""
    if cell.reason:
        return f"    {cell.column}{source}: {cell.text!r} NOT TAKEN: {cell.reason}; to do: {cell.remedy}"
    if cell.text is None:
        return f"    {cell.column}{source}: empty" + (f", so {cell.value}" if cell.value is not None else "")
    shown = "" if str(cell.value) == cell.text else f" → {cell.value}"
    return f"    {cell.column}{source}: {cell.text!r}{shown}"


def _table(table: ExplainedTable) -> list[str]:
    lines = [f"  table {table.table}: {table.rows:,} rows, {table.rows_unreadable:,} of them not readable"]
    if table.source_system:
        lines.append(f"  names are looked up in project_alias for the source system {table.source_system}")
    if table.replaces:
        lines.append(f"  takes the place of {table.replaces}")
    if table.line is not None:
        lines.append(f"  row in line {table.line}:")
    if table.as_in_file:
        lines.append("    in the file: " + ", ".join(f"{name}={value!r}" for name, value in table.as_in_file.items()))
    if table.row_fault:
        lines.append(f"    the row as a whole: {table.row_fault}")
    return lines + [_cell(cell) for cell in table.row]


def explain_file(settings: Settings, file: Path, *, line: str | None = None) -> tuple[dict[str, Any], list[str]]:
    """The explanation as data and as lines to print. Raises ConfigurationError where no table has the line."""
    found = explain(settings, file, line=line)
    if line is not None and not found.refusal and all(table.line is None for table in found.tables):
        raise ConfigurationError(
            "no row has this line", where=str(file), value=line, valid="a line as `outturn rejects` shows it"
        )
    lines = [f"{found.file_name} ({found.size:,} bytes{', feed ' + found.feed if found.feed else ''})"]
    if found.refusal:
        lines.append(f"  would be refused: {found.refusal}")
    else:
        dialect = f" ({'; '.join(found.dialects)})" if found.dialects else ""
        lines.append(f"  recognised as {found.format}{dialect}")
    lines += [f"  warning: {warning}" for warning in found.warnings]
    lines += [f"  finding: {finding}" for finding in found.findings]
    lines += [f"  control total: {control}" for control in found.controls]
    for table in found.tables:
        lines += _table(table)
    return dataclasses.asdict(found), lines
