"""What the projects cost: exchange rates, orders, supplier invoices, ERP postings, and the labour that the ERP mirrors.

Tables are lists of rows (canonical column -> Python value). Sales are in `billing`, plans in `plans`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import polars as pl

from pipelines.demo import firm
from pipelines.demo.effort import Workforce
from pipelines.demo.firm import PROJECTS, Project
from pipelines.demo.periods import HISTORY, HORIZON, Periods

Row = dict[str, Any]
Tables = dict[str, list[Row]]

SUPPLIED = ("subcontract", "material", "uninstalled_material", "equipment", "other")
# when in a project's life a category falls: exponents of x^a (1-x)^b
PHASES = {
    "subcontract": (1.4, 0.9),
    "material": (0.6, 2.0),
    "uninstalled_material": (0.4, 3.0),
    "equipment": (0.3, 2.4),
    "travel": (0.7, 0.7),
    "other": (0.5, 0.5),
}
ACCOUNT = {
    "labour": "5000",
    "subcontract": "5100",
    "material": "5200",
    "uninstalled_material": "5210",
    "equipment": "5300",
    "travel": "5400",
    "other": "5900",
}
TRAVEL = ("rail and hotel", "hire car", "flight to site", "per diem", "ferry", "parking and tolls")
TEXT = {
    "subcontract": ("civil works", "crew days", "specialist support", "site build"),
    "material": ("cable and connectors", "mounting kits", "patch panels", "small parts"),
    "uninstalled_material": ("radio units, delivered to store", "antenna frames, delivered to store"),
    "equipment": ("routers", "servers", "test sets", "rectifiers"),
    "other": ("licences", "freight", "permits"),
}


def money(value: float | Decimal) -> Decimal:
    """Cents, half away from zero."""
    return Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass
class Rates:
    """Exchange rates: what one EUR buys, for every working day; and the day's rate for any date."""

    rows: list[Row] = field(default_factory=list)
    daily: dict[tuple[str, date], Decimal] = field(default_factory=dict)

    def in_base(self, amount: Decimal, currency: str, day: date) -> Decimal:
        """An amount in EUR at the rate of the day, or the last one before it; not rounded."""
        if currency == firm.BASE:
            return amount
        while (currency, day) not in self.daily:
            day -= timedelta(days=1)
        return amount / self.daily[currency, day]


def exchange_rates(periods: Periods, seed: int) -> Rates:
    """A mean-reverting walk a working day and pair; the month's average and closing rate; a budget rate a year."""
    rates = Rates()
    rng = np.random.default_rng([seed, 3])

    def add(currency: str, day: date, kind: str, rate: Decimal) -> None:
        rates.rows.append(
            {
                "from_currency": firm.BASE,
                "to_currency": currency,
                "rate_date": day,
                "rate_type": kind,
                "rate": rate,
            }
        )

    def places(value: float) -> Decimal:
        return Decimal(f"{value:.4f}")

    for currency, anchor in firm.FOREIGN.items():
        level = 0.0
        for month in range(-1, HISTORY):
            seen = []
            for day in periods.working_days(month):
                level = 0.985 * level + float(rng.normal(0, 0.0042))
                rate = places(anchor * float(np.exp(level)))
                rates.daily[currency, day] = rate
                seen.append(rate)
                add(currency, day, "daily", rate)
            add(currency, periods.first(month), "average", places(float(sum(seen)) / len(seen)))
            add(currency, periods.last(month), "closing", seen[-1])
        for year in range(periods.first(0).year, periods.as_of.year + 3):
            add(currency, date(year, 1, 1), "budget", places(anchor))
    return rates


def phase(project: Project, category: str, months: int) -> np.ndarray:
    """How a category spreads over a number of months; sums to 1."""
    x = (np.arange(months) + 0.5) / months
    a, b = PHASES[category] if project.kind != "service" else (0.0, 0.0)
    weight = x**a * (1 - x) ** b
    return weight / weight.sum()


def labour_expected(force: Workforce, project: Project) -> np.ndarray:
    """Cost of the project's labour at role rates by month of the horizon, EUR."""
    cost = np.zeros(HORIZON)
    for (_, role, month), hours in force.expected[project.id].items():
        cost[month] += hours * force.role_rate(role, month)
    return cost


def planned_totals(force: Workforce, project: Project) -> dict[str, float]:
    """Planned cost at completion by category, EUR, approved changes included: what it takes without the overrun."""
    labour = float(labour_expected(force, project).sum()) / project.labour
    return {"labour": labour} | {category: part * labour for category, part in project.mix.items()}


