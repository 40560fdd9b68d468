"""KPI values, statuses, charts and scorecards: by heart, both sides of every threshold, and at every level."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.integration.examples.conftest import Told
from tests.integration.examples.kpi_kinds import values
from tests.integration.examples.kpi_projects import CASES, FIGURES, Case, seed

pytestmark = pytest.mark.whole
JANUARY = date(2025, 1, 1)


def rounded(value: Fraction) -> Decimal:
    """Twelve places, half away from zero, as a value is published."""
    exact = Decimal(value.numerator * 10**15 // value.denominator) / 10**15
    return exact.quantize(Decimal("1e-12"), rounding=ROUND_HALF_UP)


def published(told: Told, project: str, code: str, columns: str, on: date = JANUARY) -> tuple[Any, ...]:
    rows = told.marts.rows(
        f"select {columns} from kpi.kpi_values_by_project_month where project_id = ? and kpi_code = ? and month = ?",
        project, code, on,
    )  # fmt: skip
    assert len(rows) == 1, (project, code)
    return rows[0]


def test_every_kpi_of_the_dictionary_is_known_by_heart() -> None:
    assert FIGURES.keys() == {row["kpi_code"] for row in seed("kpi_dictionary")}


@pytest.mark.parametrize("code", FIGURES)
def test_value(told: Told, code: str) -> None:
    project, expected = FIGURES[code]
    value, numerator, denominator, reason = published(
        told, project, code, "value, numerator, denominator, status_reason"
    )
    assert abs(value - rounded(expected)) <= Decimal("1e-12")
    if denominator is not None and code not in ("margin_erosion_pp", "nps", "trir", "ltifr"):
        assert abs(Fraction(numerator) / Fraction(denominator) - expected) < Fraction(1, 10**5)
    assert reason.endswith(".")


def test_a_dictionary_that_gains_a_kpi_or_a_value_that_moves_is_seen(told: Told) -> None:
    assert FIGURES.keys() != {row["kpi_code"] for row in seed("kpi_dictionary")} | {"another"}
    value, *_ = published(told, *("KP-money", "cpi"), "value")
    assert value != rounded(FIGURES["cpi"][1] + Fraction(1, 10**9))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kpi}-{case.applies_to or 'any'}-{case.value}")
def test_both_sides_of_every_threshold(told: Told, case: Case) -> None:
    on = date(2025, 1 + case.number, 1)
    if case.applies_to == "group":
        rows = told.marts.rows(
            "select value, status from kpi.kpi_values_by_group_month "
            "where group_type = 'customer' and group_id = ? and kpi_code = ? and month = ?",
            f"C-{case.project}", case.kpi, on,
        )  # fmt: skip
        assert rows == [(case.value, case.status)]
        return
    value, status, reason = published(told, case.project, case.kpi, "value, status, status_reason", on)
    assert (value, status) == (case.value, case.status)
    assert f" is {case.status}: " in reason


def test_every_threshold_has_both_sides() -> None:
    told = {(case.kpi, case.applies_to) for case in CASES}
    assert told == {(row["kpi_code"], row["applies_to"]) for row in seed("kpi_thresholds")}
    for row in seed("kpi_thresholds"):
        for limit in filter(
            None, (row[f"{side}"] for side in ("amber_lower", "amber_upper", "red_lower", "red_upper"))
        ):
            found = [
                case.status for case in CASES if case.kpi == row["kpi_code"] and abs(case.value - Decimal(limit)) < 1
            ]
            assert len(set(found)) >= 2, row


# KPI values are the same sums at every level; earned value is carried in the reporting currency, which all projects of
# the examples' customers do not share
@pytest.mark.parametrize("group", ["programme", "customer", "business_group", "market", "project_group"])
def test_ratios_are_derived_again_at_every_level(told: Told, group: str) -> None:
    """From the projects' own numerators and denominators, and never as a mean of their ratios."""
    column = {
        "programme": "coalesce(programme_id, '(none)')", "customer": "customer_id",
        "business_group": "coalesce(business_group, '(none)')", "market": "coalesce(market, '(none)')",
        "project_group": "case when is_key_project then 'key projects' else 'other projects' end",
    }[group]  # fmt: skip
    parts = told.marts.rows(
        f"""
        select {column}, month, kpi_code, any_value(scale), sum(numerator), sum(denominator),
            sum(reference_numerator), sum(reference_denominator), count(*)
        from kpi.kpi_values_by_project_month
        inner join core.dim_projects using (project_id)
        inner join (select distinct kpi_code, scale, aggregation from core.dim_kpis) as kpis using (kpi_code)
        where aggregation = 'ratio' and denominator is not null and kpi_code not in ('cpi', 'spi')
        group by all
        """
    )
    found = {
        row[:3]: row[3:]
        for row in told.marts.rows(
            "select group_id, month, kpi_code, value, numerator, denominator from kpi.kpi_values_by_group_month "
            "where group_type = ? and denominator is not null and kpi_code not in ('cpi', 'spi') and origin <> 'none'",
            group,
        )
    }
    assert parts
    together = 0
    for group_id, on, code, scale, above, below, reference, reference_below, projects in parts:
        value, numerator, denominator = found.pop((group_id, on, code))
        assert (numerator, denominator) == (above, below), (group_id, on, code)
        expected = None
        if below > 0 and (reference_below is None or reference_below > 0):
            exact = Fraction(above) * Fraction(scale) / Fraction(below)
            if reference_below is not None:
                exact -= Fraction(reference) * Fraction(scale) / Fraction(reference_below)
            expected = exact
        assert (value is None) == (expected is None), (group_id, on, code)
        assert expected is None or abs(Fraction(value) - expected) <= Fraction(2, 10**12), (group_id, on, code)
        together += projects > 1
    assert not found
    assert together or group == "programme"


