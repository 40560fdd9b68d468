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


def labour(firm: Firm, condition: str = "true") -> Iterable[tuple[str | None, date, Fraction | None]]:
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
        "time_entry", "employee_id, project_id, work_date, hours",
        f"approval_status in ('approved', 'submitted') and {condition}",
    ):  # fmt: skip
        rate = in_force(("person", person), day) or in_force(("role", roles.get(person, "")), day)
        if rate:
            yield firm.named(name), day, firm.in_base(Fraction(hours) * Fraction(rate[2]), rate[3], day)


def test_labour(firm):
    assert summed(labour(firm)) == published(firm, "labour_cost_amount_base")


Part = tuple[str | None, date, Fraction | Decimal | None]


def posted_costs(firm: Firm) -> dict[str, list[Part]]:
    """ERP lines by category; each is rounded by itself."""
    classes = dict(firm.rows("account", "account_code, class"))
    parts = defaultdict(list)
    for name, day, account, category, amount, currency in firm.rows(
        "cost_line", "project_id, posting_date, account_code, category, amount, currency_code"
    ):
        kind = category or classes.get(account, "other")
        in_base = firm.in_base(amount, currency, day)
        parts[kind].append((firm.named(name), day, None if in_base is None else cents(in_base)))
    return parts


def written(number: str | None) -> str:
    return "".join((number or "").upper().split()).lstrip("0")


def accruals(firm: Firm) -> dict[str, list[Part]]:
    """What suppliers invoiced and the ledger had not posted at each month's end, as the changes of that by category.

    The firm's documents have one project and one order of one category each.
    """
    posted: dict[tuple[str, str], list[tuple[date, Decimal]]] = defaultdict(list)
    for number, supplier, day, amount in firm.rows(
        "cost_line", "document_number, supplier_id, posting_date, amount", "supplier_id is not null"
    ):
        posted[written(number), written(supplier)].append((month(day), amount))
    lines: dict[str, list[tuple[str, str, Decimal]]] = defaultdict(list)
    for invoice, line, category, net in firm.rows(
        "invoice_line", "invoice_id, line_id, category, net_amount", "direction = 'supplier'"
    ):
        lines[invoice].append((line, category, net))
    parts = defaultdict(list)
    for invoice, supplier, name, issued, currency, net in firm.rows(
        "invoice", "invoice_id, counterparty_id, project_id, issue_date, currency_code, net_amount",
        "direction = 'supplier'",
    ):  # fmt: skip
        assert sum(part for _, _, part in lines[invoice]) == net
        movements = posted[written(invoice), written(supplier)]
        running = before = Decimal(0)
        for _, category, part in sorted(lines[invoice]):
            running += part
            worth = cents(firm.in_base(running, currency, issued))
            of_line, before = worth - before, worth
            was = Decimal(0)
            for day in sorted({month(issued), *(d for d, _ in movements if d > month(issued))}):
                share = Fraction(sum(a for d, a in movements if d <= day)) / Fraction(net)
                still_open = 0 if share >= Fraction(95, 100) else 1 - Fraction(cents(share * 10**4)) / 10**4
                now = cents(Fraction(of_line) * still_open)
                parts[category].append((firm.named(name), day, now - was))
                was = now
    return parts


def test_costs_posted_and_accrued(firm):
    parts, accrued = posted_costs(firm), accruals(firm)
    assert any(amount < 0 for kind in accrued for _, _, amount in accrued[kind])
    for kind in accrued:
        parts[kind] += accrued[kind]
    parts["material"] += parts.pop("uninstalled_material", [])
    assert {"subcontract", "material", "travel", "other"} <= set(parts)
    for kind in ("subcontract", "material", "equipment", "travel", "other"):
        assert summed(parts[kind]) == published(firm, f"{kind}_cost_amount_base"), kind


