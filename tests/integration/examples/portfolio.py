"""Random portfolios: projects of every contract type over two years, each drawn from a seed, and told in files.

The drawing knows nothing of any rule; `oracle.py` reckons from the same facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.integration.books import Books, Job, month_end
from tests.integration.examples.kinds import month

PROJECTS, MONTHS, TEAM = 18, 24, 12
METHODS = ("cost_to_cost", "labour_hours", "time_and_material", "milestone", "straight_line", "as_invoiced")
KINDS = ("subcontract", "material", "equipment", "travel", "other")
FOREIGN = {"SEK": Decimal("0.088"), "PLN": Decimal("0.232")}
REWORK = "rework of what was built"
SUPPLIER = "PF-S"


@dataclass(frozen=True, kw_only=True)
class Cost:
    on: date
    category: str
    amount: Decimal
    currency: str
    is_rework: bool = False
    is_billable: bool = False


@dataclass(frozen=True, kw_only=True)
class Time:
    person: int
    on: date
    hours: Decimal
    is_billable: bool


@dataclass(frozen=True, kw_only=True)
class Change:
    on: date
    amount: Decimal
    treatment: str = "cumulative_catch_up"
    line_end: date | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    kind: str
    approved_on: date
    cells: list[tuple[str, str, Decimal, Decimal]]  # month, category, amount, hours


@dataclass(frozen=True, kw_only=True)
class Supply:
    """A supplier's invoice, and the day of its posting if there is one."""

    on: date
    posted_on: date | None
    category: str
    amount: Decimal


@dataclass(kw_only=True)
class Drawn:
    """One project with its one contract line."""

    name: str
    method: str
    currency: str
    first: int  # months since January 2025
    last: int
    cap: Decimal | None = None
    markup: Decimal = Decimal(0)
    costs: list[Cost] = field(default_factory=list)
    time: list[Time] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    supplies: list[Supply] = field(default_factory=list)
    milestones: list[tuple[date | None, Decimal]] = field(default_factory=list)
    invoices: list[tuple[date, Decimal, Decimal]] = field(default_factory=list)  # day, net, tax
    payments: list[tuple[int, date, Decimal]] = field(default_factory=list)  # which invoice
    measured: dict[str, Decimal] = field(default_factory=dict)  # percent complete by month, as the site reports it

    @property
    def start(self) -> date:
        return date.fromisoformat(f"{month(self.first)}-01")

    @property
    def end(self) -> date:
        return month_end(month(self.last))


@dataclass(kw_only=True)
class Portfolio:
    """A firm of its own: customers, people, rates. What a currency is worth is the same for all."""

    name: str
    projects: list[Drawn] = field(default_factory=list)
    rates: dict[tuple[str, date], Decimal] = field(default_factory=dict)  # daily, currency to EUR
    cost_rates: dict[tuple[int, int], Decimal] = field(default_factory=dict)  # role, year
    bill_rates: dict[int, Decimal] = field(default_factory=dict)  # role; the same on every line


def money(random: Random, low: int, high: int) -> Decimal:
    return Decimal(random.randrange(low * 100, high * 100)) / 100


def day_in(random: Random, number: int) -> date:
    return date.fromisoformat(f"{month(number)}-01") + timedelta(days=random.randrange(28))


def draw_costs(random: Random, drawn: Drawn) -> None:
    for number in range(drawn.first, drawn.last + 1):
        for _ in range(random.randrange(0, 4)):
            category = random.choice((*KINDS, *(["uninstalled_material"] if drawn.method == "cost_to_cost" else [])))
            currency = random.choice((drawn.currency, "SEK")) if drawn.currency == "EUR" else drawn.currency
            amount = money(random, 50, 9000) * (-1 if random.random() < 0.08 else 1)
            drawn.costs.append(
                Cost(
                    on=day_in(random, number), category=category, amount=amount, currency=currency,
                    is_rework=random.random() < 0.07 and category != "uninstalled_material",
                    is_billable=drawn.method == "time_and_material" and currency == "EUR" and random.random() < 0.5,
                )
            )  # fmt: skip
        if drawn.currency == "EUR" and random.random() < 0.4:
            posted = random.choice((0, 0, 1, 1, 2, None))
            on = day_in(random, number)
            posted_on = None if posted is None else max(on, day_in(random, min(number + posted, MONTHS - 1)))
            drawn.supplies.append(
                Supply(on=on, posted_on=posted_on, category=random.choice(KINDS), amount=money(random, 100, 5000))
            )


