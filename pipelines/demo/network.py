"""The firm's schedules: tasks and links of each project under way at the end of the history.

Each stretch between two milestones is a chain of tasks with a supporting task beside it; dates and durations are the
project's true course, baselines its planned one. The colour of a project tells how well its schedule is kept.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from pipelines.demo.costs import Row, Tables
from pipelines.demo.firm import Project
from pipelines.demo.periods import HISTORY, Periods
from pipelines.demo.plans import Course
from pipelines.demo.schedule import STEPS

LONGEST = 30  # working days of a task
HOURS = 8
LOOSE = 3  # every so many tasks of a neglected schedule has no successor


def _day(periods: Periods, start: int, months: float) -> date:
    whole = int(np.floor(months))
    day = periods.first(start + whole) + timedelta(days=int((months - whole) * 30.4))
    return periods.next_working(day)


def _length(first: date, last: date) -> int:
    """Working days from a day to another, both included; at least one."""
    return max(1, int(np.busday_count(first, last + timedelta(days=1))))


class _Schedule:
    def __init__(self, project: Project, periods: Periods, tables: Tables) -> None:
        self.project, self.periods, self.tables = project, periods, tables
        self.key = {"project_id": project.id, "status_date": periods.as_of}
        self.chained = 0

    def task(self, task_id: str, name: str, wbs: str, *, life: tuple[float, float], **more: object) -> None:
        """A task over a part of the life, where it truly lies; planned where that part of the planned life lies."""
        project, periods = self.project, self.periods
        begin, end = (_day(periods, project.start, part * project.true) for part in life)
        planned_begin, planned_end = (_day(periods, project.start, part * project.planned) for part in life)
        today = periods.as_of
        started, finished = begin <= today, end <= today
        done = (today - begin).days / max((end - begin).days, 1)
        row: Row = {
            **self.key,
            "task_id": task_id,
            "wbs_id": wbs,
            "task_name": name,
            "is_milestone": False,
            "duration_hours": Decimal(_length(begin, end) * HOURS),
            "start_date": begin,
            "finish_date": end,
            "baseline_start_date": planned_begin,
            "baseline_finish_date": planned_end,
            "baseline_duration_hours": Decimal(_length(planned_begin, planned_end) * HOURS),
            "actual_start_date": begin if started else None,
            "actual_finish_date": end if finished else None,
            "constraint_type": "as_soon_as_possible",
            "has_resource": True,
            "percent_complete": Decimal(1) if finished else Decimal(str(round(done, 2))) if started else Decimal(0),
            **more,
        }
        self.tables["schedule_task"].append(row)

    def milestone(self, task_id: str, name: str, wbs: str, at: float) -> None:
        """A red project's milestones are nailed to the dates that were promised."""
        promised = _day(self.periods, self.project.start, at * self.project.planned)
        nailed = self.project.colour == "red" and at > 0
        self.task(
            task_id,
            name,
            wbs,
            life=(at, at),
            is_milestone=True,
            duration_hours=Decimal(0),
            baseline_duration_hours=Decimal(0),
            has_resource=False,
            constraint_type="finish_no_later_than" if nailed else "as_soon_as_possible",
            constraint_date=promised if nailed else None,
        )

    def link(self, before: str, after: str, *, lag: int = 0, kind: str = "fs") -> None:
        """In a red project every third task leads nowhere."""
        self.chained += 1
        if self.project.colour == "red" and self.chained % LOOSE == 0:
            return
        if self.project.colour == "amber" and self.chained % (2 * LOOSE) == 0:
            lag = 5
        row = {"predecessor_id": before, "successor_id": after, "link_type": kind, "lag_hours": Decimal(lag * HOURS)}
        self.tables["schedule_link"].append(self.key | row)

    def stretch(self, number: int, name: str, wbs: str, life: tuple[float, float]) -> None:
        """The work up to a milestone: a chain of tasks short enough to be watched, and what supports it."""
        begin, end = life
        months = (end - begin) * self.project.planned
        parts = max(1, round(months * 21 / LONGEST))
        before, after = f"M{number - 1}", f"M{number}"
        for part in range(parts):
            task_id = f"{number}.{part + 1}"
            step = (end - begin) / parts
            self.task(task_id, f"{name}: part {part + 1}", wbs, life=(begin + part * step, begin + (part + 1) * step))
            self.link(before, task_id)
            before = task_id
        self.link(before, after)
        support = f"{number}.S"
        self.task(support, f"{name}: documents", wbs, life=(begin, begin + (end - begin) * 0.6))
        self.link(f"M{number - 1}", support)
        self.link(support, after)


def networks(told: dict[str, Course], periods: Periods, tables: Tables) -> None:
    """Fills schedule_task and schedule_link; closed projects have put their schedule away."""
    for course in told.values():
        project = course.project
        if project.status == "closed" or project.start > HISTORY + 3:
            continue
        schedule = _Schedule(project, periods, tables)
        schedule.milestone("M0", "Contract signed", "W1", 0.0)
        schedule.task("PM", "Project management", "W1", life=(0.0, 1.0), is_loe=True)
        reached = 0.0
        for number, (_, name, wbs, at, _, _) in enumerate(STEPS[project.kind], start=1):
            schedule.stretch(number, name, wbs, (reached, at))
            schedule.milestone(f"M{number}", name, wbs, at)
            reached = at
