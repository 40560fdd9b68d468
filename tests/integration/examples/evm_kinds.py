"""Earned value and earned schedule: each kind of example as plans, progress and cost, and its figures in the marts."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from tests.integration.books import Job, month_end
from tests.integration.examples.kinds import Figures, Inputs, Marts, Stage, kind, month

START = "2025-01-01"
METHODS = {"budget_rate": "remaining_at_budget", "cpi": "cpi", "cpi_spi": "cpi_spi", "scit": "cpi_spi_t"}
PARTS = {"etc": 0, "eac": 1, "vac": 2}
MEASURES = {
    "pv": "pv_amount",
    "ev": "ev_amount",
    "ac": "ac_amount",
    "bac": "bac_amount",
    "cv": "cv_amount",
    "sv": "sv_amount",
    "cpi": "cpi",
    "spi": "spi",
    "tcpi_bac": "tcpi_bac",
    "tcpi_eac": "tcpi_eac",
    "pct_complete": "percent_complete_pct",
    "es": "es_months",
    "sv_t": "sv_t_months",
    "spi_t": "spi_t",
    "ieac_t": "ieac_t_months",
    "ieac_t_spit": "ieac_t_months",
}


def told(
    stage: Stage, name: str, *, curve: list[Any], ev: Any, at: int = 1, costs: list[Any] | None = None
) -> Job:  # fmt: skip
    """A project whose baseline is cumulatively `curve`, and what it has earned and cost by the end of month `at`.

    Nothing but the project as a whole is measured. `costs`: of the last months up to `at`.
    """
    job = Job(stage.books, name)
    before = 0
    lines = []
    for number, planned in enumerate(curve):
        if planned != before:
            lines.append((month(number), "other", planned - before))
        before = planned
    job.plan("baseline", START, lines)
    report(stage, job, month_end(month(at - 1)), Decimal(ev) / Decimal(curve[-1]))
    for number, cost in enumerate(costs or [], start=at - len(costs or [])):
        job.cost(month_end(month(number)), cost)
    return job


def report(stage: Stage, job: Job, on: Any, part: Decimal, wbs: str | None = None) -> None:
    part = part.quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)
    stage.books.add("progress", project_id=job.name, wbs_id=wbs, observed_on=on, percent_complete=part)


def figures(marts: Marts, name: str, at: int = 1) -> Figures:
    """Every measure, and every estimate as etc_, eac_ and vac_ of its method, at the end of month `at`."""
    columns = list(dict.fromkeys(MEASURES.values()))
    row = dict(
        zip(
            columns,
            marts.forecast("earned_value_by_project_month", name, month(at - 1), ", ".join(columns)),
            strict=True,
        )
    )
    estimates = marts.estimates(name, month(at - 1))
    return {key: row[column] for key, column in MEASURES.items()} | {
        f"{part}_{key}": estimates[method][place] for key, method in METHODS.items() for part, place in PARTS.items()
    }


@kind("bac schedule_pct status_period pct_complete period_costs")
class PlannedByPercent:
    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        bac = inputs["bac"]
        told(
            stage, name, curve=[part * bac for part in inputs["schedule_pct"]], ev=inputs["pct_complete"] * bac,
            at=inputs["status_period"], costs=inputs["period_costs"],
        )  # fmt: skip

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        return figures(marts, name, inputs["status_period"])


@kind("pv ev ac bac")
class OneMoment:
    """All that is planned by then is planned for the first month, the rest for the second."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        told(stage, name, curve=[inputs["pv"], inputs["bac"]], ev=inputs["ev"], costs=[inputs["ac"]])

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        return figures(marts, name)


@kind("ac eac_formula etc_bottom_up")
class BottomUp:
    """Half is done, and what is left at budget is what the formula says; a forecast says otherwise."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        rest = inputs["eac_formula"] - inputs["ac"]
        job = told(stage, name, curve=[rest, 2 * rest], ev=rest, costs=[inputs["ac"]])
        job.plan("forecast", month_end(month(0)), [(month(1), "other", inputs["etc_bottom_up"])])

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        estimates = marts.estimates(name, month(0))
        assert estimates["remaining_at_budget"][1] == inputs["eac_formula"]
        eac = estimates["bottom_up"][1]
        return {
            "etc_formula": estimates["remaining_at_budget"][0],
            "eac_bottom_up": eac,
            "gap": eac - estimates["remaining_at_budget"][1],
        }


@kind("pv_curve ev ac at")
class Curve:
    """The curve begins with the moment before the first period."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        told(stage, name, curve=inputs["pv_curve"][1:], ev=inputs["ev"], at=inputs["at"], costs=[inputs["ac"]])

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        found = figures(marts, name, inputs["at"])
        # an amount is published in cents; what it was rounded from follows from the index
        eac = inputs["pv_curve"][-1] / found["cpi"]
        exact = {"eac_cpi": eac, "etc_cpi": eac - found["ac"], "vac_cpi": found["bac"] - eac}
        assert all(abs(found[key] - value) <= Decimal("0.005") for key, value in exact.items())
        return found | exact


