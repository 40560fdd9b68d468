"""Dagster's configuration: follows the settings until somebody changes it by hand, and sends nothing to anybody."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
import yaml

from pipelines.dagster_home import dagster_yaml, write_configuration
from pipelines.errors import ConfigurationError
from pipelines.publishing.site import _environment
from pipelines.quality import gate
from pipelines.refresh_log import is_queueing, queueing
from pipelines.settings import Settings
from pipelines.version import ROOT
from pipelines.warehouse import dbt_environment

URL = "postgresql://outturn:s3cret@127.0.0.1:5432/outturn"
# as it was written before the settings had a say in it
FIRST = """\
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


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(home=tmp_path)
    made.create_home()
    return made


def written(settings: Settings) -> str:
    write_configuration(settings)
    return (settings.dagster_home / "dagster.yaml").read_text(encoding="utf-8")


def test_it_says_what_the_settings_say(settings: Settings) -> None:
    said = yaml.safe_load(dagster_yaml(replace(settings, keep_runs_days=9)))
    assert said["telemetry"] == {"enabled": False}
    assert said["concurrency"]["runs"] == {"max_concurrent_runs": 1}
    assert said["concurrency"]["pools"]["default_limit"] == 1
    assert said["retention"]["schedule"] == {"purge_after_days": 9}
    assert said["retention"]["sensor"]["purge_after_days"] == {"skipped": 2, "failure": 9, "success": 9}
    assert "storage" not in said


def test_one_variable_moves_the_storage_there_and_back_and_the_password_is_in_no_file(settings: Settings) -> None:
    before = written(settings)
    elsewhere = written(replace(settings, dagster_postgres_url=URL))
    assert yaml.safe_load(elsewhere)["storage"] == {
        "postgres": {"postgres_url": {"env": "OUTTURN_DAGSTER_POSTGRES_URL"}}
    }
    assert "s3cret" not in "".join(path.read_text() for path in settings.home.rglob("*") if path.is_file())
    assert written(settings) == before


def test_what_somebody_changed_stays_and_a_contradiction_is_said(settings: Settings) -> None:
    changed = written(settings).replace("max_runtime_seconds: 14400", "max_runtime_seconds: 60")
    path = settings.dagster_home / "dagster.yaml"
    path.write_text(changed, encoding="utf-8")
    assert written(settings) == changed
    with pytest.raises(ConfigurationError, match="does not store in PostgreSQL"):
        write_configuration(replace(settings, dagster_postgres_url=URL))
    path.write_text(changed + "storage: {postgres: {postgres_url: {env: OTHER}}}\n", encoding="utf-8")
    write_configuration(replace(settings, dagster_postgres_url=URL))


def test_a_configuration_of_an_earlier_version_is_ours_too(settings: Settings) -> None:
    (settings.dagster_home / "dagster.yaml").write_text(FIRST, encoding="utf-8")
    assert written(settings) == dagster_yaml(settings)


def test_nothing_is_sent_by_anybody(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Dagster: dagster.yaml and its variable (tests/integration/test_dagster.py); dbt, Great Expectations, Evidence."""
    project = yaml.safe_load((ROOT / "dbt_project" / "dbt_project.yml").read_text(encoding="utf-8"))
    assert project["flags"]["send_anonymous_usage_stats"] is False
    monkeypatch.delenv("GX_ANALYTICS_ENABLED", raising=False)
    duckdb.connect(str(settings.warehouse)).close()
    gate._data_source(settings.warehouse)
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
    dbt_environment(settings)
    assert os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "false"
    node = _environment(ROOT)
    assert (node["SEND_ANONYMOUS_USAGE_STATS"], node["DO_NOT_TRACK"]) == ("no", "1")


def test_who_waits_for_the_lock_is_known_to_live(settings: Settings) -> None:
    assert not is_queueing(settings, run_id="a")
    with queueing(settings, run_id="a"):
        assert is_queueing(settings, run_id="a")
    assert not is_queueing(settings, run_id="a")
    left = settings.warehouse_dir / "queueing-b"
    left.touch()  # its process was killed
    assert not is_queueing(settings, run_id="b")
    assert not left.exists()
