"""Schedules as canonical tables.

| table | rows |
|---|---|
| wbs_element | the outline: summary tasks as parents, tasks as elements; the project itself is none |
| plan_version, plan_line | each baseline, and the current schedule as a forecast: what is left after the status date |
| progress | of every task at the status date |
| milestone | every milestone as the schedule of the status date sees it |
| schedule_task, schedule_link | the tasks and their logic at the status date, for the quality of the schedule |
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from pipelines.formats.base import Finding, Replacement, TableRead
from pipelines.formats.schedules.calendars import Calendar, month_text, office
from pipelines.formats.schedules.model import Piece, Schedule, Task
from pipelines.formats.schedules.numbers import CENT, ZERO, rounded, shown
from pipelines.formats.schedules.phasing import Moved, Unplaceable, after_status, phased
from pipelines.formats.schedules.sink import Sink

TABLES = ("wbs_element", "plan_version", "plan_line", "progress", "milestone", "schedule_task", "schedule_link")

# what a later file of the same tool does not hold any more is withdrawn: the whole outline and plan of a version,
# and what was said of the same status date
_REPLACES = {
    "wbs_element": Replacement(period=None, within=("project_id",)),
    "plan_line": Replacement(period=None, within=("project_id", "plan_version_id")),
    "milestone": Replacement(period=None, within=("project_id",)),
    "progress": Replacement(period=None, within=("project_id", "observed_on")),
    "schedule_task": Replacement(period=None, within=("project_id", "status_date")),
    "schedule_link": Replacement(period=None, within=("project_id", "status_date")),
}


def _day(value: datetime | None) -> str | None:
    return None if value is None else value.date().isoformat()


def _flag(value: bool) -> str:
    return "true" if value else "false"


class _Writer:
    def __init__(self, schedules: Sequence[Schedule], *, source: str, work: Path, where: str) -> None:
        self.schedules, self.source = schedules, source
        self.sinks = {table: Sink(table, work=work / "schedule", where=where) for table in TABLES}

    def write(self) -> None:
        for schedule in self.schedules:
            for task in schedule.tasks:
                if not task.is_project:
                    self._outline(schedule, task)
                if task.is_gone:
                    continue
                self._task(schedule, task)
                if not task.is_summary and task.fault is None:
                    self._progress(schedule, task)
                if task.is_milestone and task.fault is None:
                    self._milestone(schedule, task)
            for link in schedule.links:
                self.sinks["schedule_link"].add(
                    place=link.place,
                    project_id=schedule.project_id,
                    status_date=schedule.status_date.isoformat(),
                    predecessor_id=link.predecessor_id,
                    successor_id=link.successor_id,
                    link_type=link.type,
                    lag_hours=shown(link.lag_hours),
                    is_external=_flag(link.is_external),
                )
            self._plans(schedule)

    # -- tasks -------------------------------------------------------------------------------------------------------

    def _outline(self, schedule: Schedule, task: Task) -> None:
        self.sinks["wbs_element"].add(
            place=task.place,
            fault=task.fault if task.task_id is None else None,
            project_id=schedule.project_id,
            wbs_id=task.wbs_id or None,
            parent_wbs_id=task.parent.wbs_id if task.parent else None,
            wbs_name=task.name,
            earning_rule=task.earning_rule,
        )

    def _progress(self, schedule: Schedule, task: Task) -> None:
        if task.progress is not None:
            self.sinks["progress"].add(
                place=task.place,
                project_id=schedule.project_id,
                wbs_id=task.wbs_id or None,
                observed_on=schedule.status_date.isoformat(),
                percent_complete=f"{task.progress:.12f}".rstrip("0").rstrip("."),
            )

    def _milestone(self, schedule: Schedule, task: Task) -> None:
        self.sinks["milestone"].add(
            place=task.place,
            project_id=schedule.project_id,
            milestone_id=task.task_id,
            milestone_name=task.name,
            wbs_id=task.wbs_id or None,
            baseline_date=_day(task.baseline_finish or task.baseline_start),
            forecast_date=_day(task.actual_finish or task.finish or task.start),
            actual_date=_day(task.actual_finish),
            reported_on=schedule.status_date.isoformat(),
        )

    def _task(self, schedule: Schedule, task: Task) -> None:
        percent = task.percent_complete
        self.sinks["schedule_task"].add(
            place=task.place,
            fault=task.fault,
            project_id=schedule.project_id,
            status_date=schedule.status_date.isoformat(),
            task_id=task.task_id,
            wbs_id=task.wbs_id or None,
            task_name=task.name,
            is_summary=_flag(task.is_summary),
            is_milestone=_flag(task.is_milestone),
            is_loe=_flag(task.is_loe),
            duration_hours=shown(task.duration),
            hours_per_day=shown(task.hours_per_day),
            start_date=_day(task.start),
            finish_date=_day(task.finish),
            baseline_start_date=_day(task.baseline_start),
            baseline_finish_date=_day(task.baseline_finish),
            baseline_duration_hours=shown(task.baseline_duration),
            actual_start_date=_day(task.actual_start),
            actual_finish_date=_day(task.actual_finish),
            constraint_type=task.constraint,
            constraint_date=_day(task.constraint_date),
            has_resource=_flag(task.has_resource),
            total_float_hours=shown(task.total_float),
            percent_complete=None if percent is None else f"{percent:.12f}".rstrip("0").rstrip("."),
            work_hours=shown(task.work),
            actual_work_hours=shown(task.actual_work),
            cost_amount=shown(task.cost),
            actual_cost_amount=shown(task.actual_cost),
            remaining_cost_amount=shown(task.remaining_cost),
            baseline_cost_amount=shown(task.baseline_cost),
            currency_code=schedule.currency,
        )

    # -- plans -------------------------------------------------------------------------------------------------------

    def _plans(self, schedule: Schedule) -> None:
        numbers = sorted({number for task in schedule.tasks for number in task.baselines})
        priced = [number for number in numbers if _is_priced(t.baselines.get(number, []) for t in schedule.tasks)]
        if len(priced) > 1 and schedule.measured_baseline not in priced:
            schedule.warnings.append(
                f"baseline {schedule.measured_baseline}, by which the project is measured, is empty; "
                f"baseline {priced[-1]} holds instead"
            )
        for number in priced:
            version = f"{schedule.prefix}-BL{number:02d}"
            self._version(schedule, version, "baseline", _approved(schedule, number))
            for task in schedule.tasks:
                self._lines(schedule, version, task, task.baselines.get(number, []))
        self._unpriced(schedule, [number for number in numbers if number not in priced])
        if not _is_priced(t.remaining for t in schedule.tasks) and not any(t.cost for t in schedule.tasks):
            return
        version = f"{schedule.prefix}-F-{schedule.status_date.isoformat()}"
        self._version(schedule, version, "forecast", schedule.status_date)
        moved = Moved()
        for task in schedule.tasks:
            calendar = task.calendar or schedule.calendar or office()
            left = [after_status(p, schedule.status_date, calendar, moved, str(task.task_id)) for p in task.remaining]
            self._lines(schedule, version, task, left)
        if moved.tasks:
            schedule.warnings.append(
                f"remaining work of {len(moved.tasks)} tasks ({shown(moved.hours)} h, "
                f"{shown(rounded(moved.amount, CENT))} {schedule.currency}) is planned before the status date "
                f"{schedule.status_date}; it is taken as of the day after"
            )

    def _version(self, schedule: Schedule, version: str, kind: str, approved_on: date) -> None:
        self.sinks["plan_version"].add(
            place=schedule.place,
            project_id=schedule.project_id,
            plan_version_id=version,
            kind=kind,
            approved_on=approved_on.isoformat(),
            source=self.source,
        )

    def _lines(self, schedule: Schedule, version: str, task: Task, pieces: Sequence[Piece]) -> None:
        if not pieces:
            return
        lines = self.sinks["plan_line"]
        named = {"project_id": schedule.project_id, "plan_version_id": version, "wbs_id": task.wbs_id or None}
        calendar: Calendar = task.calendar or schedule.calendar or office()
        try:
            cells = phased(pieces, calendar) if task.fault is None else None
            fault = task.fault
        except Unplaceable as error:
            cells, fault = None, str(error)
        if cells is None:
            amount = sum((piece.amount for piece in pieces), ZERO)
            if amount or any(piece.hours for piece in pieces):
                reason = f"task {task.task_id or task.name}: {fault} ({shown(amount)} {schedule.currency} not planned)"
                lines.add(
                    place=task.place, fault=reason, **named, amount=shown(amount), currency_code=schedule.currency
                )
            return
        for (month, category, role), (worked, amount) in sorted(
            cells.items(), key=lambda c: (*c[0][:2], c[0][2] or "")
        ):
            lines.add(
                place=task.place,
                **named,
                month=month_text(month),
                category=category,
                role_id=role,
                hours=shown(worked) if worked else None,
                amount=shown(amount),
                currency_code=schedule.currency,
            )

    def _unpriced(self, schedule: Schedule, baselines: Sequence[int]) -> None:
        """Work without any cost is no plan worth nothing: it would show a project that costs nothing from here on."""
        worked = sum((task.work for task in schedule.tasks), ZERO)
        if any(task.cost for task in schedule.tasks):
            if baselines:
                names = ", ".join(str(number) for number in baselines)
                schedule.warnings.append(f"baselines without any cost were not taken as plans: {names}")
            return
        if worked or baselines:
            message = (
                f"the schedule of {schedule.project_id} holds {shown(worked)} hours of work and no cost: its outline, "
                "progress, dates and milestones were taken, no plan"
            )
            schedule.warnings.append(message)
            schedule.findings.append(
                Finding(
                    rule="schedule_without_cost",
                    severity="warning",
                    message=message,
                    profile=schedule.source_system,
                    entity=schedule.project_id,
                    source_line=schedule.place,
                    amount=worked,
                    unit="hours",
                )
            )


def _is_priced(pieces: object) -> bool:
    return any(piece.amount for part in pieces for piece in part)  # type: ignore[attr-defined]


def _approved(schedule: Schedule, number: int) -> date:
    """The day from which a baseline is in force; no schedule file says when it was saved.

    The first day that the baseline plans, never after the status date; baselines beside the one that the project is
    measured by count from the day before, so that they never take its place.
    """
    starts = [
        piece.start.date()
        for task in schedule.tasks
        for piece in task.baselines.get(schedule.measured_baseline, [])
        if piece.start is not None
    ]
    measured = min([*starts, schedule.status_date])
    return measured if number == schedule.measured_baseline else measured - timedelta(days=1)


def _distinct(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def canonical(
    schedules: Sequence[Schedule], *, format: str, source: str, work: Path, where: str, warnings: Sequence[str] = ()
) -> list[TableRead]:
    """The canonical tables of the schedules of one file. `source`: who keeps them, for plan_version.source."""
    writer = _Writer(schedules, source=source, work=work, where=where)
    writer.write()
    said = list(warnings)
    for schedule in schedules:
        named = f"{schedule.project_id}: " if len(schedules) > 1 else ""
        said += [w if schedule.project_id in w else f"{named}{w}" for w in schedule.warnings]
    reads = []
    for table in TABLES:
        first = table == TABLES[0]
        reads.append(
            TableRead(
                format=format,
                table=table,
                frame=writer.sinks[table].frame(),
                warnings=_distinct(said) if first else (),
                source_system=schedules[0].source_system,
                replaces=_REPLACES.get(table),
                yields=table == "wbs_element",
                controls=tuple(c for s in schedules for c in s.controls) if first else (),
                findings=tuple(f for s in schedules for f in s.findings) if first else (),
            )
        )
    return reads
