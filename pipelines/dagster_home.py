"""Dagster's own folder in the data home: its configuration, written once, and the environment it needs."""

from __future__ import annotations

import os

from pipelines.settings import Settings

DAGSTER_YAML = """\
# Written once by Outturn; yours to change afterwards (docs/operations.md).
telemetry: {enabled: false}
nux: {enabled: false}
concurrency:
  pools: {granularity: op, default_limit: 1} # one writer: DuckDB's file belongs to one process
  runs: {max_concurrent_runs: 1}
run_monitoring:
  enabled: true
  start_timeout_seconds: 180
  poll_interval_seconds: 10
  max_runtime_seconds: 14400
  free_slots_after_run_end_seconds: 30
retention:
  schedule: {purge_after_days: 30}
  sensor: {purge_after_days: {skipped: 2, failure: 30, success: 30}}
"""


def prepare(settings: Settings) -> None:
    """Makes the data home and Dagster's folder in it, and points this process (and its children) at both."""
    settings.create_home()
    configuration = settings.dagster_home / "dagster.yaml"
    if not configuration.exists():
        configuration.write_text(DAGSTER_YAML, encoding="utf-8")
    os.environ.update(
        OUTTURN_HOME=str(settings.home),
        DAGSTER_HOME=str(settings.dagster_home),
        DAGSTER_DISABLE_TELEMETRY="yes",
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
        DO_NOT_TRACK="1",
        GX_ANALYTICS_ENABLED="false",
    )
