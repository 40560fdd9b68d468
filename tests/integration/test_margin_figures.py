"""Every project's month of the demo firm, reckoned anew in fractions from the rows as delivered, to the cent.

Nothing of the dbt project is used here: rates, currencies, aliases and attribution are written down a second time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest

pytestmark = pytest.mark.whole
BASE = "EUR"
LONGEST = timedelta(days=7)


def cents(amount: Fraction) -> Decimal:
    """To the cent, half away from zero."""
    exact = (Decimal(amount.numerator) / Decimal(amount.denominator)).quantize(Decimal("1e-12"))
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def month(day: date) -> date:
    return day.replace(day=1)


class Firm:
    """The demo firm's rows in force."""

    def __init__(self, home: Any) -> None:
        self.home = home
        self.daily = {
            (currency, day): Fraction(rate)
            for currency, day, rate in self.rows(
                "exchange_rate", "to_currency, rate_date, rate", f"from_currency = '{BASE}' and rate_type = 'daily'"
            )
        }
        self.aliases = dict(self.rows("project_alias", "alias, project_id", "source_system = '*'"))
        self.projects = {project for (project,) in self.rows("project", "project_id")}

    def rows(self, table: str, columns: str, condition: str = "true") -> list[tuple[Any, ...]]:
        return self.home.private(f"select {columns} from raw.{table} where {condition}")

    def in_base(self, amount: Decimal | Fraction, currency: str, day: date) -> Fraction | None:
        """At the last rate of the week before the day; the demo firm's rates say what one EUR buys."""
        if currency == BASE:
            return Fraction(amount)
        for age in range(LONGEST.days + 1):
            if rate := self.daily.get((currency, day - timedelta(days=age))):
                return Fraction(amount) / rate
        return None

    def named(self, *names: str | None) -> str | None:
        """The first project that one of the names is, or is an alias of."""
        for name in names:
            project = name if name in self.projects else self.aliases.get(name or "")
            if project in self.projects:
                return project
        return None


@pytest.fixture(scope="module")
def firm(demo: Any) -> Firm:
    return Firm(demo[0])


def published(firm: Firm, column: str) -> dict[tuple[str, date], Decimal]:
    rows = firm.home.published(f"select project_id, month, {column} from margin.margin_by_project_month")
    return {(project, day): amount for project, day, amount in rows if amount}


def summed(parts: Iterable[tuple[str | None, date, Fraction | Decimal | None]]) -> dict[tuple[str, date], Decimal]:
    totals: dict[tuple[str, date], Fraction] = defaultdict(Fraction)
    for project, day, amount in parts:
        if project and amount is not None:
            totals[project, month(day)] += Fraction(amount)
    return {key: cents(total) for key, total in totals.items() if cents(total)}


def labour(firm: Firm) -> Iterable[tuple[str | None, date, Fraction | None]]:
    roles = dict(firm.rows("employee", "employee_id, role_id"))
    rates: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    for person, role, *rate in firm.rows(
        "cost_rate", "employee_id, role_id, valid_from, valid_to, hourly_rate, currency_code"
    ):
        rates["person" if person else "role", person or role].append(tuple(rate))

    def in_force(holder: tuple[str, str], day: date) -> tuple[Any, ...] | None:
        found = [r for r in rates.get(holder, ()) if r[0] <= day and (r[1] is None or day <= r[1])]
        return max(found) if found else None

    for person, name, day, hours in firm.rows(
        "time_entry", "employee_id, project_id, work_date, hours", "approval_status in ('approved', 'submitted')"
    ):
        rate = in_force(("person", person), day) or in_force(("role", roles.get(person, "")), day)
        if rate:
            yield firm.named(name), day, firm.in_base(Fraction(hours) * Fraction(rate[2]), rate[3], day)


def test_labour(firm):
    assert summed(labour(firm)) == published(firm, "labour_cost_amount_base")


def test_posted_costs(firm):
    classes = dict(firm.rows("account", "account_code, class"))
    parts = defaultdict(list)
    for name, day, account, category, amount, currency in firm.rows(
        "cost_line", "project_id, posting_date, account_code, category, amount, currency_code"
    ):
        kind = category or classes.get(account, "other")
        in_base = firm.in_base(amount, currency, day)
        # a posted line is rounded by itself
        parts[kind].append((firm.named(name), day, None if in_base is None else cents(in_base)))
    parts["material"] += parts.pop("uninstalled_material", [])
    assert {"subcontract", "material", "travel", "other"} <= set(parts)
    for kind in ("subcontract", "material", "equipment", "travel", "other"):
        assert summed(parts[kind]) == published(firm, f"{kind}_cost_amount_base"), kind


def test_billed(firm):
    contracts = defaultdict(set)
    for contract, project in firm.rows("contract_line", "contract_id, project_id"):
        contracts[contract].add(project)
    parts = []
    for name, contract, order, day, amount, currency in firm.rows(
        "invoice", "project_id, contract_id, purchase_order_id, issue_date, net_amount, currency_code",
        "direction = 'customer'",
    ):  # fmt: skip
        of_contract = contracts.get(contract, set())
        project = firm.named(name) or (min(of_contract) if len(of_contract) == 1 else firm.named(order, contract))
        in_base = firm.in_base(amount, currency, day)
        parts.append((project, day, None if in_base is None else cents(in_base)))
    assert summed(parts) == published(firm, "billed_amount_base")
    assert sum(amount for project, _, amount in parts if project is None) == Decimal("4800.00")


def test_collections_are_all_there(firm):
    paid = sum(
        cents(firm.in_base(amount, currency, day))
        for amount, currency, day in firm.rows("payment", "amount, currency_code, paid_on", "direction = 'customer'")
    )
    lost = firm.home.published(
        "select coalesce(sum(amount_at_stake), 0) from ops.exceptions where rule = 'payment_without_project'"
    )[0][0]
    assert sum(published(firm, "collected_amount_base").values()) + lost == paid


def test_the_last_month_to_date_is_the_sum_of_all(firm):
    rows = firm.home.published(
        """
        select project_id, sum(gross_margin_amount_base), max_by(gross_margin_amount_base_to_date, month),
            max_by(gross_margin_pct_to_date, month), sum(revenue_amount_base)
        from margin.margin_by_project_month group by project_id
        """
    )
    assert len(rows) > 10
    for project, margin, to_date, pct, revenue in rows:
        assert margin == to_date, project
        expected = None if revenue <= 0 else (margin / revenue).quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)
        assert pct == expected, project
