"""Zero, negative, missing, huge: each case of docs/edge-cases.md as files, and what the marts have to say.

A case is a project of its own. `checks`: (what, where, columns, month, expected), where `what` is a mart of `Marts`
(line, contract, project, backlog, dso), or (rule, entity, amount at stake) for an exception; None is an empty cell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.integration.books import Books, Job, month_end

JAN, FEB, MAR = "2025-01", "2025-02", "2025-03"
LARGE = "999999999999999.99"


@dataclass(frozen=True, kw_only=True)
class Edge:
    id: str
    tell: Callable[[Books, str], None]
    checks: list[tuple[Any, ...]]


EDGES: list[Edge] = []


def edge(name: str, *checks: tuple[Any, ...]) -> Callable[[Callable[[Books, str], None]], Callable[[Books, str], None]]:
    def register(tell: Callable[[Books, str], None]) -> Callable[[Books, str], None]:
        EDGES.append(Edge(id=name, tell=tell, checks=list(checks)))
        return tell

    return register


def fixed_price(books: Books, name: str, *, price: object, plan: object, costs: tuple[object, ...], **more: Any) -> Job:
    """Cost to cost; one cost a month from January on."""
    job = Job(books, name, **more)
    job.line("cost_to_cost")
    if price is not None:
        job.price(price)
    if plan is not None:
        job.plan("baseline", "2025-01-01", [(JAN, "other", plan)])
    for number, cost in enumerate(costs, start=1):
        job.cost(f"2025-{number:02d}-15", cost)
    return job


@edge(
    "price-missing",
    ("line", "/1", "revenue_to_date_amount, loss_provision_amount", JAN, (None, None)),
    ("project", "", "cost_of_sales_amount_base", JAN, ("50",)),
    ("missing_price", "/1", "50"),
)
def _(books: Books, name: str) -> None:
    fixed_price(books, name, price=None, plan=100, costs=(50,))


@edge(
    "price-zero",
    ("line", "/1", "revenue_to_date_amount, progress_pct, is_loss_making, loss_provision_amount", JAN,
     ("0", "0.5", True, "50")),
    ("project", "", "gross_margin_amount_base, gross_margin_pct", JAN, ("-100", None)),
    ("contract", "", "backlog_amount", JAN, ("0",)),
)  # fmt: skip
def _(books: Books, name: str) -> None:
    fixed_price(books, name, price=0, plan=100, costs=(50,))


@edge(
    "price-negative",
    ("line", "/1", "revenue_to_date_amount, loss_provision_amount", JAN, ("-100", "150")),
    ("project", "", "gross_margin_amount_base, gross_margin_pct", JAN, ("-300", None)),
)
def _(books: Books, name: str) -> None:
    fixed_price(books, name, price=-200, plan=100, costs=(50,))


@edge(
    "eac-zero",
    ("line", "/1", "progress_pct, revenue_to_date_amount, is_cost_recovered", JAN, (None, "0", True)),
    ("line", "/1", "progress_pct, revenue_to_date_amount, is_cost_recovered", FEB, (None, "80", True)),
    ("project", "", "gross_margin_amount_base", FEB, ("0",)),
    ("estimate_of_zero", "/1", "80"),
)
def _(books: Books, name: str) -> None:
    job = fixed_price(books, name, price=1000, plan=0, costs=())
    job.cost("2025-02-15", 80)


@edge(
    "eac-missing",
    ("line", "/1", "progress_pct, revenue_to_date_amount", JAN, (None, "300")),
    ("line", "/1", "progress_pct, revenue_to_date_amount", FEB, (None, "1000")),
    ("missing_plan", "/1", "300"),
)
def _(books: Books, name: str) -> None:
    fixed_price(books, name, price=1000, plan=None, costs=(300, 900))


@edge(
    "reserve-only",
    ("line", "/1", "progress_pct, revenue_to_date_amount", JAN, (None, "0")),
)
def _(books: Books, name: str) -> None:
    job = Job(books, name)
    job.line("cost_to_cost")
    job.price(1000)
    job.plan("baseline", "2025-01-01", [(JAN, "management_reserve", 100)])


@edge(
    "cost-above-eac",
    ("line", "/1", "progress_pct, revenue_to_date_amount, eac_amount, is_above_plan", JAN, ("1", "1000", "130", True)),
    ("cost_above_plan", "/1", "130"),
)
def _(books: Books, name: str) -> None:
    fixed_price(books, name, price=1000, plan=100, costs=(130,))


@edge(
    "cost-negative",
    ("line", "/1", "progress_pct, revenue_to_date_amount, revenue_amount", FEB, ("0.4", "400", "-600")),
    ("project", "", "gross_margin_amount_base, gross_margin_pct", FEB, ("-540", None)),
)
def _(books: Books, name: str) -> None:
    fixed_price(books, name, price=1000, plan=100, costs=(100, -60))


@edge(
    "cost-below-zero",
    ("line", "/1", "progress_pct, revenue_to_date_amount", JAN, ("0", "0")),
    ("project", "", "gross_margin_amount_base", JAN, ("40",)),
)
def _(books: Books, name: str) -> None:
    fixed_price(books, name, price=1000, plan=100, costs=(-40,))


@edge(
    "credit-larger",
    ("line", "/1", "revenue_amount, revenue_to_date_amount", FEB, ("-150", "-50")),
    ("contract", "", "billed_to_date, receivable_amount, contract_asset_amount, contract_liability_amount", FEB,
     ("-50", "-50", "0", "0")),
    ("project", "", "gross_margin_amount_base_to_date, gross_margin_pct_to_date", FEB, ("-50", None)),
    ("dso", "", "dso_days, dso_countback_days", FEB, (None, None)),
)  # fmt: skip
def _(books: Books, name: str) -> None:
    books.add("customer", customer_id=f"C-{name}", customer_name=name)
    job = Job(books, name, customer=f"C-{name}")
    job.line("as_invoiced")
    job.bill("2025-01-15", 100)
    job.bill("2025-02-15", -150)


@edge("retention-above-one", ("rejected", "contract_line", "retention_pct", "1.5"))
def _(books: Books, name: str) -> None:
    job = Job(books, name)
    job.line("milestone", retention_pct="1.5")


@edge(
    "retention-whole",
    ("contract", "", "receivable_amount, retention_amount", JAN, ("0", "100")),
    ("contract", "", "receivable_amount, retention_amount", MAR, ("100", "0")),
)
def _(books: Books, name: str) -> None:
    job = Job(books, name)
    job.line("milestone", retention_pct=1)
    job.price(100)
    job.milestone("M", 100, "2025-01-31")
    job.milestone("Accepted", None, "2025-03-31", is_customer_acceptance="true")
    job.bill("2025-01-31", 100)


@edge(
    "bill-rate-missing",
    ("line", "/1", "revenue_to_date_amount", JAN, ("800",)),
    ("missing_bill_rate", "/1", None),  # hours of fewer people than the privacy minimum
)
def _(books: Books, name: str) -> None:
    job = Job(books, name)
    job.line("time_and_material")
    books.add(
        "bill_rate", contract_line_id=f"{name}/1", role_id="R-EDGE", valid_from="2025-01-01", hourly_rate=100,
        currency_code="EUR",
    )  # fmt: skip
    job.work("E-EDGE-1", "2025-01-10", 8)
    job.work("E-EDGE-2", "2025-01-10", 8)


@edge(
    "cap-zero",
    ("line", "/1", "revenue_to_date_amount, above_cap_amount", JAN, ("0", "800")),
    ("above_cap", "/1", "800"),
)
def _(books: Books, name: str) -> None:
    job = Job(books, name)
    job.line("time_and_material", not_to_exceed_amount=0)
    books.add("bill_rate", contract_line_id=f"{name}/1", valid_from="2025-01-01", hourly_rate=100, currency_code="EUR")
    job.work("E-EDGE-3", "2025-01-10", 8)


@edge(
    "rate-missing-contract",
    ("line", "/1", "revenue_amount, revenue_amount_base", FEB, ("100", None)),
    ("contract", "", "contract_asset_amount, contract_asset_amount_base", FEB, ("200", None)),
    ("missing_exchange_rate", "JPY", "100"),
)
def _(books: Books, name: str) -> None:
    job = Job(books, name, currency="JPY")
    job.line("straight_line", start_date="2025-01-01", end_date="2025-12-31")
    job.price(1200)


@edge(
    "rate-missing-cost",
    ("project", "", "other_cost_amount_base", JAN, ("100",)),
    ("line", "/1", "cost_to_date_amount", JAN, ("100",)),
    ("missing_exchange_rate", "KRW", "700"),
)
def _(books: Books, name: str) -> None:
    job = fixed_price(books, name, price=1000, plan=400, costs=(100,))
    job.cost("2025-01-20", 700, currency_code="KRW")


@edge(
    "huge",
    ("line", "/1", "revenue_to_date_amount, revenue_amount", JAN, ("300000000000000.00", "300000000000000.00")),
    ("line", "/1", "revenue_to_date_amount", MAR, ("900000000000000.00",)),
)
def _(books: Books, name: str) -> None:
    third = "300000000000000"
    fixed_price(books, name, price="900000000000000", plan="900000000000000", costs=(third, third, third))


@edge(
    "huge-limit",
    ("line", "/1", "revenue_to_date_amount, progress_pct", JAN, ("666666666666666.68", "0.666666666667")),
    ("line", "/1", "revenue_to_date_amount", FEB, (LARGE,)),
)
def _(books: Books, name: str) -> None:
    first, rest = "666666666666666.67", "333333333333333.31"
    fixed_price(books, name, price=LARGE, plan="999999999999999.98", costs=(first, rest))


@edge(
    "one-cent",
    ("line", "/1", "revenue_to_date_amount, revenue_amount", JAN, ("0", "0")),
    ("line", "/1", "revenue_to_date_amount, revenue_amount", FEB, ("0.01", "0.01")),
    ("line", "/1", "revenue_to_date_amount, revenue_amount", MAR, ("0.01", "0")),
)
def _(books: Books, name: str) -> None:
    fixed_price(books, name, price="0.01", plan="0.03", costs=("0.01", "0.01", "0.01"))


@edge(
    "thirds",
    ("line", "/1", "revenue_amount, revenue_to_date_amount", JAN, ("33.33", "33.33")),
    ("line", "/1", "revenue_amount, revenue_to_date_amount", FEB, ("33.34", "66.67")),
    ("line", "/1", "revenue_amount, revenue_to_date_amount", MAR, ("33.33", "100")),
)
def _(books: Books, name: str) -> None:
    fixed_price(books, name, price=100, plan=3, costs=(1, 1, 1))


@edge(
    "no-lines",
    ("project", "", "revenue_amount_base, billed_amount_base", JAN, ("700", "700")),
    ("project_without_contract_line", "-001", "700"),
)
def _(books: Books, name: str) -> None:
    Job(books, name).bill("2025-01-15", 700, line=None, contract_id=None)


@edge(
    "milestone-without-amount",
    ("line", "/1", "revenue_to_date_amount", JAN, ("0",)),
    ("milestones_differ_from_price", "/1", "500"),
)
def _(books: Books, name: str) -> None:
    job = Job(books, name)
    job.line("milestone")
    job.price(500)
    job.milestone("M", None, "2025-01-31")


@edge(
    "milestone-above-price",
    ("line", "/1", "revenue_to_date_amount", JAN, ("600",)),
    ("contract", "", "backlog_amount", JAN, ("-100",)),
    ("revenue_above_price", "/1", "100"),
)
def _(books: Books, name: str) -> None:
    job = Job(books, name)
    job.line("milestone")
    job.price(500)
    job.milestone("M", 600, "2025-01-31")


@edge(
    "end-before-start",
    ("rejected", "contract_line", "end_date", "2025-03-31"),
    ("price_without_line", "/1", "1200"),
)
def _(books: Books, name: str) -> None:
    job = Job(books, name)
    job.line("straight_line", start_date="2025-06-01", end_date="2025-03-31")
    job.price(1200)


@edge(
    "dates-missing",
    ("line", "/1", "revenue_to_date_amount", JAN, (None,)),
    ("missing_line_dates", "/1", "1200"),
)
def _(books: Books, name: str) -> None:
    job = Job(books, name)
    job.line("straight_line")
    job.price(1200)


@edge(
    "one-day",
    ("line", "/1", "revenue_to_date_amount", FEB, ("0",)),
    ("line", "/1", "revenue_to_date_amount, revenue_amount", MAR, ("1200", "1200")),
)
def _(books: Books, name: str) -> None:
    job = Job(books, name)
    job.line("straight_line", start_date="2025-03-10", end_date="2025-03-10")
    job.price(1200)


@edge(
    "extended",
    ("line", "/1", "revenue_to_date_amount", "2025-06", ("600",)),
    ("line", "/1", "revenue_to_date_amount, catch_up_amount", "2025-07", ("350", "-300")),
    ("line", "/1", "revenue_to_date_amount", "2026-12", ("1200",)),
)
def _(books: Books, name: str) -> None:
    job = Job(books, name)
    job.line("straight_line", start_date="2025-01-01", end_date="2025-12-31")
    job.price(1200)
    job.price(0, "2025-07-01", kind="change_request", line_end_date="2026-12-31")


@edge(
    "costs-after-closing",
    ("line", "/1", "revenue_amount, eac_amount", "2025-05", ("0", "120")),
    ("project", "", "cost_of_sales_amount_base, gross_margin_amount_base", "2025-05", ("20", "-20")),
    ("cost_above_plan", "/1", "20"),
)
def _(books: Books, name: str) -> None:
    job = fixed_price(books, name, price=1000, plan=100, costs=(50, 50), status="closed", actual_end_date="2025-02-28")
    job.cost("2025-05-15", 20)


@edge(
    "paid-too-much",
    ("contract", "", "receivable_amount", FEB, ("-20",)),
)
def _(books: Books, name: str) -> None:
    job = Job(books, name)
    job.line("as_invoiced")
    job.pay(job.bill("2025-01-15", 100), "2025-02-15", 120)


@edge(
    "nothing-sold",
    ("project", "", "revenue_amount_base, gross_margin_amount_base, gross_margin_pct", JAN, ("0", "-10", None)),
)
def _(books: Books, name: str) -> None:
    job = Job(books, name)
    job.line("as_invoiced")
    job.cost("2025-01-15", 10)


@edge(
    "loss-then-none",
    ("line", "/1", "loss_provision_amount, is_loss_making", JAN, ("10", True)),
    ("line", "/1", "loss_provision_amount, loss_provision_change_amount, is_loss_making", FEB, ("0", "-10", False)),
)
def _(books: Books, name: str) -> None:
    job = fixed_price(books, name, price=100, plan=120, costs=(60, 1))
    job.plan("forecast", str(month_end(FEB)), [(MAR, "other", 29)])


def people(books: Books) -> None:
    """Three people; the second has a role without a bill rate."""
    for number, role in ((1, "R-EDGE"), (2, "R-OTHER"), (3, "R-EDGE")):
        books.add("employee", employee_id=f"E-EDGE-{number}", employee_name=f"Edge {number}", role_id=role)
    for role in ("R-EDGE", "R-OTHER"):
        books.add("cost_rate", role_id=role, valid_from="2025-01-01", hourly_rate=1, currency_code="EUR")
