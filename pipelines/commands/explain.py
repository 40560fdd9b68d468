"""`outturn explain FILE`: what landing would make of a file, in words."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

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
    if table.first_line is not None:
        lines.append(f"  first row (line {table.first_line}):")
    if table.row_fault:
        lines.append(f"    the row as a whole: {table.row_fault}")
    return lines + [_cell(cell) for cell in table.first_row]


def explain_file(settings: Settings, file: Path) -> tuple[dict[str, Any], list[str]]:
    """The explanation as data and as lines to print."""
    found = explain(settings, file)
    lines = [f"{found.file_name} ({found.size:,} bytes{', feed ' + found.feed if found.feed else ''})"]
    if found.refusal:
        lines.append(f"  would be refused: {found.refusal}")
    else:
        dialect = f" ({'; '.join(found.dialects)})" if found.dialects else ""
        lines.append(f"  recognised as {found.format}{dialect}")
    lines += [f"  warning: {warning}" for warning in found.warnings]
    for table in found.tables:
        lines += _table(table)
    return dataclasses.asdict(found), lines
