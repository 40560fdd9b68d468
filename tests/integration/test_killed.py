"""A refresh that is killed at any moment and run again gives what an undisturbed one gives."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time

import pytest

from pipelines.demo import write_demo
from pipelines.refresh_log import ended
from tests.integration.conftest import OUTTURN, Home

pytestmark = pytest.mark.whole
KILLS = 5


def start(home: Home) -> subprocess.Popen:
    return subprocess.Popen(
        [OUTTURN, "--home", str(home.path), "refresh", "--no-site"],
        env=home.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def test_killed_again_and_again_it_ends_where_an_undisturbed_one_ends(demo, tmp_path):
    """Kills at moments drawn with a fixed seed, spread over the whole refresh; every other one spares dbt's process,
    which then has to be waited for."""
    undisturbed, _ = demo
    home = Home(path=tmp_path / "home")
    home.settings.create_home()
    write_demo(home.path, scale=1)
    # people's pseudonyms follow from the key, so the same key is part of "the same input"
    shutil.copyfile(undisturbed.path / "pseudonym.key", home.path / "pseudonym.key")
    draw = random.Random(20261122)
    for number in range(KILLS):
        process = start(home)
        deadline = time.monotonic() + draw.uniform(number, number + 1) * 40 / KILLS
        while time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.05)
        if process.poll() is None:
            if number % 2:
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    outcome = home.refresh()
    assert outcome["manifest"]["checks"]["critical"] == 0
    assert home.figures("core", "margin") == undisturbed.figures("core", "margin")
    columns = (
        "file_name, table_name, sha256, format, rows_read, rows_loaded, rows_rejected, rows_unchanged, rows_restated, "
        "amount_read, amount_loaded, amount_rejected, amount_unchanged, status"
    )
    assert home.private(f"select {columns} from ledger.loads order by all") == undisturbed.private(
        f"select {columns} from ledger.loads order by all"
    )
    assert not list((home.path / "inbox").rglob("*.*"))
    assert "killed" in {row["status"] for row in ended(home.settings)}
