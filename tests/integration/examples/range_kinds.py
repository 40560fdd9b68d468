"""Risks, ranges and reference classes: each kind of example as a register and a plan, and its figures in the marts.

What no mart shows of an example (a standard deviation) comes from the module that the simulation is held to.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pipelines.forecasting import distributions, reference_class
from tests.integration.books import Job
from tests.integration.examples.kinds import Figures, Inputs, Marts, Stage, kind, month

START = "2025-01-01"


def planned(stage: Stage, name: str, budget: object = 1000) -> Job:
    """A project of which nothing is done or spent: all of its baseline and forecast is the month after."""
    job = Job(stage.books, name)
    for version in ("baseline", "forecast"):
        job.plan(version, START, [(month(1), "other", budget)])
    return job


def register(job: Job, risks: list[tuple[Any, Any, Any, Any]]) -> None:
    """`risks`: probability, low, likely and high cost; open from the first day on."""
    for number, (probability, low, likely, high) in enumerate(risks, start=1):
        job.books.add(
            "risk", project_id=job.name, risk_id=f"R{number}", kind="threat", title=f"Risk {number}", status="open",
            probability=probability, cost_low_amount=low, cost_likely_amount=likely, cost_high_amount=high,
            currency_code=job.currency, raised_on=START,
        )  # fmt: skip


def forecast(marts: Marts, name: str, columns: str) -> tuple[Any, ...]:
    """The project's row of the first month."""
    (row,) = marts.rows(
        f"select {columns} from forecast.forecast_by_project_month "
        "where project_id = ? and strftime(month, '%Y-%m') = ?",
        name,
        month(0),
    )
    return row


def is_between(marts: Marts, name: str, least: Any, most: Any) -> None:
    """The range rises, and lies within what the estimate and its risks can come to at the spread of a default."""
    estimate, *levels = forecast(
        marts, name, "recommended_eac_amount, eac_p10_amount, eac_p50_amount, eac_p80_amount, eac_p90_amount"
    )
    assert levels == sorted(levels)
    low, high = Decimal("0.5") * estimate + Decimal(least), Decimal("1.7") * estimate + Decimal(most)
    assert low <= levels[0] <= levels[-1] <= high


@kind("risks")
class Register:
    """The register as a whole, each risk in a project of its own, and all of them as if they were sure."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        risks = [(probability, None, impact, None) for probability, impact in inputs["risks"]]
        register(planned(stage, name), risks)
        for number, risk in enumerate(risks):
            register(planned(stage, f"{name}-{number}"), [risk])
        register(planned(stage, f"{name}-sure"), [(1, *rest) for _, *rest in risks])

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        column = "open_risk_emv_amount"
        (contingency,) = forecast(marts, name, column)
        (exposure,) = forecast(marts, f"{name}-sure", column)
        estimate, adjusted = forecast(marts, name, "recommended_eac_amount, risk_adjusted_eac_amount")
        assert adjusted == estimate + contingency
        is_between(marts, name, 0, exposure)
        each = [forecast(marts, f"{name}-{number}", column)[0] for number in range(len(inputs["risks"]))]
        return {"emv": each, "exposure": exposure, "contingency": contingency}


@kind("mean var corr")
class IndependentCosts:
    """Each cost is a sure risk, as wide on both sides of its mean as its variance asks of a PERT: w² / 7."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        wide = [(7 * variance) ** Decimal("0.5") for variance in map(Decimal, inputs["var"])]
        points = [
            (1, round(mean - width, 2), mean, round(mean + width, 2))
            for mean, width in zip(map(Decimal, inputs["mean"]), wide, strict=True)
        ]
        register(planned(stage, name), points)

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        assert inputs["corr"] is None
        parts = [
            distributions.Moments(mean=float(mean), variance=float(variance))
            for mean, variance in zip(inputs["mean"], inputs["var"], strict=True)
        ]
        total = distributions.sum_of_independent(parts)
        (mean,) = forecast(marts, name, "open_risk_emv_amount")
        assert float(mean) == total.mean
        is_between(marts, name, mean - 4 * Decimal(total.sd), mean + 4 * Decimal(total.sd))
        return {"mean": mean, "sd": Decimal(total.sd)}


@kind("abm")
class ThreePoints:
    """Each activity is a sure cost of three points; their expected values are the register's."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        register(planned(stage, name), [(1, *points) for points in inputs["abm"]])

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        (expected,) = forecast(marts, name, "open_risk_three_point_amount")
        chain = [distributions.pert_classic(*map(float, points)) for points in inputs["abm"]]
        return {"expected": expected, "sigma": Decimal(distributions.sum_of_independent(chain).sd)}


@kind("estimate uplift")
class Uplift:
    """The estimate is a project's baseline; the uplift of somebody else's reference class is data."""

    @staticmethod
    def tell(stage: Stage, name: str, inputs: Inputs) -> None:
        planned(stage, name, inputs["estimate"])

    @staticmethod
    def read(marts: Marts, name: str, inputs: Inputs) -> Figures:
        (estimate,) = forecast(marts, name, "recommended_eac_amount")
        budget = reference_class.with_uplift(float(estimate), float(inputs["uplift"]))
        return {"budget": round(Decimal(budget), 9)}