def overrun(project: Project, category: str) -> float:
    return project.supply if category in SUPPLIED else project.labour


def other_cost(force: Workforce, project: Project, seed: int) -> dict[str, np.ndarray]:
    """True cost but labour, by category and month of the horizon, EUR."""
    rng = np.random.default_rng([seed, 4, int(project.id[2:])])
    found = {}
    for category, planned in planned_totals(force, project).items():
        if category == "labour":
            continue
        noise = rng.uniform(0.8, 1.2, project.true)
        shape = phase(project, category, project.true) * noise
        series = np.zeros(HORIZON)
        series[project.start : project.true_end + 1] = shape / shape.sum() * planned * overrun(project, category)
        found[category] = series
    return found


def supplier_of(project: Project, category: str) -> tuple[str, int]:
    """Supplier and its lateness in days. The frames of P-1002 come from the one that is always late."""
    market = firm.market_of(project)
    fitting = [s for s in firm.SUPPLIERS if s[2] == market and category in s[3]]
    if not fitting:
        fitting = [s for s in firm.SUPPLIERS if s[2] == "DACH" and category in s[3]]
    late = project.id == "P-1002" and category == "uninstalled_material"
    chosen = next((s for s in fitting if s[0] == "S-02"), fitting[0]) if late else fitting[-1]
    return chosen[0], chosen[4]


