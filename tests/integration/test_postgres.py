"""Dagster as a service on a real PostgreSQL: refreshes asked for at once run one after another, and none meets a lock.

The cluster is of the test alone, in a folder of its own, not run by root (Debian: apt-get install postgresql).
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipelines.contracts import feed_tables
from pipelines.refresh_log import ended, writer_lock
from tests.integration.conftest import OUTTURN, Home
from tests.integration.test_serve import answer, free_port

PASSWORD = "a-word-that-no-file-holds"
PROGRAMS = next(
    iter([*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path(shutil.which("initdb") or "-").parent])
)
pytestmark = [
    pytest.mark.whole,
    pytest.mark.timeout(2400),  # deadlines only end what hangs; a busy machine takes minutes to start six processes
    pytest.mark.skipif(
        not (PROGRAMS / "initdb").exists(), reason="PostgreSQL is not installed (apt-get install postgresql)"
    ),
]
LAUNCH = """
mutation Launch($parameters: ExecutionParams!) {
  launchRun(executionParams: $parameters) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
    ... on RunConfigValidationInvalid { errors { message } }
  }
}
"""
RUNS = "{ runsOrError(limit: 20) { ... on Runs { results { runId status startTime endTime } } } }"


def _as_other(*command: str) -> list[str]:
    """The server refuses to be run by root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else [*command]


@pytest.fixture
def postgres() -> Iterator[str]:
    """The URL of a database of a new cluster."""
    folder = Path(tempfile.mkdtemp(prefix="outturn-postgres-"))
    word, port = folder / "password", free_port()
    word.write_text(PASSWORD, encoding="ascii")
    if os.geteuid() == 0:
        for path in (folder, word):
            shutil.chown(path, "postgres")
    control = _as_other(str(PROGRAMS / "pg_ctl"), "-D", str(folder / "data"))
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    made = [str(PROGRAMS / "initdb"), "-D", str(folder / "data"), "-A", "scram-sha-256", "-U", "outturn"]
    try:
        subprocess.run(_as_other(*made, f"--pwfile={word}"), check=True, capture_output=True, cwd="/")
        start = [*control, "-w", "-l", str(folder / "log"), "-o", options, "start"]
        subprocess.run(start, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
        yield f"postgresql://outturn:{PASSWORD}@127.0.0.1:{port}/postgres"
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd="/")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def service(home: Home, log: Path, *arguments: str, **environment: str) -> Iterator[Callable[[], bool]]:
    """A process of the service; the block gets what says whether it lives."""

    with log.open("w") as output:
        process = subprocess.Popen(
            [OUTTURN, "--home", str(home.path), "service", *arguments],
            env={**home.environment, **environment},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield lambda: process.poll() is None
            assert process.poll() is None, log.read_text()[-3000:]
        finally:
            for number in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(process.pid, number)
                    process.wait(20)
                except (ProcessLookupError, subprocess.TimeoutExpired):
                    continue


def until(condition: Callable[[], Any], *, seconds: float, what: str, lives: Callable[[], bool], log: Path) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        assert lives(), log.read_text()[-3000:]
        time.sleep(0.5)
    return found


def test_refreshes_asked_for_at_once_run_one_after_another(fresh, postgres, tmp_path):
    # nothing may start by the clock of this machine meanwhile
    (fresh.path / "outturn.toml").write_text(
        '[schedule]\nrefresh = "0 0 29 2 *"\nkpi = ""\nclose_working_day = 0\n', encoding="utf-8"
    )
    environment, port = {"OUTTURN_DAGSTER_POSTGRES_URL": postgres}, free_port()

    def ask(query: str, **variables: Any) -> dict[str, Any]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/graphql",
            data=json.dumps({"query": query, "variables": variables}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)["data"]

    def runs() -> list[dict[str, Any]]:
        return ask(RUNS)["runsOrError"]["results"]

    log, daemon_log = tmp_path / "webserver.log", tmp_path / "daemon.log"
    with service(fresh, log, "webserver", "--port", str(port), **environment) as lives:
        until(lambda: answer(port, "/server_info"), seconds=600, what="the UI answers", lives=lives, log=log)
        launched = [
            ask(
                LAUNCH,
                parameters={
                    "selector": {
                        "repositoryLocationName": "pipelines.definitions",
                        "repositoryName": "__repository__",
                        "jobName": "refresh",
                        # the landing of one feed: what queues and locks is the same as in all of it
                        "assetSelection": [{"path": ["raw", table]} for table in feed_tables("projects")],
                        "assetCheckSelection": [],
                    },
                    "runConfigData": {},
                },
            )["launchRun"]
            for _ in range(3)
        ]
        assert [each["__typename"] for each in launched] == ["LaunchRunSuccess"] * 3, launched
        wanted = {each["run"]["runId"] for each in launched}
        with service(fresh, daemon_log, "daemon", **environment) as lives:
            # a refresh from the command line is under way: the first run waits for it, the others for the first
            with writer_lock(fresh.settings):
                until(
                    lambda: list((fresh.path / "warehouse").glob("queueing-*")),
                    seconds=600,
                    what="a run waits",
                    lives=lives,
                    log=daemon_log,
                )
                assert sorted(run["status"] for run in runs()) == ["QUEUED", "QUEUED", "STARTED"]
            until(
                lambda: all(run["status"] in ("SUCCESS", "FAILURE", "CANCELED") for run in runs()),
                seconds=900,
                what="all three have ended",
                lives=lives,
                log=daemon_log,
            )
    found = sorted(runs_of(fresh, postgres), key=lambda run: run[1])
    assert {run[0] for run in found} == wanted
    assert [run[3] for run in found] == ["SUCCESS"] * 3, daemon_log.read_text()[-3000:]
    for (_, _, before_ended, _), (_, begun, _, _) in pairwise(found):
        assert before_ended <= begun
    assert [row["message"] for row in ended(fresh.settings)] == [None, None, None]
    # on the server, and not in files; nor is the password
    history = fresh.path / "dagster" / "history"
    assert not list(history.rglob("*.db")) if history.exists() else True
    for path in [*fresh.path.rglob("*"), log, daemon_log]:
        if path.is_file():
            assert PASSWORD.encode() not in path.read_bytes(), path


def runs_of(home: Home, url: str) -> list[tuple[str, float, float, str]]:
    """Id, start, end and status of every run, as the server holds them."""
    import psycopg2

    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("select run_id, start_time, end_time, status from runs")
        return cursor.fetchall()
