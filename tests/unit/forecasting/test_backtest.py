"""Errors, coverage and what must not leak into them."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from pipelines.forecasting.backtest import LEVELS, Rules, judge
from pipelines.forecasting.calibration import MOST_FOLDS, calibrate, cost_factors, folds, left_out_quantile
from pipelines.forecasting.distributions import triangle_quantile

RULES = Rules(fewest=3, spread=(0.5, 1.0, 1.7))
ENDED = date(2026, 3, 1)


def estimate(project: str, eac: float | None, *, spent: float = 50.0, ended: date = ENDED, **more: object) -> dict:
    return {
        "project_id": project,
        "method": "cpi",
        "progress_band": "40-60",
        "ended_month": ended,
        "ac_amount": spent,
        "eac_amount": eac,
        "expected_risk_amount": 0.0,
    } | more


def final(project: str, cost: float, month: date = ENDED) -> dict:
    return {"project_id": project, "month": month, "ac_amount": cost}


def judged(estimates: list[dict], finals: list[dict], rules: Rules = RULES) -> pl.DataFrame:
    return judge(pl.DataFrame(estimates), pl.DataFrame(finals), rules=rules)


def test_errors_are_means_of_signed_and_unsigned_parts_of_the_final_cost():
    """110 and 80 for a final 100: 15 % off, 5 % too low; in another band nothing is said."""
    rows = judged(
        [estimate("A", 110.0), estimate("A", 80.0), estimate("B", 240.0)], [final("A", 100.0), final("B", 200.0)]
    )
    (row,) = rows.to_dicts()
    assert (row["month"], row["method"], row["progress_band"]) == (ENDED, "cpi", "40-60")
    assert (row["projects"], row["forecasts"]) == (2, 3)
    assert row["mape"] == pytest.approx((0.1 + 0.2 + 0.2) / 3)
    assert row["bias"] == pytest.approx((0.1 - 0.2 + 0.2) / 3)


def test_a_project_without_final_cost_is_not_judged():
    rows = judged([estimate("A", 110.0), estimate("B", 10.0)], [final("A", 100.0), final("B", 0.0)])
    assert rows.select("projects", "forecasts").row(0) == (1, 1)


def test_months_know_what_had_finished_by_then_at_the_cost_known_by_then():
    april, may = date(2026, 4, 1), date(2026, 5, 1)
    estimates = [estimate("A", 110.0), estimate("B", 300.0, ended=may)]
    finals = [final("A", 100.0), final("A", 100.0, april), final("A", 125.0, may), final("B", 200.0, may)]
    rows = judged(estimates, finals).sort("month")
    assert rows["month"].to_list() == [ENDED, april, may]
    assert rows["projects"].to_list() == [1, 1, 2]
    assert rows["mape"].to_list() == pytest.approx([0.1, 0.1, (15 / 125 + 0.5) / 2])
    # a month more changes none of the earlier rows, but that coverage is of the latest alone
    earlier = judged(estimates, finals[:2]).sort("month").drop("p80_coverage")
    assert rows.drop("p80_coverage")[:2].equals(earlier)


def test_without_finished_projects_nothing_is_said():
    none = pl.DataFrame([estimate("A", 1.0)]), pl.DataFrame([final("A", 1.0)])
    assert judge(none[0].clear(), none[1].clear(), rules=RULES).height == 0


def test_p80_is_the_default_while_too_few_others_have_finished():
    """Of 2 projects (3 are needed), each has the default factor 1.29: 50 + 50 x 1.29 = 114.5."""
    factor = float(triangle_quantile(0.8, *RULES.spread))
    assert factor == pytest.approx(1.29, abs=0.001)
    finals = [final("A", 114.0), final("B", 115.0)]
    row = judged([estimate("A", 100.0), estimate("B", 100.0)], finals).row(0, named=True)
    assert row["p80_coverage"] == 0.5
    assert row["calibrated_projects"] == 2


def test_p80_of_a_project_is_learned_from_the_others():
    """Four projects that cost 1.1 of the rest and one that cost 3: its own factor must not cover it."""
    finals = [final(p, 105.0) for p in "ABCD"] + [final("E", 200.0)]
    row = judged([estimate(p, 100.0) for p in "ABCDE"], finals).row(0, named=True)
    assert row["p80_coverage"] == pytest.approx(0.8)


def test_each_project_has_one_vote_however_long_it_is():
    long = np.full(100, 3.0)
    calibration = calibrate(np.concatenate([long, [1.0, 1.1, 1.2]]), np.array([0] * 100 + [1, 2, 3]))
    assert calibration.projects == 4
    # shares of 4 projects and a new one: 1.0, 1.1, 1.2 at a fifth each
    assert calibration.quantile([0.2, 0.4, 0.5, 0.6]).tolist() == pytest.approx([1.0, 1.1, 1.15, 1.2])
    assert calibration.quantile([0.0, 0.99]).tolist() == [1.0, 3.0]
    assert calibrate(np.array([]), np.array([], dtype=int)) is None


def test_factors_take_the_registers_expectation_out_and_are_never_below_nothing():
    nan = float("nan")
    got = cost_factors(
        final=np.array([150.0, 150.0, 60.0, 150.0, 150.0, 150.0]),
        spent=np.array([50.0, 50.0, 50.0, 50.0, 50.0, 99.5]),
        expected_risk=np.array([0.0, 20.0, 20.0, 0.0, 0.0, 0.0]),
        left=np.array([80.0, 80.0, 80.0, 0.0, -5.0, 0.5]),
    )
    assert got == pytest.approx([1.25, 1.0, 0.0, nan, nan, nan], nan_ok=True)


def test_many_projects_are_left_out_in_twentieths():
    projects = np.repeat(np.arange(50), 3)
    assert len(np.unique(folds(projects))) == MOST_FOLDS
    assert all(len(np.unique(folds(projects)[projects == p])) == 1 for p in range(50))
    assert folds(np.arange(5)).tolist() == [0, 1, 2, 3, 4]


def test_p80_holds_for_four_of_five_new_projects():
    """Projects with errors of their own and errors of each month; the share must come out whatever they are."""
    rng = np.random.default_rng(7)
    projects = np.repeat(np.arange(400), rng.integers(1, 30, 400))
    factors = np.exp(rng.normal(0.1, 0.3, 400)[projects] + rng.normal(0, 0.2, len(projects)))
    held = factors <= left_out_quantile(factors, projects, level=0.8, fewest=10, default=1.0)
    share = np.mean([held[projects == p].mean() for p in range(400)])
    assert share == pytest.approx(0.8, abs=0.03)


def test_factors_are_handed_on_as_quantiles():
    finals = [final(p, 50 + 50 * f) for p, f in zip("ABCD", (1.0, 1.1, 1.2, 1.3), strict=True)]
    row = judged([estimate(p, 100.0) for p in "ABCD"], finals).row(0, named=True)
    assert len(row["cost_factors"]) == len(LEVELS) == 201
    assert row["cost_factors"][160] == pytest.approx(1.3)  # 4 of 5
    assert row["cost_factors"][100] == pytest.approx(1.15)
    assert row["cost_factors"] == sorted(row["cost_factors"])
