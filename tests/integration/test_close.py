"""A closed month stays as it was; what came later says which figure moved, by how much, by which document and file."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.formats.base import FAULT, Replacement, TableRead
from pipelines.landing import land, land_inbox

pytestmark = pytest.mark.whole

COLUMNS = ("employee_id", "project_id", "work_date", "hours", "source_line")


@pytest.fixture
def land_export(monkeypatch):
    """Lands `employee,project,date,hours;…` as a tool's full export of its period, which replaces its former one."""

    def recognise(source: Any, **_: Any) -> list[TableRead]:
        rows = [(*row.split(","), str(n)) for n, row in enumerate(source.path.read_text().split(";"), 1)]
        frame = pl.LazyFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
        return [
            TableRead(
                format="csv (tool)",
                table="time_entry",
                frame=frame.with_columns(pl.lit(None, dtype=pl.String).alias(FAULT)),
                source_system="tool",
                replaces=Replacement(period="work_date", within=("employee_id",)),
            )
        ]

    def run(home: Any, name: str, text: str) -> None:
        path = home.path / "inbox" / "timesheets" / name
        path.write_text(text, encoding="utf-8")
        with monkeypatch.context() as patched:
            patched.setattr(land, "recognise", recognise)
            (file,) = land_inbox(home.settings).files
        assert file.status == "loaded", file.reason

    return run


# the level fee of October: 60,791.67
FEE = (
    "select invoice_id, counterparty_id from raw.invoice where project_id = 'P-1007' and direction = 'customer' "
    "and issue_date = date '2026-10-02'"
)


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def _deliver_late(home: Any, drop: Any) -> None:
    head = "cost_line_id,project_id,posting_date,account_code,category,amount,currency_code\n"
    drop(home, "erp/cost_line_late.csv", head + "LATE-1,P-1002,2026-10-20,5400,travel,1234.56,EUR\n")
    ((key, amount, currency),) = home.private(
        "select cost_line_id, amount, currency_code from raw.cost_line where project_id = 'P-1010' "
        "and category = 'subcontract' and posting_date between date '2026-10-01' and date '2026-10-31' "
        "order by cost_line_id limit 1"
    )
    drop(home, "erp/cost_line_moved.csv", head + f"{key},P-1010,2026-11-02,5100,subcontract,{amount},{currency}\n")
    drop(
        home,
        "erp/exchange_rate_corrected.csv",
        "from_currency,to_currency,rate_date,rate_type,rate\nEUR,NOK,2026-10-15,daily,10\n",
    )
    ((number, counterparty),) = home.private(FEE)
    drop(
        home,
        "invoices/invoice_corrected.csv",
        "invoice_id,direction,counterparty_id,issue_date,currency_code,project_id,net_amount,tax_amount,gross_amount\n"
        f"{number},customer,{counterparty},2026-10-02,EUR,P-1007,60000,0,60000\n",
    )


def _restated(home: Any, **conditions: str) -> list[tuple]:
    where = " and ".join(f"{name} = ?" for name in conditions)
    return home.published(
        f"select document, difference, cause, file_name from margin.margin_restatements where {where} order by all",
        *conditions.values(),
    )


