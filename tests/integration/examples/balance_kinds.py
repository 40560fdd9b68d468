"""Receivables, foreign currency, and the split of a labour variance: as files, and read from the marts."""

from __future__ import annotations

from decimal import Decimal
from itertools import cycle

from tests.integration.books import Books, Job, month_end
from tests.integration.examples.kinds import Figures, Inputs, Marts, Stage, kind, month

START = "2025-01-01"
TEAM = 6
# days -> month whose end it is, months in the window, column; 2025 has no 29 February
WINDOWS = {
    28: (1, 1, "dso_month_days"),
    30: (5, 1, "dso_month_days"),
    31: (6, 1, "dso_month_days"),
    90: (2, 3, "dso_quarter_days"),
    91: (5, 3, "dso_quarter_days"),
    92: (8, 3, "dso_quarter_days"),
    365: (11, 12, "dso_year_days"),
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def customer(books: Books, name: str) -> str:
    books.add("customer", customer_id=f"C-{name}", customer_name=f"Customer of {name}")
    return f"C-{name}"


@kind("ar credit_sales days")
class DaysOfSales:
    """One invoice on the first day of the window, part of which is paid on the day after."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        last, length, _ = WINDOWS[int(inputs["days"])]
        first = month(last - length + 1)
        job = Job(stage.books, name, customer=customer(stage.books, name))
        job.line("as_invoiced")
        invoice = job.bill(f"{first}-01", inputs["credit_sales"])
        job.pay(invoice, f"{first}-02", inputs["credit_sales"] - inputs["ar"])

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        last, _, column = WINDOWS[int(inputs["days"])]
        own, since_first = marts.months("dso_by_customer_month", f"{column}, dso_days", customer_id=f"C-{name}")[
            month(last)
        ]
        # the customer's first sale opened the window
        assert own == since_first
        return {"dso": own}


@kind("debtors months")
class CountBack:
    """The sales of each month, the oldest paid down until the debtors are left; a second customer owes 1,000 more
    (what the published table counts with, though it prints the first)."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        for debtors in (inputs["debtors"], inputs["debtors"] + 1000):
            job = Job(stage.books, f"{name}-{debtors}", customer=customer(stage.books, f"{name}-{debtors}"))
            job.line("as_invoiced")
            paid = sum(sales for _, sales, _ in inputs["months"]) - debtors
            for label, sales, _ in reversed(inputs["months"]):
                on = f"{month(MONTHS.index(label))}-15"
                invoice = job.bill(on, sales)
                if settled := min(paid, sales):
                    job.pay(invoice, on, settled)
                    paid -= settled

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        last = month(MONTHS.index(inputs["months"][0][0]))
        days = {
            debtors: marts.months("dso_by_customer_month", "dso_countback_days", customer_id=f"C-{name}-{debtors}")[
                last
            ]
            for debtors in (inputs["debtors"], inputs["debtors"] + 1000)
        }
        return {f"dso_with_{debtors}": counted for debtors, counted in days.items()} | {
            "published_total": days[inputs["debtors"] + 1000]
        }


@kind("price cum_pct prior_cum retention_rate retention_prior")
class Retention:
    """Certified work is invoiced in full; what is held back falls due with the acceptance, months later."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        job = Job(stage.books, name)
        job.line("milestone", retention_pct=inputs["retention_rate"])
        job.price(inputs["price"])
        certified = inputs["price"] * inputs["cum_pct"]
        parts = (inputs["prior_cum"], certified - inputs["prior_cum"], inputs["price"] - certified)
        for number, part in enumerate(parts):
            job.milestone(f"M{number}", part, str(month_end(month(number))))
            invoice = job.bill(str(month_end(month(number))), part)
            if number == 0:
                job.pay(invoice, "2025-02-10", inputs["prior_cum"] - inputs["retention_prior"])
        job.milestone("Accepted", None, "2025-05-31", is_customer_acceptance="true")

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        rows = marts.contract(name, "billed_to_date, retention_amount, receivable_amount")
        before, now = rows[month(0)], rows[month(1)]
        assert before[1] == inputs["retention_prior"]
        assert rows[month(4)][1] == 0
        return {
            "cum_certified": now[0],
            "gross_period": now[0] - before[0],
            "retention": now[1] - before[1],
            "net_due": now[2],
            "retention_cum": now[1],
            "retention_at_completion": rows[month(2)][1],
        }


def payable(stage: Stage, name: str, amount: object, rates: list[tuple[str, str, Decimal]], *, inverse: bool) -> Job:
    """A supplier's invoice of 10 January in a currency of its own, and that currency's rates."""
    currency = stage.currency(name)
    job = Job(stage.books, name)
    pair = {"from_currency": currency, "to_currency": "EUR"}
    if inverse:
        pair = {"from_currency": "EUR", "to_currency": currency}
    for on, kind_of_rate, rate in rates:
        stage.books.add("exchange_rate", **pair, rate_date=on, rate_type=kind_of_rate, rate=rate)
    key = {"invoice_id": f"S-{name}", "direction": "supplier", "counterparty_id": "S1"}
    stage.books.add(
        "invoice", **key, issue_date="2025-01-10", type="invoice", currency_code=currency, project_id=name,
        net_amount=amount, tax_amount=0, gross_amount=amount,
    )  # fmt: skip
    stage.books.add("invoice_line", **key, line_id="1", category="other", net_amount=amount)
    return job


COLUMNS = (
    "added_amount_base, closing_amount_base, settled_amount_base, unrealised_effect_amount_base, "
    "realised_effect_amount_base"
)


@kind("fc_amount rates_fc_per_unit")
class PayableAtClosing:
    """The rates say what one of the reporting currency buys."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        first, closing = inputs["rates_fc_per_unit"]
        rates = [("2025-01-10", "daily", first), ("2025-01-31", "closing", closing)]
        payable(stage, name, inputs["fc_amount"], rates, inverse=True)

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        added, closing, _, gain, _ = marts.months("fx_effects_by_month", COLUMNS, invoice_id=f"S-{name}")[month(0)]
        return {"initial": added, "closing": closing, "gain": gain}


@kind("fc_amount rates")
class PayableOverAYearEnd:
    """Invoiced, open at a closing, paid: each at its rate."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        first, closing, settled = inputs["rates"]
        rates = [("2025-01-10", "daily", first), ("2025-01-31", "closing", closing), ("2025-02-20", "daily", settled)]
        job = payable(stage, name, inputs["fc_amount"], rates, inverse=False)
        job.pay(f"S-{name}", "2025-02-20", inputs["fc_amount"], direction="supplier",
                currency_code=stage.currency(name))  # fmt: skip

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        rows = marts.months("fx_effects_by_month", COLUMNS, invoice_id=f"S-{name}")
        added, closing, _, unrealised, _ = rows[month(0)]
        _, left, settled, _, realised = rows[month(1)]
        assert left == 0
        return {"carrying": [added, closing, settled], "gain": [unrealised, realised]}


@kind("sq sp aq ap")
class PriceAndQuantity:
    """Hours of a role: `sq` at `sp` as sold, `aq` worked at `ap`, by enough people to be shown."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        books = stage.books
        Job(books, name)
        books.add("cost_rate", role_id=f"R-{name}", valid_from=START, hourly_rate=inputs["ap"], currency_code="EUR")
        team = [f"E-{name}-{number}" for number in range(TEAM)]
        for person in team:
            books.add("employee", employee_id=person, employee_name=f"Person {person}", role_id=f"R-{name}")
        books.add("plan_version", project_id=name, plan_version_id="A", kind="as_sold", approved_on="2025-01-02")
        plan = {"project_id": name, "plan_version_id": "A", "month": month(0), "currency_code": "EUR"}
        books.add("plan_line", **plan, category="labour", role_id=f"R-{name}", hours=inputs["sq"],
                  amount=inputs["sq"] * inputs["sp"])  # fmt: skip
        books.add("plan_line", **plan, category="revenue", amount=2 * inputs["sq"] * inputs["sp"])
        left, day = Decimal(inputs["aq"]), 0
        for number, person in enumerate(cycle(team)):
            if not left:
                break
            day, hours = number // TEAM, min(left, Decimal("2.5"))
            books.add(
                "time_entry", entry_id=f"{name}-{number}", employee_id=person, project_id=name, hours=hours,
                work_date=f"{month(day // 28)}-{day % 28 + 1:02d}",
            )  # fmt: skip
            left -= hours

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        steps = dict(
            marts.rows(
                "select driver, effect_amount_base from margin.margin_bridge "
                "where project_id = ? and from_version = 'as_sold' and to_version = 'actual'",
                name,
            )
        )
        columns = "as_sold_cost_amount_base, cost_of_sales_amount_base_to_date"
        standard, actual = list(marts.project(name, columns).values())[-1]
        return {
            "standard": standard,
            "actual": actual,
            "total": standard - actual,
            "price": steps["rate"],
            "quantity": steps["hours"],
        }
