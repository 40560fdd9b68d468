"""Real projects (CESAW): the league table that docs/forecasting.md publishes, and that a P80 holds."""

from __future__ import annotations

import polars as pl
import pytest

from benchmarks import cesaw, forecasting

pytestmark = pytest.mark.skipif(not cesaw.FOLDER.is_dir(), reason=f"no {cesaw.FOLDER} (set OUTTURN_CORPORA)")


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    return forecasting.league()


def test_hours_of_the_weeks_are_those_of_the_logs():
    observed = cesaw.weeks()
    assert observed["project_id"].n_unique() == 14
    logged = cesaw.logs().group_by("project_id").agg(pl.col("hours").sum()).sort("project_id")
    spent = observed.group_by("project_id").agg(pl.col("ac").last()).sort("project_id")
    assert spent["ac"].to_list() == pytest.approx(logged["hours"].to_list(), abs=0.01)
    assert (observed["open_left"] >= 0).all()
    assert (observed["ev"] <= observed["bac"]).all()
    # the plan of completed tasks is earned, and left over nothing
    ended = observed.group_by("project_id").agg(pl.all().last())
    assert (ended["bac"] - ended["ev"] - ended["open_left"] >= -0.02).all()


def test_p80_holds_on_projects_left_out_of_it(rows: pl.DataFrame):
    assert 0.7 <= forecasting.coverage(rows) <= 0.9
    for method in cesaw.METHODS:
        assert 0.7 <= forecasting.coverage(rows.filter(pl.col("method") == method)) <= 0.9, method


def test_figures_of_the_table(rows: pl.DataFrame):
    """MAPE and bias of the rest at budget, and what an early index of cost performance is worth."""
    by = {(r["method"], r["progress_band"]): r for r in rows.iter_rows(named=True)}
    budget = by["remaining_at_budget", "40-60"]
    assert (budget["projects"], budget["forecasts"]) == (14, 98)
    assert budget["mape"] == pytest.approx(0.0854, abs=0.0001)
    assert budget["bias"] == pytest.approx(-0.0105, abs=0.0001)
    assert by["cpi", "0-20"]["mape"] > 10
    assert by["bottom_up", "80-100"]["mape"] == pytest.approx(0.0123, abs=0.0001)


def test_the_published_table_is_what_is_reckoned(rows: pl.DataFrame):
    page = forecasting.PAGE.read_text(encoding="utf-8")
    assert forecasting.table(rows) in page, "run python -m benchmarks.forecasting --write"
