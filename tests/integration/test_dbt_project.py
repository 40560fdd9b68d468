"""The dbt project by itself: every model builds on an empty warehouse, every unit test of a model passes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.warehouse import DBT_DIR, dbt_variables, public_models, remember_parameters

pytestmark = pytest.mark.whole
DBT = str(Path(sys.executable).parent / "dbt")


def test_everything_builds_on_an_empty_warehouse_and_unit_tests_pass(fresh):
    settings = fresh.settings
    remember_parameters(settings, as_of=settings.now())
    target = settings.work / "target"
    run = subprocess.run(
        [DBT, "build", "--project-dir", str(DBT_DIR), "--profiles-dir", str(DBT_DIR), "--target-path", str(target),
         "--log-path", str(settings.work / "logs"), "--vars", json.dumps(dbt_variables(settings))],
        env={**fresh.environment, "OUTTURN_WAREHOUSE": str(settings.warehouse)},
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-4000:]
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    by_kind: dict[str, list[str]] = {}
    for result in results:
        by_kind.setdefault(result["unique_id"].split(".")[0], []).append(result["status"])
    assert set(by_kind["unit_test"]) == {"pass"}
    assert len(by_kind["unit_test"]) >= 40
    assert set(by_kind["model"]) == {"success"}
    built = {(schema, name) for schema, name in fresh.private(
        "select schema_name, table_name from duckdb_tables() "
        "where schema_name in ('core', 'margin', 'forecast', 'kpi', 'ops')"
    )}  # fmt: skip
    assert built == set(public_models())
