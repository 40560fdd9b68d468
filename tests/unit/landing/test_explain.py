"""What would become of a file, told before it is taken in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.commands.explain import explain_file
from pipelines.errors import ConfigurationError
from pipelines.landing.explain import explain


def test_a_table_is_explained_cell_by_cell(home: Any, tmp_path: Path) -> None:
    path = tmp_path / "time_entry.csv"
    path.write_text("Employee ID;Project_ID;work_date;hours;mood\nE1;P1;2026-01-05;7,5;fine\nE1;P1;2026-01-06;8;bad\n")
    found = explain(home.settings, path)
    assert (found.format, found.dialects, found.refusal, found.feed) == ("csv", ("utf-8, semicolon",), None, None)
    assert found.warnings == ("columns that time_entry does not know were left out: mood",)
    (table,) = found.tables
    assert (table.table, table.rows, table.rows_unreadable, table.line) == ("time_entry", 2, 1, "2")
    cells = {cell.column: cell for cell in table.row}
    assert (cells["employee_id"].source, cells["employee_id"].value) == ("Employee ID", "E1")
    assert cells["work_date"].value == date(2026, 1, 5)
    assert (cells["hours"].text, cells["hours"].value) == ("7,5", None)
    assert cells["hours"].reason == "not the canonical form of a number"
    assert (cells["approval_status"].source, cells["approval_status"].value) == (None, "approved")
    assert path.exists()
    assert not home.settings.warehouse.exists()
    assert list(home.settings.work.iterdir()) == []


def test_a_document_is_explained(home: Any, ubl: Any) -> None:
    path = home.drop("invoices/1.xml", ubl("R-1", "100.00"))
    found = explain(home.settings, path)
    assert found.feed == "invoices"
    assert [(table.table, table.rows, table.rows_unreadable) for table in found.tables] == [
        ("invoice", 1, 0),
        ("invoice_line", 1, 0),
    ]
    cells = {cell.column: cell.value for cell in found.tables[0].row}
    assert (cells["invoice_id"], cells["net_amount"]) == ("R-1", Decimal(100))


def test_a_refusal_is_explained(home: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("")
    assert "the file is empty" in (explain(home.settings, path).refusal or "")


def test_any_row_is_shown_beside_its_own_cells(home: Any, tmp_path: Path) -> None:
    path = tmp_path / "time_entry.csv"
    path.write_text("employee_id;project_id;work_date;hours;mood\nE1;P1;2026-01-05;7;fine\nE1;P1;2026-01-06;8;bad\n")
    (table,) = explain(home.settings, path, line="3").tables
    assert table.line == "3"
    assert table.as_in_file == {
        "employee_id": "E1", "project_id": "P1", "work_date": "2026-01-06", "hours": "8", "mood": "bad",
    }  # fmt: skip
    assert {cell.column: cell.value for cell in table.row}["hours"] == Decimal(8)
    with pytest.raises(ConfigurationError, match="no row has this line"):
        explain_file(home.settings, path, line="9")
