"""From tables to ranges: which factors and risks a month has."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from pipelines.forecasting import backtest
from pipelines.forecasting.distributions import triangle_quantile
from pipelines.forecasting.ranges import project_ranges

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
SPREAD = (0.5, 1.0, 1.7)


def month(project: str, when: date, *, etc: float | None = 100.0, tried: bool = False) -> dict:
    return {
        "project_id": project,
        "month": when,
        "progress_band": "20-40",
        "recommended_method": "cpi",
        "is_tried": tried,
        "ac_amount": 50.0,
        "etc_amount": etc,
    }


def risk(project: str, when: date, key: str, *, likely: float | None = 10.0, kind: str = "threat") -> dict:
    return {
        "project_id": project,
        "month": when,
        "risk_key": key,
        "kind": kind,
        "probability_pct": 1.0,
        "low_amount": likely,
        "likely_amount": likely,
        "high_amount": likely,
    }


RISKS = dict.fromkeys(("probability_pct", "low_amount", "likely_amount", "high_amount"), pl.Float64)


def found(months: list[dict], risks: list[dict] = (), factors: list[float] | None = None, calibrated: int = 10) -> dict:
    judged = backtest.JUDGED.to_frame()
    if factors:
        row = {"month": JAN, "method": "cpi", "progress_band": "20-40", "calibrated_projects": calibrated}
        judged = pl.DataFrame([row | {"cost_factors": factors}], schema_overrides=backtest.JUDGED)
    register = pl.DataFrame(risks or [risk("none", JAN, "x")], schema_overrides=RISKS)
    result = project_ranges(pl.DataFrame(months), register, judged, fewest=10, spread=SPREAD)
    return {(p, m): tuple(values) for p, m, *values in result.iter_rows()}


def default(level: float) -> float:
    return 50 + 100 * float(triangle_quantile(level, *SPREAD))


def test_a_month_without_trials_has_the_default_spread():
    (row,) = found([month("P", JAN)]).values()
    assert row[:4] == pytest.approx([default(level) for level in (0.1, 0.5, 0.8, 0.9)], abs=0.2)
    assert row[4] is False


def test_a_month_has_the_factors_of_its_own_month_method_and_band():
    flat = [1.5] * 201
    rows = found([month("P", JAN, tried=True), month("P", FEB, tried=True), month("Q", JAN)], factors=flat)
    assert rows["P", JAN] == (200.0, 200.0, 200.0, 200.0, True)
    assert rows["P", FEB][4] is False
    assert rows["Q", JAN][4] is False
    assert found([month("P", JAN, tried=True)], factors=flat, calibrated=9)["P", JAN][4] is False


def test_risks_count_in_the_months_in_which_they_are_open():
    risks = [risk("P", JAN, "a"), risk("P", FEB, "a"), risk("P", FEB, "b", likely=3.0, kind="opportunity")]
    rows = found([month("P", m, etc=0.0) for m in (JAN, FEB, MAR)] + [month("Q", FEB, etc=0.0)], risks)
    assert [rows["P", m][2] for m in (JAN, FEB, MAR)] == [60.0, 57.0, 50.0]
    assert rows["Q", FEB][2] == 50.0


def test_what_is_unknown_has_no_range():
    rows = found(
        [month("P", JAN, etc=None), month("P", FEB), month("P", MAR, etc=0.0)],
        [risk("P", FEB, "a", likely=None), risk("P", MAR, "b"), risk("P", MAR, "c")],
    )
    assert list(rows) == [("P", MAR)]
    assert rows["P", MAR][0] == 70.0
    assert found([month("P", JAN, etc=None)]) == {}


def test_rows_do_not_depend_on_what_stands_beside_them():
    risks = [risk("P", JAN, "a") | {"probability_pct": 0.4, "high_amount": 90.0}, risk("Q", JAN, "b")]
    alone = found([month("P", JAN)], risks[:1])["P", JAN]
    among = found([month("A", JAN), month("P", JAN), month("P", FEB), month("Q", JAN)], risks)["P", JAN]
    assert alone == among
