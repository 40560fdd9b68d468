"""Earned value over random projects against a reckoning in fractions, its identities, and stories told file to mart."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.integration.examples.conftest import SEED, Told
from tests.integration.examples.evm_books import MONTHS, Drawn, drawn
from tests.integration.examples.kinds import month

pytestmark = pytest.mark.whole

RANDOM = drawn(SEED)
FIRST, SECOND, THIRD = month(0), month(1), month(2)
MEASURES = "bac_amount, pv_amount, ev_amount, ac_amount"
INDICES = "cpi, spi, es_months, at_months, pd_months, spi_t"
INDEX_METHODS = ("remaining_at_budget", "cpi", "cpi_spi", "cpi_spi_t", "last_3", "last_6", "weighted")


def cents(value: Fraction | Decimal | None) -> Decimal | None:
    """Half away from zero."""
    if value is None:
        return None
    exact = Fraction(value)
    size = (abs(exact) * 100 * 2 + 1) // 2
    return Decimal(int(size if exact >= 0 else -size)) / 100


class Reckoned:
    """A random project at the end of a month."""

    def __init__(self, one: Drawn, at: int) -> None:
        self.one, self.at = one, at
        self.plan = [plan for first, plan in one.baselines if first <= at][-1]
        self.first = min(number for _, number in self.plan)
        self.bac = cents(sum(self.plan.values()))
        self.pv = self.planned(at)
        self.ac = cents(Fraction(sum(amount for (_, number), amount in one.costs.items() if number <= at)))
        self.ev = cents(self.earned())

    def planned(self, at: int, element: str | None = None) -> Decimal:
        return cents(
            Fraction(
                sum(amount for (name, number), amount in self.plan.items() if number <= at and element in (None, name))
            )
        )

    def earned(self) -> Fraction | None:
        total, measured, timed = Fraction(0), False, True
        for element in {name for name, _ in self.plan}:
            budget = Fraction(sum(amount for (name, _), amount in self.plan.items() if name == element))
            rule = self.one.rules[element] or "percent_complete"
            if rule == "level_of_effort":
                total += Fraction(self.planned(self.at, element))
                continue
            timed = False
            reports = [
                part for (name, number), part in self.one.progress.items() if name == element and number <= self.at
            ]
            if reports:
                measured = True
                part = Fraction(reports[-1])
                if rule == "fifty_fifty":
                    part = Fraction(1) if part == 1 else Fraction(int(part > 0), 2)
                elif rule == "zero_hundred":
                    part = Fraction(int(part == 1))
                total += part * budget
        return total if measured or timed else None

    def curve(self) -> list[Decimal]:
        last = max(number for _, number in self.plan)
        return [Decimal(0), *(self.planned(number) for number in range(self.first, last + 1))]

    def duration(self) -> int:
        return next(number for number, planned in enumerate(self.curve()) if number and planned >= self.bac)

    def earned_schedule(self) -> Fraction | None:
        if self.ev is None:
            return None
        if self.ev <= 0:
            return Fraction(0)
        if self.ev >= self.bac:
            return Fraction(self.duration())
        curve = self.curve()
        reached = max(number for number, planned in enumerate(curve) if planned <= self.ev)
        step = Fraction(self.ev - curve[reached]) / Fraction(curve[reached + 1] - curve[reached])
        return min(reached + step, Fraction(self.duration()))

    def passed(self) -> int:
        """Stops in the month from which on all was earned."""
        at = self.at
        while at and self.is_complete() and Reckoned(self.one, at - 1).is_complete():
            at -= 1
        return max(at - self.first + 1, 0)

    def is_complete(self) -> bool:
        return self.ev is not None and self.ev >= self.bac

    def last(self, months: int) -> tuple[Fraction, Fraction] | None:
        """Earned and spent since before the last so many months with cost."""
        spent = [
            number
            for number in range(self.at + 1)
            if Reckoned(self.one, number).ac > (Reckoned(self.one, number - 1).ac if number else 0)
        ]
        if len(spent) < months:
            return None
        before = spent[-months] - 1
        then = Reckoned(self.one, before) if before >= 0 else None
        ac, ev = (then.ac, then.ev) if then else (Decimal(0), Decimal(0))
        ev = Decimal(0) if ac == 0 and ev is None else ev
        return None if ev is None or self.ev is None else (Fraction(self.ev - ev), Fraction(self.ac - ac))

    def estimates(self) -> dict[str, Decimal | None]:
        """Method -> EAC."""
        found: dict[str, Fraction | None] = dict.fromkeys(INDEX_METHODS)
        if self.ev is not None:
            ev, pv, ac = Fraction(self.ev), Fraction(self.pv), Fraction(self.ac)
            left = Fraction(self.bac) - ev
            found["remaining_at_budget"] = left
            if ev > 0 and ac > 0:
                found["cpi"] = left * ac / ev
                if pv > 0:
                    found["cpi_spi"] = left * ac / ev * pv / ev
                    found["weighted"] = left / (Fraction(4, 5) * ev / ac + Fraction(1, 5) * ev / pv)
                if self.earned_schedule() and self.passed():
                    found["cpi_spi_t"] = left * ac / ev * self.passed() / self.earned_schedule()
            for months in (3, 6):
                lately = self.last(months)
                if lately and lately[0] > 0 and lately[1] > 0:
                    found[f"last_{months}"] = left * lately[1] / lately[0]
            if left <= 0:
                found = dict.fromkeys(INDEX_METHODS, Fraction(0))
        told = [plan for number, plan in self.one.forecasts.items() if number <= self.at]
        found["bottom_up"] = (
            Fraction(sum(amount for (_, number), amount in told[-1].items() if number > self.at)) if told else None
        )
        return {method: None if etc is None else cents(Fraction(self.ac) + etc) for method, etc in found.items()}


def rows(told: Told, mart: str, columns: str, project: str) -> dict[str, tuple[Any, ...]]:
    found = told.marts.rows(
        f"select strftime(month, '%Y-%m'), {columns} from forecast.{mart} where project_id = ?", project
    )
    return {at: tuple(values) for at, *values in found}


@pytest.mark.parametrize("one", RANDOM, ids=lambda one: one.name)
def test_earned_value_is_what_was_known_then(told: Told, one: Drawn) -> None:
    found = rows(told, "earned_value_by_project_month", f"{MEASURES}, {INDICES}", one.name)
    for number in range(MONTHS):
        at = Reckoned(one, number)
        bac, pv, ev, ac, cpi, spi, es, passed, duration, spi_t = found[month(number)]
        assert (bac, pv, ev, ac) == (at.bac, at.pv, at.ev, at.ac), month(number)
        wanted = at.earned_schedule()
        assert (es is None) == (wanted is None)
        if wanted is None:
            continue
        assert (passed, duration) == (at.passed(), at.duration()), month(number)
        near = Fraction(1, 10**11)
        assert abs(Fraction(es) - wanted) < near
        assert passed == 0 or abs(Fraction(spi_t) - wanted / passed) < near
        assert cpi is None if ac <= 0 else abs(Fraction(cpi) - Fraction(ev) / Fraction(ac)) < near
        assert spi is None if pv <= 0 else abs(Fraction(spi) - Fraction(ev) / Fraction(pv)) < near


@pytest.mark.parametrize("one", RANDOM, ids=lambda one: one.name)
def test_estimates_are_the_formulas_of_exact_indices(told: Told, one: Drawn) -> None:
    for number in range(MONTHS):
        found = {method: eac for method, (_, eac, _) in told.marts.estimates(one.name, month(number)).items()}
        found.pop("reference_class")
        assert found == Reckoned(one, number).estimates(), month(number)


@pytest.mark.parametrize("one", RANDOM, ids=lambda one: one.name)
def test_what_comes_later_changes_no_earlier_row(told: Told, one: Drawn) -> None:
    """The twin knows no cost, progress, forecast or baseline after its month."""
    changing = {"project_id", "baseline_version_id", "plan_version_id"}  # versions are named after their project
    for mart in ("earned_value_by_project_month", "earned_value_by_wbs_month", "eac_by_project_month_method"):
        described = told.marts.rows(f"describe forecast.{mart}")
        columns = ", ".join(name for name, *_ in described if name not in changing)
        sql = f"select {columns} from forecast.{mart} where project_id = ? and month <= ? order by all"
        last = f"{month(one.cut)}-01"
        early, late = (told.marts.rows(sql, name, last) for name in (f"{one.name}-EARLY", one.name))
        assert early
        assert early == late


def test_random_projects_are_of_many_kinds() -> None:
    reckoned = [Reckoned(one, number) for one in RANDOM for number in range(MONTHS)]
    assert any(at.is_complete() for at in reckoned)
    assert any(at.ev is None for at in reckoned)
    assert sum(len(one.baselines) > 1 for one in RANDOM) >= 3
    assert {rule for one in RANDOM for rule in one.rules.values()} >= {None, "level_of_effort", "fifty_fifty"}


def test_etc_is_eac_less_ac_and_never_below_open_orders(told: Told) -> None:
    (checked, wrong) = told.marts.rows(
        "select count(eac_amount), count(*) filter (etc_amount <> eac_amount - ac_amount or vac_amount <> bac_amount - "
        "eac_amount or etc_amount < open_commitment_amount) from forecast.eac_by_project_month_method"
    )[0]
    assert checked > 1000
    assert wrong == 0


def test_elements_add_up_to_projects(told: Told) -> None:
    sums = ", ".join(f"coalesce(sum({part}_amount), 0)" for part in ("pv", "ev", "ac"))
    by_wbs = told.marts.rows(
        f"select project_id, month, {sums} from forecast.earned_value_by_wbs_month group by all order by all"
    )
    by_project = told.marts.rows(
        f"select project_id, month, {sums} from forecast.earned_value_by_project_month where (project_id, month) in "
        "(select (project_id, month) from forecast.earned_value_by_wbs_month) group by all order by all"
    )
    assert by_wbs == by_project


def test_on_plan_every_estimate_is_the_budget(told: Told) -> None:
    for number in range(10):
        estimates = told.marts.estimates("EVM-PLAN", month(number))
        known = {method: eac for method, (_, eac, _) in estimates.items() if eac is not None}
        assert set(known) >= {"remaining_at_budget", "cpi", "cpi_spi", "cpi_spi_t", "weighted"}
        assert ("last_3" in known) == (number >= 2)
        assert ("last_6" in known) == (number >= 5)
        known.pop("reference_class", None)
        assert set(known.values()) == {Decimal(1450)}, month(number)
        columns = "es_months, sv_t_months, ieac_t_months, cpi, tcpi_eac"
        found = told.marts.forecast("earned_value_by_project_month", "EVM-PLAN", month(number), columns)
        assert found == (number + 1, 0, 10, 1, 1 if number < 9 else None)


def test_finished_every_estimate_is_the_cost_and_the_clock_stands_still(told: Told) -> None:
    for at, cost in ((month(5), 600), (month(6), 600), (month(7), 630)):
        estimates = told.marts.estimates("EVM-DONE", at)
        assert {eac for method, (_, eac, _) in estimates.items() if method != "bottom_up"} == {Decimal(cost)}
        assert estimates["bottom_up"] == (None, None, None)
        # four months planned, six taken
        row = told.marts.forecast(
            "earned_value_by_project_month", "EVM-DONE", at,
            "es_months, at_months, sv_t_months, ieac_t_months, cast(forecast_finish_date as varchar), spi, tcpi_bac",
        )  # fmt: skip
        assert row == (4, 6, -2, 6, "2025-06-30", 1, None)


def test_estimates_are_ordered_while_late_and_over_cost(told: Told) -> None:
    checked = 0
    for at in (month(number) for number in range(5)):
        cpi, spi = told.marts.forecast("earned_value_by_project_month", "EVM-DONE", at, "cpi, spi")
        assert cpi < 1
        assert spi < 1 or at > month(3)
        estimates = {method: eac for method, (_, eac, _) in told.marts.estimates("EVM-DONE", at).items()}
        assert estimates["remaining_at_budget"] < estimates["cpi"] < estimates["cpi_spi"]
        checked += 1
    assert checked == 5


def test_each_rule_earns_as_it_says(told: Told) -> None:
    def by_wbs(at: str) -> dict[Any, tuple[Any, ...]]:
        found = told.marts.rows(
            "select wbs_id, measure, ev_amount, ac_amount from forecast.earned_value_by_wbs_month "
            "where project_id = 'EVM-RULES' and strftime(month, '%Y-%m') = ?",
            at,
        )
        return {wbs: tuple(values) for wbs, *values in found}

    assert by_wbs(FIRST) == {
        "H": ("progress", 50, 0), "Z": ("progress", 0, 0), "L": ("time", 50, 0), "P": ("progress", 25, 30),
        "B.1": ("progress", 40, 0), "B.2": ("progress", 40, 0), None: (None, 0, 12),
    }  # fmt: skip
    assert by_wbs(SECOND) == {
        "H": ("progress", 100, 0), "Z": ("progress", 100, 0), "L": ("time", 100, 0), "P": ("progress", 25, 30),
        "B.1": ("progress", 90, 0), "B.2": (None, 0, 0), None: (None, 0, 12),
    }  # fmt: skip
    columns = "ev_amount, ac_amount, round(loe_share_pct, 6), ev_source"
    assert told.marts.forecast("earned_value_by_project_month", "EVM-RULES", FIRST, columns) == (
        205, 42, Decimal("0.166667"), "wbs_elements",
    )  # fmt: skip


def test_a_milestone_earns_when_it_is_reported(told: Told) -> None:
    earned = [
        told.marts.forecast("earned_value_by_project_month", "EVM-MS", at, "ev_amount") for at in (FIRST, SECOND, THIRD)
    ]
    assert earned == [(100,), (100,), (400,)]


def test_open_orders_are_within_the_estimate(told: Told) -> None:
    columns = "etc_amount, open_commitment_amount, commitment_not_estimated_amount, stale_plan_amount"
    found = {
        (at, method): told.marts.forecast("eac_by_project_month_method", "EVM-PO", at, columns, method=method)
        for at in (FIRST, SECOND, THIRD)
        for method in ("bottom_up", "cpi")
    }
    assert found == {
        (FIRST, "bottom_up"): (100, 60, 0, 0),
        (SECOND, "bottom_up"): (150, 150, 150, 100),
        (THIRD, "bottom_up"): (90, 90, 90, 100),
        (FIRST, "cpi"): (100, 60, 0, None),
        (SECOND, "cpi"): (150, 150, 50, None),
        (THIRD, "cpi"): (100, 90, 0, None),
    }
    # one estimate: margin at completion and revenue stand on it
    assert told.marts.project("EVM-PO", "forecast_cost_amount_base")[SECOND] == 250
    assert told.marts.line("EVM-PO/1", "eac_amount, revenue_to_date_amount")[SECOND] == (250, 400)
    assert exception(told, "commitments_above_estimate", "EVM-PO", SECOND) == ("warning", 150)
    assert exception(told, "commitments_above_estimate", "EVM-PO", FIRST) is None


def exception(told: Told, rule: str, project: str, at: str) -> tuple[str, Decimal] | None:
    found = told.marts.rows(
        "select severity, amount_at_stake from ops.exceptions "
        "where rule = ? and entity = ? and strftime(month, '%Y-%m') = ?",
        rule,
        project,
        at,
    )
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("project", "at", "rule", "severity", "amount", "columns", "figures"),
    [
        ("EVM-NO-EV", FIRST, "cost_without_earned_value", "warning", "40", "cpi, tcpi_eac", (0, None)),
        ("EVM-NO-COST", FIRST, "earned_value_without_cost", "warning", "30", "cpi, ev_amount", (None, 30)),
        ("EVM-SPENT", SECOND, "budget_exhausted", "notice", "10", "tcpi_bac, ac_amount", (None, 100)),
        ("EVM-FELL", SECOND, "earned_value_fell", "warning", "10", "ev_amount", (40,)),
        ("EVM-FELL", SECOND, "actual_cost_fell", "notice", "10", "ac_amount", (30,)),
        ("EVM-AFTER", SECOND, "complete_but_charging", "notice", "5", "tcpi_bac, tcpi_eac", (None, None)),
        ("EVM-BLIND", FIRST, "missing_progress", "warning", "40", "ev_amount, cpi, ev_source", (None, None, "none")),
        ("EVM-ABOVE", FIRST, "earned_value_above_budget", "warning", "10", "ev_amount, bac_amount", (110, 100)),
        ("EVM-SOLD", FIRST, "missing_baseline", "notice", "10", "bac_amount, pv_amount, ev_amount", (None,) * 3),
        ("EVM-OVER", FIRST, "eac_exceeded", "notice", "50", "tcpi_eac, tcpi_eac_method", (None, "bottom_up")),
    ],
)  # fmt: skip
def test_an_impossible_state_is_named(
    told: Told, project: str, at: str, rule: str, severity: str, amount: str, columns: str, figures: tuple[Any, ...]
) -> None:
    assert exception(told, rule, project, at) == (severity, Decimal(amount))
    assert told.marts.forecast("earned_value_by_project_month", project, at, columns) == figures


@pytest.mark.parametrize(
    ("project", "at", "rule"),
    [
        ("EVM-SPENT", FIRST, "budget_exhausted"),
        ("EVM-FELL", FIRST, "earned_value_fell"),
        ("EVM-AFTER", FIRST, "complete_but_charging"),
        ("EVM-DONE", month(5), "complete_but_charging"),
    ],
)
def test_a_possible_state_is_not(told: Told, project: str, at: str, rule: str) -> None:
    assert exception(told, rule, project, at) is None


def test_rounding_is_half_away_from_zero() -> None:
    for value in ("0.005", "-0.005", "1.004", "2.675", "-1622.835"):
        assert cents(Decimal(value)) == Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
