"""Simulates the cost at completion of every project and month (pipelines/forecasting/ranges.py)."""

from pipelines.forecasting.ranges import project_ranges


def model(dbt, session):
    dbt.config(materialized="table")
    meta = dbt.config.get("meta")
    recommended = dbt.ref("int_forecast__methods_recommended")
    risks = dbt.ref("int_forecast__risks_open")
    backtests = dbt.ref("int_forecast__methods_backtested")
    return project_ranges(
        recommended.pl(),
        risks.pl(),
        backtests.pl(),
        fewest=meta["minimum_projects"],
        spread=tuple(meta["default_factor"]),
    ).to_arrow()
