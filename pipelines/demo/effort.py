"""People and their hours: staff, who works where in which month, and the time entries that follow.

The allocation covers the past and the planned future, so plans and forecasts are told from the same effort as the
time sheets. Cost rates belong here too; what hours cost in the end is summed in `costs`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl

from pipelines.demo import firm
from pipelines.demo.firm import PROJECTS, ROLES, WBS, Project
from pipelines.demo.periods import HISTORY, HORIZON, Periods

DAY_HOURS = 7.7
PRESENT = 0.89  # of the working days; the rest is leave and sickness
TEAM_SIZE = 0.6  # of the teams in `firm`: the calibration to about seventy people
INTERNAL = ("steering", "reporting", "rework")  # never billable
NOTES = ("", "", "", "", "", "", "", "", "see ticket", "with the customer's team", "second visit", "document updated")


@dataclass(frozen=True)
class Employee:
    id: str
    name: str
    role: str
    market: str
    weekly: int
    first: int | None  # month of entry, None: before the history
    last: int | None  # month of leaving


@dataclass(frozen=True)
class Rate:
    """What an hour costs; one of `employee`, `role`."""

    employee: str
    role: str
    valid_from: date
    valid_to: date | None
    hourly: float
    currency: str


def staff(rng: np.random.Generator) -> list[Employee]:
    """The people of the firm: the project managers by name, everyone else under an invented one."""
    managers = {project.manager: firm.market_of(project) for project in PROJECTS}
    people = [(name, "R-PM", market) for name, market in managers.items()]
    used = set(managers)
    for role in ROLES[1:]:
        for head in range(role.heads):
            market = next(m for m, upto in _shares() if (head + 0.5) / role.heads <= upto)
            name = ""
            while not name or name in used:
                name = f"{rng.choice(firm.GIVEN[market])} {rng.choice(firm.FAMILY[market])}"
            used.add(name)
            people.append((name, role.id, market))
    employees = []
    for number, (name, role, market) in enumerate(people, start=1):
        joined = int(rng.integers(2, 14)) if role != "R-PM" and rng.random() < 0.16 else None
        left = int(rng.integers(16, 23)) if role != "R-PM" and not joined and rng.random() < 0.07 else None
        weekly = 32 if rng.random() < 0.08 else 40
        employees.append(Employee(f"E-{number:04d}", name, role, market, weekly, joined, left))
    return employees


def _shares() -> list[tuple[str, float]]:
    upto, steps = 0.0, []
    for market, share in firm.MARKET_SHARE:
        upto += share
        steps.append((market, upto + 1e-9))
    return steps


def rates(people: list[Employee], periods: Periods, rng: np.random.Generator) -> list[Rate]:
    """Role rates with a step each January, and personal ones (some in local currency) for every eighth."""
    years = range(periods.first(0).year, periods.as_of.year + 1)
    found = []

    def add(employee: str, role: str, base: float, currency: str) -> None:
        for step, year in enumerate(years):
            until = date(year, 12, 31) if year < years[-1] else None
            hourly = round(base * firm.YEARLY_STEP**step, 2)
            found.append(Rate(employee, role, date(year, 1, 1), until, hourly, currency))

    for role in ROLES:
        add("", role.id, role.rate, firm.BASE)
    for number, person in enumerate(people):
        if number % 8 == 5:
            currency = firm.MARKET_CURRENCY[person.market]
            above = 1.02 + 0.2 * rng.random()
            add(person.id, "", firm.ROLE[person.role].rate * above * firm.FOREIGN.get(currency, 1.0), currency)
    return found


def demand(project: Project, role: str, month: int) -> float:
    """Full-time people that a project wants: a ramp up, a plateau, a ramp down; a service runs level."""
    if not project.start <= month <= project.true_end or role not in project.team:
        return 0.0
    full = project.team[role] * TEAM_SIZE
    if project.kind == "service":
        return full
    begun = (month - project.start + 1) / 3 if project.start else 1.0  # those of month 0 were running before
    ramp = min(begun, (project.true_end - month + 1) / 3, 1.0)
    return full * ramp


@dataclass(frozen=True)
class Share:
    """A part of one person's month that one project has."""

    month: int
    person: int
    project: int
    share: float


