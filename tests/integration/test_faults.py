"""Every fault planted in the demo firm is caught, where the catalogue says and with its amount."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from pipelines.demo import catalogue
from pipelines.demo.periods import Periods

pytestmark = pytest.mark.whole
FAULTS = catalogue(Periods(date(2026, 10, 31)))


def of(outcome: str) -> list:
    return [pytest.param(fault, id=fault.id) for fault in FAULTS if fault.outcome == outcome]


@pytest.mark.parametrize("fault", of("rejected"))
def test_rejected(demo, fault):
    home, _ = demo
    rows = home.private(
        """
        select r.source_line, r.column_name, r.reason, r.remedy
        from ledger.rejected_rows r join ledger.loads l using (source_file_id)
        where suffix(?, l.file_name) and r.table_name = ? and contains(coalesce(r.column_name, ''), ?)
        group by all
        """,
        fault.file,
        fault.table,
        fault.column,
    )
    assert len(rows) == fault.count
    assert all(reason and remedy for _, _, reason, remedy in rows)
    (counted,) = home.private(
        "select rows_rejected, amount_rejected from ledger.loads where suffix(?, file_name) and table_name = ?",
        fault.file,
        fault.table,
    )
    assert counted[0] == fault.count
    if fault.amount is not None:
        assert counted[1] == fault.amount


@pytest.mark.parametrize("fault", of("refused"))
def test_refused(demo, fault):
    home, _ = demo
    name = fault.file.rsplit("/", 1)[1]
    (row,) = home.published("select status, reason from ops.loads where suffix(file_name, ?)", name)
    assert row[0] == "refused"
    assert row[1]
    assert list((home.path / "refused").rglob(f"*{name}*"))


@pytest.mark.parametrize("fault", of("exception"))
def test_exception_with_what_is_at_stake(demo, fault):
    home, _ = demo
    rows = home.published("select amount_at_stake, unit, message from ops.exceptions where rule = ?", fault.rule)
    assert rows
    assert all(message for _, _, message in rows)
    if fault.unit != "hours":
        assert fault.amount in [amount for amount, _, _ in rows], rows
        return
    # fewer people than the privacy minimum: published without the hours, traced privately with them
    assert [(amount, "withheld" in message) for amount, _, message in rows] == [(None, True)]
    if fault.rule == "missing_bill_rate":  # the same hours as without a cost rate
        return
    reason = {"missing_cost_rate": "no_cost_rate", "unapproved_time": "draft"}[fault.rule]
    (entry,) = home.private(
        "select project_id, strftime(work_month, '%Y-%m') from intermediate.int_labour__time_entries_costed "
        "where no_cost_reason = ? limit 1",
        reason,
    )
    traced = json.loads(home.run("trace", "exceptions", "/".join(entry), "--json").stdout)
    found = {total["measure"]: (Decimal(total["amount"]), total["rows"]) for total in traced["totals"]}
    assert found[reason] == (fault.amount, fault.count)


def test_restated_costs_keep_their_former_version(demo):
    home, _ = demo
    restated = home.private("select count(*) from history.cost_line where superseded_at is not null")
    assert restated == [(8,)]


def test_warnings_name_the_column(demo):
    home, _ = demo
    (fault,) = [fault for fault in FAULTS if fault.outcome == "warning"]
    (row,) = home.private("select warnings from ledger.loads where table_name = ?", fault.table)
    assert fault.column in row[0]


def test_text_stays_text(demo):
    home, _ = demo
    (name,) = home.published("select project_name from core.dim_projects where project_id = 'P-1017'")
    assert "<script>" in name[0]
    (umlauts,) = home.private("select count(*) from raw.employee where contains(employee_name, 'ä')")
    assert umlauts[0] >= 1


def test_only_planted_faults_are_found(demo):
    """The demo is otherwise clean: nothing is rejected, refused or excepted that was not planted."""
    home, _ = demo
    rejected = sum(fault.count for fault in FAULTS if fault.outcome == "rejected")
    assert home.private("select sum(rows_rejected) from ledger.loads") == [(rejected,)]
    assert home.private("select count(*) from ledger.loads where status = 'refused'") == [(3,)]
    planted = {fault.rule for fault in FAULTS if fault.rule}
    found = {rule for (rule,) in home.published("select distinct rule from ops.exceptions where severity <> 'notice'")}
    assert found == planted