def draw_time(random: Random, drawn: Drawn) -> None:
    if drawn.currency != "EUR":
        return
    for number in range(drawn.first, drawn.last + 1):
        for person in random.sample(range(TEAM), random.randrange(2, 8)):
            for day in random.sample(range(28), random.randrange(1, 3)):
                drawn.time.append(
                    Time(
                        person=person, on=date.fromisoformat(f"{month(number)}-01") + timedelta(days=day),
                        hours=Decimal(random.randrange(1, 9)) / 4, is_billable=random.random() < 0.9,
                    )
                )  # fmt: skip


def plan_cells(random: Random, drawn: Drawn, first: int, scale: Decimal) -> list[tuple[str, str, Decimal, Decimal]]:
    cells = []
    for number in range(first, drawn.last + 1):
        kinds = random.sample(KINDS, 2) + (["labour"] if drawn.currency == "EUR" else [])
        if drawn.method == "cost_to_cost" and random.random() < 0.4:
            kinds.append("uninstalled_material")
        for category in kinds:
            hours = Decimal(random.randrange(20, 60)) / 2 if category == "labour" else Decimal(0)
            cells.append((month(number), category, round(money(random, 500, 6000) * scale, 2), hours))
    return cells


def draw_plans(random: Random, drawn: Drawn) -> None:
    cells = plan_cells(random, drawn, drawn.first, Decimal(1))
    cells.append((month(drawn.first), "management_reserve", money(random, 100, 900), Decimal(0)))
    drawn.plans.append(Plan(kind="baseline", approved_on=drawn.start, cells=cells))
    for number in range(drawn.first + 2, drawn.last, 3):
        if random.random() < 0.7:
            # one month too many behind: it is over and has to be left out
            cells = plan_cells(random, drawn, number, Decimal(random.randrange(50, 160)) / 100)
            drawn.plans.append(Plan(kind="forecast", approved_on=month_end(month(number)), cells=cells))


def draw_contract(random: Random, drawn: Drawn) -> None:
    planned = sum(amount for _, category, amount, _ in drawn.plans[0].cells if category != "management_reserve")
    price = round(planned * Decimal(random.randrange(85, 150)) / 100, 2)
    if drawn.method == "milestone":
        for number in range(drawn.first + 1, drawn.last + 1, 3):
            reached = None if random.random() < 0.1 else day_in(random, number)
            drawn.milestones.append((reached, money(random, 500, 20000)))
        price = sum((amount for _, amount in drawn.milestones), Decimal(0))
    if drawn.method in ("time_and_material", "as_invoiced"):
        if drawn.method == "time_and_material" and random.random() < 0.5:
            drawn.cap = money(random, 3000, 15000)
        drawn.markup = Decimal(random.choice((0, 5, 10))) / 100 if drawn.method == "time_and_material" else Decimal(0)
    else:
        drawn.changes.append(Change(on=drawn.start, amount=price))
        draw_changes(random, drawn, price)
    for number in range(drawn.first, drawn.last + 1):
        if random.random() < 0.6:
            net = money(random, 100, 12000) * (-1 if random.random() < 0.15 else 1)
            on = day_in(random, number)
            drawn.invoices.append((on, net, round(net * Decimal("0.19"), 2)))
            if random.random() < 0.6 and net > 0:
                part = Decimal(random.choice((100, 100, 50, 110))) / 100
                paid = round((net + drawn.invoices[-1][2]) * part, 2)
                drawn.payments.append((len(drawn.invoices) - 1, on + timedelta(days=random.randrange(0, 70)), paid))


