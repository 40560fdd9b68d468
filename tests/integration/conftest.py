"""The demo firm refreshed once per session, and the command as a user runs it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.commands.demo import AS_OF
from pipelines.settings import Settings, load_settings

OUTTURN = str(Path(sys.executable).parent / "outturn")


@dataclass(frozen=True, kw_only=True)
class Home:
    """A data home and the command on it."""

    path: Path

    @property
    def settings(self) -> Settings:
        return load_settings(self.path, environment=self.environment)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("OUTTURN_", "DAGSTER_"))}
        return {**kept, "OUTTURN_NOW": AS_OF, "OUTTURN_SETTLE_SECONDS": "0", "COLUMNS": "200"}

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [OUTTURN, "--home", str(self.path), *arguments],
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    def refresh(self, *arguments: str) -> dict[str, Any]:
        """One refresh without the site; its JSON. Fails the test where it does not end with 0."""
        ended = self.run("refresh", "--no-site", "--json", *arguments)
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)

    def published(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.path / "published" / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(sql, parameters).fetchall()

    def private(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.settings.warehouse), read_only=True) as connection:
            return connection.execute(sql, parameters).fetchall()

    def figures(self, *schemas: str) -> dict[str, list[tuple[Any, ...]]]:
        """The ordered contents of every published table of the schemas."""
        with duckdb.connect(str(self.path / "published" / "warehouse.duckdb"), read_only=True) as connection:
            tables = connection.execute(
                "select schema_name || '.' || table_name from duckdb_tables() "
                "where schema_name in (select unnest(?)) order by all",
                [list(schemas)],
            ).fetchall()
            return {name: connection.execute(f"select * from {name} order by all").fetchall() for (name,) in tables}


# one in each setting that may hold a secret; nothing that the demo's refresh writes may hold one of them
SECRETS = {
    "AWS_ACCESS_KEY_ID": "AKIAPLANTEDPLANTED00",
    "AWS_SECRET_ACCESS_KEY": "planted-aws-secret-Zk3Vq",
    "AWS_SESSION_TOKEN": "planted-aws-session-Wm8Rt",
    "OUTTURN_ALERT_URLS": "json://robot:planted-alert-Gy7Pw@127.0.0.1:9/planted-token-Bv4Ks",
    "SMTP_PASSWORD": "planted-smtp-Lq2Xd",
    "SOME_DATABASE": "postgresql://outturn:planted-database-Hn5Jc@127.0.0.1:9/outturn",
}
PLANTED = ("AKIAPLANTED", "planted-")


def copy_of(home: Home, folder: Path) -> Home:
    shutil.copytree(home.path, folder / "home", symlinks=True)
    return Home(path=folder / "home")


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> tuple[Home, dict[str, Any]]:
    """The demo firm's data home after its first refresh, and what the command printed. Not to be changed."""
    home = Home(path=tmp_path_factory.mktemp("demo") / "home")
    (home.path.parent / "www").mkdir()
    ended = home.run("demo", "--no-site", "--json", OUTTURN_TARGETS=str(home.path.parent / "www"), **SECRETS)
    assert ended.returncode == 0, ended.stderr
    assert not any(planted in ended.stdout + ended.stderr for planted in PLANTED)
    return home, json.loads(ended.stdout)


@pytest.fixture
def copied(demo, tmp_path) -> Home:
    """A copy of the refreshed demo home that a test may change."""
    return copy_of(demo[0], tmp_path)


@pytest.fixture
def fresh(tmp_path) -> Home:
    """An empty data home."""
    home = Home(path=tmp_path / "home")
    home.settings.create_home()
    return home


@pytest.fixture(scope="session")
def drop() -> Callable[..., Path]:
    """Writes a file into a home's inbox."""

    def write(home: Home, relative: str, text: str) -> Path:
        path = home.path / "inbox" / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write
