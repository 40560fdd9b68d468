"""Milestones: when they were planned, when they truly happen, and what was believed about them in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from pipelines.demo.costs import Tables, money
from pipelines.demo.periods import HISTORY, Periods
from pipelines.demo.plans import FORECASTS, Course

# id, name, WBS, where in the life, weight in the price, accepted by the customer
STEPS = {
    "rollout": (
        ("M1", "Design approved", "W2", 0.2, 0.14, False),
        ("M2", "Material on site", "W3", 0.32, 0.16, False),
        ("M3", "A third of the sites live", "W4", 0.45, 0.18, True),
        ("M4", "Two thirds of the sites live", "W4", 0.62, 0.20, True),
        ("M5", "All sites live", "W4", 0.8, 0.20, True),
        ("M6", "Final acceptance", "W5", 1.0, 0.12, True),
    ),
    "integration": (
        ("M1", "Architecture approved", "W2", 0.2, 0.15, True),
        ("M2", "Build complete", "W3", 0.58, 0.35, False),
        ("M3", "Migration rehearsed", "W4", 0.76, 0.15, True),
        ("M4", "Cut-over", "W4", 0.9, 0.25, True),
        ("M5", "Final acceptance", "W5", 1.0, 0.10, True),
    ),
    "service": (
        ("M1", "Transition complete", "W2", 0.1, 0.4, True),
        ("M2", "First yearly review", "W3", 0.5, 0.3, True),
        ("M3", "Last review", "W3", 0.98, 0.3, True),
    ),
}
CARE = 12  # months in which the customer keeps his retention


@dataclass(frozen=True)
class Milestone:
    id: str
    name: str
    wbs: str
    weight: Decimal
    baseline: date
    true: date
    accepted: bool
    amount: Decimal | None  # in contract currency, only where milestones earn


def _at(periods: Periods, start: int, months: float) -> date:
    whole = int(months)
    return periods.first(start + whole) + timedelta(days=int((months - whole) * 29.9))


def milestones(course: Course) -> list[Milestone]:
    """The project's milestones; changes of the price are earned with the last one."""
    project, periods = course.project, course.force.periods
    found, left = [], course.price_at(HISTORY)
    steps = STEPS[project.kind]
    for step_id, name, wbs, life, weight, accepted in steps:
        amount = None
        if project.method == "milestone":
            amount = left if step_id == steps[-1][0] else money(course.price * Decimal(str(weight)))
            left -= amount
        baseline = _at(periods, project.start, life * project.planned - 0.12)
        true = _at(periods, project.start, life * project.true - 0.12)
        if life == 1.0:
            baseline, true = periods.day(project.planned_end, 26), periods.day(project.true_end, 26)
        baseline, true = periods.next_working(baseline), periods.next_working(true)
        found.append(Milestone(step_id, name, wbs, Decimal(str(weight)), baseline, true, accepted, amount))
    if project.retention and project.method == "milestone":
        # what the customer keeps of each invoice waits for it
        day = periods.next_working(periods.day(project.planned_end + CARE, 26))
        found.append(Milestone("M7", "End of care, retention released", "W5", Decimal(0), day, day, True, None))
    return found


def reports(told: dict[str, Course], tables: Tables) -> None:
    """Fills milestone with a report at the end of each quarter; each replaces the one before."""
    for month in FORECASTS:
        for course in told.values():
            project, periods = course.project, course.force.periods
            if project.start > month + 2:
                continue
            today, before = periods.last(month), periods.last(month - 3)
            known = min(1.0, max(0.0, (month + 1 - project.start) / project.true))
            for stone in milestones(course):
                if stone.true <= before:
                    continue
                slip = round((stone.true - stone.baseline).days * known)
                expected = max(stone.baseline + timedelta(days=slip), today + timedelta(days=5))
                reached = stone.true <= today
                tables["milestone"].append(
                    {
                        "project_id": project.id,
                        "milestone_id": stone.id,
                        "milestone_name": stone.name,
                        "wbs_id": stone.wbs,
                        "weight": stone.weight,
                        "baseline_date": stone.baseline,
                        "forecast_date": stone.true if reached else periods.next_working(expected),
                        "actual_date": stone.true if reached else None,
                        "is_customer_acceptance": stone.accepted,
                        "contract_line_id": f"CL-{project.id[2:]}-1" if project.method == "milestone" else None,
                        "revenue_amount": stone.amount,
                        "reported_on": today,
                    }
                )
