"""What a machine does to a refresh: full disk, read-only folder, damage, a clock that jumps, somebody else's hand.

Each is told with what to do, and leaves what readers see as it was. Kills: tests/integration/test_killed.py.
"""

from __future__ import annotations

import subprocess
import sys
import time

import duckdb
import pytest

from pipelines import refresh_log
from pipelines.errors import WarehouseBusy, WarehouseDamaged
from pipelines.landing import archive, inbox
from pipelines.publishing import publications, snapshot
from pipelines.refresh_log import RefreshRecord, require_sound, writer_lock
from pipelines.settings import load_settings
from tests.unit.outside.conftest import contents

PUBLISH = """
import sys
from pipelines.publishing import publications, snapshot
from pipelines.settings import load_settings
settings = load_settings(sys.argv[1], environment={})
snapshot.stage(settings)
snapshot.seal(settings, checks=[], refreshes=[{"refresh_id": "r", "status": "published"}])
publications.publish(settings, manifest={"refresh_id": "r"}, site=None)
"""
OUTTURN = [sys.executable, "-m", "pipelines.cli"]


@pytest.fixture
def settings(tmp_path):
    found = load_settings(tmp_path / "home", environment={})
    found.create_home()
    with duckdb.connect(str(found.warehouse)) as connection:
        connection.execute("create schema core")
        # text that does not compress: a file of some megabytes
        connection.execute("create table core.t as select sha256(range::varchar) as v from range(100000)")
    assert run(PUBLISH, found).returncode == 0
    return found


# of a file, in bytes; set by a shell: a process with threads must run nothing of its own between fork and exec
SMALL = ("sh", "-c", 'ulimit -f 2000 && exec "$@"', "sh")


def run(code: str, settings, *, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, sys.executable, "-c", code, str(settings.home)], capture_output=True, text=True, check=False
    )


def sees(settings) -> dict[str, bytes]:
    return contents(settings.published / "current")


def mounted(command: str) -> tuple[str, ...]:
    """Runs what follows in a mount namespace of its own, after `command`, which may mount what it likes."""
    prefix = ("unshare", "--map-root-user", "--mount", "sh", "-c", f'{command} && exec "$@"', "sh")
    probe = subprocess.run([*prefix, "true"], capture_output=True, check=False, text=True)
    if probe.returncode:
        pytest.skip(f"no mounts in a namespace of one's own here: {probe.stderr.strip()[:100]}")
    return prefix


def test_a_file_that_may_not_grow_leaves_the_publication_and_the_next_run_succeeds(settings):
    before = sees(settings)
    ended = run(PUBLISH, settings, before=SMALL)
    assert ended.returncode != 0
    assert "File too large" in ended.stderr
    assert sees(settings) == before
    assert run(PUBLISH, settings).returncode == 0
    assert publications.numbers(settings) == [1, 2]


def test_a_full_disk_leaves_the_publication_and_the_next_run_succeeds(settings):
    before = sees(settings)
    staged = snapshot.staged_path(settings).parent
    ended = run(PUBLISH, settings, before=mounted(f"mount -t tmpfs -o size=1m tmpfs {staged}"))
    assert ended.returncode != 0
    assert "No space left on device" in ended.stderr
    assert sees(settings) == before
    assert run(PUBLISH, settings).returncode == 0


def test_a_read_only_folder_leaves_the_publication_and_is_named(settings):
    before, place = sees(settings), settings.published
    read_only = mounted(f"mount --bind {place} {place} && mount -o remount,ro,bind {place}")
    ended = run(PUBLISH, settings, before=read_only)
    assert ended.returncode != 0
    assert "Read-only file system" in ended.stderr
    assert sees(settings) == before
    assert run(PUBLISH, settings).returncode == 0


