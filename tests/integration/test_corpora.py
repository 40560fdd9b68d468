"""Real files to a published warehouse: e-invoices of public test suites, time logs of real projects, KPI feeds."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from benchmarks import corpora
from tests.integration.conftest import Home

pytestmark = [
    pytest.mark.whole,
    pytest.mark.skipif(not corpora.CORPORA.exists(), reason=f"no corpora at {corpora.CORPORA} (set OUTTURN_CORPORA)"),
]


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory) -> tuple[Home, dict[str, int], dict[str, Any]]:
    """The home, what was put into it, and how its one refresh ended."""
    home = Home(path=tmp_path_factory.mktemp("corpora") / "home")
    put = corpora.prepare(home.path)
    return home, put, home.refresh()


def test_every_invoice_and_time_log_is_loaded_or_refused_and_published(refreshed):
    home, put, outcome = refreshed
    assert outcome["manifest"]["checks"]["critical"] == 0
    files = dict(
        home.published(
            "select status, count(distinct source_file_id) from ops.loads where feed = 'invoices' group by status"
        )
    )
    # a few documents of the suites are the same bytes under two names
    duplicates = outcome["refresh"]["files_duplicate"]
    assert files["loaded"] + files["refused"] + duplicates == put["invoice files"]
    assert files["loaded"] > 100
    unexplained = home.published("select file_name from ops.loads where status = 'refused' and reason is null")
    assert unexplained == []
    (log,) = home.private(
        "select rows_read, rows_loaded + rows_rejected, amount_read, amount_loaded + amount_rejected "
        "from ledger.loads where table_name = 'time_entry'"
    )
    assert log[0] == log[1] == 93_633
    assert log[2] == log[3]
    (labour,) = home.published("select sum(labour_cost_amount_base) from margin.margin_by_project_month")
    (hours,) = home.private(
        "select sum(e.hours) from raw.time_entry e join raw.project p on e.project_id = p.project_id"
    )
    # each published cell is rounded once, half a cent at most
    assert abs(labour[0] - hours[0] * Decimal(corpora.NOMINAL_RATE)) < 50


def earned_hours() -> tuple[dict[str, Fraction], dict[str, dict[str, Fraction]]]:
    """Planned hours of each project of CESAW, and of its tasks completed in each month (YYYY-MM); read here."""
    planned: dict[str, Fraction] = defaultdict(Fraction)
    completed: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    with (corpora.CORPORA / "projects" / "cesaw" / "CESAW_task_fact.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            hours = Fraction(row["task_plan_time_minutes"] or 0) / 60
            planned[row["project_key"]] += hours
            day, _, _ = row["task_actual_complete_date"].partition(" ")
            if day.count("/") == 2:
                month, _, year = day.split("/")
                completed[row["project_key"]][f"{year}-{month:0>2}"] += hours
    return planned, completed


def test_real_projects_have_earned_value_estimates_and_ranges(refreshed):
    home, _, _ = refreshed
    planned, completed = earned_hours()
    rows = home.published(
        "select project_id, strftime(month, '%Y-%m'), bac_amount, ev_amount, ac_amount "
        "from forecast.earned_value_by_project_month where project_id not in ('SERVICE', 'NETWORK')"
    )
    assert len({project for project, *_ in rows}) == 14
    rate = Decimal(corpora.NOMINAL_RATE)
    for project, month, budget, earned, _ in rows:
        share = sum((h for m, h in completed[project].items() if m <= month), Fraction(0)) / planned[project]
        assert abs(Fraction(budget) - planned[project] * Fraction(rate)) < 1
        assert abs(Fraction(earned) - share * Fraction(budget)) < 1
    judged = dict(
        home.published("select method, max(projects) from forecast.forecast_accuracy where is_enough group by method")
    )
    assert min(judged["cpi"], judged["remaining_at_budget"], judged["weighted"]) >= 10
    (held,) = home.published(
        "select sum(p80_coverage_pct * forecasts) / sum(forecasts) from forecast.forecast_accuracy where is_enough"
    )
    assert Decimal("0.7") <= held[0] <= Decimal("0.9")


def within_sla() -> dict[date, list[int]]:
    """Month of resolution -> incidents with a group, and those within their SLA, each by its last state; read here."""
    last: dict[str, dict[str, str]] = {}
    with (corpora.CORPORA / "kpi" / corpora.KPI_FILES[0]).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            known = last.get(row["number"])
            if known is None or int(row["sys_mod_count"]) >= int(known["sys_mod_count"]):
                last[row["number"]] = row
    months: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for row in last.values():
        if row["assignment_group"] != "?":
            on = row["resolved_at"] if row["resolved_at"] != "?" else row["closed_at"]
            counted = months[date(int(on[6:10]), int(on[3:5]), 1)]
            counted[0] += 1
            counted[1] += row["made_sla"] == "TRUE"
    return months


def test_the_incident_log_colours_a_scorecard_by_each_incidents_last_state(refreshed):
    home, _, _ = refreshed
    expected = within_sla()
    assert {month: tuple(counted) for month, counted in expected.items()}[date(2016, 3, 1)] == (358, 206)
    found = home.published(
        "select month, value, status, quality_status, quality_status_reason from kpi.kpi_values_by_project_month "
        "inner join kpi.scorecard_by_project_month using (project_id, month) "
        "where project_id = 'SERVICE' and kpi_code = 'incidents_sla_pct'"
    )
    assert {month for month, *_ in found} == expected.keys()
    for month, value, status, quality, reason in found:
        with_sla, within = expected[month]
        share = Fraction(within, with_sla)
        assert abs(Fraction(value) - share) < Fraction(1, 10**11), month
        assert (
            status
            == quality
            == ("green" if share >= Fraction(9, 10) else "amber" if share >= Fraction(4, 5) else "red")
        )
        assert f"incidents within the SLA {within} / incidents that have one {with_sla}" in reason
    # counting every state of an incident would make most of them punctual: February would be green
    assert {month: status for month, _, status, *_ in found}[date(2016, 2, 1)] == "amber"


def test_a_survey_and_measurements_reach_a_scorecard(refreshed):
    home, _, _ = refreshed
    # one answer, 2 of 5, that names no project
    assert home.published(
        "select month, customer_status, overall_status from kpi.scorecard_by_customer_month "
        "where customer_id = 'anonymous' and month = date '2017-07-01'"
    ) == [(date(2017, 7, 1), "red", "red")]
    ((value, status, quality),) = home.published(
        "select value, status, quality_status from kpi.kpi_values_by_project_month "
        "inner join kpi.scorecard_by_project_month using (project_id, month) "
        "where project_id = 'NETWORK' and kpi_code = 'a1_of_b1_pct'"
    )
    assert abs(Fraction(value) - Fraction(11, 1111)) < Fraction(1, 10**11)
    assert status == quality == "amber"
