"""A refresh that is killed at any moment and run again gives what an undisturbed one gives."""

from __future__ import annotations

import random
import shutil

import pytest

from benchmarks.soak import kill_after, ordered_contents, start_refresh, whole
from pipelines.demo import write_demo
from pipelines.refresh_log import ended
from tests.integration.conftest import Home

pytestmark = pytest.mark.whole
KILLS = 5


def test_killed_again_and_again_it_ends_where_an_undisturbed_one_ends(demo, tmp_path):
    """Kills at moments drawn with a fixed seed, spread over the whole refresh; every other one spares dbt's process,
    which then has to be waited for. A hundred moments, each with a run of its own: `make soak`."""
    undisturbed, _ = demo
    home = Home(path=tmp_path / "home")
    home.settings.create_home()
    write_demo(home.path, scale=1)
    # people's pseudonyms follow from the key, so the same key is part of "the same input"
    shutil.copyfile(undisturbed.path / "pseudonym.key", home.path / "pseudonym.key")
    draw = random.Random(20261122)
    for number in range(KILLS):
        seconds = draw.uniform(number, number + 1) * 40 / KILLS
        kill_after(start_refresh(home.path), seconds, with_children=not number % 2)
        assert whole(home.path) is None
    outcome = home.refresh()
    assert outcome["manifest"]["checks"]["critical"] == 0
    found, expected = (ordered_contents(one.path / "published" / "warehouse.duckdb") for one in (home, undisturbed))
    assert len(expected) > 80
    assert [table for table in expected if found.get(table) != expected[table]] == []
    columns = (
        "file_name, table_name, sha256, format, rows_read, rows_loaded, rows_rejected, rows_unchanged, rows_restated, "
        "amount_read, amount_loaded, amount_rejected, amount_unchanged, status"
    )
    assert home.private(f"select {columns} from ledger.loads order by all") == undisturbed.private(
        f"select {columns} from ledger.loads order by all"
    )
    assert not list((home.path / "inbox").rglob("*.*"))
    assert "killed" in {row["status"] for row in ended(home.settings)}
