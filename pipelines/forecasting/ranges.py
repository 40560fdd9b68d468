"""From the tables of a forecast to the simulation and back: which months, which factors, which risks.

The draws belong in simulation.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.forecasting.backtest import LEVELS as FACTOR_LEVELS
from pipelines.forecasting.distributions import triangle_quantile
from pipelines.forecasting.simulation import Project, Risk, factor_draws, ranges

_AT_ONCE = 2_000  # projects; their risks and months are in memory together
_KEY = ["month", "method", "progress_band"]

RANGES = pl.Schema(
    {
        "project_id": pl.String,
        "month": pl.Date,
        "eac_p10": pl.Float64,
        "eac_p50": pl.Float64,
        "eac_p80": pl.Float64,
        "eac_p90": pl.Float64,
        "is_calibrated": pl.Boolean,
    }
)


def project_ranges(
    recommended: pl.DataFrame,
    risks: pl.DataFrame,
    judged: pl.DataFrame,
    *,
    fewest: int,
    spread: tuple[float, float, float],
) -> pl.DataFrame:
    """One row per project and month whose estimate and open risks are known; schema RANGES, amounts in the project's
    currency.

    recommended  one row per project and month: project_id, month, progress_band, recommended_method, is_tried,
                 ac_amount, etc_amount
    risks        one row per project, month and open risk: risk_key, kind (threat, opportunity), probability_pct,
                 low_amount, likely_amount, high_amount
    judged       as from backtest.judge. Where it has less than `fewest` projects of the recommended method in the
                 month's progress band, the factor is triangular with `spread` (low, likely, high)
    """
    unknown = risks.filter(pl.col("likely_amount").is_null()).select("project_id", "month").unique()
    rows = (
        recommended.drop_nulls("etc_amount")
        .join(unknown, on=["project_id", "month"], how="anti")
        .rename({"recommended_method": "method"})
    )
    known = judged.filter(pl.col("calibrated_projects") >= fewest).select(*_KEY, "cost_factors")
    used = rows.filter("is_tried").select(_KEY).unique().join(known, on=_KEY).sort(_KEY).with_row_index("place", 1)
    table = [factor_draws(FACTOR_LEVELS, triangle_quantile(FACTOR_LEVELS, *spread))]
    table += [factor_draws(FACTOR_LEVELS, np.array(factors)) for factors in used["cost_factors"]]
    rows = (
        rows.join(used.select(*_KEY, "place"), on=_KEY, how="left")
        .with_columns(pl.when("is_tried").then("place").otherwise(None).fill_null(0).cast(pl.Int64))
        .sort("project_id", "month")
    )
    if not rows.height:
        return RANGES.to_frame()
    simulated: list[NDArray[np.float64]] = []
    batch: list[Project] = []
    factors = np.stack(table)
    for project in _projects(rows, risks):
        batch.append(project)
        if len(batch) == _AT_ONCE:
            simulated += ranges(batch, factors)
            batch = []
    simulated += ranges(batch, factors)
    amounts = np.concatenate(simulated)
    columns = [pl.Series(name, amounts[:, place]) for place, name in enumerate(RANGES.names()[2:6])]
    return rows.select("project_id", "month", *columns, is_calibrated=pl.col("place") > 0)


def _projects(rows: pl.DataFrame, risks: pl.DataFrame) -> Iterator[Project]:
    """Each project of `rows`, which are sorted by project and month, with its risks."""
    starts = rows["project_id"].rle_id().to_numpy()
    bounds = np.concatenate([np.flatnonzero(np.diff(starts, prepend=-1)), [rows.height]])
    months = _ordinals(rows["month"])
    spent, left = (rows[name].cast(pl.Float64).to_numpy() for name in ("ac_amount", "etc_amount"))
    factors = rows["place"].to_numpy()
    registers = _registers(risks)
    for first, last in pairwise(bounds.tolist()):
        register, opened = registers.get(rows["project_id"][first], ((), None))
        open_risks = np.zeros((last - first, len(register)), dtype=bool)
        if opened is not None:
            at, which = opened
            place = np.searchsorted(months[first:last], at).clip(max=last - first - 1)
            there = months[first:last][place] == at
            open_risks[place[there], which[there]] = True
        yield Project(
            spent=spent[first:last],
            left=left[first:last],
            factors=factors[first:last],
            risks=register,
            open_risks=open_risks,
        )


def _registers(
    risks: pl.DataFrame,
) -> dict[str, tuple[tuple[Risk, ...], tuple[NDArray[np.int64], NDArray[np.int64]]]]:
    """Project -> its risks, and at which months which of them (by its place) is open.

    By the places where one risk ends and the next begins; a frame for each project takes 0.5 ms (5 s for 10,000).
    """
    ready = risks.drop_nulls("likely_amount").sort("project_id", "risk_key", "month")
    if not ready.height:
        return {}
    months = _ordinals(ready["month"])
    risk_of_row = ready.select(pl.struct("project_id", "risk_key").rle_id().cast(pl.Int64)).to_series().to_numpy()
    row_bounds = np.concatenate([np.flatnonzero(np.diff(risk_of_row, prepend=-1)), [ready.height]])
    each = ready[row_bounds[:-1].tolist()].select(
        "project_id",
        "risk_key",
        pl.col("probability_pct", "low_amount", "likely_amount", "high_amount").cast(pl.Float64),
        pl.col("kind") == "opportunity",
    )
    known = [
        Risk(
            key=f"{project} {key}",
            probability=probability,
            low=low,
            likely=likely,
            high=high,
            is_opportunity=is_opportunity,
        )
        for project, key, probability, low, likely, high, is_opportunity in each.iter_rows()
    ]
    project_of_risk = each["project_id"].rle_id().cast(pl.Int64).to_numpy()
    risk_bounds = np.concatenate([np.flatnonzero(np.diff(project_of_risk, prepend=-1)), [each.height]])
    result = {}
    for first, last in pairwise(risk_bounds.tolist()):
        held = slice(row_bounds[first], row_bounds[last])
        result[each["project_id"][first]] = (tuple(known[first:last]), (months[held], risk_of_row[held] - first))
    return result


def _ordinals(months: pl.Series) -> NDArray[np.int64]:
    return months.cast(pl.Int32).cast(pl.Int64).to_numpy() + date(1970, 1, 1).toordinal()