def draw_changes(random: Random, drawn: Drawn, price: Decimal) -> None:
    middle = (drawn.first + drawn.last) // 2
    part = round(price * Decimal(random.randrange(-15, 30)) / 100, 2)
    if random.random() < 0.6 and drawn.method != "milestone":
        on = date.fromisoformat(f"{month(middle)}-{random.choice((1, 10, 17)):02d}")
        later = None
        if drawn.method == "straight_line" and random.random() < 0.5:
            later = month_end(month(drawn.last + random.randrange(1, 4)))
        drawn.changes.append(Change(on=on, amount=part, line_end=later))
    elif drawn.method in ("straight_line", "labour_hours"):
        # on a first, so that the month before ends on the old terms
        on = date.fromisoformat(f"{month(middle)}-01")
        later = month_end(month(drawn.last + 2)) if drawn.method == "straight_line" else None
        drawn.changes.append(Change(on=on, amount=abs(part), treatment="prospective", line_end=later))


def draw_measured(random: Random, drawn: Drawn) -> None:
    """Progress as somebody sees it, which no revenue is made of."""
    if drawn.method == "cost_to_cost":
        parts = sorted(random.randrange(1, 10**6) for _ in range(drawn.first, drawn.last + 1))
        drawn.measured = {month(drawn.first + place): Decimal(part) / 10**6 for place, part in enumerate(parts)}


def draw(random: Random, firm: str, number: int) -> Drawn:
    method = METHODS[number % len(METHODS)]
    foreign = method in ("cost_to_cost", "milestone", "straight_line", "as_invoiced") and random.random() < 0.4
    first = random.randrange(0, 8)
    drawn = Drawn(
        name=f"{firm}-{number:02d}", method=method, currency=random.choice(list(FOREIGN)) if foreign else "EUR",
        first=first, last=min(first + random.randrange(5, 18), MONTHS - 4),
    )  # fmt: skip
    draw_costs(random, drawn)
    draw_time(random, drawn)
    draw_plans(random, drawn)
    draw_contract(random, drawn)
    draw_measured(random, drawn)
    return drawn


def random_portfolios(books: Books, *, seeds: Sequence[int]) -> list[Portfolio]:
    """Draws a portfolio for each seed and adds its rows to the books."""
    rates = draw_exchange_rates(Random(seeds[0]))
    tell_exchange_rates(books, rates)
    found = []
    for seed in seeds:
        random = Random(seed)
        portfolio = Portfolio(name=f"PF{seed}", rates=rates)
        draw_rates(random, portfolio)
        portfolio.projects = [draw(random, portfolio.name, number) for number in range(PROJECTS)]
        tell_firm(books, portfolio)
        for number, drawn in enumerate(portfolio.projects):
            tell(books, portfolio, drawn, number)
        found.append(portfolio)
    return found


def draw_exchange_rates(random: Random) -> dict[tuple[str, date], Decimal]:
    rates = {}
    for currency, rate in FOREIGN.items():
        day, now = date(2025, 1, 1), rate
        while day <= date(2026, 12, 31):
            rates[currency, day] = round(now, 6)
            day += timedelta(days=5)
            now *= Decimal(random.randrange(985, 1016)) / 1000
    return rates


def tell_exchange_rates(books: Books, rates: dict[tuple[str, date], Decimal]) -> None:
    for (currency, day), rate in rates.items():
        pair = {"from_currency": currency, "to_currency": "EUR"}
        books.add("exchange_rate", **pair, rate_date=day, rate_type="daily", rate=rate)
    for currency, rate in FOREIGN.items():
        pair = {"from_currency": currency, "to_currency": "EUR"}
        books.add("exchange_rate", **pair, rate_date="2025-01-01", rate_type="budget", rate=rate)


def draw_rates(random: Random, portfolio: Portfolio) -> None:
    for role in range(3):
        for year in (2025, 2026):
            portfolio.cost_rates[role, year] = money(random, 40, 90)
        portfolio.bill_rates[role] = money(random, 90, 160)