def test_indices_of_programmes_and_customers_are_sums_of_earned_value(told: Told) -> None:
    """All in the reporting currency here, so that amounts of the projects can be added up as they are."""
    rows = told.marts.rows(
        """
        with projects as (
            select customer_id, month, sum(ev_amount) as ev, sum(ac_amount) as ac, sum(pv_amount) as pv,
                max(case when dim_projects.currency_code <> 'EUR' then 1 else 0 end) as is_foreign
            from forecast.earned_value_by_project_month
            inner join core.dim_projects using (project_id)
            where bac_amount is not null and ev_amount is not null
            group by all
        )
        select k.group_id, k.month, k.kpi_code, k.value, p.ev, case k.kpi_code when 'cpi' then p.ac else p.pv end
        from kpi.kpi_values_by_group_month as k
        inner join projects as p on k.group_id = p.customer_id and k.month = p.month
        where k.group_type = 'customer' and k.kpi_code in ('cpi', 'spi') and p.is_foreign = 0
        """
    )
    assert len(rows) >= 10
    for group_id, on, code, value, above, below in rows:
        assert (value is None) == (below <= 0), (group_id, on, code)
        assert value is None or abs(Fraction(value) - Fraction(above) / Fraction(below)) < Fraction(1, 10**9)


def test_the_firms_own_kpi_is_judged_by_customer_and_period(told: Told) -> None:
    columns = "status, target, dimension"
    usual = values(told.marts, "KP-of-C-KP-usual", "flow_rate", columns)
    strict = values(told.marts, "KP-of-C-KP-strict", "flow_rate", columns)
    # in July no threshold is in force for the usual customer: the delivered target of 70 is all there is
    assert [row[0] for row in usual] == ["green", "green", "amber"]
    assert [row[0] for row in strict] == ["green", "red", "red"]
    assert {row[1:] for row in usual + strict} == {(70, "quality")}


