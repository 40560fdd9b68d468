"""Projects that are told for KPIs: every KPI known by heart, both sides of every threshold, rules of the firm's own."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.integration.books import Books, Job
from tests.integration.examples.kinds import month
from tests.integration.examples.kpi_kinds import observe

SEEDS = Path(__file__).parents[3] / "dbt_project" / "seeds"
STEP = Decimal("0.000001")
JAN = "2025-01"

# KPI -> (project, value in January 2025), by the facts in `tell`
FIGURES: dict[str, tuple[str, Fraction]] = {
    code: (project, Fraction(value))
    for project, figures in {
        "KP-money": {
            "gross_margin_pct": Fraction(500, 2500),
            "billed_ratio_pct": Fraction(2000, 2500),
            "quality_cost_pct": Fraction(100, 2000),
            "cost_overrun_pct": Fraction(7700 - 8000, 8000),
            "margin_erosion_pp": Fraction(2300, 10000) - Fraction(3000, 10000),
            "cpi": Fraction(2400, 2000),
            "spi": Fraction(2400, 2500),
            "spi_t": Fraction(2400, 2500),
            "scope_change_pct": Fraction(500, 10000),
            "pending_change_pct": Fraction(300, 10000),
            "change_cycle_days": Fraction(14 + 24, 2),
            "on_time_delivery_pct": Fraction(1, 2),
        },
        "KP-work": {
            "milestone_hit_rate_pct": Fraction(2, 4),
            "first_time_right": Fraction(2, 4),
            "acceptance_pct": Fraction(3, 4),
            "rolled_yield_pct": Fraction(1, 2) * Fraction(1, 2),
            "defects_per_test": Fraction(4, 5),
            "nps": Fraction(2 - 1, 4) * 100,
            "csat_pct": Fraction(2, 3),
            "complaints_open": Fraction(1),
            "complaint_closure_days": Fraction(5 + 7, 2),
            "trir": Fraction(2 * 200_000, 120),
            "ltifr": Fraction(1 * 1_000_000, 120),
        },
        "KP-told": {
            "utilisation_pct": Fraction(3, 4),
            "scope_delivered": Fraction(9, 10),
            "open_defects": Fraction(7),
            "sla_availability": Fraction(998, 1000),
            "mttr_hours": Fraction(7, 2),
            "tickets_open": Fraction(12),
            "team_turnover": Fraction(2, 100),
            "incidents_opened": Fraction(10),
            "incidents_closed": Fraction(7),
            "incidents_resolved": Fraction(8),
            "incidents_resolved_with_sla": Fraction(8),
            "incidents_resolved_within_sla": Fraction(6),
            "incidents_reopened": Fraction(2),
            "incidents_reopens": Fraction(3),
            "incidents_resolution_hours": Fraction(40),
            "incidents_business_hours": Fraction(16),
            "incidents_sla_pct": Fraction(6, 8),
            "incidents_reopened_pct": Fraction(2, 8),
            "incidents_resolution_mean_hours": Fraction(40, 8),
            "issues_opened": Fraction(5),
            "issues_resolved": Fraction(4),
            "issues_resolution_hours": Fraction(20),
            "issues_time_spent_hours": Fraction(9),
            "issues_resolution_mean_hours": Fraction(20, 4),
        },
    }.items()
    for code, value in figures.items()
}


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True, kw_only=True)
class Case:
    """A value that is delivered in the month of that number, and what it must be."""

    kpi: str
    applies_to: str
    number: int
    value: Decimal
    status: str

    @property
    def project(self) -> str:
        return f"KP-side-{self.applies_to or 'any'}-{self.kpi}"


def sides(row: dict[str, str]) -> list[tuple[Decimal, str]]:
    """On each threshold of a row and a step to either side of it, with the status that this is."""
    found = []
    for limit in ("amber_lower", "amber_upper", "red_lower", "red_upper"):
        if not row[limit]:
            continue
        outwards = -1 if limit.endswith("lower") else 1
        inside, outside = ("green", "amber") if limit.startswith("amber") else ("amber", "red")
        found.append((Decimal(row[limit]) - outwards * STEP, inside))
        found.append((Decimal(row[limit]), inside))
        found.append((Decimal(row[limit]) + outwards * STEP, outside))
    return found


CASES = [
    Case(kpi=row["kpi_code"], applies_to=row["applies_to"], number=number, value=value, status=status)
    for row in seed("kpi_thresholds")
    for number, (value, status) in enumerate(sides(row))
]


def tell(books: Books) -> None:
    _money(books)
    _work(books)
    _told(books)
    for project in sorted({case.project for case in CASES}):
        books.add("customer", customer_id=f"C-{project}", customer_name=project)
        Job(books, project, customer=f"C-{project}")
    for case in CASES:
        observe(books, case.project, case.kpi, case.number, case.value)
    _commented(books)
    _own_rules(books)
    _series(books)


def _money(books: Books) -> None:
    job = Job(books, "KP-money")
    job.line("cost_to_cost")
    job.price(10_000)
    job.plan("as_sold", "2024-12-01", [(JAN, "other", 2000), ("2025-02", "other", 5000)])
    job.plan("baseline", "2025-01-01", [(JAN, "other", 2500), ("2025-02", "other", 5500)])
    # rework counts as cost and not as progress: 1,900 of 7,600 are a quarter
    job.cost(f"{JAN}-20", 1900)
    job.cost(f"{JAN}-21", 100, description="rework of the first frame")
    job.plan("forecast", f"{JAN}-31", [("2025-02", "other", 5700)])
    books.add("progress", project_id=job.name, observed_on=f"{JAN}-31", percent_complete="0.3")
    job.bill(f"{JAN}-25", 2000)
    for number, (status, asked, decided, price) in enumerate(
        [
            ("approved", f"{JAN}-06", f"{JAN}-20", 500),
            ("rejected", f"{JAN}-02", f"{JAN}-26", 900),
            ("submitted", f"{JAN}-10", None, 300),
            ("draft", f"{JAN}-11", None, 4000),
        ]
    ):
        books.add(
            "change_request", project_id=job.name, change_request_id=f"CR-{number}", title="A change", status=status,
            requested_on=asked, decided_on=decided, price_amount=price, cost_amount=0, currency_code="EUR",
        )  # fmt: skip
    for number, delivered in enumerate((f"{JAN}-10", "2025-02-01")):
        books.add(
            "purchase_order_line", purchase_order_id=f"PO-{job.name}", line_id=number, project_id=job.name,
            ordered_on=f"{JAN}-02", promised_on=f"{JAN}-10" if number == 0 else f"{JAN}-20", delivered_on=delivered,
            category="material", ordered_amount=0, currency_code="EUR",
        )  # fmt: skip


def _work(books: Books) -> None:
    job = Job(books, "KP-work")
    for number, (due, reached) in enumerate(
        [(f"{JAN}-15", f"{JAN}-14"), (f"{JAN}-20", f"{JAN}-25"), (f"{JAN}-28", None), (f"{JAN}-30", f"{JAN}-30")]
    ):
        books.add(
            "milestone", project_id=job.name, milestone_id=f"M{number}", milestone_name="A milestone",
            baseline_date=due, forecast_date=due, actual_date=reached, reported_on=f"{JAN}-31",
        )  # fmt: skip
    for test, attempt, passed, defects in [
        ("build-1", 1, True, 0), ("build-2", 1, False, 3), ("build-2", 2, True, 0), ("check-1", 1, False, 1),
        ("check-2", 1, True, 0),
    ]:  # fmt: skip
        books.add(
            "acceptance_test", project_id=job.name, test_id=test, tested_on=f"{JAN}-{9 + attempt}", attempt=attempt,
            is_passed=passed, defects=defects,
        )  # fmt: skip
    for number, (kind, score) in enumerate(
        [("nps", 10), ("nps", 9), ("nps", 8), ("nps", 3), ("csat", 5), ("csat", 4), ("csat", 2)]
    ):
        books.add(
            "survey_response", response_id=f"{job.name}-{number}", project_id=job.name, customer_id=job.customer,
            responded_on=f"{JAN}-20", kind=kind, score=score,
        )  # fmt: skip
    for number, (opened, closed) in enumerate(
        [(f"{JAN}-03", f"{JAN}-10"), (f"{JAN}-06", f"{JAN}-15"), (f"{JAN}-20", None)]
    ):
        books.add(
            "complaint", complaint_id=f"{job.name}-{number}", project_id=job.name, opened_on=opened, closed_on=closed,
            severity="low",
        )  # fmt: skip
    for person in range(6):
        name = f"KP-{person}"
        books.add("employee", employee_id=name, employee_name=f"Person Kappa{person}", role_id="KP-role")
        for day in range(6, 11):
            job.work(name, f"{JAN}-{day:02d}", 4)
    books.add("cost_rate", role_id="KP-role", valid_from="2024-01-01", hourly_rate=50, currency_code="EUR")
    for number, kind in enumerate(("medical_treatment", "lost_time", "near_miss")):
        books.add(
            "safety_incident", incident_id=f"{job.name}-{number}", project_id=job.name, occurred_on=f"{JAN}-09",
            kind=kind, days_lost=3 if kind == "lost_time" else 0,
        )  # fmt: skip


def _told(books: Books) -> None:
    Job(books, "KP-told")
    for code, value in {
        "utilisation_pct": "0.75", "scope_delivered": "0.9", "open_defects": 7, "mttr_hours": "3.5",
        "tickets_open": 12, "team_turnover": "0.02",
    }.items():  # fmt: skip
        books.add("kpi_observation", project_id="KP-told", kpi_code=code, observed_on=f"{JAN}-10", value=99)
        observe(books, "KP-told", code, 0, value)  # the last one of the month stands
    for day, value in (("07", "0.999"), ("14", "0.997")):
        books.add(
            "kpi_observation", project_id="KP-told", kpi_code="sla_availability", observed_on=f"{JAN}-{day}",
            value=value,
        )  # fmt: skip
    for code, (first, second) in {
        "incidents_opened": (6, 4), "incidents_closed": (7, 0), "incidents_resolved": (5, 3),
        "incidents_resolved_with_sla": (5, 3), "incidents_resolved_within_sla": (4, 2), "incidents_reopened": (2, 0),
        "incidents_reopens": (3, 0), "incidents_resolution_hours": (30, 10), "incidents_business_hours": (10, 6),
        "issues_opened": (3, 2), "issues_resolved": (1, 3), "issues_resolution_hours": (5, 15),
        "issues_time_spent_hours": (4, 5),
    }.items():  # fmt: skip
        for day, value in (("10", first), ("20", second)):
            books.add("kpi_observation", project_id="KP-told", kpi_code=code, observed_on=f"{JAN}-{day}", value=value)


def _commented(books: Books) -> None:
    """Red in three months: with words, with words that name a person, without any."""
    Job(books, "KP-words")
    for number in range(3):
        observe(books, "KP-words", "open_defects", number, 99)
    for number, text in enumerate(("Two crews were moved in.", "Kappa3, Person, will move two crews.")):
        books.add(
            "commentary", project_id="KP-words", month=month(number), topic="quality", text=text, author="Person Kappa0"
        )


def _own_rules(books: Books) -> None:
    for customer in ("C-KP-usual", "C-KP-strict"):
        books.add("customer", customer_id=customer, customer_name=customer)
        Job(books, f"KP-of-{customer}", customer=customer)
        for number in (0, 1, 6):
            observe(books, f"KP-of-{customer}", "flow_rate", number, 50, target=70)


def _series(books: Books) -> None:
    """A gap after the sixth month; a natural bound at 0; a constant beside its target."""
    Job(books, "KP-series")
    for number in (0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11):
        observe(books, "KP-series", "tickets_open", number, 4 if number % 2 else 1)
        observe(books, "KP-series", "gauge", number, 10 if number < 7 else 13)
    for number in range(9):
        observe(books, "KP-series", "scope_delivered", number, "0.96", target="1")


RULES: dict[str, list[dict[str, Any]]] = {
    "kpi_dictionary": [
        {
            "kpi_code": "flow_rate", "kpi_name": "Flow rate", "dimension": "quality", "formula": "as measured",
            "unit": "count", "direction": "higher_is_better",
        },
    ],
    "kpi_thresholds": [
        {"kpi_code": "flow_rate", "customer_id": "", "valid_from": "2025-01-01", "valid_to": "2025-06-30",
         "amber_lower": 40, "red_lower": 20},
        {"kpi_code": "flow_rate", "customer_id": "C-KP-strict", "valid_from": "2025-02-01", "valid_to": "",
         "amber_lower": 60, "red_lower": 55},
    ],
}  # fmt: skip


def write_rules(home: Path) -> None:
    """The firm's own KPI and thresholds, as files in the data home."""
    for table, rows in RULES.items():
        with (home / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