def tell_firm(books: Books, portfolio: Portfolio) -> None:
    firm = portfolio.name
    for (role, year), rate in portfolio.cost_rates.items():
        row = {"role_id": f"{firm}-R{role}", "valid_from": f"{year}-01-01", "currency_code": "EUR"}
        books.add("cost_rate", **row, hourly_rate=rate)
    for person in range(TEAM):
        books.add(
            "employee", employee_id=f"{firm}-E{person}", employee_name=f"{firm} {person}",
            role_id=f"{firm}-R{person % 3}",
        )  # fmt: skip
    for number in range(4):
        books.add("customer", customer_id=f"{firm}-C{number}", customer_name=f"Customer {number} of {firm}")
    for number in range(3):
        books.add("programme", programme_id=f"{firm}-P{number}", programme_name=f"Programme {number} of {firm}")


def tell(books: Books, portfolio: Portfolio, drawn: Drawn, number: int) -> None:
    firm = portfolio.name
    job = Job(
        books, drawn.name, currency=drawn.currency, start=str(drawn.start), customer=f"{firm}-C{number % 4}",
        programme_id=f"{firm}-P{number % 3}" if number % 4 else None, business_group=f"{firm}-G{number % 3}",
        market=f"{firm}-M{number % 4}", is_key_project=str(number % 7 == 0).lower(),
    )  # fmt: skip
    dates = {"start_date": drawn.start, "end_date": drawn.end} if drawn.method == "straight_line" else {}
    job.line(drawn.method, not_to_exceed_amount=drawn.cap, cost_markup=drawn.markup, **dates)
    if drawn.method == "time_and_material":
        for role, rate in portfolio.bill_rates.items():
            books.add(
                "bill_rate", contract_line_id=f"{drawn.name}/1", role_id=f"{firm}-R{role}", valid_from="2025-01-01",
                hourly_rate=rate, currency_code="EUR",
            )  # fmt: skip
    for place, change in enumerate(drawn.changes):
        job.price(
            change.amount, str(change.on), kind="change_request" if place else "original", treatment=change.treatment,
            line_end_date=change.line_end,
        )  # fmt: skip
    tell_plans(books, drawn, f"{firm}-R0")
    for at, part in drawn.measured.items():
        books.add("progress", project_id=drawn.name, observed_on=month_end(at), percent_complete=part)
    for cost in drawn.costs:
        job.cost(
            cost.on, cost.amount, cost.category, currency_code=cost.currency,
            is_billable=str(cost.is_billable).lower(), description=REWORK if cost.is_rework else "",
        )  # fmt: skip
    for entry in drawn.time:
        job.work(f"{firm}-E{entry.person}", str(entry.on), entry.hours, is_billable=str(entry.is_billable).lower())
    for place, supply in enumerate(drawn.supplies):
        tell_supply(books, job, supply, f"{drawn.name}-S{place}")
    for place, (reached, amount) in enumerate(drawn.milestones):
        job.milestone(f"M{place}", amount, str(reached) if reached else None)
    numbers = [job.bill(str(on), net, tax=tax) for on, net, tax in drawn.invoices]
    for which, on, amount in drawn.payments:
        job.pay(numbers[which], str(on), amount)


def tell_plans(books: Books, drawn: Drawn, role: str) -> None:
    for place, plan in enumerate(drawn.plans):
        key = {"project_id": drawn.name, "plan_version_id": f"V{place}"}
        books.add("plan_version", **key, kind=plan.kind, approved_on=plan.approved_on)
        for at, category, amount, hours in plan.cells:
            books.add(
                "plan_line", **key, month=at, category=category, amount=amount, currency_code=drawn.currency,
                role_id=role if category == "labour" else None, hours=hours or None,
            )  # fmt: skip


def tell_supply(books: Books, job: Job, supply: Supply, number: str) -> None:
    key: dict[str, Any] = {"invoice_id": number, "direction": "supplier", "counterparty_id": SUPPLIER}
    books.add(
        "invoice", **key, issue_date=supply.on, type="invoice", currency_code="EUR", project_id=job.name,
        net_amount=supply.amount, tax_amount=0, gross_amount=supply.amount,
    )  # fmt: skip
    books.add("invoice_line", **key, line_id="1", category=supply.category, net_amount=supply.amount)
    if supply.posted_on:
        job.cost(
            supply.posted_on, supply.amount, supply.category, currency_code="EUR", supplier_id=SUPPLIER,
            document_number=number,
        )  # fmt: skip
