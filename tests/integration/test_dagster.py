"""The code location: what it holds, what starts the job, and that a killed run blocks nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap

import pytest

from pipelines.contracts import FEEDS, contracts
from pipelines.version import ROOT
from pipelines.warehouse import public_models

PAGES = ROOT / "reports" / "pages"
pytestmark = pytest.mark.whole

LOOK = """
    import json, os, sqlite3
    from datetime import datetime
    import dagster as dg
    from pipelines.dagster_home import prepare
    from pipelines.settings import load_settings
    settings = load_settings()
    prepare(settings)
    from pipelines.definitions import defs
    repository = defs().get_repository_def()
    graph = repository.asset_graph
    keys = {key.to_user_string() for key in graph.get_all_asset_keys()}
    checks = [graph.get(key) for key in graph.asset_check_keys]
    sensor = repository.get_sensor_def("drop_erp")
    instance = dg.DagsterInstance.get()
    first = sensor.evaluate_tick(dg.build_sensor_context(instance=instance, repository_def=repository))
    (settings.inbox / "erp" / "customer.csv").write_text("customer_id,customer_name\\nC,Customer\\n")
    second = sensor.evaluate_tick(dg.build_sensor_context(instance=instance, repository_def=repository))
    third = sensor.evaluate_tick(
        dg.build_sensor_context(instance=instance, repository_def=repository, cursor=second.cursor)
    )
    schedule = repository.get_schedule_def("daily_refresh")

    def ticks(name, *moments):
        found = []
        for moment in moments:
            context = dg.build_schedule_context(
                instance=instance, repository_def=repository, scheduled_execution_time=datetime.fromisoformat(moment)
            )
            found.append(len(repository.get_schedule_def(name).evaluate_tick(context).run_requests or []))
        return found

    hourly = ticks("hourly_kpi", "2026-11-03T05:00:00+00:00")
    (settings.inbox / "kpi" / "kpi_observation.csv").write_text("project_id,kpi_code,observed_on,value\\n")
    hourly += ticks("hourly_kpi", "2026-11-03T06:00:00+00:00")
    # a refresh that waits for its turn takes everything in: no second one behind it
    instance.create_run_for_job(repository.get_job("refresh"))
    with sqlite3.connect(settings.dagster_home / "history" / "runs.db") as runs:
        runs.execute("update runs set status = 'QUEUED'")
    hourly += ticks("hourly_kpi", "2026-11-03T07:00:00+00:00")
    (settings.inbox / "erp" / "customer.csv").write_text("customer_id,customer_name\\nC,Another\\n")
    queued = sensor.evaluate_tick(
        dg.build_sensor_context(instance=instance, repository_def=repository, cursor=second.cursor)
    )
    # the fifth working day of November 2026 in Oslo is the 9th: the 6th is a holiday of this home
    close = ticks("close_proposal", *(f"2026-11-{day:02}T05:30:00+00:00" for day in range(1, 31)))
    time_entry = graph.get(dg.AssetKey(["raw", "time_entry"]))
    print(json.dumps({
        "keys": sorted(keys),
        "blocking": sorted(
            key.asset_key.to_user_string() for key in graph.asset_check_keys if graph.get(key).blocking
        ),
        "checks": len(checks),
        "jobs": [job.name for job in repository.get_all_jobs() if not job.name.startswith("__")],
        "sensors": sorted(sensor.name for sensor in repository.sensor_defs),
        "schedule": [schedule.cron_schedule, schedule.execution_timezone],
        "requests": [len(tick.run_requests or []) for tick in (first, second, third)],
        "hourly": hourly,
        "assets": {
            key.to_user_string(): {
                "group": graph.get(key).group_name, "owners": list(graph.get(key).owners),
                "description": bool(graph.get(key).description),
                "page": getattr(graph.get(key).metadata.get("report_page"), "url", None),
                "model": getattr(graph.get(key).metadata.get("model"), "path", None),
            } for key in graph.get_all_asset_keys()
        },
        "telemetry": [
            instance.telemetry_enabled,
            *(os.environ[name] for name in ("DAGSTER_DISABLE_TELEMETRY", "DBT_SEND_ANONYMOUS_USAGE_STATS",
              "GX_ANALYTICS_ENABLED", "DO_NOT_TRACK")),
        ],
        "queued": [len(queued.run_requests or []), queued.skip_message, queued.cursor],
        "close": [day for day, requests in enumerate(close, start=1) if requests],
        "running": sorted(
            each.name for each in (*repository.sensor_defs, *repository.schedule_defs)
            if each.default_status.value == "RUNNING"
        ),
        "freshness": graph.get(dg.AssetKey(["raw", "time_entry"])).freshness_policy is not None,
        "no_freshness": graph.get(dg.AssetKey(["raw", "risk"])).freshness_policy is None,
    }))
"""

LEFTOVER = """
    import sys
    import dagster as dg
    from pipelines.dagster_home import prepare
    from pipelines.defs.operations.leftovers import end_leftovers
    from pipelines.settings import load_settings
    prepare(load_settings())
    instance = dg.DagsterInstance.get()
    storage = instance.event_log_storage
    storage.initialize_concurrency_limit_to_default("duckdb_writer")
    run = instance.create_run_for_job(dg.GraphDefinition(name="refresh").to_job())
    instance.handle_run_event(run.run_id, dg.DagsterEvent(
        event_type_value="PIPELINE_START", job_name="refresh", message="started"
    ))
    claimed = storage.claim_concurrency_slot("duckdb_writer", run.run_id, "land_erp")
    assert claimed.is_claimed
    waits = storage.claim_concurrency_slot("duckdb_writer", "another", "land_erp")
    assert not waits.is_claimed
    storage.free_concurrency_slots_for_run("another")
    assert end_leftovers(instance, run_id="mine") == [run.run_id]
    assert instance.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.FAILURE
    assert storage.claim_concurrency_slot("duckdb_writer", "mine", "land_erp").is_claimed
    print("freed")
