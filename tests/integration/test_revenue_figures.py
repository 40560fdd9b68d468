"""Revenue of every contract line and month of the demo firm, reckoned anew in fractions, to the cent.

Costs are the published ones (test_margin_figures reckons those); prices, plans, milestones, time, bill rates, invoices
and exchange rates are the rows as delivered. Nothing of the dbt project is used: a line is followed month by month,
the contract's advances invoice by invoice.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import pytest

from pipelines.commands.demo import AS_OF
from tests.integration.test_margin_figures import BASE, Firm, cents, month

pytestmark = pytest.mark.whole
NOW = date.fromisoformat(AS_OF[:10])
NOT_A_COST = {"revenue", "management_reserve"}


def last_day(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def following(day: date) -> date:
    return last_day(day) + timedelta(days=1)


class Revenue(Firm):
    def __init__(self, home: Any) -> None:
        super().__init__(home)
        self.lines = {
            row[0]: row
            for row in self.rows(
                "contract_line",
                "contract_line_id, contract_id, project_id, revenue_method, currency_code, start_date, end_date, "
                "not_to_exceed_amount, cost_markup, wbs_id",
            )
        }
        self.prices: dict[str, list[tuple[date, Fraction]]] = defaultdict(list)
        for line, day, amount in self.rows("contract_price", "contract_line_id, effective_on, amount"):
            self.prices[line].append((day, Fraction(amount)))

    @cached_property
    def costs(self) -> dict[str, list[tuple[Any, ...]]]:
        found = defaultdict(list)
        for project, *row in self.home.published(
            "select project_id, coalesce(wbs_id, ''), cost_month, category, is_quality_cost, amount, currency_code, "
            "amount_base, is_billable from core.fct_cost_lines where is_project_known and amount_base is not null"
        ):
            found[project].append(tuple(row))
        return found

    @cached_property
    def plans(self) -> dict[str, list[tuple[int, date, str, dict[date, list[tuple[str, Fraction]]]]]]:
        """Project -> (preference, approved_on, version, month -> (category, amount)) with lines."""
        planned: dict[tuple[str, str], dict[date, list[tuple[str, Fraction]]]] = defaultdict(lambda: defaultdict(list))
        for project, version, day, category, amount in self.rows(
            "plan_line", "project_id, plan_version_id, month, category, amount"
        ):
            planned[project, version][month(day)].append((category, Fraction(amount)))
        found = defaultdict(list)
        for project, version, kind, day in self.rows("plan_version", "project_id, plan_version_id, kind, approved_on"):
            if (project, version) in planned:
                preference = ("as_sold", "baseline", "forecast").index(kind)
                found[project].append((preference, day, version, planned[project, version]))
        return found

    def average(self, currency: str, first: date) -> Fraction:
        if currency == BASE:
            return Fraction(1)
        if delivered := self.averages.get((currency, first)):
            return 1 / delivered
        days = [first + timedelta(days=n) for n in range((last_day(first) - first).days + 1)]
        rates = [rate for day in days if (rate := self.in_base(Decimal(1), currency, day)) is not None]
        return sum(Fraction(cents12(rate)) for rate in rates) / len(rates)

    @cached_property
    def averages(self) -> dict[tuple[str, date], Fraction]:
        return {
            (currency, month(day)): Fraction(rate)
            for currency, day, rate in self.rows(
                "exchange_rate", "to_currency, rate_date, rate", f"from_currency = '{BASE}' and rate_type = 'average'"
            )
        }

    def price(self, line: str, day: date) -> Fraction | None:
        amounts = [amount for effective, amount in self.prices[line] if effective <= day]
        return sum(amounts) if amounts else None

    def cost_to_cost(self, line: str, first: date, day: date) -> Fraction | None:
        _, _, project, _, currency, *_ = self.lines[line]
        spent: dict[str, Fraction] = defaultdict(Fraction)  # of the months before and of this one, by kind
        within: dict[str, Fraction] = defaultdict(Fraction)
        for _, cost_month, category, is_quality, amount, own, in_base, _ in self.costs[project]:
            if cost_month > first:
                continue
            if currency == BASE:
                value = Fraction(in_base)
            elif own == currency:
                value = Fraction(amount)
            else:
                value = Fraction(in_base) / Fraction(cents12(self.average(currency, cost_month)))
            kind = "material" if category == "uninstalled_material" else "quality" if is_quality else "work"
            spent[kind] += value
            if cost_month == first:
                within["material" if kind == "material" else "all"] += value
                if kind == "material":
                    within["all"] += value
        # the published cost in the line's currency is in whole cents
        cost = {
            "all": Fraction(cents(sum(spent.values(), Fraction(0)))),
            "material": Fraction(cents(spent["material"])),
            "quality": Fraction(cents(spent["quality"])),
        }
        versions = [v for v in self.plans[project] if v[1] <= day]
        price = self.price(line, day)
        if price is None or not versions:
            return None
        preference = max(v[0] for v in versions)
        plan = max((v for v in versions if v[0] == preference), key=lambda v: (v[1], v[2]))[3]

        def planned(only_material: bool, months: Any) -> Fraction:
            return sum(
                (
                    amount
                    for at, cells in plan.items()
                    if months(at)
                    for category, amount in cells
                    if category not in NOT_A_COST and (not only_material or category == "uninstalled_material")
                ),
                Fraction(0),
            )

        total = {}
        for kind, only in (("all", False), ("material", True)):
            if preference == 2:
                ahead = planned(only, lambda at: at > first)
                if day < last_day(first):
                    ahead += max(planned(only, lambda at: at == first) - within[kind], Fraction(0))
                total[kind] = Fraction(cents(max(cost[kind], cost[kind] + ahead)))
            else:
                total[kind] = Fraction(cents(max(cost[kind], planned(only, lambda at: True))))
        rest = max(total["all"] - total["material"], cost["all"] - cost["material"])
        done, whole = cost["all"] - cost["material"] - cost["quality"], rest - cost["quality"]
        if done >= whole:
            return price - total["material"] + cost["material"]
        return cost["material"] + done / whole * (price - total["material"])

    def straight_line(self, line: str, first: date, day: date) -> Fraction | None:
        *_, start, end, _, _, _ = self.lines[line]

        def months_since_start(at: date) -> Fraction:
            before = start - timedelta(days=1)

            def position(when: date) -> Fraction:
                return 12 * when.year + when.month + Fraction(when.day, last_day(when).day)

            return position(at) - position(before)

        price = self.price(line, day)
        part = min(max(months_since_start(day) / months_since_start(end), Fraction(0)), Fraction(1))
        return None if price is None else price * part

    def milestone(self, line: str, first: date, day: date) -> Fraction:
        return sum(
            (
                Fraction(amount)
                for (amount,) in self.rows(
                    "milestone",
                    "revenue_amount",
                    f"contract_line_id = '{line}' and revenue_amount > 0 and actual_date <= '{last_day(first)}'",
                )
            ),
            Fraction(0),
        )

    @cached_property
    def hours(self) -> dict[str, list[tuple[str, str, date, Fraction]]]:
        found = defaultdict(list)
        roles = dict(self.rows("employee", "employee_id, role_id"))
        for person, project, wbs, day, hours in self.rows(
            "time_entry",
            "employee_id, project_id, wbs_id, work_date, hours",
            "approval_status in ('approved', 'submitted') and coalesce(is_billable, true)",
        ):
            found[self.named(project) or ""].append((wbs or "", roles.get(person, ""), day, Fraction(hours)))
        return found

    def time_and_material(self, line: str, first: date, day: date) -> Fraction:
        _, _, project, _, currency, _, _, cap, markup, branch = self.lines[line]
        rates = self.rows("bill_rate", "role_id, valid_from, valid_to, hourly_rate", f"contract_line_id = '{line}'")
        total = Fraction(0)
        for wbs, role, worked, hours in self.hours[project]:
            if worked <= last_day(first) and (not branch or wbs == branch):
                fits = [r for r in rates if r[0] == role and r[1] <= worked and (r[2] is None or worked <= r[2])]
                if fits:
                    total += hours * Fraction(max(fits, key=lambda r: r[1])[3])
        for wbs, cost_month, category, _, amount, own, _, is_billable in self.costs[project]:
            if (
                is_billable and category != "labour" and cost_month <= first and own == currency
                and (not branch or wbs == branch)
            ):  # fmt: skip
                total += Fraction(amount) * (1 + Fraction(markup))
        return min(total, Fraction(cap)) if cap is not None else total

    def billed(self, contract: str) -> list[tuple[date, Fraction, Fraction]]:
        """Invoices of a contract by day: issue date, net, rate to the reporting currency."""
        documents: dict[tuple[str, date, str], Fraction] = defaultdict(Fraction)
        for number, day, currency, amount in self.home.private(
            """
            select invoice_id, issue_date, currency_code, net_amount from raw.invoice as i
            where direction = 'customer' and coalesce(
                contract_id, (select min(contract_id) from raw.contract_line as l where l.project_id = i.project_id)
            ) = ?
            """,
            contract,
        ):  # fmt: skip
            documents[number, day, currency] += Fraction(amount)
        return sorted(
            (day, net, Fraction(cents(self.in_base(net, currency, day))) / net)
            for (_, day, currency), net in documents.items()
            if net
        )


def cents12(value: Fraction) -> Decimal:
    """Twelve places, as rates are kept."""
    scaled = value * 10**12
    return Decimal((scaled.numerator * 2 + scaled.denominator) // (2 * scaled.denominator)) / 10**12


@pytest.fixture(scope="module")
def firm(demo: Any) -> Revenue:
    return Revenue(demo[0])


@pytest.fixture(scope="module")
def reckoned(firm: Revenue) -> dict[tuple[str, date], Decimal]:
    """Line and month -> revenue to date, of every published month of it."""
    found = {}
    for line, first in firm.home.published("select contract_line_id, month from margin.revenue_by_contract_line_month"):
        day = NOW if first == month(NOW) else last_day(first)
        exact = getattr(firm, firm.lines[line][3])(line, first, day)
        if exact is not None:
            found[line, first] = cents(exact)
    return found


@pytest.mark.parametrize("method", ["cost_to_cost", "straight_line", "milestone", "time_and_material"])
def test_revenue_to_date(firm, reckoned, method):
    rows = firm.home.published(
        "select contract_line_id, month, revenue_to_date_amount from margin.revenue_by_contract_line_month "
        "where revenue_method = ? and revenue_to_date_amount is not null",
        method,
    )
    assert len({line for line, _, _ in rows}) >= 3
    assert {(line, first): amount for line, first, amount in rows} == {
        key: amount for key, amount in reckoned.items() if firm.lines[key[0]][3] == method
    }


def test_revenue_in_the_reporting_currency_uses_advances_first(firm, reckoned):
    """A contract that bills ahead, others that bill in arrears: each invoice is a heap that is used up."""
    for contract, line in (("CT-1015", "CL-1015-1"), ("CT-1011", "CL-1011-1"), ("CT-1009", "CL-1009-1")):
        currency = firm.lines[line][4]
        invoices, rows = firm.billed(contract), []
        heaps: list[list[Fraction]] = []
        before, total = Fraction(0), Fraction(0)
        first = min(at for name, at in reckoned if name == line)
        while (line, first) in reckoned:
            heaps += [[net, rate] for day, net, rate in invoices if month(day) == first]
            wanted = Fraction(reckoned[line, first]) - before
            if wanted < 0:  # a catch-up gives back what a heap does not tell
                break
            before += wanted
            in_base = Fraction(0)
            while wanted and heaps:
                used = min(wanted, heaps[0][0])
                in_base += used * heaps[0][1]
                heaps[0][0] -= used
                wanted -= used
                heaps = heaps if heaps[0][0] else heaps[1:]
            # what was earned before it was billed settles with the invoices that follow, at nobody's rate but its own
            in_base += wanted * firm.average(currency, first)
            if wanted:
                invoices = settle(invoices, first, wanted)
            total += in_base
            rows.append((first, total))
            first = following(first)
        published = dict(
            firm.home.published(
                "select month, revenue_to_date_amount_base from margin.revenue_by_contract_line_month "
                "where contract_line_id = ?",
                line,
            )
        )
        assert len(rows) >= 15
        for at, expected in rows:
            # each invoice's and each month's amount is rounded by itself
            assert abs(published[at] - cents(expected)) <= Decimal("0.30"), (line, at)


def settle(
    invoices: list[tuple[date, Fraction, Fraction]], first: date, earned: Fraction
) -> list[tuple[date, Fraction, Fraction]]:
    """The invoices to come, less what has been earned already and waits for them."""
    left = []
    for day, net, rate in invoices:
        if month(day) > first and earned and net > 0:
            taken = min(net, earned)
            earned -= taken
            net -= taken
        if net:
            left.append((day, net, rate))
    return left


def test_the_margin_has_the_revenue_of_the_lines(firm):
    lines = firm.home.published(
        "select project_id, month, sum(revenue_amount_base) from margin.revenue_by_contract_line_month group by all"
    )
    margin = firm.home.published("select project_id, month, revenue_amount_base from margin.margin_by_project_month")
    assert {(p, m): a for p, m, a in margin if a} == {(p, m): a for p, m, a in lines if a}


def test_a_closed_contract_is_billed_and_earned_to_the_cent(firm):
    rows = firm.home.published(
        """
        select contract_id, revenue_to_date, billed_to_date, contract_asset_amount, contract_liability_amount,
            backlog_amount, loss_provision_amount
        from margin.contract_balances_by_contract_month
        inner join core.dim_projects using (project_id)
        where status = 'closed' and contract_id in ('CT-1001', 'CT-1003', 'CT-1011', 'CT-1014')
        qualify row_number() over (partition by contract_id order by month desc) = 1
        """
    )
    assert len(rows) == 4
    for contract, revenue, billed, asset, liability, backlog, provision in rows:
        assert revenue == billed, contract
        # CT-1011 lost: nothing of its loss is still to come
        assert (asset, liability, backlog, provision) == (0, 0, 0, 0), contract
