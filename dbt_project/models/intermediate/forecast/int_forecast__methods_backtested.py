"""Judges every method on what had finished by the end of each month (pipelines/forecasting/backtest.py)."""

from pipelines.forecasting.backtest import Rules, judge


def model(dbt, session):
    dbt.config(materialized="table")
    meta = dbt.config.get("meta")
    estimates = dbt.ref("int_forecast__estimates_judged")
    months = dbt.ref("int_forecast__months_measured")
    finished = dbt.ref("int_forecast__projects_finished")
    finals = months.join(finished.select("project_id, ended_month"), "project_id").filter("month >= ended_month")
    return judge(
        estimates.pl(),
        finals.select("project_id, month, cast(ac_amount as double) as ac_amount").pl(),
        rules=Rules(fewest=meta["minimum_projects"], spread=tuple(meta["default_factor"])),
    ).to_arrow()