@kind("bac ev ac etc_management")
class ManagementAgainstIndex:
    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        job = told(stage, name, curve=[inputs["bac"]], ev=inputs["ev"], costs=[inputs["ac"]])
        job.plan("forecast", month_end(month(0)), [(month(1), "other", inputs["etc_management"])])

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        management = marts.estimates(name, month(0))["bottom_up"][1]
        found = figures(marts, name)
        return found | {"eac_management": management, "eac_selected_max": max(management, found["eac_cpi"])}


@kind("bac ev ac")
class RoundingTrap:
    """The published figures come from a CPI of two places; the marts have the exact ones."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        told(stage, name, curve=[inputs["bac"]], ev=inputs["ev"], costs=[inputs["ac"]])

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        found = figures(marts, name)
        rounded = inputs["bac"] / found["cpi"].quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        return found | {
            "eac_published_from_rounded_cpi": rounded,
            "etc_published": rounded - found["ac"],
            "vac_published": found["bac"] - rounded,
        }


@kind("budget pct actual")
class StatusTable:
    """Each activity is an element of the WBS."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        job = Job(stage.books, name)
        activities = [f"A{number}" for number in range(1, len(inputs["budget"]) + 1)]
        for activity in activities:
            stage.books.add("wbs_element", project_id=name, wbs_id=activity, wbs_name=activity)
        job.plan(
            "baseline", START,
            [(month(1), "other", budget, wbs) for budget, wbs in zip(inputs["budget"], activities, strict=True)],
        )  # fmt: skip
        for wbs, part, actual in zip(activities, inputs["pct"], inputs["actual"], strict=True):
            report(stage, job, month_end(month(0)), Decimal(part), wbs)
            if actual:
                job.cost("2025-01-20", actual, wbs_id=wbs)

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        found = figures(marts, name)
        by_wbs = marts.rows(
            "select ev_amount, ac_amount from forecast.earned_value_by_wbs_month "
            "where project_id = ? and strftime(month, '%Y-%m') = ? order by wbs_id",
            name,
            month(0),
        )
        assert by_wbs == [
            (Decimal(budget) * Decimal(part), actual)
            for budget, part, actual in zip(inputs["budget"], inputs["pct"], inputs["actual"], strict=True)
        ]
        return found | {"overrun": -found["cv"]}


@kind("pv_cum ev at", "cpi ac bac")
class Schedule:
    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        costs = [inputs["ac"]] if "ac" in inputs else []
        told(stage, name, curve=inputs["pv_cum"], ev=inputs["ev"], at=inputs["at"], costs=costs)

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        at = inputs["at"]
        found = figures(marts, name, at)
        assert "cpi" not in inputs or found["cpi"] == inputs["cpi"]
        ahead = len(inputs["pv_cum"]) - found["es"]
        return found | {
            "ieac_t_pf1": at + ahead,
            "ieac_t_scit": at + ahead / (found["cpi"] * found["spi_t"]) if found["cpi"] else None,
        }


@kind("cases")
class Schedules:
    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        for number, case in enumerate(inputs["cases"]):
            told(stage, f"{name}-{number}", curve=case["pv_cum"], ev=case["ev"])

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        return {"es": [figures(marts, f"{name}-{number}")["es"] for number in range(len(inputs["cases"]))]}


@kind("points ev at pd")
class SchedulePoints:
    """The curve through the points, straight up to the first one and on from the last."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        points = [(0, 0), *((period, planned) for period, planned in inputs["points"])]
        slope = Decimal(points[-1][1] - points[-2][1]) / (points[-1][0] - points[-2][0])
        points.append((inputs["pd"], points[-1][1] + slope * (inputs["pd"] - points[-1][0])))
        curve = []
        for (low, before), (high, after) in pairwise(points):
            step = Decimal(after - before) / (high - low)
            curve += [before + step * number for number in range(1, high - low + 1)]
        told(stage, name, curve=curve, ev=inputs["ev"], at=inputs["at"])

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        return figures(marts, name, inputs["at"])
