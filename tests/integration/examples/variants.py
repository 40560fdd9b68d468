"""Further examples of the published kinds, drawn from a seed, their figures reckoned here in fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from tests.integration.examples.kinds import Example, Figures, Inputs
from tests.integration.examples.oracle import cents

COUNT = 10


def exactly(value: Fraction) -> Decimal:
    """Twelve places, as a progress is published."""
    return cents(value * 10**10) / 10**10


def made(name: str, inputs: Inputs, expected: Figures) -> Example:
    return Example(
        id=name, source="drawn", inputs=inputs, expected=expected, default_tolerance=Decimal(0), tolerances={}
    )


def earned_value_links(random: Random) -> list[Example]:
    """Cost to cost is EV% / CPI while EAC = BAC, and EV% once EAC = BAC / CPI: both have one EAC."""
    found = []
    for number in range(COUNT):
        bac = random.randrange(1, 500) * 1000
        share, later = sorted(Fraction(n, 200) for n in random.sample(range(1, 180), 2))
        # a cost performance of which the budget is a whole multiple in cents
        dearer = Fraction(random.randrange(16, 32), 20)
        ev3, ev5 = bac * share, bac * later
        ac3 = min(ev3 * dearer, Fraction(bac))
        ac5 = ev5 * dearer
        inputs = {"bac": bac} | {
            key: cents(value) for key, value in {"ev_m3": ev3, "ac_m3": ac3, "ev_m5": ev5, "ac_m5": ac5}.items()
        }
        cpi = ev3 / ac3
        expected = {
            "c2c_m3": exactly(share / cpi), "ev_pct_m3": cents(share * 10**4) / 10**4,
            "c2c_m5": exactly(later), "ev_pct_m5": cents(later * 10**4) / 10**4,
        }  # fmt: skip
        found.append(made(f"drawn-evm-{number}", inputs, expected))
    return found


def cost_to_cost(random: Random) -> list[Example]:
    """Estimates that rise and fall, contracts that lose, the last period complete."""
    found = []
    for number in range(COUNT):
        price, periods = random.randrange(100_000, 9_000_000), random.randrange(3, 7)
        cost = sorted(random.randrange(10_000, 900_000) for _ in range(periods))
        eac = [max(spent, int(cost[-1] * random.uniform(0.7, 1.6))) for spent in cost[:-1]] + [cost[-1]]
        billed = sorted(random.randrange(0, price) for _ in range(periods))
        revenue = [cents(Fraction(spent, total) * price) for spent, total in zip(cost, eac, strict=True)]
        provision = [
            cents(max(Fraction(0), max(total - price, 0) - max(Fraction(0), Fraction(spent) - Fraction(earned))))
            for spent, total, earned in zip(cost, eac, revenue, strict=True)
        ]
        expected = {
            "progress": [exactly(Fraction(spent, total)) for spent, total in zip(cost, eac, strict=True)],
            "revenue_cum": revenue,
            "revenue_period": steps(revenue),
            "cost_period": steps(cost),
            "loss_provision": provision,
            "loss_expense_period": steps(provision),
            "margin_period": [
                earned - spent - lost
                for earned, spent, lost in zip(steps(revenue), steps(cost), steps(provision), strict=True)
            ],
            "net_contract_position": [earned - sent for earned, sent in zip(revenue, billed, strict=True)],
        }
        inputs = {"price": price, "cost_cum": cost, "eac": eac, "billed_cum": billed}
        found.append(made(f"drawn-poc-{number}", inputs, expected))
    return found


def modifications(random: Random) -> list[Example]:
    found = []
    for number in range(COUNT):
        price, bonus, eac = random.randrange(10**5, 10**7), random.randrange(0, 10**5), random.randrange(10**5, 10**6)
        mod_price, mod_cost = random.randrange(-50_000, 10**6), random.randrange(0, 10**5)
        spent, at_first, later = random.randrange(0, eac), random.random() < 0.5, random.random() < 0.5
        before = cents(Fraction(spent, eac) * (price + bonus * at_first))
        worth = price + bonus * later + mod_price
        after = cents(Fraction(spent, eac + mod_cost) * worth)
        inputs = {
            "price": price, "bonus": bonus, "bonus_included_initially": at_first, "eac": eac, "cost_to_date": spent,
            "mod_price": mod_price, "mod_cost": mod_cost, "bonus_included_after": later,
        }  # fmt: skip
        expected = {
            "progress_before": exactly(Fraction(spent, eac)), "revenue_before": before, "tp_after": worth,
            "revenue_after_exact": after, "catch_up_exact": after - before,
        }  # fmt: skip
        found.append(made(f"drawn-mod-{number}", inputs, expected))
    return found


def steps(cumulative: list[Any]) -> list[Any]:
    return [now - before for before, now in zip([0, *cumulative], cumulative, strict=False)]


def variants(seed: int) -> dict[str, Example]:
    random = Random(seed)
    return {one.id: one for draw in (earned_value_links, cost_to_cost, modifications) for one in draw(random)}