def allocate(people: list[Employee]) -> list[Share]:
    """Spreads each role's people over the projects, month by month: who was there stays, the own market goes first.

    A project that wants n full-time people gets about n / 0.55 of them for a part of their time, as it is in a firm
    that runs many projects with few people.
    """
    shares: list[Share] = []
    before: set[tuple[int, int]] = set()
    for month in range(HORIZON):
        free = {
            index: person.weekly / 40
            for index, person in enumerate(people)
            if (person.first or 0) <= month <= (HORIZON if person.last is None else person.last)
        }
        now: set[tuple[int, int]] = set()
        for number, project in enumerate(PROJECTS):
            for role in project.team:
                wanted = demand(project, role, month)
                if wanted <= 0:
                    continue
                if role == "R-PM":
                    pool = [i for i in free if people[i].name == project.manager]
                    heads = 1
                else:
                    pool = [i for i in free if people[i].role == role and free[i] > 0.08]
                    heads = max(1, math.ceil(wanted / 0.55))
                pool.sort(
                    key=lambda i: (
                        (i, number) not in before,
                        people[i].market != firm.market_of(project),
                        -free[i],
                        i,
                    )
                )
                rest = wanted
                for i in pool:
                    part = min(wanted / heads, free[i], rest)
                    if part < 0.03:
                        continue
                    shares.append(Share(month, i, number, part))
                    free[i] -= part
                    rest -= part
                    now.add((i, number))
        before = now
    return shares


def window(life: float, span: tuple[float, float, float]) -> float:
    """Height of a triangle over the project's life, 0 outside it."""
    low, peak, high = span
    if not low <= life <= high:
        return 0.0
    return (life - low) / (peak - low) if life < peak and peak > low else (high - life) / max(high - peak, 1e-9)


def wbs_weights(project: Project, role: str, month: int) -> dict[str, float]:
    """Where on the WBS a role's hours of a month go; the parts sum to 1."""
    if role == "R-PM":
        return {"W1": 1.0}
    life = (month - project.start + 0.5) / project.true
    found = {w[0]: window(life, w[4]) for w in WBS[project.kind] if w[0] != "W1"}
    total = sum(found.values())
    if total <= 0:
        return {firm.MAIN_WBS[project.kind]: 1.0}
    return {wbs: weight / total for wbs, weight in found.items() if weight / total > 0.02} | (
        {} if any(weight / total > 0.02 for weight in found.values()) else {firm.MAIN_WBS[project.kind]: 1.0}
    )


@dataclass(frozen=True)
class Workforce:
    people: list[Employee]
    rates: list[Rate]
    shares: list[Share]
    periods: Periods

    def month_hours(self, month: int) -> float:
        """Hours that a full-time person works in a month, in the mean."""
        return len(self.periods.working_days(month)) * DAY_HOURS * PRESENT

    def role_rate(self, role: str, month: int) -> float:
        """The role's cost rate in EUR, future years as the last known."""
        year = min(self.periods.first(month).year, self.periods.as_of.year)
        return round(firm.ROLE[role].rate * firm.YEARLY_STEP ** (year - self.periods.first(0).year), 2)

    @cached_property
    def expected(self) -> dict[str, dict[tuple[str, str, int], float]]:
        """Project -> (WBS, role, month) -> hours, over the whole true life of the project."""
        found: dict[str, dict[tuple[str, str, int], float]] = {project.id: {} for project in PROJECTS}
        for share in self.shares:
            project, role = PROJECTS[share.project], self.people[share.person].role
            hours = share.share * self.month_hours(share.month)
            cells = found[project.id]
            for wbs, weight in wbs_weights(project, role, share.month).items():
                key = (wbs, role, share.month)
                cells[key] = cells.get(key, 0.0) + hours * weight
        return found


def workforce(periods: Periods, seed: int) -> Workforce:
    rng = np.random.default_rng([seed, 1])
    people = staff(rng)
    return Workforce(people, rates(people, periods, rng), allocate(people), periods)


