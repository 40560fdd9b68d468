"""Projects as rows of the canonical tables, and the rows as files in an inbox.

Nothing is asserted here, and nothing is known of any example. Every project has a contract of its own, so that many of
them can lie in one inbox.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

FOLDERS = {
    "invoice": "invoices",
    "invoice_line": "invoices",
    "milestone": "kpi",
    "acceptance_test": "kpi",
    "change_request": "projects",
    "commentary": "projects",
    "complaint": "kpi",
    "kpi_observation": "kpi",
    "handover_item": "projects",
    "risk": "projects",
    "sales_opportunity": "projects",
    "safety_incident": "kpi",
    "schedule_link": "projects",
    "schedule_task": "projects",
    "survey_response": "kpi",
    "time_entry": "timesheets",
}


class Books:
    """The rows of all projects; `write` makes them files in an inbox."""

    def __init__(self) -> None:
        self.tables: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.add("customer", customer_id="C1", customer_name="Customer")

    def add(self, table: str, **row: Any) -> None:
        self.tables[table].append(row)

    def write(self, inbox: Path) -> None:
        for table, rows in self.tables.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            text = io.StringIO()
            writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            path = inbox / FOLDERS.get(table, "erp") / f"{table}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.getvalue(), encoding="utf-8")


def month_end(month: str) -> date:
    first = date.fromisoformat(f"{month}-01")
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


class Job:
    """One project with its contract."""

    def __init__(
        self, books: Books, name: str, *, currency: str = "EUR", start: str = "2025-01-01", customer: str = "C1",
        status: str = "execute", **more: Any,
    ) -> None:  # fmt: skip
        self.books, self.name, self.currency, self.customer = books, name, currency, customer
        self.count = 0
        books.add(
            "project", project_id=name, project_name=name, customer_id=customer, currency_code=currency,
            status=status, start_date=start, **more,
        )  # fmt: skip

    def number(self) -> str:
        self.count += 1
        return f"{self.name}-{self.count:03d}"

    def line(self, method: str, number: int = 1, **more: Any) -> str:
        name = f"{self.name}/{number}"
        row = {"contract_id": f"CT-{self.name}", "currency_code": self.currency} | more
        self.books.add("contract_line", contract_line_id=name, project_id=self.name, revenue_method=method, **row)
        return name

    def price(
        self, amount: object, on: str = "2025-01-01", *, kind: str = "original", number: int = 1, **more: Any
    ) -> None:
        self.books.add(
            "contract_price", contract_line_id=f"{self.name}/{number}", price_change_id=self.number(), effective_on=on,
            amount=amount, kind=kind, **more,
        )  # fmt: skip

    def plan(self, kind: str, on: str | date, lines: list[tuple[Any, ...]]) -> None:
        """`lines`: month, category, amount (labour: as many hours), and the WBS element if there is one."""
        version = self.number()
        self.books.add("plan_version", project_id=self.name, plan_version_id=version, kind=kind, approved_on=on)
        for month, category, amount, *wbs in lines:
            self.books.add(
                "plan_line", project_id=self.name, plan_version_id=version, wbs_id=wbs[0] if wbs else None, month=month,
                category=category, amount=amount, hours=amount if category == "labour" else None,
                currency_code=self.currency,
            )  # fmt: skip

    def cost(self, on: str | date, amount: object, category: str = "other", **more: Any) -> None:
        row = {"currency_code": self.currency} | more
        self.books.add(
            "cost_line", cost_line_id=self.number(), project_id=self.name, posting_date=on, category=category,
            amount=amount, **row,
        )  # fmt: skip

    def bill(self, on: str, net: object, *, line: int | None = 1, tax: object = 0, **more: Any) -> str:
        number = self.number()
        key = {"invoice_id": number, "direction": "customer", "counterparty_id": self.customer}
        credit = Decimal(str(net)) < 0
        row = {"currency_code": self.currency, "contract_id": f"CT-{self.name}", "project_id": self.name} | more
        self.books.add(
            "invoice", **key, issue_date=on, type="credit_note" if credit else "invoice", net_amount=net,
            tax_amount=tax, gross_amount=Decimal(str(net)) + Decimal(str(tax)), **row,
        )  # fmt: skip
        if line:
            self.books.add("invoice_line", **key, line_id="1", contract_line_id=f"{self.name}/{line}", net_amount=net)
        return number

    def pay(self, invoice: str, on: str, amount: object, **more: Any) -> None:
        row = {"currency_code": self.currency} | more
        self.books.add("payment", payment_id=self.number(), invoice_id=invoice, paid_on=on, amount=amount, **row)

    def milestone(
        self, name: str, amount: object = None, on: str | None = None, *, number: int = 1, **more: Any
    ) -> None:
        self.books.add(
            "milestone", project_id=self.name, milestone_id=name, milestone_name=name, actual_date=on,
            contract_line_id=f"{self.name}/{number}", revenue_amount=amount, reported_on="2025-12-31", **more,
        )  # fmt: skip

    def work(self, person: str, on: str, hours: object, **more: Any) -> None:
        row = {"project_id": self.name} | more
        self.books.add(
            "time_entry", entry_id=self.number(), employee_id=person, work_date=on, hours=hours, **row,
        )  # fmt: skip

    def periods(self, months: list[str], costs: list[int], eac: list[int]) -> None:
        """Cumulative cost and the EAC told at the end of each month, the rest planned for the month after."""
        before = 0
        for month, cost, total in zip(months, costs, eac, strict=True):
            self.cost(month_end(month), cost - before)
            before = cost
            ahead = (month_end(month) + timedelta(days=1)).strftime("%Y-%m")
            self.plan("forecast", month_end(month), [(ahead, "other", total - cost)])
