"""Identities over random portfolios, every project and month; and revenue, cost and losses against the oracle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.integration.examples.conftest import SEEDS, Told
from tests.integration.examples.oracle import CATEGORIES, Oracle, cents
from tests.integration.examples.portfolio import METHODS, MONTHS, Change, Cost, Drawn
from tests.integration.examples.variants import exactly

pytestmark = pytest.mark.whole
FEW = 5  # a failure shows as many


@pytest.fixture(scope="module", params=SEEDS)
def oracle(told: Told, request: pytest.FixtureRequest) -> Oracle:
    """Of each portfolio in turn."""
    return Oracle(told.portfolios[SEEDS.index(request.param)])


def drawn_by(oracle: Oracle, method: str) -> list[Drawn]:
    found = [drawn for drawn in oracle.portfolio.projects if drawn.method == method]
    assert len(found) >= 3
    return found


def differences(
    told: Told, oracle: Oracle, read: Callable[[Drawn], dict[str, Any]], reckon: Callable[[Drawn, str], Any],
    projects: list[Drawn] | None = None,
) -> list[tuple[Any, ...]]:  # fmt: skip
    """Project, month, found, expected of each month from a project's first on; there is no row before anything is."""
    wrong = []
    for drawn in projects or oracle.portfolio.projects:
        found = read(drawn)
        assert found, drawn.name
        for at in oracle.months(drawn):
            expected = reckon(drawn, at)
            if at < min(found) and not any(expected if isinstance(expected, tuple) else (expected,)):
                continue
            if (value := found.get(at, "no row")) != expected:
                wrong.append((drawn.name, drawn.method, at, value, expected))
    return wrong


@pytest.mark.parametrize("method", METHODS)
def test_revenue_to_date(told: Told, oracle: Oracle, method: str) -> None:
    wrong = differences(
        told, oracle, lambda drawn: told.marts.line(f"{drawn.name}/1", "revenue_to_date_amount"),
        oracle.revenue_to_date, drawn_by(oracle, method),
    )  # fmt: skip
    assert not wrong[:FEW], len(wrong)