def test_cost_of_poor_quality(firm):
    """Rework by time, complaints by the register, or by the ledger where that has them under their number."""
    complaints = {
        number: (firm.named(name), opened, firm.in_base(amount, currency, opened))
        for number, name, opened, amount, currency in firm.rows(
            "complaint", "complaint_id, project_id, opened_on, cost_amount, currency_code", "cost_amount <> 0"
        )
    }
    parts: list[Part] = []
    for number, day, amount, currency in firm.rows(
        "cost_line", "document_number, posting_date, amount, currency_code", "document_number like 'CMP-%'"
    ):
        project, *_ = complaints.pop(number)
        parts.append((project, day, cents(firm.in_base(amount, currency, day))))
    assert len(parts) >= 2
    assert complaints
    parts += [(project, day, cents(amount)) for project, day, amount in complaints.values()]
    quality = summed(parts)
    shown = published(firm, "quality_cost_amount_base")
    rework = summed(labour(firm, "activity = 'rework'"))
    for key in shown.keys() | quality.keys() | rework.keys():
        # labour is rounded by the month's whole labour, of which rework is a part: a cent a row at most
        exact = quality.get(key, 0) + rework.get(key, 0)
        assert abs(shown.get(key, 0) - exact) <= Decimal("0.10"), key


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


def test_cost_of_sales_and_currency_effect(firm):
    """Cost of sales is its parts; margin at budget rates and effect are the margin; the effect is what the rates
    of the days were above those of the budget."""
    rows = firm.home.published(
        """
        select project_id, month, cost_of_sales_amount_base, labour_cost_amount_base + subcontract_cost_amount_base
            + material_cost_amount_base + equipment_cost_amount_base + travel_cost_amount_base + other_cost_amount_base
            + loss_provision_change_amount_base as parts,
            gross_margin_amount_base, gross_margin_at_budget_rates_amount_base + fx_effect_amount_base as both
        from margin.margin_by_project_month
        """
    )
    for project, day, cost, parts, margin, both in rows:
        assert cost == parts, (project, day)
        assert margin == both, (project, day)
    budget = {
        (currency, day.year): Fraction(rate)
        for currency, day, rate in firm.rows(
            "exchange_rate", "to_currency, rate_date, rate", f"from_currency = '{BASE}' and rate_type = 'budget'"
        )
    }
    # a project in the reporting currency whose labour is partly paid in others
    lines = firm.home.published(
        f"""
        select project_id, cost_month, year(coalesce(rate_date, cost_month)), currency_code, amount, amount_base
        from core.fct_cost_lines
        where currency_code <> '{BASE}' and amount_base is not null and is_project_known
        """
    )
    effects: dict[tuple[str, date], Fraction] = defaultdict(Fraction)
    for project, day, year, currency, amount, amount_base in lines:
        effects[project, day] -= Fraction(amount_base) - Fraction(amount) / budget[currency, year]
    local = {p for (p,) in firm.rows("project", "project_id", f"currency_code = '{BASE}'")}
    shown = published(firm, "fx_effect_amount_base")
    for key in shown.keys() | effects.keys():
        if key[0] in local:
            # rates of twelve places
            assert abs(shown.get(key, 0) - cents(effects.get(key, Fraction(0)))) <= Decimal("0.01"), key


def test_bridges_arrive(firm):
    walks = firm.home.published(
        """
        select from_version || ' to ' || to_version as walk, count(distinct project_id), sum(effect_amount_base),
            sum(effect_amount_base) filter (where driver = 'residual')
        from margin.margin_bridge group by all
        """
    )
    found = {walk: (projects, residual) for walk, projects, _, residual in walks}
    assert len(found) == 10
    assert all(residual == 0 for _, residual in found.values())
    assert found["as_sold to baseline"][0] == 17
    (apart,) = firm.home.published(
        """
        select count(*) from (
            select project_id, from_version, to_version, sum(effect_amount_base) as steps,
                any_value(to_margin_amount_base) - any_value(from_margin_amount_base) as difference
            from margin.margin_bridge group by all
        ) where steps <> difference
        """
    )
    assert apart == (0,)
    # the frames that were built twice
    (south,) = firm.home.published(
        "select sum(effect_amount_base) filter (where driver = 'hours') from margin.margin_bridge "
        "where project_id = 'P-1002' and from_version = 'baseline' and to_version = 'forecast'"
    )
    assert south[0] < -300_000
