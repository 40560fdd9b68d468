"""`outturn rejects`: the rows that were not taken in, with their values: they never leave the private side."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipelines.commands.private import private_warehouse, rows
from pipelines.errors import ConfigurationError
from pipelines.settings import Settings

COLUMNS = ("file_name", "table_name", "source_line", "column_name", "value", "reason", "remedy")


def read_rejects(settings: Settings, *, file_name: str | None = None) -> list[dict[str, Any]]:
    """One dictionary a finding, in the order of arrival; `file_name` narrows to files whose name ends so."""
    with private_warehouse(settings) as connection:
        return rows(
            connection,
            """
            with files as (
                select source_file_id, any_value(file_name) as file_name, min(load_number) as load_number
                from ledger.loads group by source_file_id
            )
            select f.file_name, r.table_name, r.source_line, r.column_name, r.value, r.reason, r.remedy
            from ledger.rejected_rows as r
            inner join files as f on r.source_file_id = f.source_file_id
            where ? is null or suffix(f.file_name, ?)
            order by f.load_number, r.table_name, try_cast(r.source_line as bigint), r.source_line, r.column_name
            """,
            [file_name, file_name],
        )


def _harmless(value: Any) -> Any:
    """A value that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def export_rejects(found: Sequence[dict[str, Any]], out: Path) -> None:
    """Writes the findings as CSV or XLSX, by the name's ending."""
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix == ".csv":
        with out.open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows([_harmless(row[name]) for name in COLUMNS] for row in found)
    elif out.suffix == ".xlsx":
        import xlsxwriter

        with xlsxwriter.Workbook(str(out), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            sheet = book.add_worksheet("rejects")
            sheet.freeze_panes(1, 0)
            for column, name in enumerate(COLUMNS):
                sheet.write_string(0, column, name, book.add_format({"bold": True}))
            for number, row in enumerate(found, start=1):
                for column, name in enumerate(COLUMNS):
                    sheet.write_string(number, column, "" if row[name] is None else str(row[name]))
    else:
        raise ConfigurationError("unknown kind of file", value=out.name, valid=".csv, .xlsx")