class Purchasing:
    """Turns monthly cost into orders, supplier invoices and postings that point at each other."""

    def __init__(self, periods: Periods, seed: int, tables: Tables) -> None:
        self.periods, self.tables = periods, tables
        self.rng = np.random.default_rng([seed, 5])
        self.numbers: dict[str, int] = defaultdict(int)

    def next(self, series: str) -> int:
        self.numbers[series] += 1
        return self.numbers[series]

    def buy(self, project: Project, category: str, monthly: np.ndarray) -> None:
        """One order a category with a line a quarter; one supplier invoice a month; its lines posted as cost."""
        supplier, late = supplier_of(project, category)
        currency = firm.currency_of(project)
        into = firm.FOREIGN.get(currency, 1.0)
        order = f"PO-{project.id[2:]}-{ACCOUNT[category]}"
        wbs = firm.SUPPLY_WBS[project.kind] if category != "subcontract" else firm.MAIN_WBS[project.kind]
        for chunk, first in enumerate(range(project.start, project.true_end + 1, 3), start=1):
            months = range(first, min(first + 3, project.true_end + 1))
            invoiced = Decimal(0)
            for month in months:
                if month < HISTORY and monthly[month] * into > 150:
                    invoiced += self.invoice(project, category, month, monthly[month] * into, supplier, order, wbs)
            ordered_on = self.periods.day(first - 2, 1 + int(self.rng.integers(0, 26)))
            if ordered_on > self.periods.as_of:
                continue
            total = sum(float(monthly[m]) * into for m in months)
            promised = self.periods.day(first, 10)
            slip = late if late > 30 and chunk <= 3 else int(self.rng.integers(-3, max(late % 30, 1) + 1))
            arrives = promised + timedelta(days=slip)
            done = months[-1] < HISTORY
            self.tables["purchase_order_line"].append(
                {
                    "purchase_order_id": order,
                    "line_id": str(chunk * 10),
                    "project_id": project.id,
                    "wbs_id": wbs,
                    "supplier_id": supplier,
                    "ordered_on": ordered_on,
                    "expected_on": arrives,
                    "category": category,
                    "ordered_amount": invoiced if done else money(total * 1.01),
                    "received_amount": invoiced,
                    "invoiced_amount": invoiced,
                    "currency_code": currency,
                    "promised_on": promised,
                    "delivered_on": arrives if arrives <= self.periods.as_of and done else None,
                }
            )

    def invoice(
        self, project: Project, category: str, month: int, amount: float, supplier: str, order: str, wbs: str
    ) -> Decimal:
        """A supplier's invoice of one to three lines. A few of the last month's are not posted yet; now and then one is
        posted in the month after, or a part of it, so that it is an accrual at the end of its own."""
        currency, days = firm.currency_of(project), self.periods.working_days(month)
        issued = days[int(self.rng.integers(2, len(days) - 5))]
        count = 1 + int(amount > 25_000) + int(amount > 90_000)
        parts = self.rng.dirichlet(np.full(count, 6.0)) * amount
        net = [money(part) for part in parts]
        rate = Decimal("0.19") if currency == firm.BASE and firm.market_of(project) == "DACH" else Decimal(0)
        year = f"{issued:%Y}"
        running = self.next(supplier + year)
        number = f"{supplier.replace('-', '')}-{year}-{running:04d}"
        tax = money(sum(net) * rate)
        due = issued + timedelta(days=30)
        self.tables["invoice"].append(
            {
                "invoice_id": number,
                "direction": "supplier",
                "counterparty_id": supplier,
                "issue_date": issued,
                "due_date": due,
                "currency_code": currency,
                "type": "invoice",
                "project_id": project.id,
                "contract_id": None,
                "purchase_order_id": order,
                "net_amount": sum(net),
                "tax_amount": tax,
                "gross_amount": sum(net) + tax,
            }
        )
        unposted = month == HISTORY - 1 and self.rng.random() < 0.2
        posted = min(issued + timedelta(days=int(self.rng.integers(1, 8))), self.periods.last(month))
        # what is billed on is posted at once
        late = month + 1 < HISTORY and project.method != "time_and_material"
        first_late = 1 if late and running % 13 == 0 else 2 if late and running % 11 == 0 else count + 1
        for line, part in enumerate(net, start=1):
            text = str(self.rng.choice(TEXT[category]))
            self.tables["invoice_line"].append(
                {
                    "invoice_id": number,
                    "direction": "supplier",
                    "counterparty_id": supplier,
                    "line_id": str(line),
                    "project_id": project.id,
                    "wbs_id": wbs,
                    "contract_line_id": None,
                    "category": category,
                    "description": text,
                    "quantity": Decimal(1),
                    "net_amount": part,
                }
            )
            if not unposted:
                day = posted if line < first_late else self.periods.working_days(month + 1)[3]
                self.post(project, category, day, part, currency, wbs, text, supplier=supplier, document=number)
        paid = self.periods.next_working(due + timedelta(days=int(self.rng.integers(0, 5))))
        if paid <= self.periods.as_of:
            self.tables["payment"].append(
                {
                    "payment_id": f"OUT-{self.next('out'):05d}",
                    "invoice_id": number,
                    "direction": "supplier",
                    "paid_on": paid,
                    "amount": sum(net) + tax,
                    "currency_code": currency,
                }
            )
        return sum(net, Decimal(0))

    def credit(self, project: Project, category: str, month: int, amount: Decimal, supplier: str, text: str) -> None:
        """A supplier's credit note without VAT, posted in the month after: till then an accrual that lowers cost."""
        issued, currency = self.periods.working_days(month)[-3], firm.currency_of(project)
        number = f"{supplier.replace('-', '')}-{issued:%Y}-C{self.next(f'C{supplier}'):02d}"
        wbs = firm.SUPPLY_WBS[project.kind]
        document = {"invoice_id": number, "direction": "supplier", "counterparty_id": supplier}
        self.tables["invoice"].append(
            document
            | {
                "issue_date": issued,
                "due_date": issued,
                "currency_code": currency,
                "type": "credit_note",
                "project_id": project.id,
                "contract_id": None,
                "purchase_order_id": None,
                "net_amount": -amount,
                "tax_amount": Decimal("0.00"),
                "gross_amount": -amount,
            }
        )
        self.tables["invoice_line"].append(
            document
            | {
                "line_id": "1",
                "project_id": project.id,
                "wbs_id": wbs,
                "contract_line_id": None,
                "category": category,
                "description": text,
                "quantity": Decimal(1),
                "net_amount": -amount,
            }
        )
        day = self.periods.working_days(month + 1)[4]
        self.post(project, category, day, -amount, currency, wbs, text, supplier=supplier, document=number)

    def post(
        self,
        project: Project,
        category: str,
        day: date,
        amount: Decimal,
        currency: str,
        wbs: str | None,
        text: str,
        *,
        supplier: str | None = None,
        document: str | None = None,
        quantity: Decimal | None = None,
    ) -> None:
        self.tables["cost_line"].append(
            {
                "cost_line_id": f"K{day:%y%m}-{self.next(f'K{day:%y%m}'):05d}",
                "project_id": project.id,
                "wbs_id": wbs,
                "posting_date": day,
                "account_code": ACCOUNT[category],
                # the expense tool knows accounts only
                "category": None if category == "travel" else category,
                "amount": amount,
                "currency_code": currency,
                "quantity": quantity,
                "supplier_id": supplier,
                "document_number": document,
                "is_billable": project.method == "time_and_material" and category != "labour",
                "description": text,
            }
        )

    def travel(self, project: Project, monthly: np.ndarray) -> None:
        """Expense claims: a few small postings a month without a document."""
        currency = firm.currency_of(project)
        for month in range(project.start, min(project.true_end + 1, HISTORY)):
            amount = monthly[month] * firm.FOREIGN.get(currency, 1.0)
            if amount < 20:
                continue
            days = self.periods.working_days(month)
            count = int(np.clip(round(monthly[month] / 900), 1, 6))
            for part in self.rng.dirichlet(np.full(count, 4.0)) * amount:
                day = days[int(self.rng.integers(1, len(days)))]
                text = str(self.rng.choice(TRAVEL))
                self.post(project, "travel", day, money(part), currency, firm.MAIN_WBS[project.kind], text)


