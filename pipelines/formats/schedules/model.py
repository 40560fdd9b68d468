"""A schedule as the readers find it and `canonical` writes it down, whatever format it came in.

Amounts are in the schedule's currency as a person reads them (MSPDI's hundredfold is undone by its reader), work and
durations are hours of working time. No resource is named here: the names of resources are names of people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pipelines.formats.base import ControlTotal, Finding
from pipelines.formats.schedules.calendars import Calendar

ZERO = Decimal(0)
Accrual = Literal["start", "prorated", "end"]

CONSTRAINTS = (
    "as_soon_as_possible",
    "as_late_as_possible",
    "must_start_on",
    "must_finish_on",
    "start_no_earlier_than",
    "start_no_later_than",
    "finish_no_earlier_than",
    "finish_no_later_than",
)


@dataclass(slots=True, kw_only=True)
class Piece:
    """A part of a task's plan that one resource, or its fixed cost, makes, before it is spread over months.

    `by_cost`, `by_work`: what the file itself says of each month (month -> amount, hours), as far as it does.
    """

    category: str
    hours: Decimal = ZERO
    amount: Decimal = ZERO
    role_id: str | None = None
    start: datetime | None = None
    finish: datetime | None = None
    accrual: Accrual = "prorated"
    by_cost: dict[int, Decimal] | None = None
    by_work: dict[int, Decimal] | None = None
    late: Decimal = ZERO  # hours of it that the file has before the status date, and by_work after it


@dataclass(slots=True, kw_only=True)
class Task:
    task_id: str | None
    place: str  # source_line
    name: str
    wbs_id: str = ""
    parent: Task | None = None
    is_project: bool = False  # the project itself, which is no element of its outline
    is_gone: bool = False  # only a baseline knows it
    is_summary: bool = False
    is_milestone: bool = False
    is_loe: bool = False
    earning_rule: str = "percent_complete"
    start: datetime | None = None
    finish: datetime | None = None
    actual_start: datetime | None = None
    actual_finish: datetime | None = None
    baseline_start: datetime | None = None
    baseline_finish: datetime | None = None
    baseline_duration: Decimal | None = None
    baseline_cost: Decimal | None = None
    duration: Decimal | None = None
    hours_per_day: Decimal = Decimal(8)
    total_float: Decimal | None = None
    constraint: str | None = None
    constraint_date: datetime | None = None
    has_resource: bool = False
    percent_complete: Decimal | None = None  # 0..1, of time or as the tool shows it
    progress: Decimal | None = None  # 0..1, what the task earns by
    # own amounts: those of a summary task are what it costs beside its children
    cost: Decimal = ZERO
    actual_cost: Decimal = ZERO
    remaining_cost: Decimal = ZERO
    work: Decimal = ZERO
    actual_work: Decimal = ZERO
    calendar: Calendar | None = None
    remaining: list[Piece] = field(default_factory=list)
    baselines: dict[int, list[Piece]] = field(default_factory=dict)
    fault: str | None = None  # why nothing of it can be taken in


@dataclass(slots=True, kw_only=True)
class Link:
    predecessor_id: str
    successor_id: str
    type: str  # FS, SS, FF, SF
    lag_hours: Decimal
    place: str
    is_external: bool = False  # the predecessor stands in another project


@dataclass(kw_only=True)
class Schedule:
    """One project at one status date."""

    source_system: str  # msproject, primavera
    prefix: str  # of plan versions: MSP, P6
    project_id: str
    status_date: date
    currency: str
    place: str
    tasks: list[Task] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    measured_baseline: int = 0  # the one that earned value is measured by
    calendar: Calendar | None = None
    warnings: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    controls: list[ControlTotal] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Options:
    """The section [schedule_files] of outturn.toml (docs/formats.md)."""

    project_from: tuple[str, ...] = ("title", "name", "guid")
    wbs_id: str = "wbs"
    currency: str | None = None
    decimal: str | None = None
    source: str = "project manager"
    resource_groups: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    java_memory: str = "640m"
