"""Dagster's own folder in the data home: its configuration, written once, and the environment it needs."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Any

from pipelines.errors import ConfigurationError
from pipelines.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

MARK = "# Written by Outturn"
_YAML = """\
{mark}; changed by hand it stays as it is (docs/operations.md).
telemetry: {{enabled: false}}
nux: {{enabled: false}}
{storage}concurrency:
  pools: {{granularity: op, default_limit: 1}} # one writer: DuckDB's file belongs to one process
  runs: {{max_concurrent_runs: 1}}
run_monitoring:
  enabled: true
  start_timeout_seconds: 180
  poll_interval_seconds: 10
  max_runtime_seconds: 14400
  free_slots_after_run_end_seconds: 30
retention:
  schedule: {{purge_after_days: {days}}}
  sensor: {{purge_after_days: {{skipped: {skipped}, failure: {days}, success: {days}}}}}
"""
# read from the environment by Dagster itself, so that the password is in no file
STORAGE = "storage: {postgres: {postgres_url: {env: OUTTURN_DAGSTER_POSTGRES_URL}}}\n"
# what was written, by whom nothing was changed: the hash of the only version of before hashes were kept
_WRITTEN = {"1176772989599896"}


def dagster_yaml(settings: Settings) -> str:
    """Dagster's configuration as the settings want it: storage on SQLite, or on PostgreSQL where its URL is given."""
    days = settings.keep_runs_days
    storage = STORAGE if settings.dagster_postgres_url else ""
    return _YAML.format(mark=MARK, storage=storage, days=days, skipped=min(days, 2))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write_configuration(settings: Settings) -> None:
    """Writes dagster.yaml where it is missing, or is what was written before; one that was changed by hand stays.

    Raises ConfigurationError where such a one does not store where the environment says.
    """
    path = settings.dagster_home / "dagster.yaml"
    stamp = settings.dagster_home / ".written"
    wanted = dagster_yaml(settings)
    there = path.read_text(encoding="utf-8") if path.exists() else None
    written = {*_WRITTEN, stamp.read_text(encoding="ascii").strip() if stamp.exists() else ""}
    if there is None or _hash(there) in written:
        if there != wanted:
            path.write_text(wanted, encoding="utf-8")
        stamp.write_text(_hash(wanted) + "\n", encoding="ascii")
    elif settings.dagster_postgres_url and "\nstorage:" not in there:
        raise ConfigurationError(
            "dagster.yaml was changed by hand and does not store in PostgreSQL, as OUTTURN_DAGSTER_POSTGRES_URL says",
            where=str(path),
            remedy=f"add the line {STORAGE.strip()!r}, or delete the file to have it written anew",
        )


def prepare(settings: Settings) -> None:
    """Makes the data home and Dagster's folder in it, and points this process (and its children) at both."""
    settings.create_home()
    write_configuration(settings)
    os.environ.update(
        OUTTURN_HOME=str(settings.home),
        DAGSTER_HOME=str(settings.dagster_home),
        DAGSTER_DISABLE_TELEMETRY="yes",
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
        DO_NOT_TRACK="1",
        GX_ANALYTICS_ENABLED="false",
    )
    if settings.dagster_postgres_url:
        os.environ["OUTTURN_DAGSTER_POSTGRES_URL"] = settings.dagster_postgres_url


@contextmanager
def held_open(settings: Settings, *, run_id: str) -> Iterator[None]:
    """Keeps one idle connection on each of Dagster's SQLite files while a run writes to them.

    Dagster opens and closes a connection for every event. Closing the last one of a file folds its write-ahead log
    back, with two fsyncs; with another one open that waits until the end (the job of a demo refresh: 30.4 s instead
    of 34.1 s). It also makes an engine for every connection, which compiles every statement anew; here one serves
    all (a run of 150 assets and as many checks: 5 s of processor time instead of 9).
    """
    if settings.dagster_postgres_url:  # a server that keeps its connections itself
        yield
        return
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