def test_later_postings_leave_a_closed_month_and_are_told(copied, drop, land_export):
    entry = "E-0001,P-1002,2026-10-{day},{hours}"
    first = [entry.format(day="05", hours="3"), entry.format(day="06", hours="2")]
    land_export(copied, "tool_2026-10.csv", ";".join(first))
    refused = copied.run("close", "2026-10")
    assert refused.returncode == 1
    assert "since the last publication" in refused.stderr
    copied.refresh()
    assert copied.run("close", "2026-10").returncode == 0
    folder = copied.path / "closes" / "2026-10"
    frozen = _files(folder)
    mart = "select * exclude (month) from margin.margin_by_project_month{} where month = date '2026-10-01' order by all"
    closed = copied.published(mart.format(""))

    ((fee, _),) = copied.private(FEE)
    # the export has lost the entry of the 6th
    land_export(copied, "tool_2026-10_again.csv", ";".join([first[0], entry.format(day="07", hours="0.5")]))
    _deliver_late(copied, drop)
    # files are taken in the order of their times
    for path in (copied.path / "inbox").rglob("*.csv"):
        os.utime(path, (datetime(2026, 11, 3, tzinfo=UTC).timestamp(),) * 2)
    assert copied.refresh()["refresh"]["files_loaded"] == 4

    assert _files(folder) == frozen
    assert copied.published(mart.format("_as_closed")) == closed
    assert copied.published(mart.format("")) != closed
    assert _restated(copied, project_id="P-1002", measure="travel_cost_amount_base") == [
        ("LATE-1", Decimal("1234.56"), "arrived_after_close", "cost_line_late.csv")
    ]
    assert _restated(copied, project_id="P-1007", measure="billed_amount_base") == [
        (fee, Decimal("-791.67"), "restated", "invoice_corrected.csv")
    ]
    # progress is cost over cost: the late line moves revenue too, through the contract line
    ((line, _, cause, files),) = _restated(copied, project_id="P-1002", measure="revenue_amount_base")
    assert (line, cause) == ("CL-1002-1", "estimate_price_or_progress")
    assert "cost_line_late.csv" in files
    moved = _restated(copied, project_id="P-1010", measure="subcontract_cost_amount_base")
    # its posting moved on, and the supplier's invoice is accrued in October instead
    assert {file for *_, file in moved} == {"cost_line_moved.csv"}
    assert {cause for _, _, cause, _ in moved} == {"withdrawn_or_moved", "restated"}
    assert ("revalued_by_rates", "exchange_rate_corrected.csv") in [
        (cause, file) for _, _, cause, file in _restated(copied, project_id="P-1010", measure="travel_cost_amount_base")
    ]
    sheets = {
        document: (difference < 0, cause, file)
        for document, difference, cause, file in _restated(
            copied, project_id="P-1002", measure="labour_cost_amount_base"
        )
    }
    assert sheets["tool_2026-10.csv"] == (True, "restated", "tool_2026-10_again.csv")
    assert sheets["tool_2026-10_again.csv"] == (False, "arrived_after_close", "tool_2026-10_again.csv")
    # two days of one person beside their cost: nobody is told that they are two
    withheld = "select rows_read, rows_loaded, is_row_count_withheld from ops.loads where file_name = ?"
    assert copied.published(withheld, "tool_2026-10_again.csv") == [(None, None, True)]
    assert copied.private("select rows_read from ledger.loads where file_name = 'tool_2026-10_again.csv'") == [(2,)]
    assert copied.published("select count(rows_loaded), count(rows_by_step) from ops.refreshes") == [(0, 0)]
    difference = dict(
        copied.published(
            """
            select project_id, now.gross_margin_amount_base - closed.gross_margin_amount_base as difference
            from margin.margin_by_project_month as now
            inner join margin.margin_by_project_month_as_closed as closed using (project_id, month)
            where difference <> 0
            """
        )
    )
    assert difference.keys() >= {"P-1002", "P-1010"}
    assert difference == dict(
        copied.published(
            "select project_id, sum(difference) from margin.margin_restatements "
            "where measure = 'gross_margin_amount_base' group by all"
        )
    )
    # who changes a close is told before anything is built
    mart_file = folder / "margin_by_project_month.parquet"
    mart_file.chmod(0o644)
    mart_file.write_bytes(mart_file.read_bytes() + b" ")
    ended = copied.run("refresh", "--no-site")
    assert ended.returncode == 1
    assert "the close of 2026-10 was changed" in ended.stderr


def test_months_are_closed_in_their_order(copied):
    assert copied.run("close", "2026-08").returncode == 0
    for month, said in (("2026-10", "in their order"), ("2026-07", "in their order"), ("2026-08", "closed already")):
        ended = copied.run("close", month)
        assert ended.returncode == 1
        assert said in ended.stderr
    assert copied.run("close", "2026-09").returncode == 0
