"""How right each method of estimating the cost at completion has been on projects that have finished, as known then.

Estimates and final costs come in as frames; which method is recommended follows in dbt_project. What a factor is and
how projects are left out belongs in calibration.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.forecasting.calibration import Calibration, calibrate, cost_factors, left_out_quantile, votes_of
from pipelines.forecasting.distributions import triangle_quantile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVELS = np.linspace(0, 1, 201)  # the probabilities at which a calibration's factors are handed on
HELD = 0.8

JUDGED = pl.Schema(
    {
        "month": pl.Date,
        "method": pl.String,
        "progress_band": pl.String,
        "projects": pl.Int64,
        "forecasts": pl.Int64,
        "mape": pl.Float64,
        "bias": pl.Float64,
        "p80_coverage": pl.Float64,
        "cost_factors": pl.List(pl.Float64),
        "calibrated_projects": pl.Int64,
    }
)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """`fewest`: finished projects that are enough to learn from; `spread`: low, likely and high factor otherwise."""

    fewest: int
    spread: tuple[float, float, float]

    def default_factor(self, level: float) -> float:
        return float(triangle_quantile(level, *self.spread))


@dataclass(frozen=True, kw_only=True)
class _Group:
    """Estimates of one method in one progress band, in the order in which their projects ended."""

    method: str
    band: str
    ended: Ints
    projects: Ints
    spent: Floats
    eac: Floats
    risk: Floats


def judge(estimates: pl.DataFrame, finals: pl.DataFrame, *, rules: Rules) -> pl.DataFrame:
    """One row per month, method and progress band that has estimates of finished projects; schema JUDGED.

    estimates  one row per project, month, method: project_id, method, progress_band, ended_month (the project has
               finished by the end of that month), ac_amount, eac_amount, expected_risk_amount; of months before the end
    finals     one row per project and month from ended_month on: project_id, month, ac_amount (cost known by then)

    A row of month t knows only projects that had finished by t, at the cost that was known by t, so that later months
    never change it. mape = mean |EAC - final| / final, bias = mean (EAC - final) / final: above 0 is too high.
    Projects whose final cost is not above 0 are not judged. p80_coverage, of the latest month alone, is the share of
    estimates whose P80 the final cost did not exceed, the project itself left out of what the P80 was learned from;
    each project has one vote, as it has in the P80.
    """
    codes = {key: code for code, key in enumerate(finals["project_id"].unique().sort())}
    groups = list(_groups(estimates.filter(pl.col("project_id").is_in(list(codes))), codes))
    final = np.full(len(codes), np.nan)
    months = finals.sort("month").partition_by("month", maintain_order=True)
    known: dict[int, dict[str, Any]] = {}
    rows: list[dict[str, Any]] = []
    for number, now in enumerate(months):
        month: date = now["month"][0]
        changed = _take_over(final, now, codes)
        for place, group in enumerate(groups):
            taken = int(np.searchsorted(group.ended, _ordinal(month), side="right"))
            if not taken:
                continue
            latest = number == len(months) - 1
            before = known.get(place)
            if latest or before is None or before["taken"] != taken or changed[group.projects[:taken]].any():
                known[place] = _judged(group, taken, final, rules, with_coverage=latest) | {"taken": taken}
            rows.append({"month": month, "method": group.method, "progress_band": group.band} | known[place])
    return pl.DataFrame(rows, schema_overrides=JUDGED).select(JUDGED.names()) if rows else JUDGED.to_frame()


def _ordinal(month: date) -> int:
    return month.toordinal()


def _groups(estimates: pl.DataFrame, codes: dict[str, int]) -> Iterator[_Group]:
    columns = ["ac_amount", "eac_amount", "expected_risk_amount"]
    ready = (
        estimates.drop_nulls(["progress_band", *columns])
        .with_columns(
            pl.col("project_id").replace_strict(codes, return_dtype=pl.Int64).alias("code"),
            (pl.col("ended_month").cast(pl.Int32).cast(pl.Int64) + date(1970, 1, 1).toordinal()).alias("ended"),
            pl.col(columns).cast(pl.Float64),
        )
        .sort("method", "progress_band", "ended", "code")
    )
    for (method, band), part in ready.group_by("method", "progress_band", maintain_order=True):
        spent, eac, risk = (part[name].to_numpy() for name in columns)
        yield _Group(
            method=str(method),
            band=str(band),
            ended=part["ended"].to_numpy(),
            projects=part["code"].to_numpy(),
            spent=spent,
            eac=eac,
            risk=risk,
        )


def _take_over(final: Floats, now: pl.DataFrame, codes: dict[str, int]) -> NDArray[np.bool_]:
    """Writes the costs known by this month into `final`; says of which projects they are new."""
    place = now["project_id"].replace_strict(codes, return_dtype=pl.Int64).to_numpy()
    cost = now["ac_amount"].cast(pl.Float64).to_numpy()
    changed = np.zeros(len(final), dtype=bool)
    changed[place] = final[place] != cost
    final[place] = cost
    return changed


def _judged(group: _Group, taken: int, final: Floats, rules: Rules, *, with_coverage: bool) -> dict[str, Any]:
    cost = final[group.projects[:taken]]
    judged = cost > 0
    cost, projects = cost[judged], group.projects[:taken][judged]
    spent, eac, risk = (values[:taken][judged] for values in (group.spent, group.eac, group.risk))
    if not len(cost):
        return {"projects": 0, "forecasts": 0, "calibrated_projects": 0}
    votes, known = votes_of(projects)
    error = (eac - cost) / cost
    factors = cost_factors(cost, spent, risk, eac - spent)
    usable = ~np.isnan(factors)
    learned: Calibration | None = calibrate(factors[usable], projects[usable])
    held = None
    if with_coverage:
        factor = left_out_quantile(
            factors, projects, level=HELD, fewest=rules.fewest - 1, default=rules.default_factor(HELD)
        )
        # to the cent: a cost that was estimated exactly is held
        is_held = cost <= spent + np.maximum(eac - spent, 0) * factor + risk + 0.005
        held = float(np.sum(is_held * votes) / known)
    return {
        "projects": known,
        "forecasts": len(cost),
        "mape": float(np.mean(np.abs(error))),
        "bias": float(np.mean(error)),
        "p80_coverage": held,
        "cost_factors": None if learned is None else learned.quantile(LEVELS).tolist(),
        "calibrated_projects": 0 if learned is None else learned.projects,
    }
