"""What project managers and service tools keep: changes, risks, upsell, hand-over lists, words, KPIs, tests, surveys,
complaints, incidents. All of it follows the project's story: red projects fail tests, get complaints and say why."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from pipelines.demo import firm
from pipelines.demo.costs import ACCOUNT, Tables, money
from pipelines.demo.firm import CUSTOMER, CUSTOMERS, PROJECTS, Project
from pipelines.demo.periods import HISTORY, Periods
from pipelines.demo.plans import Course

# threats and opportunities: title, response, kind, part of the price at stake
RISKS = {
    "rollout": (
        ("Site access is granted late", "mitigate", "threat", 0.02),
        ("Supplier delivers outside the specification", "transfer", "threat", 0.05),
        ("Permits for roof sites are refused", "mitigate", "threat", 0.025),
        ("Crews can be shared with the neighbouring region", "exploit", "opportunity", 0.015),
    ),
    "integration": (
        ("Interfaces are not documented", "mitigate", "threat", 0.03),
        ("Cut-over window is moved", "accept", "threat", 0.02),
        ("Regression finds more than the tests foresaw", "mitigate", "threat", 0.04),
        ("Automation of the first site can be used again", "enhance", "opportunity", 0.025),
    ),
    "service": (
        ("Availability misses the agreed level", "mitigate", "threat", 0.015),
        ("Key people leave", "mitigate", "threat", 0.01),
        ("Night shift can be shared between services", "exploit", "opportunity", 0.01),
    ),
}
ITEMS = {
    "sell_to_execute": (
        ("Contract and annexes handed over", True),
        ("Calculation as sold explained", True),
        ("Risks of the bid reviewed", True),
        ("Customer contacts introduced", False),
    ),
    "delivery_to_care": (
        ("As-built documents accepted", True),
        ("Spares delivered", True),
        ("Service desk trained", True),
        ("Open defects agreed", False),
    ),
    "closure": (
        ("Final acceptance signed", True),
        ("All work billed", True),
        ("Orders closed", True),
        ("Lessons learnt written", False),
    ),
}
SALES = (
    ("C-103", "P-1005", "upsell", "Fourth availability zone", 620_000, 0.7, "offered"),
    ("C-103", "P-1007", "renewal", "Managed run, two more years", 2_100_000, 0.5, "qualified"),
    ("C-101", "P-1001", "upsell", "RAN swap Region West", 2_900_000, 0.3, "qualified"),
    ("C-101", None, "cross_sell", "Energy monitoring for masts", 240_000, 0.2, "lead"),
    ("C-102", "P-1004", "upsell", "Fibre build Bahnhof", 1_500_000, 0.4, "offered"),
    ("C-104", "P-1014", "upsell", "Second campus", 380_000, 0.6, "offered"),
    ("C-105", "P-1008", "upsell", "Tunnel coverage", 6_400_000, 0.45, "offered"),
    ("C-105", "P-1010", "cross_sell", "Backbone operations", 9_800_000, 0.25, "lead"),
    ("C-106", "P-1015", "renewal", "Grid service, three more years", 11_500_000, 0.65, "offered"),
    ("C-107", "P-1013", "renewal", "Operations, option year", 1_900_000, 0.35, "qualified"),
    ("C-107", "P-1011", "upsell", "Packet core phase two", 1_700_000, 0.0, "lost"),
    ("C-108", "P-1016", "upsell", "Edge cloud for nine more depots", 450_000, 1.0, "won"),
)
WORDS = {
    "red": (
        ("margin", "The margin is gone: {story}"),
        ("cost", "Cost runs ahead of progress; rework is booked as such and not paid by the customer."),
        ("forecast", "The estimate to complete was raised again; it had assumed that no site is built twice."),
        ("quality", "First-time acceptance is far under target; a test lead was moved in."),
    ),
    "amber": (
        ("schedule", "Behind the baseline: {story}"),
        ("cost", "Higher cost of subcontractors, partly covered by an approved change."),
    ),
    "green": (("margin", "{story}"),),
}


def registers(told: dict[str, Course], periods: Periods, seed: int, tables: Tables) -> None:
    """Fills the tables of the feeds `projects` and `kpi`, but for milestones."""
    rng = np.random.default_rng([seed, 8])
    for project in PROJECTS:
        _changes(told[project.id], periods, tables)
        _risks(told[project.id], periods, rng, tables)
        _handover(project, periods, rng, tables)
        _commentary(project, periods, tables)
        _kpis(project, periods, rng, tables)
        _tests(project, periods, rng, tables)
        _complaints(told[project.id], periods, rng, tables)
        _safety(project, periods, rng, tables)
    _surveys(periods, rng, tables)
    for number, (customer, project_id, kind, title, amount, probability, stage) in enumerate(SALES, start=1):
        tables["sales_opportunity"].append(
            {
                "opportunity_id": f"OPP-{number:03d}",
                "customer_id": customer,
                "project_id": project_id,
                "kind": kind,
                "title": title,
                "amount": money(amount),
                "currency_code": firm.MARKET_CURRENCY[firm.COUNTRY_MARKET[CUSTOMER[customer].country]],
                "probability": Decimal(str(probability)),
                "stage": stage,
                "expected_close_date": periods.day(HISTORY + 1 + number % 5, 15),
                "updated_on": periods.day(HISTORY - 1, 5 + number),
            }
        )


def _lived(project: Project) -> range:
    return range(project.start, min(project.true_end + 1, HISTORY))


def _changes(course: Course, periods: Periods, tables: Tables) -> None:
    for number, change in enumerate(course.project.changes, start=1):
        decided = change.status in ("approved", "rejected")
        tables["change_request"].append(
            {
                "project_id": course.project.id,
                "change_request_id": f"CR-{number}",
                "title": change.title,
                "status": change.status,
                "requested_on": periods.day(change.month - 1, 6) if decided else periods.day(change.month, 4),
                "decided_on": periods.day(change.month, 24) if decided else None,
                "price_amount": course.change_price(change),
                "cost_amount": course.change_cost(change),
                "schedule_days": change.days,
                "currency_code": firm.currency_of(course.project),
                "probability": None if decided else Decimal("0.55") if change.status == "submitted" else Decimal("0.3"),
            }
        )


def _risks(course: Course, periods: Periods, rng: np.random.Generator, tables: Tables) -> None:
    project = course.project
    if project.start > HISTORY:
        return
    for number, (title, response, kind, part) in enumerate(RISKS[project.kind], start=1):
        raised = min(project.start + 1 + 2 * number, HISTORY - 1)
        occurred = project.colour == "red" and number == 2
        over = project.true_end < HISTORY
        likely = round(float(course.price) * part, -2)
        closes = min(raised + 7, project.true_end, HISTORY - 1)
        tables["risk"].append(
            {
                "project_id": project.id,
                "risk_id": f"R-{number}",
                "kind": kind,
                "title": title,
                "probability": Decimal(str(round(float(rng.uniform(0.1, 0.5)), 2))),
                "cost_low_amount": money(likely * 0.5),
                "cost_likely_amount": money(likely),
                "cost_high_amount": money(likely * 2.2),
                "schedule_days": int(rng.integers(0, 30)) if kind == "threat" else 0,
                "currency_code": firm.currency_of(project),
                "response": response,
                "status": "occurred" if occurred else "closed" if over else "open",
                "raised_on": periods.day(raised, 12),
                "closed_on": periods.last(closes) if (occurred or over) and closes >= raised else None,
            }
        )


def _handover(project: Project, periods: Periods, rng: np.random.Generator, tables: Tables) -> None:
    gates = {"sell_to_execute": project.start, "closure": project.true_end}
    if project.kind != "service":
        gates["delivery_to_care"] = project.true_end - 1
    for gate, month in gates.items():
        if month > HISTORY + 3:
            continue
        for number, (item, mandatory) in enumerate(ITEMS[gate], start=1):
            due = periods.day(month, 5 + 5 * number)
            done = due + timedelta(days=int(rng.integers(-6, 9)))
            left_open = project.status != "closed" and not mandatory
            tables["handover_item"].append(
                {
                    "project_id": project.id,
                    "gate": gate,
                    "item_id": f"{number}",
                    "item": item,
                    "is_mandatory": mandatory,
                    "due_date": due,
                    "done_on": done if done <= periods.as_of and not left_open else None,
                    "owner": project.manager,
                }
            )


def _commentary(project: Project, periods: Periods, tables: Tables) -> None:
    every = {"red": 1, "amber": 2, "green": 6}[project.colour]
    for month in _lived(project):
        if month < project.start + project.true * 0.4 or (month - project.start) % every:
            continue
        words = WORDS[project.colour]
        topic, text = words[(month // every) % len(words)]
        tables["commentary"].append(
            {
                "project_id": project.id,
                "month": periods.first(month),
                "topic": topic,
                "text": text.format(story=project.story),
                "author": project.manager,
            }
        )


def _kpis(project: Project, periods: Periods, rng: np.random.Generator, tables: Tables) -> None:
    """Monthly values; a service measures its availability every week."""
    strain = {"red": 1.0, "amber": 0.45, "green": 0.0}[project.colour]

    def observe(code: str, day: date, value: float, target: float, unit: str, source: str) -> None:
        tables["kpi_observation"].append(
            {
                "project_id": project.id,
                "kpi_code": code,
                "observed_on": day,
                "value": Decimal(f"{value:.3f}"),
                "target": Decimal(str(target)),
                "unit": unit,
                "source": source,
            }
        )

    for month in _lived(project):
        end, life = periods.last(month), (month - project.start) / project.true
        late = strain * min(1.0, 2 * life)
        observe(
            "team_turnover", end, max(0.0, rng.normal(0.008 + 0.015 * late, 0.004)), 0.015, "fraction", "people desk"
        )
        observe("first_time_right", end, min(1.0, rng.normal(project.tests, 0.02)), 0.9, "fraction", "test desk")
        if project.kind == "service":
            observe("mttr_hours", end, max(0.4, rng.normal(3.4, 0.6)), 4.0, "hours", "service desk")
            observe("tickets_open", end, max(2.0, rng.normal(24, 5)), 30, "count", "service desk")
            for week in (7, 14, 21, 28):
                bad = project.id == "P-1013" and month in (6, 13, 19) and week == 14
                value = 0.9931 if bad else min(0.99999, rng.normal(0.9995, 0.0002))
                observe("sla_availability", periods.day(month, week), value, 0.999, "fraction", "monitoring")
        else:
            done = max(0.0, rng.normal(1.0 - 0.22 * late, 0.05))
            observe("scope_delivered", end, done, 1.0, "of plan", "planning desk")
            observe("open_defects", end, max(0.0, rng.normal(9 + 40 * late, 3)), 15, "count", "test desk")


def _tests(project: Project, periods: Periods, rng: np.random.Generator, tables: Tables) -> None:
    number = 0
    for month in _lived(project):
        if month < project.start + 0.3 * project.true:
            continue
        days = periods.working_days(month)
        for _ in range(3 if project.kind == "rollout" else 1):
            number += 1
            attempt, day = 1, int(rng.integers(0, len(days)))
            while attempt <= 4:
                chance = project.tests if attempt == 1 else 0.8
                passed = bool(rng.random() < chance) or attempt == 4
                tables["acceptance_test"].append(
                    {
                        "project_id": project.id,
                        "test_id": f"T-{number:03d}",
                        "tested_on": days[min(day + 2 * (attempt - 1), len(days) - 1)],
                        "attempt": attempt,
                        "is_passed": passed,
                        "defects": int(rng.poisson(0.4)) if passed else 1 + int(rng.poisson(3)),
                    }
                )
                if passed:
                    break
                attempt += 1


def _complaints(course: Course, periods: Periods, rng: np.random.Generator, tables: Tables) -> None:
    project = course.project
    chance = {"red": 0.34, "amber": 0.16, "green": 0.035}[project.colour]
    for month in _lived(project):
        if rng.random() >= chance:
            continue
        opened = periods.day(month, int(rng.integers(2, 26)))
        closed = opened + timedelta(days=int(rng.integers(6, 70)))
        severe = project.colour == "red" and rng.random() < 0.5
        cost = money(round(float(rng.uniform(800, 9000)) * course.fx, -1))
        number = f"CMP-{len(tables['complaint']) + 1:03d}"
        if severe and month + 1 < HISTORY and len(tables["complaint"]) % 2:
            _posted(project, number, periods.working_days(month + 1)[6], cost, tables)
        tables["complaint"].append(
            {
                "complaint_id": number,
                "project_id": project.id,
                "opened_on": opened,
                "closed_on": closed if closed <= periods.as_of else None,
                "severity": "high" if severe else str(rng.choice(["low", "medium"])),
                "corrective_action": "Team visited the customer; test added to the list." if severe else "Answered.",
                "cost_amount": cost if severe else None,
                "currency_code": firm.currency_of(project) if severe else None,
            }
        )


def _posted(project: Project, complaint: str, day: date, cost: Decimal, tables: Tables) -> None:
    """The ledger knows some complaints: their cost is a posting under the complaint's number."""
    tables["cost_line"].append(
        {
            "cost_line_id": f"KQ-{complaint}",
            "project_id": project.id,
            "wbs_id": None,
            "posting_date": day,
            "account_code": ACCOUNT["other"],
            "category": "other",
            "amount": cost,
            "currency_code": firm.currency_of(project),
            "quantity": None,
            "supplier_id": None,
            "document_number": complaint,
            "is_billable": False,
            "description": f"allowance for {complaint}",
        }
    )


