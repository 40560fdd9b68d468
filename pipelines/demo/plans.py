"""Plans: what was sold, the baselines, the forecasts of project managers and finance, progress, planned people.

A plan is the true course of the project told backwards: the true effort divided by its overrun and drawn back into
the planned months. So cost, progress and plan of a project tell one story. Prices follow from the cost as sold.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

import numpy as np

from pipelines.demo import firm
from pipelines.demo.costs import Row, Tables, money, other_cost, phase, planned_totals
from pipelines.demo.effort import Workforce
from pipelines.demo.firm import PROJECTS, Change, Project
from pipelines.demo.periods import HISTORY, HORIZON

Cell = tuple[str, str, str]  # WBS, category, role
AS_SOLD = 0.985  # sales saw a little less effort than the first baseline
FORECASTS = range(2, HISTORY, 3)  # the months at whose end project managers forecast


@dataclass(frozen=True)
class Course:
    """One project's true and planned months, in EUR and hours, and the prices that follow."""

    project: Project
    force: Workforce
    seed: int

    @property
    def fx(self) -> float:
        """Units of the contract currency a EUR buys in plans and prices."""
        return firm.FOREIGN.get(firm.currency_of(self.project), 1.0)

    @cached_property
    def true_hours(self) -> dict[tuple[str, str], np.ndarray]:
        found: dict[tuple[str, str], np.ndarray] = defaultdict(lambda: np.zeros(HORIZON))
        for (wbs, role, month), hours in self.force.expected[self.project.id].items():
            found[wbs, role][month] = hours
        return dict(sorted(found.items()))

    @cached_property
    def true(self) -> dict[Cell, np.ndarray]:
        """Cost by cell and month of the horizon, EUR."""
        rate = {role: np.array([self.force.role_rate(role, m) for m in range(HORIZON)]) for role in self.project.team}
        found = {(wbs, "labour", role): hours * rate[role] for (wbs, role), hours in self.true_hours.items()}
        for category, monthly in other_cost(self.force, self.project, self.seed).items():
            found[self.wbs_of(category), category, ""] = monthly
        return found

    def wbs_of(self, category: str) -> str:
        main = category in ("subcontract", "travel")
        return (firm.MAIN_WBS if main else firm.SUPPLY_WBS)[self.project.kind]

    @cached_property
    def true_monthly(self) -> np.ndarray:
        return np.sum(list(self.true.values()), axis=0)

    @cached_property
    def plan_hours(self) -> dict[tuple[str, str], np.ndarray]:
        """The whole plan, approved changes included."""
        return {key: self._drawn_back(hours) / self.project.labour for key, hours in self.true_hours.items()}

    @cached_property
    def plan(self) -> dict[Cell, np.ndarray]:
        start_rate = {role: self.force.role_rate(role, max(self.project.start, 0)) for role in self.project.team}
        found = {(w, "labour", role): h * start_rate[role] * 1.015 for (w, role), h in self.plan_hours.items()}
        for category, total in planned_totals(self.force, self.project).items():
            if category != "labour":
                series = np.zeros(HORIZON)
                span = slice(self.project.start, self.project.planned_end + 1)
                series[span] = phase(self.project, category, self.project.planned) * total
                found[self.wbs_of(category), category, ""] = series
        return found

    def _drawn_back(self, series: np.ndarray) -> np.ndarray:
        """The same total over the planned months."""
        p = self.project
        total = np.concatenate([[0.0], series[p.start : p.true_end + 1].cumsum()])
        at = np.interp(np.linspace(0, p.true, p.planned + 1), np.arange(p.true + 1), total)
        drawn = np.zeros(HORIZON)
        drawn[p.start : p.planned_end + 1] = np.diff(at)
        return drawn

    @cached_property
    def plan_total(self) -> float:
        return float(sum(series.sum() for series in self.plan.values()))

    @property
    def approved(self) -> list[Change]:
        return [change for change in self.project.changes if change.status == "approved"]

    @cached_property
    def sold_share(self) -> float:
        return 1.0 - sum(change.share for change in self.approved)

    @cached_property
    def price(self) -> Decimal:
        """The price as sold, in contract currency, whole thousands."""
        cost = self.plan_total * self.sold_share * AS_SOLD * self.fx
        return Decimal(round(cost / (1 - self.project.margin) / 1000) * 1000)

    def change_cost(self, change: Change) -> Decimal:
        return money(round(self.plan_total * change.share * self.fx, -2))

    def change_price(self, change: Change) -> Decimal:
        """Changes sell a little better than the project."""
        return money(round(float(self.change_cost(change)) / (1 - self.project.margin - 0.04), -2))

    def price_at(self, month: int) -> Decimal:
        """The price with the changes approved up to the end of a month."""
        return self.price + sum((self.change_price(c) for c in self.approved if c.month <= month), Decimal(0))

    def version(self, changes: int, factor: float = 1.0) -> dict[Cell, tuple[np.ndarray, np.ndarray]]:
        """Hours and cost of the plan with its first `changes` changes, each spread over the months after it."""
        found = {}
        for cell, cost in self.plan.items():
            hours = self.plan_hours.get((cell[0], cell[2]), np.zeros(HORIZON)) if cell[1] == "labour" else None
            scale = np.full(HORIZON, self.sold_share * factor)
            for change in self.approved[:changes]:
                rest = cost[change.month + 1 :].sum()
                if rest > 0:
                    scale[change.month + 1 :] += change.share * cost.sum() / rest
                else:
                    scale += change.share
            found[cell] = (hours * scale if hours is not None else np.zeros(HORIZON), cost * scale)
        return found

    def progress(self, month: int) -> float:
        """Reported progress at the end of a month: the true part of the cost, and the optimism of the reporter."""
        if month >= self.project.true_end:
            return 1.0
        true = float(self.true_monthly[: month + 1].sum() / self.true_monthly.sum())
        return round(true + self.project.optimism * true * (1 - true), 4)

    def wbs_progress(self, wbs: str, month: int) -> float | None:
        """The same for one element; None where the project books nothing on it."""
        effort = np.sum([h for (w, _), h in self.true_hours.items() if w == wbs] or [np.zeros(HORIZON)], axis=0)
        if effort.sum() <= 0:
            return None
        true = min(float(effort[: month + 1].sum() / effort.sum()), 1.0)
        return round(true + self.project.optimism * true * (1 - true), 4)