def test_progress_and_estimate(told: Told, oracle: Oracle) -> None:
    def reckon(drawn: Drawn, at: str) -> tuple[Any, ...]:
        now = oracle.estimate(drawn, at)
        done, total = now.cost - now.material - now.rework, now.total - now.total_material - now.rework
        progress = None
        if total > 0:
            share = min(max(done, Fraction(0)) / total, Fraction(1)) * 10**12
            progress = Decimal((share.numerator * 2 + share.denominator) // (2 * share.denominator)) / 10**12
        return progress, cents(now.cost), cents(now.total)

    wrong = differences(
        told, oracle,
        lambda drawn: told.marts.line(f"{drawn.name}/1", "progress_pct, cost_to_date_amount, eac_amount"),
        reckon, drawn_by(oracle, "cost_to_cost"),
    )  # fmt: skip
    assert not wrong[:FEW], len(wrong)


def test_months_are_differences_of_what_is_to_date(told: Told, oracle: Oracle) -> None:
    for drawn in oracle.portfolio.projects:
        before = Decimal(0)
        for at, (amount, to_date) in told.marts.line(
            f"{drawn.name}/1", "revenue_amount, revenue_to_date_amount"
        ).items():
            assert amount == to_date - before, (drawn.name, at)
            before = to_date


def test_the_last_month_closes_the_price(told: Told, oracle: Oracle) -> None:
    closed = 0
    for drawn in oracle.portfolio.projects:
        columns = "revenue_to_date_amount, transaction_price_amount, progress_pct"
        to_date, price, progress = list(told.marts.line(f"{drawn.name}/1", columns).values())[-1]
        is_over = drawn.method == "straight_line" or (
            drawn.method == "milestone" and all(on for on, _ in drawn.milestones)
        )
        if is_over or (drawn.method in ("cost_to_cost", "labour_hours") and progress == 1):
            closed += 1
            estimate = oracle.estimate(drawn, oracle.months(drawn)[-1])
            if drawn.method != "cost_to_cost" or estimate.material == estimate.total_material:
                assert to_date == price, drawn.name
    assert closed >= 3


def test_loss_provisions(told: Told, oracle: Oracle) -> None:
    wrong = differences(
        told, oracle, lambda drawn: told.marts.line(f"{drawn.name}/1", "coalesce(loss_provision_amount, 0)"),
        oracle.loss_provision,
    )  # fmt: skip
    assert not wrong[:FEW], len(wrong)


def test_losses_are_drawn(told: Told) -> None:
    built = told.marts.rows(
        "select count(*) from margin.revenue_by_contract_line_month "
        "where contract_line_id like 'PF%' and loss_provision_amount > 0"
    )
    assert built[0][0] >= 20


def test_every_cost_is_in_the_margin_once(told: Told, oracle: Oracle) -> None:
    """From the rows as drawn to the mart, by project, month and category; and in sum."""
    columns = ", ".join(f"{category}_cost_amount_base" for category in CATEGORIES)
    total_found = total_drawn = Decimal(0)
    for drawn in oracle.portfolio.projects:
        expected = oracle.costs(drawn)
        found = told.marts.project(drawn.name, columns)
        for at in found.keys() | {at for at, _ in expected}:
            reckoned = tuple(expected.get((at, category), Decimal(0)) for category in CATEGORIES)
            assert found.get(at) == reckoned, (drawn.name, at)
        total_found += sum(sum(row) for row in found.values())
        total_drawn += sum(expected.values())
    assert total_found == total_drawn > 0


def test_hours_are_conserved(told: Told, oracle: Oracle) -> None:
    drawn = sum(entry.hours for project in oracle.portfolio.projects for entry in project.time)
    of_firm = f"where project_id like '{oracle.portfolio.name}-%'"
    private = told.home.private(f"select sum(hours) from intermediate.int_labour__time_entries_costed {of_firm}")
    raw = told.home.private(f"select sum(hours) from raw.time_entry {of_firm}")
    assert private[0][0] == raw[0][0] == drawn


def test_the_margin_adds_up(told: Told, oracle: Oracle) -> None:
    columns = (
        "revenue_amount_base, cost_of_sales_amount_base, gross_margin_amount_base, gross_margin_pct, "
        "loss_provision_change_amount_base, gross_margin_amount_base_to_date, "
        "gross_margin_at_budget_rates_amount_base + fx_effect_amount_base, "
        + " + ".join(f"{category}_cost_amount_base" for category in CATEGORIES)
    )
    for drawn in oracle.portfolio.projects:
        to_date = Decimal(0)
        lines = told.marts.line(f"{drawn.name}/1", "revenue_amount_base")
        for at, row in told.marts.project(drawn.name, columns).items():
            revenue, cost, margin, share, provision, margin_to_date, at_rates, parts = row
            to_date += margin
            assert revenue == lines.get(at, 0), (drawn.name, at)
            assert cost == parts + provision, (drawn.name, at)
            assert margin == revenue - cost == at_rates, (drawn.name, at)
            assert margin_to_date == to_date, (drawn.name, at)
            expected = None
            if revenue > 0:
                expected = (margin / revenue).quantize(Decimal("1e-6"), rounding=ROUND_HALF_UP)
            assert share == expected, (drawn.name, at)


def test_positions_and_receivables(told: Told, oracle: Oracle) -> None:
    """Revenue less billing by contract; a contract asset or a liability, never both."""

    def reckon(drawn: Drawn, at: str) -> tuple[Any, ...]:
        revenue, billed = oracle.revenue_to_date(drawn, at), oracle.billed(drawn, at)
        return revenue, billed, max(revenue - billed, 0), max(billed - revenue, 0), oracle.owed(drawn, at)

    columns = "revenue_to_date, billed_to_date, contract_asset_amount, contract_liability_amount, receivable_amount"
    wrong = differences(told, oracle, lambda drawn: told.marts.contract(drawn.name, columns), reckon)
    assert not wrong[:FEW], len(wrong)


def test_cost_and_earnings_less_billings_are_under_less_over_billings(told: Told, oracle: Oracle) -> None:
    """Over all contracts in the reporting currency, at every month's end."""
    months: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 2)
    for drawn in oracle.portfolio.projects:
        if drawn.currency != "EUR":
            continue
        spent = earned = Decimal(0)
        columns = "cost_of_sales_amount_base, gross_margin_amount_base"
        margins = told.marts.project(drawn.name, columns)
        positions = told.marts.contract(drawn.name, "contract_asset_amount - contract_liability_amount")
        for at in oracle.months(drawn):
            cost, margin = margins[at]
            spent, earned = spent + cost, earned + margin
            months[at][0] += spent + earned - oracle.billed(drawn, at)
            months[at][1] += positions[at]
    assert len(months) >= MONTHS - 8
    for at, (one, other) in months.items():
        assert one == other, at


