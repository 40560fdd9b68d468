"""A damaged warehouse made anew from the archive publishes what the undisturbed one does, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

pytestmark = pytest.mark.whole

# what tells of the refresh itself, and so of when it ran: its own row, and when each check was made
EXEMPT_TABLES = {"ops.refreshes"}
EXEMPT_COLUMNS = {"ops.check_results": "checked_at"}


def contents(snapshot: Path, folder: Path) -> dict[str, bytes]:
    """The ordered contents of every published table, as bytes."""
    folder.mkdir()
    with duckdb.connect(str(snapshot), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where not internal order by all"
        ).fetchall()
        found = {}
        for (table,) in tables:
            if table in EXEMPT_TABLES:
                continue
            left_out = f"exclude ({EXEMPT_COLUMNS[table]})" if table in EXEMPT_COLUMNS else ""
            path = folder / f"{table}.csv"
            connection.execute(f"copy (select * {left_out} from {table} order by all) to '{path}' (format csv)")
            found[table] = path.read_bytes()
        return found


def test_a_replay_publishes_the_same_bytes(demo, copied, tmp_path):
    undisturbed = contents(demo[0].path / "published" / "warehouse.duckdb", tmp_path / "undisturbed")
    assert len(undisturbed) > 60
    archive = sorted(path.name for path in (copied.path / "archive").iterdir())
    damaged = bytearray(copied.settings.warehouse.read_bytes())
    damaged[4096 : len(damaged) // 2] = bytes(len(damaged) // 2 - 4096)
    copied.settings.warehouse.write_bytes(damaged)
    refused = copied.run("refresh", "--no-site")
    assert refused.returncode != 0
    ended = copied.run("replay", "--no-site", "--json")
    assert ended.returncode == 0, ended.stderr
    said = json.loads(ended.stdout)["replay"]
    assert said["moved"] is None  # the damaged one does not open
    replayed = contents(copied.path / "published" / "warehouse.duckdb", tmp_path / "replayed")
    assert replayed.keys() == undisturbed.keys()
    assert [table for table in undisturbed if replayed[table] != undisturbed[table]] == []
    assert sorted(path.name for path in (copied.path / "archive").iterdir()) == archive
    # published: the old one is not needed any more
    assert not (copied.path / "warehouse" / "set-aside").exists()
    # months that nothing stands against
    ended = copied.run("replay", "--month", "2026-10", "--json")
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["replay"]["moved"] == []
