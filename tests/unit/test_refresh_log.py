"""The record of a refresh and the writer's lock."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from pipelines.errors import WarehouseBusy
from pipelines.refresh_log import RefreshRecord, ended, running, writer_lock
from pipelines.settings import load_settings


@pytest.fixture
def settings(tmp_path):
    found = load_settings(tmp_path, environment={"OUTTURN_NOW": "2026-11-03T05:00:00+00:00"})
    found.create_home()
    return found


def test_a_refresh_is_written_down_with_its_steps(settings):
    record = RefreshRecord.begin(settings, run_id="abcdefgh-1")
    with record.step("land_erp") as step:
        step["rows"], step["files_loaded"] = 12, 2
    with RefreshRecord.open(settings).step("land_kpi") as step:
        step["rows"], step["files_loaded"] = 3, 1
    assert running(settings)["files_loaded"] == 3
    RefreshRecord.open(settings).end("published")
    (row,) = ended(settings)
    assert row["refresh_id"] == "20261103T050000Z-abcdefgh"
    assert json.loads(row["rows_by_step"]) == {"land_erp": 12, "land_kpi": 3}
    assert (row["status"], row["files_loaded"], running(settings)) == ("published", 3, None)


def test_a_failing_step_leaves_its_reason(settings):
    record = RefreshRecord.begin(settings, run_id="r")
    with pytest.raises(ValueError, match="no such"), record.step("build_models"):
        raise ValueError("no such column")
    assert RefreshRecord.open(settings).content["message"] == "build_models: no such column"


def test_a_killed_refresh_is_written_down_by_the_next(settings):
    RefreshRecord.begin(settings, run_id="first")
    RefreshRecord.begin(settings, run_id="second")
    assert [row["status"] for row in ended(settings)] == ["killed"]
    assert running(settings)["refresh_id"].endswith("second")


def test_one_writer_and_the_lock_dies_with_its_process(settings):
    hold = (
        "import sys, time\nfrom pipelines.settings import load_settings\n"
        "from pipelines.refresh_log import writer_lock\n"
        "with writer_lock(load_settings(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    other = subprocess.Popen([sys.executable, "-c", hold, str(settings.home)], stdout=subprocess.PIPE, text=True)
    assert other.stdout.readline() == "held\n"
    with pytest.raises(WarehouseBusy, match=str(other.pid)), writer_lock(settings):
        pass
    other.kill()
    other.wait()
    with writer_lock(settings):
        pass