def test_a_code_that_nobody_knows_is_shown_and_not_rated(told: Told) -> None:
    (status, reason, dimension), *_ = values(told.marts, "KP-series", "gauge", "status, status_reason, dimension")
    assert (status, dimension) == ("not_rated", None)
    assert "not in the KPI dictionary" in reason
    assert told.marts.rows(
        "select severity from ops.exceptions "
        "where rule = 'unknown_kpi' and entity = 'gauge' and project_id = 'KP-series'"
    ) == [("warning",)]


def test_a_gap_breaks_ranges_and_runs_and_a_natural_bound_is_no_limit(told: Told) -> None:
    columns = "points, mean_moving_range, lower_control_limit, upper_control_limit, is_western_electric_4"
    gauge = values(told.marts, "KP-series", "gauge", columns)
    assert [row[0] for row in gauge] == list(range(1, 12))
    assert gauge[6][1:4] == (None,) * 3
    assert gauge[-1][1] == 0  # 10 to 13 lies across the gap
    assert not gauge[-1][4]
    tickets = values(told.marts, "KP-series", "tickets_open", columns)
    assert tickets[7][1] == 3
    assert tickets[7][2] is None
    assert tickets[7][3] == Decimal("2.5") + (Decimal(9000) / 1128).quantize(Decimal("1e-10"))


def test_a_constant_beside_its_target_is_a_run(told: Told) -> None:
    rows = values(told.marts, "KP-series", "scope_delivered", "signal, centre_line, trend, previous_1_value")
    assert [row[0] for row in rows] == [None] * 7 + ["western_electric_4", "western_electric_4 nelson_2"]
    assert rows[-1][1:] == (Decimal("0.96"), "unchanged", Decimal("0.96"))


def test_the_words_beside_a_red_and_their_absence(told: Told) -> None:
    rows = told.marts.rows(
        "select overall_status, commentary, has_commentary, is_commentary_missing, commentary_note "
        "from kpi.scorecard_by_project_month where project_id = 'KP-words' order by month limit 3"
    )
    assert rows == [
        ("red", "quality: Two crews were moved in.", True, False, None),
        ("red", "quality: (withheld: personal data)", True, False, None),
        ("red", None, False, True, "No commentary for a red: quality."),
    ]


def test_the_projects_behind_a_customers_status(told: Told) -> None:
    ((status, reason, projects, red),) = told.marts.rows(
        "select quality_status, quality_status_reason, quality_projects, red_projects "
        "from kpi.scorecard_by_customer_month where customer_id = 'C-KP-side-project-open_defects' and month = ?",
        date(2025, 6, 1),
    )
    # forty and a millionth are red for the project; a group has no threshold of its own for a count
    assert (status, red) == ("not_rated", 1)
    assert reason == "No KPI of quality has a value with a threshold in this month."
    assert projects == "Red: KP-side-project-open_defects. 0 green, 0 not rated."


@pytest.mark.parametrize(
    ("mart", "column"),
    [
        ("project", "project_id"), ("programme", "programme_id"), ("customer", "customer_id"),
        ("business_group", "business_group"), ("market", "market"), ("key_projects", "project_group"),
    ],
)  # fmt: skip
def test_scorecards_stand_beside_the_margin(told: Told, mart: str, column: str) -> None:
    """Every month of the margin is there with its figures, and the whole is as the worst of the six."""
    dimensions = ("cost", "scope", "schedule", "quality", "customer", "safety")
    statuses = ", ".join(f"{dimension}_status" for dimension in dimensions)
    missing = told.marts.rows(
        f"select count(*), count(s.{column}), count(m.{column}) filter (where s.gross_margin_amount_base_to_date "
        f"is not distinct from m.gross_margin_amount_base_to_date) from margin.margin_by_{mart}_month as m "
        f"left join kpi.scorecard_by_{mart}_month as s on m.{column} = s.{column} and m.month = s.month"
    )
    months, shown, same = missing[0]
    assert months == shown == same > 0
    rank = ("not_rated", "green", "amber", "red")
    for overall, *parts in told.marts.rows(f"select overall_status, {statuses} from kpi.scorecard_by_{mart}_month"):
        assert overall == max(parts, key=rank.index)
