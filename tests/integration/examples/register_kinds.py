"""Pipeline, incident rates, utilisation and realisation: as files, and read from the marts of registers and people."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

from tests.integration.books import Books, Job
from tests.integration.examples.kinds import Figures, Inputs, Marts, Stage, kind

TEAM = 6  # enough people to be told
FEBRUARY = "2025-02"  # twenty working days: 160 hours of a week of 40
CAPACITY = 160
# cut -> its column, and how its groups are called here
CUTS = {"role": ("role_id", "R"), "cost_centre": ("cost_centre", "CC"), "market": ("market", "M")}
YEAR = [date(2025, number, 1) for number in range(1, 13)]
LONGEST_DAY = 24
DAYS = 28  # of each month


def hire(books: Books, name: str, count: int) -> list[str]:
    """People of a role, a cost centre and a market of their own."""
    books.add("cost_rate", role_id=f"R-{name}", valid_from="2024-01-01", hourly_rate=50, currency_code="EUR")
    people = [f"E-{name}-{number:04d}" for number in range(count)]
    for person in people:
        books.add(
            "employee", employee_id=person, employee_name=f"Person {person}", role_id=f"R-{name}",
            cost_centre=f"CC-{name}", market=f"M-{name}", weekly_capacity_hours=40, start_date="2024-01-01",
        )  # fmt: skip
    return people


def work_in_february(job: Job, people: list[str], hours: Decimal) -> None:
    """Each of them as many hours, on the working days of the month."""
    for person in people:
        for day in range(20):
            on = date(2025, 2, 3) + timedelta(days=day % 5 + 7 * (day // 5))
            job.work(person, str(on), hours / 20, is_billable="true")


def utilised(marts: Marts, name: str, columns: str) -> tuple[Decimal, ...]:
    """The same in each cut, for the group is the same."""
    found = {
        row
        for cut, (column, prefix) in CUTS.items()
        for row in marts.rows(
            f"select {columns} from kpi.utilisation_by_{cut}_month where {column} = ? and strftime(month, '%Y-%m') = ?",
            f"{prefix}-{name}",
            FEBRUARY,
        )
    }
    (row,) = found
    return row


@kind("billable available")
class Utilisation:
    """As large a part of a month of six people."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        part = Decimal(inputs["billable"]) / Decimal(inputs["available"])
        work_in_february(Job(stage.books, name), hire(stage.books, name, TEAM), part * CAPACITY)

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        share, capacity, bench, booked = utilised(
            marts, name, "billable_utilisation_pct, capacity_hours, bench_hours, billable_hours"
        )
        assert (capacity, bench) == (TEAM * CAPACITY, TEAM * CAPACITY - booked)
        return {"utilisation": share}


@kind("rate utilisation realisation collection")
class Cascade:
    """A contract by the hour whose cap leaves a part of what the time is worth, and whose invoice is paid in part."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        books, job = stage.books, Job(stage.books, name)
        hours = Decimal(inputs["utilisation"]) * CAPACITY
        earned = Decimal(inputs["realisation"]) * hours * TEAM * inputs["rate"]
        line = job.line("time_and_material", not_to_exceed_amount=earned)
        books.add(
            "bill_rate", contract_line_id=line, role_id=f"R-{name}", valid_from="2025-01-01",
            hourly_rate=inputs["rate"], currency_code="EUR",
        )  # fmt: skip
        work_in_february(job, hire(books, name, TEAM), hours)
        job.pay(job.bill("2025-02-28", earned), "2025-02-28", earned * Decimal(inputs["collection"]))

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        used, realised = utilised(marts, name, "billable_utilisation_pct, realisation_pct")
        billed, collected = marts.project(name, "billed_amount_base, collected_amount_base")[FEBRUARY]
        capture = used * realised * collected / billed
        return {
            "after_utilisation": inputs["rate"] * used,
            "after_realisation": inputs["rate"] * used * realised,
            "effective": inputs["rate"] * capture,
            "capture": capture,
        }


@kind("cases hours base")
class IncidentRate:
    """The hours of a year, spread over people and days in quarters of an hour; the cases in its first month."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        job, hours = Job(stage.books, name), int(inputs["hours"])
        people = hire(stage.books, name, max(TEAM, -(-hours // (len(YEAR) * DAYS * LONGEST_DAY))))
        days = list(product(YEAR, range(DAYS), people))
        quarters, more = divmod(hours * 4, len(days))
        for number, (first, day, person) in enumerate(days):
            job.work(person, str(first + timedelta(days=day)), Decimal(quarters + (number < more)) / 4)
        for number in range(inputs["cases"]):
            stage.books.add(
                "safety_incident", incident_id=f"{name}-{number}", project_id=name, occurred_on="2025-01-31",
                kind=("medical_treatment", "lost_time")[number % 2],
            )  # fmt: skip
        stage.books.add(
            "safety_incident", incident_id=f"{name}-none", project_id=name, occurred_on="2025-01-31", kind="first_aid"
        )

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        ((hours, months, *rates, base, frequency_base),) = marts.rows(
            "select hours_12_months, months_covered_12_months, trir_12_months, trifr_12_months, rate_base_hours, "
            "frequency_base_hours from kpi.safety_by_project_month where project_id = ? and month = date '2025-12-01'",
            name,
        )
        assert (hours, months) == (inputs["hours"], 12)
        return {"rate": dict(zip((base, frequency_base), rates, strict=True))[int(inputs["base"])]}


@kind("deals")
class Pipeline:
    """Deals of one customer; one that is lost is nothing, whatever it was worth."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        stage.books.add("customer", customer_id=f"C-{name}", customer_name=name)
        deals = [*((amount, chance, "offered") for amount, chance in inputs["deals"]), (77777, Decimal("0.9"), "lost")]
        for number, (amount, chance, stage_of_deal) in enumerate(deals):
            stage.books.add(
                "sales_opportunity", opportunity_id=f"{name}-{number}", customer_id=f"C-{name}", kind="upsell",
                title=f"Deal {number}", amount=amount, currency_code="EUR", probability=chance, stage=stage_of_deal,
                updated_on="2025-03-31",
            )  # fmt: skip

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        weighted = marts.rows(
            "select weighted_amount_base from core.fct_sales_opportunities "
            "where customer_id = ? and stage <> 'lost' order by opportunity_id",
            f"C-{name}",
        )
        ((total, upsell),) = marts.rows(
            "select pipeline_weighted_amount_base, upsell_pipeline_weighted_amount_base "
            "from kpi.customer_health_by_month where customer_id = ? and month = date '2025-03-01'",
            f"C-{name}",
        )
        assert total == upsell
        return {"weighted": [amount for (amount,) in weighted], "total": total}
