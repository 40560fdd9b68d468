"""Dagster's own folder in the data home: its configuration, written once, and the environment it needs."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Any

from pipelines.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

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


@contextmanager
def held_open(settings: Settings, *, run_id: str) -> Iterator[None]:
    """Keeps one idle connection on each of Dagster's SQLite files while a run writes to them.

    Dagster opens and closes a connection for every event. Closing the last one of a file folds its write-ahead log
    back, with two fsyncs; with another one open that waits until the end (the job of a demo refresh: 30.4 s instead
    of 34.1 s). It also makes an engine for every connection, which compiles every statement anew; here one serves
    all (a run of 150 assets and as many checks: 5 s of processor time instead of 9).
    """
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    history = settings.dagster_home / "history"
    (history / "runs").mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        for path in (history / "runs.db", history / "runs" / "index.db", history / "runs" / f"{run_id}.db"):
            connection = stack.enter_context(closing(sqlite3.connect(path)))
            connection.execute("pragma journal_mode=wal")
            connection.execute("select count(*) from sqlite_master").fetchone()
        # in WAL mode nothing is lost when the process dies, only when the machine does; the default syncs each commit
        event.listen(Engine, "connect", _without_sync)
        stack.callback(event.remove, Engine, "connect", _without_sync)
        stack.enter_context(_engines_kept())
        yield


@contextmanager
def _engines_kept() -> Iterator[None]:
    """One engine a file for Dagster's event log and run storage, which have no setting for it."""
    from dagster._core.storage.event_log.sqlite import sqlite_event_log
    from dagster._core.storage.runs.sqlite import sqlite_run_storage

    with ExitStack() as stack:
        for module in (sqlite_event_log, sqlite_run_storage):
            stack.callback(setattr, module, "create_engine", module.create_engine)
            module.create_engine = _one_each(module.create_engine)
        yield


def _one_each(make: Callable[..., Engine]) -> Callable[..., Engine]:
    made: dict[str, Engine] = {}

    def kept(address: str, **options: Any) -> Engine:
        if address not in made:
            made[address] = make(address, **options)
        return made[address]

    return kept


def _without_sync(connection: object, _: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous=normal")
