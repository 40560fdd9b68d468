"""A data home with a small publication, and an HTTP server on loopback that keeps what it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.refresh_log import RefreshRecord
from pipelines.settings import Alerts, Feed, Settings

NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)


class Listener:
    """`json://127.0.0.1:port` for Apprise. `answer` is the status it gives."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.answer = 200
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if listener.answer == 200:
                    listener.heard.append(json.loads(body))
                self.send_response(listener.answer)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://someone:s3cret-word@127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def titles(self) -> list[str]:
        return [message["title"].removeprefix("Outturn: ") for message in self.heard]

    def forget(self) -> None:
        self.heard.clear()


class Home:
    """What alerts look at, to be made wrong by a test."""

    def __init__(self, root: Path, *urls: str) -> None:
        self.settings = Settings(
            home=root,
            fixed_now=NOW,
            close_working_day=0,
            alerts=Alerts(urls=urls, digest=None, reports="https://reports.example.com"),
        )
        self.settings.create_home()
        folder = self.settings.published / "publications" / "000001"
        folder.mkdir(parents=True)
        (self.settings.published / "current").symlink_to("publications/000001")
        self.database = folder / "warehouse.duckdb"
        (folder / "manifest.json").write_text(
            json.dumps({"publication": 1, "as_of": "2026-11-03 05:00:00", "checks": {"critical": 0}}),
            encoding="utf-8",
        )
        self.write(
            "create schema ops",
            "create schema margin",
            "create table ops.loads (source_file_id varchar, table_name varchar, feed varchar, file_name varchar, "
            "status varchar, reason varchar, loaded_at timestamp, rows_read bigint, rows_rejected bigint)",
            "create table ops.exceptions (severity varchar, month date)",
            "create table margin.ledger_reconciliation (month date, undocumented_amount_base decimal(18, 2))",
            "create table margin.margin_restatements (month date, project_id varchar, measure varchar, "
            "document_key varchar, difference decimal(18, 2))",
        )

    def write(self, *statements: str) -> None:
        with duckdb.connect(str(self.database)) as connection:
            for statement in statements:
                connection.execute(statement)

    def load(
        self, file: str, *, status: str = "loaded", at: datetime = NOW, read: int = 100, rejected: int = 0
    ) -> None:
        self.write(
            f"insert into ops.loads values ('{file}', 'time_entry', 'timesheets', '{file}.csv', '{status}', "
            f"'value Jane Doe', timestamp '{at:%Y-%m-%d %H:%M:%S}', {read}, {rejected})"
        )

    def set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)

    def set_alerts(self, **changes: Any) -> None:
        self.set(alerts=replace(self.settings.alerts, **changes))

    def later(self, **time: float) -> None:
        self.set(fixed_now=self.settings.now() + timedelta(**time))

    def expect(self, *, late_after: timedelta) -> None:
        self.set(feeds={"time_entry": Feed(expected_every=timedelta(days=1), late_after=late_after)})

    def refresh_ended(self, status: str, message: str | None) -> None:
        RefreshRecord.begin(self.settings, run_id="0" * 8).end(status, message=message)


@pytest.fixture
def listener() -> Iterator[Listener]:
    heard = Listener()
    yield heard
    heard.server.shutdown()
    heard.server.server_close()


@pytest.fixture
def home(tmp_path: Path, listener: Listener) -> Home:
    return Home(tmp_path / "home", listener.url)
