"""The figures of a random portfolio, reckoned from what was drawn, in fractions, month by month.

Nothing of the dbt project is used: the rules of docs/decisions.md are written down here a second time.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tests.integration.books import month_end
from tests.integration.examples.kinds import month
from tests.integration.examples.portfolio import MONTHS, Drawn, Plan, Portfolio

CATEGORIES = ("labour", "subcontract", "material", "equipment", "travel", "other")


def cents(amount: Fraction | Decimal) -> Decimal:
    """To the cent, half away from zero."""
    scaled = abs(Fraction(amount)) * 100
    whole = (scaled.numerator * 2 + scaled.denominator) // (2 * scaled.denominator)
    return (Decimal(whole) * (1 if amount >= 0 else -1) / 100).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def position(day: date) -> Fraction:
    """Months weigh the same, a day is its part of its month."""
    return 12 * day.year + day.month + Fraction(day.day, calendar.monthrange(day.year, day.month)[1])


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Cost and hours to date, and at completion, at the end of a month; in the line's currency."""

    cost: Fraction
    material: Fraction
    rework: Fraction
    total: Fraction  # the EAC
    total_material: Fraction
    hours: Fraction
    total_hours: Fraction


class Oracle:
    def __init__(self, portfolio: Portfolio) -> None:
        self.portfolio = portfolio

    def in_base(self, amount: Decimal, currency: str, day: date) -> Decimal:
        if currency == "EUR":
            return amount
        for age in range(8):
            if rate := self.portfolio.rates.get((currency, day - timedelta(days=age))):
                return cents(Fraction(amount) * Fraction(rate))
        raise AssertionError(f"no rate of {currency} on {day}")

    def moved(self, drawn: Drawn) -> Iterator[tuple[str, str, Decimal, Decimal, bool]]:
        """Every cost but labour: month, category, amount in the project's currency and in base, is rework.

        A supplier's invoice costs in its month, whether it is posted in that month, later or never.
        """
        for cost in drawn.costs:
            worth = self.in_base(cost.amount, cost.currency, cost.on)
            own = cost.amount if cost.currency == drawn.currency else worth
            yield f"{cost.on:%Y-%m}", cost.category, own, worth, cost.is_rework
        for supply in drawn.supplies:
            yield f"{supply.on:%Y-%m}", supply.category, supply.amount, supply.amount, False

    def labour(self, drawn: Drawn) -> dict[str, Decimal]:
        """Month -> cost of the hours, rounded once a month."""
        exact: dict[str, Fraction] = defaultdict(Fraction)
        for entry in drawn.time:
            rate = self.portfolio.cost_rates[entry.person % 3, entry.on.year]
            exact[f"{entry.on:%Y-%m}"] += Fraction(entry.hours) * Fraction(rate)
        return {at: cents(amount) for at, amount in exact.items()}

    def costs(self, drawn: Drawn) -> dict[tuple[str, str], Decimal]:
        """Month and category of the margin mart -> cost in the reporting currency."""
        found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for at, category, _, worth, _ in self.moved(drawn):
            found[at, "material" if category == "uninstalled_material" else category] += worth
        for at, amount in self.labour(drawn).items():
            found[at, "labour"] += amount
        return found

    def plan_at(self, drawn: Drawn, at: str) -> Plan:
        """The newest forecast approved by the month's end, else the baseline."""
        known = [plan for plan in drawn.plans if plan.approved_on <= month_end(at)]
        forecasts = [plan for plan in known if plan.kind == "forecast"]
        return (forecasts or known)[-1]

    def baseline(self, drawn: Drawn) -> Decimal:
        """The budget at completion, without what management keeps back."""
        cells = drawn.plans[0].cells
        return sum((amount for _, category, amount, _ in cells if category != "management_reserve"), Decimal(0))

    def estimate(self, drawn: Drawn, at: str, *, plan_of: str | None = None) -> Estimate:
        spent: dict[str, Fraction] = defaultdict(Fraction)
        for when, category, own, _, is_rework in self.moved(drawn):
            if when <= at:
                spent["all"] += Fraction(own)
                if category == "uninstalled_material":
                    spent["material"] += Fraction(own)
                if is_rework:
                    spent["rework"] += Fraction(own)
        spent["all"] += sum((Fraction(cost) for when, cost in self.labour(drawn).items() if when <= at), Fraction(0))
        hours = sum((Fraction(entry.hours) for entry in drawn.time if f"{entry.on:%Y-%m}" <= at), Fraction(0))
        plan = self.plan_at(drawn, plan_of or at)
        planned: dict[str, Fraction] = defaultdict(Fraction)
        for when, category, amount, planned_hours in plan.cells:
            if category != "management_reserve" and (plan.kind == "baseline" or when > at):
                planned["all"] += Fraction(amount)
                planned["hours"] += Fraction(planned_hours)
                if category == "uninstalled_material":
                    planned["material"] += Fraction(amount)
        if plan.kind == "forecast":
            planned["all"] += spent["all"]
            planned["material"] += spent["material"]
            planned["hours"] += hours
        total = max(planned["all"], spent["all"])
        total_material = max(planned["material"], spent["material"])
        total = max(total - total_material, spent["all"] - spent["material"]) + total_material
        return Estimate(
            cost=spent["all"], material=spent["material"], rework=spent["rework"], total=total,
            total_material=total_material, hours=hours, total_hours=max(planned["hours"], hours),
        )  # fmt: skip

    def price(self, drawn: Drawn, at: str) -> Fraction | None:
        amounts = [Fraction(change.amount) for change in drawn.changes if change.on <= month_end(at)]
        return sum(amounts) if amounts else None

    def revenue_to_date(self, drawn: Drawn, at: str) -> Decimal:
        return cents(getattr(self, drawn.method)(drawn, at))

    def spread(
        self, drawn: Drawn, at: str, done: Fraction, total: Fraction, before: tuple[Fraction, Fraction] | None
    ) -> Fraction:
        """price x done / total; after a prospective change: settled, and the rest over the work that was left."""
        price = self.price(drawn, at) or Fraction(0)
        settled, done_before = before or (Fraction(0), Fraction(0))
        if done >= total:
            return price
        if total <= done_before:
            return settled
        return settled + max(done - done_before, Fraction(0)) / (total - done_before) * (price - settled)

    def prospective(self, drawn: Drawn, at: str) -> str | None:
        """The month before a prospective change that is in effect; such changes are on firsts."""
        days = [c.on for c in drawn.changes if c.treatment == "prospective" and c.on <= month_end(at)]
        return f"{days[0] - timedelta(days=1):%Y-%m}" if days else None

    def cost_to_cost(self, drawn: Drawn, at: str) -> Fraction:
        now, price = self.estimate(drawn, at), self.price(drawn, at) or Fraction(0)
        done, total = now.cost - now.material - now.rework, now.total - now.total_material - now.rework
        done = max(done, Fraction(0))
        if total <= 0:
            return max(min(now.cost, price), Fraction(0)) if price > 0 else Fraction(0)
        if done >= total:
            return price - now.total_material + now.material
        return now.material + done / total * (price - now.total_material)

    def labour_hours(self, drawn: Drawn, at: str) -> Fraction:
        now, before = self.estimate(drawn, at), None
        if then := self.prospective(drawn, at):
            before = (Fraction(self.revenue_to_date(drawn, then)), self.estimate(drawn, then).hours)
        return self.spread(drawn, at, now.hours, now.total_hours, before)

    def straight_line(self, drawn: Drawn, at: str) -> Fraction:
        end = drawn.end
        for change in drawn.changes:
            if change.on <= month_end(at) and change.line_end:
                end = change.line_end
        start, before = position(drawn.start - timedelta(days=1)), None
        if then := self.prospective(drawn, at):
            before = (
                Fraction(self.revenue_to_date(drawn, then)),
                min(position(month_end(then)), position(drawn.end)) - start,
            )
        return self.spread(drawn, at, max(position(month_end(at)) - start, Fraction(0)), position(end) - start, before)

    def milestone(self, drawn: Drawn, at: str) -> Fraction:
        reached = [Fraction(amount) for on, amount in drawn.milestones if on and on <= month_end(at)]
        return sum(reached, Fraction(0))

    def time_and_material(self, drawn: Drawn, at: str) -> Fraction:
        total = Fraction(0)
        for entry in drawn.time:
            if entry.is_billable and entry.on <= month_end(at):
                total += Fraction(entry.hours) * Fraction(self.portfolio.bill_rates[entry.person % 3])
        for cost in drawn.costs:
            if cost.is_billable and cost.on <= month_end(at):
                total += Fraction(cost.amount) * (1 + Fraction(drawn.markup))
        return total if drawn.cap is None else min(total, Fraction(drawn.cap))

    def as_invoiced(self, drawn: Drawn, at: str) -> Fraction:
        return sum((Fraction(net) for on, net, _ in drawn.invoices if on <= month_end(at)), Fraction(0))

    def loss_provision(self, drawn: Drawn, at: str) -> Decimal:
        """What of the expected loss is in no margin yet."""
        price = Fraction(drawn.cap) if drawn.cap is not None else self.price(drawn, at)
        if price is None:
            return Decimal(0)
        now = self.estimate(drawn, at)
        recognised = now.cost - Fraction(self.revenue_to_date(drawn, at))
        return cents(max(Fraction(0), max(Fraction(0), now.total - price) - max(Fraction(0), recognised)))

    def billed(self, drawn: Drawn, at: str) -> Decimal:
        return sum((net for on, net, _ in drawn.invoices if on <= month_end(at)), Decimal(0))

    def owed(self, drawn: Drawn, at: str) -> Decimal:
        gross = sum((net + tax for on, net, tax in drawn.invoices if on <= month_end(at)), Decimal(0))
        return gross - sum((amount for _, on, amount in drawn.payments if on <= month_end(at)), Decimal(0))

    def months(self, drawn: Drawn) -> list[str]:
        return [month(number) for number in range(drawn.first, MONTHS)]