def _safety(project: Project, periods: Periods, rng: np.random.Generator, tables: Tables) -> None:
    if project.kind != "rollout":
        return
    for month in _lived(project):
        if rng.random() >= 0.11:
            continue
        kind = str(rng.choice(["near_miss", "first_aid", "medical_treatment", "lost_time"], p=[0.55, 0.27, 0.1, 0.08]))
        tables["safety_incident"].append(
            {
                "incident_id": f"SI-{len(tables['safety_incident']) + 1:03d}",
                "project_id": project.id,
                "occurred_on": periods.working_days(month)[int(rng.integers(0, 18))],
                "kind": kind,
                "days_lost": int(rng.integers(2, 15)) if kind == "lost_time" else 0,
            }
        )


def _surveys(periods: Periods, rng: np.random.Generator, tables: Tables) -> None:
    """A few recommendations a quarter and customer, and a note on every active project each half year."""

    def answer(kind: str, customer: str, project: str | None, day: date, score: float) -> None:
        tables["survey_response"].append(
            {
                "response_id": f"SV-{len(tables['survey_response']) + 1:04d}",
                "project_id": project,
                "customer_id": customer,
                "responded_on": day,
                "kind": kind,
                "score": int(score),
            }
        )

    for month in range(2, HISTORY, 3):
        for customer in CUSTOMERS:
            for _ in range(int(rng.integers(2, 6))):
                day = periods.day(month, int(rng.integers(3, 28)))
                answer("nps", customer.id, None, day, float(np.clip(round(rng.normal(customer.mood, 1.3)), 0, 10)))
        if month % 6 == 5:
            for project in PROJECTS:
                if month in _lived(project):
                    mean = {"red": 2.6, "amber": 3.7, "green": 4.5}[project.colour]
                    day = periods.day(month, 20)
                    answer(
                        "csat", project.customer, project.id, day, float(np.clip(round(rng.normal(mean, 0.5)), 1, 5))
                    )