def test_the_command_says_in_one_line_that_the_home_cannot_be_written(settings):
    home = settings.home
    read_only = mounted(f"mount --bind {home} {home} && mount -o remount,ro,bind {home}")
    ended = subprocess.run(
        [*read_only, *OUTTURN, "--home", str(home), "refresh", "--no-site"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    (line,) = ended.stderr.strip().splitlines()
    assert line.startswith("outturn: the file system is read-only in ")
    assert "mount it for writing" in line


def test_a_warehouse_that_somebody_opened_is_named_with_what_to_do(settings, monkeypatch):
    monkeypatch.setattr(refresh_log, "_LEFTOVER_SECONDS", 0.3)
    hold = "import duckdb, sys, time\nc = duckdb.connect(sys.argv[1])\nprint('open', flush=True)\ntime.sleep(60)"
    analyst = subprocess.Popen([sys.executable, "-c", hold, str(settings.warehouse)], stdout=subprocess.PIPE, text=True)
    try:
        assert analyst.stdout.readline() == "open\n"
        with pytest.raises(WarehouseBusy, match=r"analysts read published/warehouse\.duckdb"), writer_lock(settings):
            pass
    finally:
        analyst.kill()
        analyst.wait()
    with writer_lock(settings):
        pass


@pytest.mark.parametrize("damage", ["header", "cut"])
def test_a_warehouse_that_is_damaged_is_named_with_what_to_do(settings, damage):
    require_sound(settings)
    content = settings.warehouse.read_bytes()
    settings.warehouse.write_bytes(bytes(4096) + content[4096:] if damage == "header" else content[:5000])
    with pytest.raises(WarehouseDamaged, match="outturn replay"):
        require_sound(settings)


def test_damage_further_inside_is_named_by_the_step_that_reads_it(settings):
    content = bytearray(settings.warehouse.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = bytes(4096)
    settings.warehouse.write_bytes(content)
    record = RefreshRecord.begin(settings, run_id="r")
    with pytest.raises(duckdb.Error), record.step("stage_snapshot"):
        snapshot.stage(settings)
    message = RefreshRecord.open(settings).content["message"]
    assert message.startswith("stage_snapshot: ")
    assert "`outturn replay`" in message


def test_a_file_that_changes_while_it_is_read_is_left_for_the_next_refresh(settings, monkeypatch):
    path = settings.inbox / "erp" / "customer.csv"
    path.write_text("customer_id,customer_name\nC1,One\n", encoding="utf-8")
    (file,) = inbox.look(load_settings(settings.home, environment={"OUTTURN_SETTLE_SECONDS": "0"})).files
    write = archive._write

    def and_another_hand(*arguments) -> None:
        write(*arguments)
        with path.open("a", encoding="utf-8") as other:
            other.write("C2,Two\n")

    monkeypatch.setattr(archive, "_write", and_another_hand)
    assert archive.take(settings, file) is None
    monkeypatch.undo()
    assert list(settings.archive.iterdir()) == []
    (again,) = inbox.look(load_settings(settings.home, environment={"OUTTURN_SETTLE_SECONDS": "0"})).files
    taken = archive.take(settings, again)
    assert taken.path.read_text(encoding="utf-8").endswith("C2,Two\n")


def test_files_are_taken_after_the_clock_was_set_back_and_not_while_young(settings, monkeypatch):
    path = settings.inbox / "erp" / "customer.csv"
    path.write_text("x", encoding="utf-8")
    written = path.stat().st_ctime
    for now, taken in ((written + 1, False), (written + 3, True), (written - 0.01, False), (written - 3600, True)):
        monkeypatch.setattr(time, "time", lambda now=now: now)
        assert len(inbox.look(settings).files) == taken, now - written


def test_a_refresh_after_the_clock_was_set_back_tells_its_own_moment(settings):
    from pipelines.publishing.export import _about

    rows = [
        {"refresh_id": name, "started_at": f"{day} 05:00:00", "as_of": f"{day} 05:00:00", "status": "published",
         "base_currency": "EUR", "code_version": "c", "input_hash": "i"}
        for name, day in (("before", "2036-01-01"), ("this one", "2026-11-03"))
    ]  # fmt: skip
    snapshot.stage(settings)
    snapshot.seal(settings, checks=[], refreshes=rows)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{snapshot.staged_path(settings)}' as wh (read_only)")
        assert _about(connection)["refresh_id"] == "this one"