def time_entries(force: Workforce, month: int, seed: int) -> pl.DataFrame:
    """The time entries of one month, vectorised: each day present is split into one to five entries.

    Columns of the canonical table; hours in quarters, 3 to 8 a day. About 4,200 rows a month at scale 1.
    """
    rng = np.random.default_rng([seed, 2, month])
    days = force.periods.working_days(month)
    mine = [share for share in force.shares if share.month == month]
    persons = sorted({share.person for share in mine})
    row_of = {person: row for row, person in enumerate(persons)}
    cumulative = np.zeros((len(persons), len(PROJECTS)))
    for share in mine:
        cumulative[row_of[share.person], share.project] += share.share
    total = cumulative.sum(axis=1)
    cumulative = (cumulative / total[:, None]).cumsum(axis=1)

    # present days, and the hours of each in quarters
    wanted = np.clip(DAY_HOURS * total, 3.5, DAY_HOURS)
    attends = rng.random((len(persons), len(days))) < (DAY_HOURS * total / wanted * 0.955)[:, None]
    leave = np.where(rng.random(len(persons)) < 0.29, rng.integers(0, len(days), len(persons)), -99)
    position = np.arange(len(days))[None, :]
    attends &= ~((position >= leave[:, None]) & (position < leave[:, None] + 5))
    person, day = np.nonzero(attends)
    quarters = np.clip(np.rint(4 * (wanted[person] + rng.uniform(-0.75, 0.75, len(person)))), 12, 32).astype(np.int64)

    # split each day into entries of at least one quarter
    pieces = np.clip(rng.choice([1, 2, 3, 4, 5], len(person), p=[0.03, 0.17, 0.4, 0.28, 0.12]), 1, quarters)
    piece = np.repeat(np.arange(len(person)), pieces)
    first = np.cumsum(pieces) - pieces
    weight = rng.uniform(0.5, 1.5, len(piece))
    running = np.cumsum(weight)
    start = np.concatenate([[0.0], running])[first]
    end = running[first + pieces - 1]
    spare = (quarters - pieces)[piece]
    upto = np.rint((running - start[piece]) / (end - start)[piece] * spare).astype(np.int64)
    before = np.concatenate([[0], upto[:-1]])
    before[first] = 0
    hours = 1 + upto - before

    person, day = person[piece], day[piece]
    project = np.minimum((rng.random(len(piece))[:, None] > cumulative[person]).sum(axis=1), len(PROJECTS) - 1)
    roles = [role.id for role in ROLES]
    role = np.array([roles.index(force.people[p].role) for p in persons])[person]
    wbs = _pick_wbs(project, role, month, rng)
    names, activity = _pick_activity(project, role, month, rng)
    billable = ~np.isin(activity, [i for i, name in enumerate(names) if name in INTERNAL])
    sent = (np.array(days)[day] > force.periods.day(month, 23)) & (month == HISTORY - 1)
    status = np.where(sent, 1, np.where(rng.random(len(piece)) < 0.002, 2, 0))

    def text(values: list[str], index: np.ndarray) -> pl.Series:
        return pl.Series(values, dtype=pl.String).gather(pl.Series(index.astype(np.uint32)))

    ids = [force.people[p].id for p in persons]
    label = force.periods.label(month)
    return (
        pl.DataFrame(
            {
                "employee_id": text(ids, person),
                "project_id": text([p.id for p in PROJECTS], project),
                "wbs_id": text([f"W{n}" if n != 9 else "W3.1" for n in range(10)], wbs),
                "work_date": pl.Series(days, dtype=pl.Date).gather(pl.Series(day.astype(np.uint32))),
                "hours": pl.Series(hours * 0.25).cast(pl.Decimal(10, 2)),
                "activity": text(list(names), activity),
                "is_billable": billable,
                "approval_status": text(["approved", "submitted", "rejected"], status),
                "description": text(list(NOTES), rng.integers(0, len(NOTES), len(piece))),
            }
        )
        .sort("work_date", "employee_id", maintain_order=True)
        .with_row_index("entry_id", offset=1)
        .with_columns(
            pl.format(f"T{label.replace('-', '')}-{{}}", pl.col("entry_id").cast(pl.String).str.zfill(6)).alias(
                "entry_id"
            )
        )
    )


def _pick_wbs(project: np.ndarray, role: np.ndarray, month: int, rng: np.random.Generator) -> np.ndarray:
    """A WBS element an entry as a number: 1 for W1 … 9 for W3.1."""
    cumulative = np.ones((len(PROJECTS), len(ROLES), 10))
    for p, spec in enumerate(PROJECTS):
        for r, kind in enumerate(ROLES):
            row = np.zeros(10)
            for wbs, weight in wbs_weights(spec, kind.id, month).items():
                row[9 if wbs == "W3.1" else int(wbs[1:])] = weight
            cumulative[p, r] = (row / row.sum()).cumsum()
    return np.minimum((rng.random(len(project))[:, None] > cumulative[project, role]).sum(axis=1), 9)


def _pick_activity(
    project: np.ndarray, role: np.ndarray, month: int, rng: np.random.Generator
) -> tuple[tuple[str, ...], np.ndarray]:
    """The names of all activities, and one of them an entry; troubled projects book rework from mid-life on."""
    names = (*dict.fromkeys(a for r in ROLES for a in r.activities), "rework")
    width = max(len(r.activities) for r in ROLES)
    table = np.zeros((len(ROLES), width), dtype=np.int64)
    for row, kind in enumerate(ROLES):
        table[row] = [names.index(kind.activities[i % len(kind.activities)]) for i in range(width)]
    chosen = table[role, rng.integers(0, width, len(role))]
    rework = np.array(
        [(0.2 if p.tests < 0.75 and month - p.start > 0.4 * p.true else 0.01) for p in PROJECTS],
    )
    redone = (rng.random(len(role)) < rework[project]) & (role != 0)
    return names, np.where(redone, len(names) - 1, chosen)