def courses(force: Workforce, seed: int) -> dict[str, Course]:
    return {project.id: Course(project, force, seed) for project in PROJECTS}


def plans(told: dict[str, Course], seed: int, tables: Tables) -> None:
    """Fills plan_version, plan_line, progress and resource_plan."""
    for course in told.values():
        _fixed_plans(course, tables)
        _forecasts(course, seed, tables)
        _progress(course, tables)
    _people(next(iter(told.values())).force, tables)


def _version(course: Course, name: str, kind: str, approved_on: object, source: str, tables: Tables) -> None:
    tables["plan_version"].append(
        {
            "project_id": course.project.id,
            "plan_version_id": name,
            "kind": kind,
            "approved_on": approved_on,
            "source": source,
        }
    )


def _line(
    course: Course, version: str, month: int, cell: Cell, hours: float, amount: float | Decimal, tables: Tables
) -> None:
    value = money(amount)
    if value == 0:
        return
    tables["plan_line"].append(
        {
            "project_id": course.project.id,
            "plan_version_id": version,
            "wbs_id": cell[0] or None,
            "month": course.force.periods.first(month),
            "category": cell[1],
            "role_id": cell[2] or None,
            "hours": money(hours) if cell[1] == "labour" else None,
            "amount": value,
            "currency_code": firm.currency_of(course.project),
        }
    )


