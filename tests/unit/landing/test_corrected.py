"""Rejected rows exported as a workbook, corrected by hand and dropped back in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import fastexcel
import polars as pl
import pytest
import xlsxwriter

from pipelines.commands.rejects import export_rejects, read_rejects
from pipelines.landing import land_inbox

HEAD = "cost_line_id,project_id,posting_date,amount,currency_code,description\n"


def corrected(book: Any, changes: dict[tuple[str, int, str], str], out: Any) -> None:
    """Writes the workbook's tables again with some cells changed, as a person would in a spreadsheet."""
    reader = fastexcel.read_excel(book)
    with xlsxwriter.Workbook(str(out)) as target:
        for name in reader.sheet_names:
            rows = pl.DataFrame(reader.load_sheet(name, header_row=None, dtypes="string")).rows()
            sheet = target.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write_string(number, place, changes.get((name, number, rows[0][place]), cell) or "")


def test_a_corrected_workbook_settles_its_rejects(home: Any, tmp_path: Any) -> None:
    home.drop("erp/cost_line.csv", HEAD + "1,P1,2026-01-05,10,EUR,\n2,P1,2026-01-05,n/a,EUR,=1+1\n3,P1,soon,5,EUR,\n")
    land_inbox(home.settings)
    found = read_rejects(home.settings)
    export_rejects(found, tmp_path / "rejects.xlsx")
    assert [(r["source_line"], r["column_name"]) for r in found.findings] == [("3", "amount"), ("4", "posting_date")]

    corrected(
        tmp_path / "rejects.xlsx", {("cost_line", 1, "amount"): "7.25"}, home.settings.inbox / "erp" / "again.xlsx"
    )
    (file,) = land_inbox(home.settings).files
    assert file.status == "loaded", file.reason
    assert home.rows("select cost_line_id, amount, description from raw.cost_line order by 1") == [
        ("1", Decimal(10), None),
        ("2", Decimal("7.25"), "=1+1"),
    ]
    # the corrected row is settled; the other one was delivered again as it was and stands under the new file's name
    again = read_rejects(home.settings)
    assert [(r["file_name"], r["column_name"], r["value"]) for r in again.findings] == [
        ("again.xlsx", "posting_date", "soon")
    ]
    everything = read_rejects(home.settings, with_settled=True)
    assert [r["settled_by"] for r in everything.findings] == ["again.xlsx", "again.xlsx", None]


def test_a_corrected_entry_meets_no_other_of_its_file(home: Any, tmp_path: Any) -> None:
    """Entries without a number have keys made of their content: the correction must not take another one's place."""
    home.drop(
        "timesheets/time_entry.csv",
        "employee_id,project_id,work_date,hours\nE1,P1,2026-10-01,4\nE1,P1,2026-10-01,three\n",
    )
    land_inbox(home.settings)
    export_rejects(read_rejects(home.settings), tmp_path / "rejects.xlsx")
    target = home.settings.inbox / "timesheets" / "corrected.xlsx"
    corrected(tmp_path / "rejects.xlsx", {("time_entry", 1, "hours"): "3"}, target)
    land_inbox(home.settings)
    assert home.rows("select sum(hours), count(*) from raw.time_entry") == [(Decimal(7), 2)]


@pytest.mark.parametrize("name", ["rejects.xlsx", "rejects.csv"])
def test_nothing_rejected_is_an_empty_list(home: Any, tmp_path: Any, name: str) -> None:
    home.drop("erp/cost_line.csv", HEAD + "1,P1,2026-01-05,10,EUR,\n")
    land_inbox(home.settings)
    export_rejects(read_rejects(home.settings), tmp_path / name)
    assert (tmp_path / name).stat().st_size > 0
    assert read_rejects(home.settings).records == {}
