"""`outturn rejects`: rows and whole files that were not taken in, with their values: for the private side only."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.commands.private import private_warehouse, rows
from pipelines.contracts import contracts
from pipelines.errors import ConfigurationError
from pipelines.formats.base import CORRECTED_FILE, CORRECTED_LINE, PROBLEM
from pipelines.landing.load import corrected_key
from pipelines.settings import Settings

COLUMNS = ("file_name", "table_name", "source_line", "column_name", "value", "reason", "remedy", "settled_by")
_REFUSED = ("file_name", "feed", "loaded_at", "reason")
_SHEET_ROWS = 1_000_000  # Excel holds 1,048,576
_FILES = """
    files as (
        select source_file_id, any_value(file_name) as file_name, min(load_number) as load_number
        from ledger.loads group by source_file_id
    )
"""
_WHICH = "(? or j.settled_by_file_id is null) and (? is null or suffix(f.file_name, ?))"


@dataclass(frozen=True, kw_only=True)
class Rejects:
    """`findings`: one a fault; `refused`: whole files; `records`: table -> the rejected rows, cell by cell."""

    findings: Sequence[dict[str, Any]]
    refused: Sequence[dict[str, Any]]
    records: Mapping[str, Sequence[dict[str, Any]]]


def read_rejects(settings: Settings, *, file_name: str | None = None, with_settled: bool = False) -> Rejects:
    """What was not taken in, in the order of arrival; `file_name` narrows to files whose name ends so.

    Rows that a later file brought corrected are left out unless `with_settled`.
    """
    narrowed = [with_settled, file_name, file_name]
    with private_warehouse(settings) as connection:
        findings = rows(
            connection,
            f"""
            with {_FILES}, rejected as (
                select source_file_id, table_name, source_line, any_value(settled_by_file_id) as settled_by_file_id
                from ledger.rejected_records group by all
            )
            select
                f.file_name, r.table_name, r.source_line, r.column_name, r.value, r.reason, r.remedy,
                b.file_name as settled_by
            from ledger.rejected_rows as r
            inner join rejected as j
                on r.source_file_id = j.source_file_id and r.table_name = j.table_name
                and r.source_line is not distinct from j.source_line
            inner join files as f on r.source_file_id = f.source_file_id
            left join files as b on j.settled_by_file_id = b.source_file_id
            where {_WHICH}
            order by f.load_number, r.table_name, try_cast(r.source_line as bigint), r.source_line, r.column_name
            """,
            narrowed,
        )
        refused = rows(
            connection,
            """
            select file_name, feed, cast(loaded_at as varchar) as loaded_at, reason from ledger.loads
            where status = 'refused' and (? is null or suffix(file_name, ?)) order by load_number
            """,
            [file_name, file_name],
        )
        records: dict[str, list[dict[str, Any]]] = {}
        for record in rows(
            connection,
            f"""
            with {_FILES}, problems as (
                select
                    source_file_id, table_name, source_line,
                    string_agg(
                        coalesce(column_name || ': ', '') || reason || '; to do: ' || remedy, chr(10)
                    ) as problem,
                    list(column_name) as columns
                from ledger.rejected_rows group by all
            )
            select
                j.table_name, j.record, j.source_file_id, j.source_line, p.problem, p.columns, f.file_name,
                {corrected_key("j")} as own_key
            from ledger.rejected_records as j
            inner join problems as p
                on j.source_file_id = p.source_file_id and j.table_name = p.table_name
                and j.source_line is not distinct from p.source_line
            inner join files as f on j.source_file_id = f.source_file_id
            where {_WHICH}
            order by f.load_number, try_cast(j.source_line as bigint), j.source_line
            """,
            narrowed,
        ):
            records.setdefault(record["table_name"], []).append({**record, "record": json.loads(record["record"])})
    return Rejects(findings=findings, refused=refused, records=records)


def _harmless(value: Any) -> Any:
    """A value that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def export_rejects(found: Rejects, out: Path) -> None:
    """Writes, by the name's ending, the list of findings (CSV), or the workbook that can be corrected and dropped back
    into the inbox (XLSX)."""
    if out.suffix == ".csv":
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows([_harmless(row[name]) for name in COLUMNS] for row in found.findings)
    elif out.suffix == ".xlsx":
        out.parent.mkdir(parents=True, exist_ok=True)
        _Workbook(found).write(out)
    else:
        raise ConfigurationError("unknown kind of file", value=out.name, valid=".csv, .xlsx")


class _Workbook:
    """A sheet for each table, named after it, with the rejected rows in the table's own columns: dropped into the inbox
    it is an ordinary canonical workbook. Every cell is text, so that nothing is reformatted and no formula runs."""

    def __init__(self, found: Rejects) -> None:
        self.found = found

    def write(self, out: Path) -> None:
        import xlsxwriter

        with xlsxwriter.Workbook(str(out), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            self.head = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
            self.text = book.add_format({"num_format": "@"})
            self.fault = book.add_format({"num_format": "@", "bg_color": "#FFE0B2"})
            for table, records in self.found.records.items():
                self._table(book.add_worksheet(table), table, records)
            self._list(book.add_worksheet("findings"), COLUMNS, self.found.findings)
            self._list(book.add_worksheet("refused files"), _REFUSED, self.found.refused)

    def _table(self, sheet: Any, table: str, records: Sequence[Mapping[str, Any]]) -> None:
        contract = contracts()[table]
        names = (PROBLEM, *contract.column_names, CORRECTED_FILE, CORRECTED_LINE)
        self._head(sheet, names)
        sheet.set_column(0, 0, 60)
        for place, column in enumerate(contract.columns, start=1):
            if column.codes:
                codes = {"validate": "list", "source": list(column.codes), "error_type": "warning"}
                sheet.data_validation(1, place, max(len(records), 1), place, codes)
        for number, record in enumerate(records[:_SHEET_ROWS], start=1):
            cells = dict(record["record"])
            if contract.key_when_empty and not cells.get(contract.key[0]):
                cells[contract.key[0]] = record["own_key"]
            wrong = set(record["columns"] or ())
            sheet.write_string(number, 0, f"{record['file_name']}: {record['problem']}", self.text)
            for place, name in enumerate(contract.column_names, start=1):
                sheet.write_string(number, place, cells.get(name) or "", self.fault if name in wrong else self.text)
            sheet.write_string(number, len(names) - 2, record["source_file_id"], self.text)
            sheet.write_string(number, len(names) - 1, record["source_line"] or "", self.text)

    def _list(self, sheet: Any, names: Sequence[str], found: Iterable[Mapping[str, Any]]) -> None:
        self._head(sheet, names)
        for number, row in zip(range(1, _SHEET_ROWS), found, strict=False):
            for place, name in enumerate(names):
                sheet.write_string(number, place, "" if row[name] is None else str(row[name]), self.text)

    def _head(self, sheet: Any, names: Sequence[str]) -> None:
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(names):
            sheet.write_string(0, place, name, self.head)
            sheet.set_column(place, place, max(14, len(name) + 2), self.text)