"""


def run(home, code: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**home.environment, "OUTTURN_HOME": str(home.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        cwd=os.fspath(home.path),
    )
    assert ended.returncode == 0, ended.stderr[-4000:]
    return ended.stdout.strip().splitlines()[-1]


def test_the_location_holds_every_table_model_gate_sensor_and_schedule(fresh):
    (fresh.path / "outturn.toml").write_text(
        'time_zone = "Europe/Oslo"\n[schedule]\nrefresh = "30 4 * * *"\nholidays = ["2026-11-06"]\n'
        '[feeds.time_entry]\nexpected_every = "1d"\nlate_after = "36h"\n',
        encoding="utf-8",
    )
    found = json.loads(run(fresh, LOOK))
    keys = set(found["keys"])
    assert {f"raw/{table}" for table in contracts()} <= keys
    assert {f"{schema}/{model}" for schema, model in public_models()} <= keys
    assert {"publication/warehouse", "publication/site", "publication/current"} <= keys
    assert {f"raw/{table}" for table in contracts()} | {"publication/warehouse"} <= set(found["blocking"])
    assert found["checks"] > 140
    assert sorted(found["jobs"]) == ["propose_close", "refresh"]
    assert found["sensors"] == sorted(["alerts", *(f"drop_{feed}" for feed in FEEDS)])
    # KPI files wait for the hour; everything else that may start a refresh does
    assert found["running"] == sorted(
        ["alerts", "close_proposal", "daily_refresh", "hourly_kpi", *(f"drop_{f}" for f in FEEDS if f != "kpi")]
    )
    assert found["schedule"] == ["30 4 * * *", "Europe/Oslo"]
    # nothing lies there: no run; a file: one run; the same file again: none
    assert found["requests"] == [0, 1, 0]
    # no KPI file: nothing; one: a refresh; one waits already: nothing
    assert found["hourly"] == [0, 1, 0]
    assert found["queued"][0] == 0
    assert "waits for its turn" in found["queued"][1]
    assert found["close"] == [9]
    assert found["telemetry"] == [False, "yes", "false", "false", "1"]
    pages = {f"/{page.relative_to(ROOT / 'reports' / 'pages').with_suffix('')}" for page in PAGES.rglob("*.md")}
    pages = {page.removesuffix("/index") for page in pages if "[" not in page} | {"/"}
    for name, asset in found["assets"].items():
        assert asset["group"], name
        assert asset["group"] != "default", name
        assert asset["owners"], name
        assert asset["description"], name
        assert asset["page"].removeprefix("http://127.0.0.1:8080") in pages, (name, asset["page"])
        assert (ROOT / asset["model"]).exists(), (name, asset["model"])
    assert found["assets"]["margin/receivables_ageing"]["page"].endswith("/balances")
    assert found["assets"]["raw/cost_line"] == {
        "group": "erp",
        "owners": ["team:finance"],
        "description": True,
        "page": "http://127.0.0.1:8080/trust",
        "model": "pipelines/contracts/erp.yaml",
    }
    assert found["freshness"]
    assert found["no_freshness"]


def test_a_killed_run_is_ended_and_its_place_in_the_pool_freed(fresh):
    """Without it every later refresh waits for a slot that nobody will ever give back."""
    assert run(fresh, LEFTOVER) == "freed"


OLD_RUNS = """
    import sqlite3
    import dagster as dg
    from pipelines.dagster_home import prepare
    from pipelines.defs.operations.retention import forget_old_runs
    from pipelines.settings import load_settings
    settings = load_settings()
    prepare(settings)
    instance = dg.DagsterInstance.get()

    @dg.op
    def work(context):
        context.log.info("worked")

    job = dg.GraphDefinition(name="refresh", node_defs=[work]).to_job()
    old, young = (job.execute_in_process(instance=instance).run_id for _ in range(2))
    unfinished = instance.create_run_for_job(job).run_id
    with sqlite3.connect(settings.dagster_home / "history" / "runs.db") as runs:
        set_time = "update runs set create_timestamp = ? where run_id = ?"
        runs.execute(set_time, ["2026-10-04 04:59:00", old])
        runs.execute(set_time, ["2026-10-04 04:59:00", unfinished])
        runs.execute(set_time, ["2026-10-04 05:01:00", young])
    logs = settings.dagster_home / "storage" / old / "compute_logs"
    logs.mkdir(parents=True, exist_ok=True)
    (logs / "work.out").write_text("said")
    assert forget_old_runs(instance, settings) == [old]
    assert {run.run_id for run in instance.get_runs()} == {young, unfinished}
    assert not [path for path in settings.dagster_home.rglob("*") if old in path.name]
    assert instance.all_logs(young)
    assert forget_old_runs(instance, settings) == []
    print("forgotten")
"""


def test_runs_older_than_their_days_go_with_events_and_logs(fresh):
    """30 days before 3 November 05:00; the unfinished one stays whatever its age."""
    assert run(fresh, OLD_RUNS) == "forgotten"