def test_the_backlog_rolls_forward(told: Told, oracle: Oracle) -> None:
    columns = "opening_amount, bookings_amount, changes_amount, revenue_amount, closing_amount"
    both = f"{columns}, {columns.replace('_amount', '_amount_base')}, fx_amount_base"
    for drawn in oracle.portfolio.projects:
        closing, closing_base = Decimal(0), Decimal(0)
        left = told.marts.contract(drawn.name, "backlog_amount")
        for at, row in told.marts.backlog(drawn.name, both).items():
            assert row[0] == closing, (drawn.name, at)
            assert row[5] == closing_base, (drawn.name, at)
            assert row[0] + row[1] + row[2] - row[3] == row[4], (drawn.name, at)
            assert row[5] + row[6] + row[7] - row[8] + row[10] == row[9], (drawn.name, at)
            closing, closing_base = row[4], row[9]
            assert closing == left[at], (drawn.name, at)
            if (price := oracle.price(drawn, at)) is not None:
                assert closing == cents(price) - oracle.revenue_to_date(drawn, at), (drawn.name, at)
            else:
                assert closing == 0, (drawn.name, at)


def test_bridges_arrive(told: Told, oracle: Oracle) -> None:
    rows = told.marts.rows(
        """
        select project_id, from_version, to_version, sum(effect_amount_base),
            any_value(to_margin_amount_base) - any_value(from_margin_amount_base),
            sum(effect_amount_base) filter (where driver = 'residual')
        from margin.margin_bridge where project_id like ? group by all
        """,
        f"{oracle.portfolio.name}-%",
    )
    # what is paid by the hour or by the invoice has no margin at completion to walk to
    priced = {drawn.name for drawn in oracle.portfolio.projects if drawn.changes}
    assert {row[0] for row in rows} == priced
    for row in rows:
        assert row[3] == row[4], row
        assert row[5] in (0, None), row


LEVELS = {
    "margin_by_customer_month": "customer_id",
    "margin_by_programme_month": "programme_id",
    "margin_by_business_group_month": "business_group",
    "margin_by_market_month": "market",
    "margin_by_key_projects_month": "project_group",
}


@pytest.mark.parametrize("mart", LEVELS)
def test_totals_are_the_same_at_every_level(told: Told, mart: str) -> None:
    """Sums of the amounts over all groups, and each group's share of its own sums."""
    amounts = "revenue_amount_base, cost_of_sales_amount_base, gross_margin_amount_base"
    sums = ", ".join(f"sum({name})" for name in amounts.split(", "))
    by_project = told.marts.rows(f"select month, {sums} from margin.margin_by_project_month group by 1 order by 1")
    by_group = told.marts.rows(f"select month, {sums} from margin.{mart} group by 1 order by 1")
    assert by_group == by_project
    for revenue, margin, share in told.marts.rows(
        f"select revenue_amount_base, gross_margin_amount_base, gross_margin_pct from margin.{mart}"
    ):
        expected = None
        if revenue > 0:
            expected = (margin / revenue).quantize(Decimal("1e-6"), rounding=ROUND_HALF_UP)
        assert share == expected