def _whole_plan(course: Course, name: str, changes: int, factor: float, price: Decimal, tables: Tables) -> None:
    cells = course.version(changes, factor)
    cost = np.sum([amounts for _, amounts in cells.values()], axis=0)
    level = course.project.method == "straight_line"
    for month in range(course.project.start, course.project.planned_end + 1):
        for cell, (hours, amounts) in cells.items():
            _line(course, name, month, cell, hours[month], amounts[month] * course.fx, tables)
        part = 1 / course.project.planned if level else float(cost[month] / cost.sum())
        _line(course, name, month, ("", "revenue", ""), 0, float(price) * part, tables)
    if course.project.is_key and name != "AS":
        reserve = float(cost.sum()) * 0.04 * course.fx
        _line(course, name, course.project.planned_end, ("", "management_reserve", ""), 0, reserve, tables)


def _fixed_plans(course: Course, tables: Tables) -> None:
    project, periods = course.project, course.force.periods
    _version(course, "AS", "as_sold", periods.day(project.start - 1, 4), "sales", tables)
    _whole_plan(course, "AS", 0, AS_SOLD, course.price, tables)
    if project.start >= HISTORY:
        return
    _version(course, "BL1", "baseline", periods.day(project.start, 18), "project manager", tables)
    _whole_plan(course, "BL1", 0, 1.0, course.price, tables)
    for number, change in enumerate(course.approved, start=1):
        name = f"BL{number + 1}"
        _version(course, name, "baseline", periods.day(change.month, 24), "project manager", tables)
        _whole_plan(course, name, number, 1.0, course.price_at(change.month), tables)


def _forecasts(course: Course, seed: int, tables: Tables) -> None:
    """Each quarter the manager's estimate to complete; every second quarter finance's, two days earlier."""
    project, periods = course.project, course.force.periods
    rng = np.random.default_rng([seed, 6, int(project.id[2:])])
    for month in FORECASTS:
        if not project.start < month < project.true_end:
            continue
        left = 1 - float(course.true_monthly[: month + 1].sum() / course.true_monthly.sum())
        label = periods.label(month)
        versions = [(f"F-{label}", "project manager", periods.last(month), project.bias)]
        if month % 6 == 5:
            versions.append((f"FF-{label}", "finance", periods.last(month) - timedelta(days=2), project.bias * 0.45))
        revenue = float(course.price_at(month)) * (1 - course.progress(month))
        cost_left = course.true_monthly[month + 1 :].sum()
        for name, source, approved_on, bias in versions:
            _version(course, name, "forecast", approved_on, source, tables)
            seen = (1 - bias * min(1.0, 0.35 + left)) * float(rng.normal(1, 0.012))
            for ahead in range(month + 1, project.true_end + 1):
                for cell, cost in course.true.items():
                    hours = course.true_hours[cell[0], cell[2]][ahead] if cell[1] == "labour" else 0.0
                    _line(course, name, ahead, cell, hours * seen, cost[ahead] * seen * course.fx, tables)
                part = float(course.true_monthly[ahead] / cost_left)
                _line(course, name, ahead, ("", "revenue", ""), 0, revenue * part, tables)


def _progress(course: Course, tables: Tables) -> None:
    project, periods = course.project, course.force.periods
    for month in range(project.start, min(project.true_end + 1, HISTORY)):
        observed = periods.last(month)
        rows: list[tuple[str | None, float | None]] = [(None, course.progress(month))]
        rows += [(wbs[0], course.wbs_progress(wbs[0], month)) for wbs in firm.WBS[project.kind]]
        for wbs, part in rows:
            if part is not None and (part > 0 or wbs is None):
                row: Row = {
                    "project_id": project.id,
                    "wbs_id": wbs,
                    "observed_on": observed,
                    "percent_complete": Decimal(f"{part:.4f}"),
                }
                tables["progress"].append(row)


def _people(force: Workforce, tables: Tables) -> None:
    """Who is planned where in the half year to come."""
    for share in force.shares:
        if HISTORY <= share.month < HISTORY + 6:
            tables["resource_plan"].append(
                {
                    "project_id": PROJECTS[share.project].id,
                    "role_id": force.people[share.person].role,
                    "employee_id": force.people[share.person].id,
                    "month": force.periods.first(share.month),
                    "hours": Decimal(round(share.share * force.month_hours(share.month) * 2)) / 2,
                }
            )