def labour_cost(entries: pl.DataFrame, force: Workforce, rates: Rates) -> pl.DataFrame:
    """Hours and cost in EUR by project, month and role; approved and submitted entries at the rate of the day."""
    people = pl.DataFrame({"employee_id": [p.id for p in force.people], "role_id": [p.role for p in force.people]})
    table = pl.DataFrame(
        [
            {
                "who": rate.employee or rate.role,
                "year": rate.valid_from.year,
                "hourly": rate.hourly,
                "currency": rate.currency,
            }
            for rate in force.rates
        ],
    )
    daily = pl.DataFrame(
        [{"currency": c, "work_date": d, "fx": float(r)} for (c, d), r in rates.daily.items()]
        + [{"currency": firm.BASE, "work_date": d, "fx": 1.0} for d in {d for _, d in rates.daily}]
    )
    person, role = table.rename({"who": "employee_id"}), table.rename({"who": "role_id"})
    keys = ["year", "employee_id"]
    costed = (
        entries.lazy()
        .filter(pl.col("approval_status").is_in(["approved", "submitted"]))
        .join(people.lazy(), on="employee_id")
        .with_columns(pl.col("work_date").dt.year().cast(pl.Int64).alias("year"))
        .join(person.lazy(), on=keys, how="left")
        .join(role.lazy(), on=["year", "role_id"], how="left", suffix="_role")
        .with_columns(pl.coalesce("hourly", "hourly_role"), pl.coalesce("currency", "currency_role"))
        .join(daily.lazy(), on=["currency", "work_date"], how="left")
        .with_columns(
            # whole millionths: a sum of floats would depend on the order in which threads deliver
            (pl.col("hours").cast(pl.Float64) * pl.col("hourly") / pl.col("fx") * 1_000_000)
            .round()
            .cast(pl.Int64)
            .alias("cost"),
            pl.col("work_date").dt.truncate("1mo").alias("month"),
        )
    )
    return (
        costed.group_by("project_id", "role_id", "month")
        .agg(pl.col("hours").sum(), pl.col("cost").sum())
        .with_columns((pl.col("cost").cast(pl.Decimal(24, 6)) / 1_000_000).alias("cost"))
        .sort("project_id", "role_id", "month")
        .collect()
    )


def spend(force: Workforce, rates: Rates, entries: pl.DataFrame, seed: int, tables: Tables) -> None:
    """Fills purchase_order_line, cost_line, the suppliers' invoices and what was paid on them."""
    purchasing = Purchasing(force.periods, seed, tables)
    for project in PROJECTS:
        for category, monthly in other_cost(force, project, seed).items():
            if category == "travel":
                purchasing.travel(project, monthly)
            else:
                purchasing.buy(project, category, monthly)
    by_id = {project.id: project for project in PROJECTS}
    purchasing.credit(
        by_id["P-1002"], "uninstalled_material", 20, Decimal("18600.00"), "S-02", "antenna frames out of tolerance"
    )
    mirrored = (
        labour_cost(entries, force, rates)
        .group_by("project_id", "month")
        .agg(pl.col("hours").sum(), pl.col("cost").sum())
        .sort("month", "project_id")
    )
    for project_id, month, hours, cost in mirrored.iter_rows():
        last = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        purchasing.post(
            by_id[project_id], "labour", last, money(cost), firm.BASE, None, "labour by time sheets", quantity=hours
        )


def accounts() -> list[Row]:
    rows = [
        ("1400", "Trade receivables", "receivable"),
        ("1480", "Contract assets", "contract_asset"),
        ("1800", "Bank", "out_of_scope"),
        ("3272", "Contract liabilities", "contract_liability"),
        ("3300", "Trade payables", "payable"),
        ("3806", "Value added tax", "out_of_scope"),
        ("4400", "Revenue from projects", "revenue"),
    ]
    rows += [(code, category.replace("_", " ").capitalize(), category) for category, code in ACCOUNT.items()]
    return [{"account_code": a, "account_name": n, "class": c} for a, n, c in sorted(rows)]