@pytest.mark.parametrize(
    "mart", ["margin_by_customer_month", "margin_by_business_group_month", "margin_by_market_month"]
)
def test_totals_of_a_portfolio_are_those_of_its_projects(told: Told, oracle: Oracle, mart: str) -> None:
    sums = "sum(revenue_amount_base), sum(cost_of_sales_amount_base), sum(gross_margin_amount_base)"
    own = f"{oracle.portfolio.name}-%"
    by_project, by_group = (
        told.marts.rows(f"select month, {sums} from margin.{table} where {key} like ? group by 1 order by 1", own)
        for table, key in (("margin_by_project_month", "project_id"), (mart, LEVELS[mart]))
    )
    assert by_group == by_project
    assert len(by_project) >= MONTHS - 8


def test_cost_to_cost_is_earned_value_over_cost_performance(told: Told, oracle: Oracle) -> None:
    """While the estimate is the budget: progress by cost = EV% / CPI, whatever has been measured on the site;
    both sides without uninstalled material and work done again, which are no progress."""
    seen = 0
    for drawn in drawn_by(oracle, "cost_to_cost"):
        measured = dict(
            told.marts.rows(
                "select strftime(observed_date, '%Y-%m'), progress_pct from core.fct_progress where project_id = ?",
                drawn.name,
            )
        )
        assert measured == drawn.measured
        for at, (progress, estimate) in told.marts.line(f"{drawn.name}/1", "progress_pct, eac_amount").items():
            now = oracle.estimate(drawn, at)
            spent = now.cost - now.material - now.rework
            budget = Fraction(oracle.baseline(drawn)) - now.total_material - now.rework
            if estimate == oracle.baseline(drawn) and at in measured and 0 < spent <= budget:
                seen += 1
                performance = Fraction(measured[at]) * budget / spent
                assert progress == exactly(Fraction(measured[at]) / performance), (drawn.name, at)
    assert seen


def test_receivables_by_age_sum_to_what_is_owed(told: Told, oracle: Oracle) -> None:
    found = {
        (project, at): amount
        for project, at, amount in told.marts.rows(
            "select project_id, strftime(month, '%Y-%m'), sum(open_amount) from margin.receivables_ageing "
            "where project_id like 'PF%' group by all"
        )
    }
    for drawn in oracle.portfolio.projects:
        for at in oracle.months(drawn):
            assert found.get((drawn.name, at), 0) == oracle.owed(drawn, at), (drawn.name, at)


def test_unbilled_work_by_age_sums_to_the_contract_asset(told: Told, oracle: Oracle) -> None:
    found = {
        (contract, at): amount
        for contract, at, amount in told.marts.rows(
            "select contract_id, strftime(month, '%Y-%m'), sum(unbilled_amount) from margin.wip_ageing "
            "where contract_id like 'CT-PF%' group by all"
        )
    }
    for drawn in oracle.portfolio.projects:
        for at in oracle.months(drawn):
            expected = max(oracle.revenue_to_date(drawn, at) - oracle.billed(drawn, at), 0)
            assert found.get((f"CT-{drawn.name}", at), 0) == expected, (drawn.name, at)


def test_a_cent_too_much_is_seen(told: Told, oracle: Oracle) -> None:
    """What was drawn, with one more cent of price or of cost, is not what the marts say."""

    def wrong(drawn: Drawn) -> list[tuple[Any, ...]]:
        def read(_: Drawn) -> dict[str, Any]:
            return told.marts.line(f"{drawn.name}/1", "revenue_to_date_amount, cost_to_date_amount")

        def reckon(one: Drawn, at: str) -> tuple[Decimal, Decimal]:
            return oracle.revenue_to_date(one, at), cents(oracle.estimate(one, at).cost)

        return differences(told, oracle, read, reckon, [drawn])

    for drawn in drawn_by(oracle, "straight_line"):
        assert not wrong(drawn)
        price = [Change(on=drawn.changes[0].on, amount=drawn.changes[0].amount + 1), *drawn.changes[1:]]
        assert wrong(replace(drawn, changes=price)), drawn.name
        cost = Cost(on=drawn.start, category="other", amount=Decimal("0.01"), currency=drawn.currency)
        assert wrong(replace(drawn, costs=[*drawn.costs, cost])), drawn.name
