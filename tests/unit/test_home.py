"""Who may read what of a data home, whatever the umask, and what the doctor says where it is not so."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import duckdb
import pytest

from pipelines.cli import cli
from pipelines.commands.status import doctor, status
from pipelines.publishing import publications, snapshot
from pipelines.publishing.serve import make_server
from pipelines.refresh_log import RefreshRecord
from pipelines.settings import Settings, load_settings
from pipelines.state import pending
from tests.unit.outside.conftest import publish


def modes(settings: Settings) -> dict[str, int]:
    return {
        path.relative_to(settings.home).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in settings.home.rglob("*")
    }


@pytest.fixture(params=[0o000, 0o077], ids=["umask 000", "umask 077"])
def home(request, tmp_path) -> Settings:
    before = os.umask(request.param)
    try:
        settings = load_settings(tmp_path / "home", environment={})
        settings.create_home()
        publish(settings, 1)
    finally:
        os.umask(before)
    return settings


def test_private_is_private_and_published_is_readable_whatever_the_umask(home):
    found = modes(home)
    for private in ("archive", "warehouse", "work", "refused", "dagster", "closes", "inbox"):
        assert found[private] == 0o700, private
    assert found["pseudonym.key"] == 0o600
    public = {name: mode for name, mode in found.items() if name.split("/")[0] == "published" and ".staged" not in name}
    assert len(public) > 8
    for name, mode in public.items():
        wanted = 0o555 if (home.home / name).is_dir() else 0o444
        assert mode & wanted == wanted, name
    assert stat.S_IMODE(home.home.stat().st_mode) == 0o711


def ok(settings: Settings) -> dict[str, bool]:
    return {row["check"]: row["ok"] for row in doctor(settings)}


def says(settings: Settings, check: str) -> str:
    return next(row["says"] for row in doctor(settings) if row["check"] == check)


@pytest.mark.parametrize(
    ("path", "mode"),
    [("archive", 0o750), ("dagster", 0o701), ("pseudonym.key", 0o640), ("inbox", 0o704), ("outturn.toml", 0o664)],
)
def test_the_doctor_finds_what_others_may_read_or_change(tmp_path, path, mode):
    settings = load_settings(tmp_path / "home", environment={})
    settings.create_home()
    assert ok(settings)["permissions"]
    (settings.home / path).chmod(mode)
    assert not ok(settings)["permissions"]
    assert str(settings.home / path) in says(settings, "permissions")


def test_the_doctor_finds_a_publication_that_readers_cannot_read(tmp_path):
    settings = load_settings(tmp_path / "home", environment={})
    settings.create_home()
    folder = publish(settings, 1)
    assert ok(settings)["readers"]
    (folder / "warehouse.duckdb").chmod(0o400)
    assert not ok(settings)["readers"]


def test_a_damaged_snapshot_is_found_by_the_doctor_and_a_reason_to_refresh(tmp_path, monkeypatch):
    settings = load_settings(tmp_path / "home", environment={})
    settings.create_home()
    file = publish(settings, 1) / "warehouse.duckdb"
    monkeypatch.setattr("pipelines.publishing.publications.current_manifest", publications.current_manifest)
    manifest = publications.current_manifest(settings) | {"code_version": "x", "input_hash": "x"}
    monkeypatch.setattr("pipelines.state.current_manifest", lambda _: manifest)
    assert "the published warehouse is damaged" not in pending(settings, site=False).reasons
    content = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(content[:100] + b"\0" + content[101:])
    assert "is not what was published" in says(settings, "publication")
    assert "the published warehouse is damaged" in pending(settings, site=False).reasons


def test_a_clock_that_jumped_back_is_found(tmp_path):
    settings = load_settings(tmp_path, environment={"OUTTURN_NOW": "2026-11-03T05:00:00+00:00"})
    settings.create_home()
    RefreshRecord.begin(settings, run_id="x").end("published")
    assert ok(settings)["clock"]
    earlier = load_settings(tmp_path, environment={"OUTTURN_NOW": "2026-11-02T05:00:00+00:00"})
    assert "before the start of the last refresh" in says(earlier, "clock")
    much_later = load_settings(tmp_path, environment={"OUTTURN_NOW": "2036-11-02T05:00:00+00:00"})
    assert ok(much_later)["clock"]


def test_what_failed_last_and_why_and_what_is_late_stands_in_status(tmp_path):
    (tmp_path / "outturn.toml").write_text(
        '[feeds.time_entry]\nexpected_every = "1d"\nlate_after = "36h"\n', encoding="utf-8"
    )
    settings = load_settings(tmp_path, environment={"OUTTURN_NOW": "2026-11-03T05:00:00+00:00"})
    settings.create_home()
    staged = snapshot.staged_path(settings)
    staged.parent.mkdir()
    with duckdb.connect(str(staged)) as connection:
        connection.execute("create schema ops")
        connection.execute(
            "create table ops.loads as select 'time_entry' as table_name, "
            "timestamp '2026-11-01 16:59:00' as loaded_at, 'loaded' as status"
        )
    publications.publish(settings, manifest={"as_of": "x", "published_at": "x", "checks": {}}, site=None)
    RefreshRecord.begin(settings, run_id="1").end("failed", message="gate erp: two lines have one key")
    RefreshRecord.begin(settings, run_id="2").end("published")
    found = status(settings)
    assert found["last_failure"]["message"] == "gate erp: two lines have one key"
    assert [late["table"] for late in found["late_feeds"]] == ["time_entry"]
    assert found["set_up"]["expected_feeds"] == {"time_entry": "1 day, 0:00:00"}
    assert ok(settings)["last refresh"]
    assert "time_entry" in says(settings, "feeds")
    RefreshRecord.begin(settings, run_id="3").end("failed", message="build_models: no space left on device")
    assert "no space left" in says(settings, "last refresh")


def test_everything_that_listens_listens_on_loopback_unless_told_otherwise(tmp_path):
    with make_server(tmp_path, port=0) as server:
        assert server.server_address[0] == "127.0.0.1"
    options = {option.name: option.default for option in cli.commands["serve"].params}
    assert (options["host"], options["dagster_host"]) == ("127.0.0.1", "127.0.0.1")


def test_a_warehouse_that_is_no_database_is_named_with_what_to_do(tmp_path):
    settings = load_settings(tmp_path, environment={})
    settings.create_home()
    Path(settings.warehouse).write_bytes(b"\0" * 20_000)
    assert not ok(settings)["private warehouse"]
    assert "outturn replay" in says(settings, "private warehouse")
