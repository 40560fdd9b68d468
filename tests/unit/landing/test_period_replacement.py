"""Full exports of a period: what a later one does not hold any more is withdrawn, and nothing else is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from pipelines.formats.base import FAULT, ControlTotal, Finding, Replacement, TableRead
from pipelines.landing import land, land_inbox

COLUMNS = ("employee_id", "project_id", "work_date", "hours", "source_line")


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads `source|employee,project,date,hours;…` as that source's full export."""

    def recognise(source: Any, **_: Any) -> list[TableRead]:
        name, _, body = source.path.read_text().partition("|")
        rows = [(*row.split(","), str(n)) for n, row in enumerate(body.split(";"), 1)]
        frame = pl.LazyFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
        return [
            TableRead(
                format="csv (tool)",
                table="time_entry",
                frame=frame.with_columns(pl.lit(None, dtype=pl.String).alias(FAULT)),
                source_system=name,
                replaces=Replacement(period="work_date", within=("employee_id",)),
                controls=(ControlTotal(measure="hours", unit="h", stated=Decimal(8), found=Decimal(8)),),
                findings=(Finding(rule="T-1", severity="warning", message="odd", profile="tool"),),
            )
        ]

    monkeypatch.setattr(land, "recognise", recognise)


def entries(home: Any) -> list[tuple]:
    return home.rows("select employee_id, cast(work_date as varchar), hours from raw.time_entry order by all")


@pytest.mark.usefixtures("tool")
def test_a_later_export_takes_back_what_it_does_not_hold(home: Any) -> None:
    home.drop(
        "timesheets/1.csv",
        "alpha|E1,P,2026-10-01,8;E1,P,2026-10-02,7;E1,P,2026-10-09,6;E2,P,2026-10-02,5;E1,P,2026-11-02,4",
    )
    home.drop("timesheets/2.csv", "beta|E1,P,2026-10-02,1")
    land_inbox(home.settings)
    home.drop("timesheets/3.csv", "alpha|E1,P,2026-10-01,8;E1,P,2026-10-08,3;E1,P,2026-10-09,6.5")
    (file,) = land_inbox(home.settings).files
    (table,) = file.tables
    # E1 of 2 October went; E2 is in no row of the new export, November outside its period, beta another source
    assert (table.rows_loaded, table.rows_restated, table.rows_unchanged, table.rows_withdrawn) == (2, 1, 1, 1)
    assert entries(home) == [
        ("E1", "2026-10-01", Decimal(8)),
        ("E1", "2026-10-02", Decimal(1)),
        ("E1", "2026-10-08", Decimal(3)),
        ("E1", "2026-10-09", Decimal("6.5")),
        ("E1", "2026-11-02", Decimal(4)),
        ("E2", "2026-10-02", Decimal(5)),
    ]
    assert home.rows("select hours, superseded_by_file_id from history.time_entry order by hours") == [
        (Decimal(6), file.source_file_id),
        (Decimal(7), file.source_file_id),
    ]


@pytest.mark.usefixtures("tool")
def test_two_tools_never_restate_each_other(home: Any) -> None:
    home.drop("timesheets/1.csv", "alpha|E1,P,2026-10-01,8")
    home.drop("timesheets/2.csv", "beta|E1,P,2026-10-01,7")
    land_inbox(home.settings)
    assert [hours for *_, hours in entries(home)] == [7, 8]


@pytest.mark.usefixtures("tool")
def test_totals_and_findings_stand_in_the_ledger(home: Any) -> None:
    home.drop("timesheets/1.csv", "alpha|E1,P,2026-10-01,8")
    (file,) = land_inbox(home.settings).files
    assert home.rows("select * from ledger.control_totals") == [
        (file.source_file_id, "hours", "h", Decimal(8), Decimal(8))
    ]
    assert home.rows("select source_file_id, rule, severity, profile, message from ledger.findings") == [
        (file.source_file_id, "T-1", "warning", "tool", "odd")
    ]
    assert [load["source_system"] for load in home.loads()] == ["alpha"]
