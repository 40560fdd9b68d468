"""What the customers are charged: contract lines and prices, bill rates, invoices and credit notes, payments, ledger.

Each contract type bills as its prices say: progress instalments after an advance, milestones, hours times bill rate,
or a level fee. `Invoice` is a customer's document before it is written as UBL.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import polars as pl

from pipelines.demo import firm
from pipelines.demo.costs import ACCOUNT, Rates, Row, Tables, money
from pipelines.demo.effort import Workforce
from pipelines.demo.firm import CUSTOMER, PROJECTS, Project
from pipelines.demo.periods import HISTORY, Periods
from pipelines.demo.plans import Course
from pipelines.demo.schedule import milestones

ADVANCE = Decimal("0.10")
MARKUP = Decimal("0.05")
CAP = {"P-1006": Decimal("1.04"), "P-1017": Decimal("1.10")}  # not to exceed, as a part of the price
BY_ORDER = {"P-1012": "CRW-PO-88127"}  # invoices that name only the customer's order
BY_CONTRACT = frozenset({"P-1015"})  # invoices that name only the contract
SERVICE_CREDIT, SERVICE_CREDITS = Decimal("0.06"), (7, 14, 20)  # of P-1013: part of a month's fee, the months
UNPAID = 2  # the last invoices of the slowest customer


@dataclass(frozen=True)
class Line:
    text: str
    quantity: Decimal
    unit: str  # UN/ECE Rec 20
    net: Decimal
    contract_line: str


@dataclass(frozen=True)
class Invoice:
    """Amounts positive; a credit note's sign is turned where it becomes a row."""

    number: str
    project: str
    customer: str
    issued: date
    due: date
    currency: str
    lines: tuple[Line, ...]
    credit_for: str = ""  # the invoice that a credit note corrects

    @property
    def net(self) -> Decimal:
        return sum((line.net for line in self.lines), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return money(self.net * CUSTOMER[self.customer].tax / 100)

    @property
    def contract(self) -> str:
        return f"CT-{self.project[2:]}" if self.project else ""

    @property
    def named_project(self) -> str:
        """The project as the document names it: some name only an order or a contract."""
        return "" if self.project in BY_ORDER or self.project in BY_CONTRACT else self.project

    @property
    def order(self) -> str:
        return BY_ORDER.get(self.project, "")


def line_id(project: Project, number: int = 1) -> str:
    return f"CL-{project.id[2:]}-{number}"


def contracts(told: dict[str, Course], periods: Periods, tables: Tables) -> None:
    """Fills contract_line, contract_price and bill_rate."""
    for project in PROJECTS:
        course = told[project.id]
        signed, ends = periods.day(project.start - 1, 4), periods.last(project.planned_end)
        fixed = course.price * Decimal(str(1 - project.on_demand))
        specs = [(1, project.method, fixed, None)]
        if project.on_demand:
            specs.append((2, "time_and_material", course.price - fixed, "W4"))
        for number, method, price, wbs in specs:
            hourly = method == "time_and_material"
            cap = CAP.get(project.id)
            tables["contract_line"].append(
                {
                    "contract_line_id": line_id(project, number),
                    "contract_id": f"CT-{project.id[2:]}",
                    "project_id": project.id,
                    "description": "changes on demand" if number == 2 else project.name,
                    "revenue_method": method,
                    "currency_code": firm.currency_of(project),
                    "start_date": periods.first(project.start),
                    "end_date": ends,
                    "not_to_exceed_amount": money(course.price * cap) if hourly and cap else None,
                    "cost_markup": MARKUP if hourly else Decimal(0),
                    "wbs_id": wbs,
                    "retention_pct": Decimal(str(project.retention)),
                }
            )
            _price(tables, line_id(project, number), "PR-0", signed, money(price), "original")
            if hourly:
                _bill_rates(course, line_id(project, number), periods, tables)
        for number, change in enumerate(project.changes, start=1):
            if change.status == "approved":
                day = periods.day(change.month, 24)
                name = f"CR-{number}"
                _price(tables, line_id(project), name, day, course.change_price(change), "change_request", change=name)
    level = told["P-1013"]
    credit = -money(level.price * Decimal(str(1 - level.project.on_demand)) / level.project.planned * SERVICE_CREDIT)
    special = (
        ("P-1009", "PEN-1", 21, Decimal("-0.015"), "penalty"),
        ("P-1005", "BON-1", 20, Decimal("0.012"), "variable_consideration"),
        ("P-1016", "ORD-2", 19, Decimal("0.03"), "change_request"),
    )
    for project_id, name, month, part, kind in special:
        project = firm.BY_ID[project_id]
        amount = money(told[project_id].price * part)
        _price(tables, line_id(project), name, periods.day(month, 20), amount, kind)
    for number, month in enumerate(SERVICE_CREDITS, start=1):
        _price(tables, line_id(level.project), f"SC-{number}", periods.day(month, 16), credit, "penalty")


def _price(
    tables: Tables, line: str, name: str, day: date, amount: Decimal, kind: str, *, change: str | None = None
) -> None:
    tables["contract_price"].append(
        {
            "contract_line_id": line,
            "price_change_id": name,
            "effective_on": day,
            "amount": amount,
            "kind": kind,
            "treatment": "cumulative_catch_up",
            "change_request_id": change,
            "line_end_date": None,
        }
    )


def _bill_rates(course: Course, line: str, periods: Periods, tables: Tables) -> None:
    project = course.project
    years = range(periods.first(project.start).year, periods.as_of.year + 1)
    for role in project.team:
        for step, year in enumerate(years):
            # part of the hours is never billable: what is has to carry it
            hourly = firm.ROLE[role].rate * 1.03 * 1.025**step * course.fx / (1 - project.margin) / 0.95
            tables["bill_rate"].append(
                {
                    "contract_line_id": line,
                    "role_id": role,
                    "employee_id": None,
                    "valid_from": date(year, 1, 1),
                    "valid_to": date(year, 12, 31) if year < years[-1] else None,
                    "hourly_rate": money(round(hourly * 2) / 2),
                    "currency_code": firm.currency_of(project),
                }
            )


class Biller:
    """Writes the customers' invoices in the order in which they were issued."""

    def __init__(
        self, force: Workforce, told: dict[str, Course], entries: pl.DataFrame, tables: Tables, seed: int
    ) -> None:
        self.force, self.told, self.tables, self.periods = force, told, tables, force.periods
        self.rng = np.random.default_rng([seed, 7])
        self.drafts: list[tuple[date, str, tuple[Line, ...], str]] = []
        people = {person.id: person.role for person in force.people}
        self.hours = (
            entries.lazy()
            .filter(pl.col("is_billable") & pl.col("approval_status").is_in(["approved", "submitted"]))
            .with_columns(
                pl.col("employee_id").replace_strict(people).alias("role_id"),
                pl.col("work_date").dt.truncate("1mo").alias("month"),
            )
            .group_by("project_id", "wbs_id", "role_id", "month")
            .agg(pl.col("hours").sum())
            .sort("project_id", "month", "role_id", "wbs_id")
            .collect()
        )

    def draft(self, day: date, project: Project, lines: list[Line], credit: str = "") -> None:
        day = self.periods.next_working(day)
        if lines and day <= self.periods.as_of:
            self.drafts.append((day, project.id, tuple(lines), credit))

    def bill(self) -> list[Invoice]:
        for project in PROJECTS:
            {
                "cost_to_cost": self.by_progress,
                "milestone": self.by_milestone,
                "time_and_material": self.by_hour,
                "straight_line": self.level,
            }[project.method](project)
        return self.number()

    def by_progress(self, project: Project) -> None:
        """An advance, then every month what progress earned beyond what is billed."""
        course = self.told[project.id]
        billed = money(course.price * ADVANCE)
        self.draft(
            self.periods.day(project.start, 8),
            project,
            [Line("Advance on signature", Decimal(1), "C62", billed, line_id(project))],
        )
        for month in range(project.start + 1, min(project.true_end + 1, HISTORY)):
            last = month == project.true_end
            earned = money(course.price_at(month) * Decimal(str(course.progress(month))))
            if earned > billed:
                text = f"Progress to {self.periods.label(month)}"
                line = Line(text, Decimal(1), "C62", earned - billed, line_id(project))
                self.draft(self.periods.day(month + 1, 4) if not last else self.periods.last(month), project, [line])
                billed = earned

    def by_milestone(self, project: Project) -> None:
        course = self.told[project.id]
        for stone in milestones(course):
            if stone.amount and stone.true <= self.periods.as_of:
                line = Line(stone.name, Decimal(1), "C62", stone.amount, line_id(project))
                self.draft(stone.true + timedelta(days=4), project, [line])

    def by_hour(self, project: Project, number: int = 1, wbs: str | None = None) -> None:
        """Billable hours of the month at the bill rates, expenses with their markup, up to the cap."""
        course, line = self.told[project.id], line_id(project, number)
        rates = {
            (row["role_id"], row["valid_from"].year): row["hourly_rate"]
            for row in self.tables["bill_rate"]
            if row["contract_line_id"] == line
        }
        mine = self.hours.filter(pl.col("project_id") == project.id)
        if wbs:
            mine = mine.filter(pl.col("wbs_id") == wbs)
        by_month: dict[date, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for role, month, hours in mine.select("role_id", "month", "hours").iter_rows():
            by_month[month][role] += hours
        cap = course.price * CAP[project.id] if project.id in CAP else None
        billed = Decimal(0)
        for month in range(project.start, min(project.true_end + 1, HISTORY)):
            first = self.periods.first(month)
            lines = [
                Line(firm.ROLE[role].name, hours, "HUR", money(hours * rates[role, first.year]), line)
                for role, hours in sorted(by_month[first].items())
            ]
            spent = self.expenses(project, first) if not wbs else Decimal(0)
            if spent:
                lines.append(Line("Expenses", Decimal(1), "C62", money(spent * (1 + MARKUP)), line))
            total = sum((entry.net for entry in lines), Decimal(0))
            if cap is not None and billed + total > cap:
                over = billed + total - cap
                lines.append(Line("Above the agreed cap", Decimal(1), "C62", -over, line))
                total -= over
            billed += total
            if total > 0:
                self.draft(self.periods.day(month + 1, 5), project, lines)

    def expenses(self, project: Project, month: date) -> Decimal:
        currency = firm.currency_of(project)
        return sum(
            (
                row["amount"]
                for row in self.tables["cost_line"]
                if row["project_id"] == project.id
                and row["is_billable"]
                and row["currency_code"] == currency
                and row["posting_date"].replace(day=1) == month
            ),
            Decimal(0),
        )

    def level(self, project: Project) -> None:
        """A level fee, ahead: monthly, or by the quarter."""
        course = self.told[project.id]
        fee = course.price * Decimal(str(1 - project.on_demand)) / project.planned
        step = 3 if project.id in BY_CONTRACT else 1
        for month in range(project.start, min(project.planned_end + 1, HISTORY), step):
            done = month - project.start
            months = min(step, project.planned - done)
            amount = money(fee * (done + months)) - money(fee * done)
            text = f"Service fee from {self.periods.label(month)}"
            self.draft(
                self.periods.day(month, 2), project, [Line(text, Decimal(months), "MON", amount, line_id(project))]
            )
        if project.on_demand:
            self.by_hour(project, 2, "W4")
        if project.id == "P-1013":
            for month in SERVICE_CREDITS:
                line = Line(
                    "Service credit: availability", Decimal(1), "C62", money(fee * SERVICE_CREDIT), line_id(project)
                )
                self.draft(self.periods.day(month, 16), project, [line], credit="latest")

    def number(self) -> list[Invoice]:
        """Numbers by date of issue; adds the corrections of hours billed twice."""
        for project_id, month in (("P-1006", 15), ("P-1012", 18)):
            project = firm.BY_ID[project_id]
            line = Line("Correction: hours billed twice", Decimal(1), "C62", money(2140), line_id(project))
            self.draft(self.periods.day(month, 19), project, [line], credit="latest")
        counts: dict[tuple[str, int], int] = defaultdict(int)
        latest: dict[str, str] = {}
        invoices = []
        for day, project_id, lines, credit in sorted(self.drafts, key=lambda d: (d[0], d[1], d[3])):
            project = firm.BY_ID[project_id]
            customer = CUSTOMER[project.customer]
            series = "CN" if credit else "INV"
            counts[series, day.year] += 1
            number = f"{series}-{day.year}-{counts[series, day.year]:04d}"
            due = day + timedelta(days=customer.terms)
            against = latest.get(project_id, "") if credit else ""
            currency = firm.currency_of(project)
            invoices.append(Invoice(number, project_id, customer.id, day, due, currency, lines, against))
            if not credit:
                latest[project_id] = number
        return invoices

    def collect(self, invoices: list[Invoice]) -> None:
        """Each customer pays after his own lag; the slowest has not paid his last ones."""
        slow = [i.number for i in invoices if i.customer == "C-108"][-UNPAID:]
        for count, invoice in enumerate(invoices, start=1):
            customer = CUSTOMER[invoice.customer]
            gross = invoice.net + invoice.tax
            lag = customer.lag + round(float(self.rng.normal(0, 4)))
            paid = self.periods.next_working(invoice.due + timedelta(days=max(lag, -5)))
            if invoice.number in slow or paid > self.periods.as_of:
                continue
            sign = -1 if invoice.credit_for else 1
            project = firm.BY_ID[invoice.project]
            held = money(invoice.net * Decimal(str(project.retention)))
            due = gross - held
            first = money(due * Decimal("0.6")) if count % 41 == 0 else due
            parts = [(first, paid), (due - first, paid + timedelta(days=20))]
            if project.status == "closed":  # the customer releases what he kept half a year after the end
                parts.append((held, self.periods.day(project.true_end + 6, 10)))
            for part, (amount, planned) in enumerate(parts):
                day = self.periods.next_working(planned)
                if amount and day <= self.periods.as_of:
                    self.tables["payment"].append(
                        {
                            "payment_id": f"IN-{count:05d}-{part + 1}",
                            "invoice_id": invoice.number,
                            "direction": "customer",
                            "paid_on": day,
                            "amount": sign * amount,
                            "currency_code": invoice.currency,
                        }
                    )


def as_rows(invoice: Invoice) -> tuple[Row, list[Row]]:
    """The document as rows of `invoice` and `invoice_line`, credits negative."""
    sign = -1 if invoice.credit_for else 1
    key = {"invoice_id": invoice.number, "direction": "customer", "counterparty_id": invoice.customer}
    head = key | {
        "issue_date": invoice.issued,
        "due_date": invoice.due,
        "currency_code": invoice.currency,
        "type": "credit_note" if invoice.credit_for else "invoice",
        "project_id": invoice.named_project or None,
        "contract_id": invoice.contract or None,
        "purchase_order_id": invoice.order or None,
        "net_amount": sign * invoice.net,
        "tax_amount": sign * invoice.tax,
        "gross_amount": sign * (invoice.net + invoice.tax),
    }
    lines = [
        key
        | {
            "line_id": str(number),
            "project_id": invoice.named_project or None,
            "wbs_id": None,
            "contract_line_id": line.contract_line or None,
            "category": None,
            "description": line.text,
            "quantity": line.quantity,
            "net_amount": sign * line.net,
        }
        for number, line in enumerate(invoice.lines, start=1)
    ]
    return head, lines


def ledger(tables: Tables, invoices: list[Invoice], rates: Rates, *, times: int = 1) -> list[Row]:
    """Movements of the cost, revenue and receivable accounts by month in EUR at the day's rate, debit positive.

    Each document is posted in whole cents, as a ledger does, so that the two tie to the cent. `times`: firms at once.
    """
    moves: dict[tuple[str, date], Decimal] = defaultdict(Decimal)

    def move(account: str, day: date, amount: Decimal, currency: str) -> None:
        moves[account, day.replace(day=1)] += money(rates.in_base(amount, currency, day))

    for row in tables["cost_line"]:
        move(row["account_code"] or ACCOUNT[row["category"]], row["posting_date"], row["amount"], row["currency_code"])
    for invoice in invoices:
        sign = -1 if invoice.credit_for else 1
        move("4400", invoice.issued, -sign * invoice.net, invoice.currency)
        move("1400", invoice.issued, sign * (invoice.net + invoice.tax), invoice.currency)
    for row in tables["payment"]:
        if row["direction"] == "customer":
            move("1400", row["paid_on"], -row["amount"], row["currency_code"])
    return [
        {
            "company_id": firm.COMPANY_ID,
            "account_code": account,
            "month": month,
            "amount": amount * times,
            "currency_code": firm.BASE,
        }
        for (account, month), amount in sorted(moves.items())
    ]
