"""Schedules that nobody here wrote: each is read with its sums, or refused with a reason; MPXJ reads the same figures.

Skipped where the files are absent; the comparison also where MPXJ or Java is.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import RefusedFile
from pipelines.formats.schedules.numbers import shown
from tests.unit.formats.schedules_read import Read, read_path

CORPORA = Path(os.environ.get("OUTTURN_CORPORA") or Path(__file__).parents[4] / "shared" / "corpora")
SCHEDULES = CORPORA / "schedule"
DATA = SCHEDULES / "mpxj" / "junit" / "data"
MPXJ_MISSING = importlib.util.find_spec("mpxj") is None or importlib.util.find_spec("jpype") is None
JAVA_MISSING = shutil.which("java") is None and "JAVA_HOME" not in os.environ

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no corpora at {CORPORA} (set OUTTURN_CORPORA)")
needs_mpxj = pytest.mark.skipif(
    MPXJ_MISSING or JAVA_MISSING,
    reason="MPXJ is not installed (pip install 'outturn[mpxj]')" if MPXJ_MISSING else "no Java runtime",
)

# file -> tasks, links, hours of work, cost, plan lines
MSPDI = {
    "baselines.xml": (2, 0, "0", "0", 130),
    "generated/assignment-assignments/assignment-assignments-project2003-mspdi.xml": (4, 0, "240", "0", 0),
    "generated/assignment-assignments/assignment-assignments-project2010-mspdi.xml": (4, 0, "240", "0", 0),
    "generated/assignment-assignments/assignment-assignments-project2016-mspdi.xml": (4, 0, "240", "0", 0),
    "generated/calendar-calendars/calendar-calendars-project2003-mspdi.xml": (1, 0, "0", "0", 0),
    "generated/calendar-calendars/calendar-calendars-project2010-mspdi.xml": (1, 0, "0", "0", 0),
    "generated/calendar-calendars/calendar-calendars-project2016-mspdi.xml": (1, 0, "0", "0", 0),
    "generated/resource-type/resource-type-project2003-mspdi.xml": (1, 0, "0", "0", 0),
    "generated/resource-type/resource-type-project2010-mspdi.xml": (1, 0, "0", "0", 0),
    "generated/resource-type/resource-type-project2016-mspdi.xml": (1, 0, "0", "0", 0),
    "generated/task-baselines/task-baselines-project2003-mspdi.xml": (56, 0, "0", "0", 22),
    "generated/task-baselines/task-baselines-project2010-mspdi.xml": (111, 0, "0", "0", 22),
    "generated/task-baselines/task-baselines-project2016-mspdi.xml": (111, 0, "0", "0", 22),
    "generated/task-costs/task-costs-project2003-mspdi.xml": (11, 0, "0", "0", 0),
    "generated/task-costs/task-costs-project2010-mspdi.xml": (11, 0, "0", "0", 0),
    "generated/task-costs/task-costs-project2016-mspdi.xml": (11, 0, "0", "0", 0),
    "generated/task-links/task-links-project2003-mspdi.xml": (17, 8, "0", "0", 0),
    "generated/task-links/task-links-project2010-mspdi.xml": (17, 8, "0", "0", 0),
    "generated/task-links/task-links-project2016-mspdi.xml": (17, 8, "0", "0", 0),
    "legacy/alias.xml": (1, 0, "0", "0", 0),
    "legacy/caltest.xml": (4, 0, "0", "0", 0),
    "legacy/headertest9.xml": (1, 0, "0", "0", 0),
    "legacy/sample.xml": (20, 6, "500", "3526.25", 2),
    "mspdicostratetable.xml": (1, 0, "0", "0", 0),
    "mspdirelations.xml": (6, 4, "0", "0", 0),
    "mspditimephased.xml": (41, 0, "3175", "0", 0),
}
XER = {
    "ProjectDefaultCalendar.xer": (1, 0, "0", "0", 0),
    "SuccessorCalendar.xer": (1, 0, "0", "0", 0),
    "assignment/resource-rates-test.xer": (1, 0, "1200", "27600", 8),
}
THROUGH_MPXJ = {
    # the one element of the WBS, and an activity
    "ProjectDefaultCalendar.xml": ("pmxml", (2, 0, "0", "0", 0)),
    "SuccessorCalendar.xml": ("pmxml", (2, 0, "0", "0", 0)),
    "generated/task-baselines/task-baselines-project2019-mpp14.mpp": ("mpp", (111, 0, "0", "0", 22)),
    "legacy/sample.mpx": ("mpx", (20, 7, "500", "3526.25", 3)),
    # no currency but $, and no cost either
    "legacy/sample1.mpx": ("mpx", (4, 2, "160", "0", 0)),
}
REFUSED = {"planner-sample.planner": "unknown kind"}


@cache
def _read(name: str, work: Path) -> Read:
    return read_path(DATA / name, work=work)


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("schedules")


def _figures(read: Read) -> tuple[int, int, str | None, str | None, int]:
    tasks = read.tables["schedule_task"]
    hours, cost = (sum(Decimal(row[c]) for row in tasks) for c in ("work_hours", "cost_amount"))
    return len(tasks), len(read.tables["schedule_link"]), shown(hours), shown(cost), len(read.tables["plan_line"])


def test_every_file_of_the_corpora_is_accounted_for() -> None:
    files = {str(path.relative_to(DATA)) for path in DATA.rglob("*") if path.is_file()}
    assert files == {*MSPDI, *XER, *THROUGH_MPXJ, *REFUSED}


@pytest.mark.parametrize("name", [*MSPDI, *XER])
def test_what_is_read_without_java(name: str, work: Path) -> None:
    read = _read(name, work)
    assert (read.format, read.source_system) == (("mspdi", "msproject") if name in MSPDI else ("xer", "primavera"))
    assert _figures(read) == (MSPDI | XER)[name]
    assert read.faults() == []


@needs_mpxj
@pytest.mark.parametrize("name", THROUGH_MPXJ)
def test_what_is_read_through_mpxj(name: str, work: Path) -> None:
    read = _read(name, work)
    assert (read.format, _figures(read)) == THROUGH_MPXJ[name]
    assert read.faults() == []


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_says_why(name: str, work: Path) -> None:
    with pytest.raises(RefusedFile, match=REFUSED[name]) as refusal:
        _read(name, work)
    assert refusal.value.remedy


@pytest.mark.parametrize("year", ["2003", "2010", "2016"])
def test_the_totals_of_eleven_baselines(year: str, work: Path) -> None:
    """Baseline n of the corpus file plans n + 1 of currency and 51 + n hours."""
    read = _read(f"generated/task-baselines/task-baselines-project{year}-mspdi.xml", work)
    for n in range(11):
        assert read.total(f"MSP-BL{n:02d}") == n + 1
        assert read.total(f"MSP-BL{n:02d}", "hours") == 51 + n


# -- the second opinion ------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def oracle() -> dict[str, list[dict[str, Any]]]:
    names = [*MSPDI, *XER]
    script = Path(__file__).with_name("mpxj_oracle.py")
    ran = subprocess.run(
        [sys.executable, str(script), *(str(DATA / name) for name in names)],
        capture_output=True,
        check=True,
        timeout=300,
    )
    return {str(Path(path).relative_to(DATA)): found for path, found in json.loads(ran.stdout).items()}


def _close(ours: str | None, theirs: str | None, *, step: str) -> bool:
    """Equal to what a double of MPXJ can tell."""
    return abs(Decimal(ours or 0) - Decimal(theirs or 0)) <= Decimal(step)


def _differences(read: Read, theirs: list[dict[str, Any]], *, key: str) -> Iterator[str]:
    """Each figure of a task that MPXJ reads differently."""
    tasks = {row["task_id"]: row for row in read.tables["schedule_task"]}
    for their in theirs:
        ours = tasks.get(their[key])
        if ours is None:
            yield f"{their[key]}: not read"
            continue
        compared = {"actual_start": "actual_start_date", "actual_finish": "actual_finish_date"}
        compared |= {"start": "start_date", "finish": "finish_date"}
        for theirs_name, ours_name in compared.items():
            if ours[ours_name] != their[theirs_name]:
                yield f"{their[key]}: {theirs_name} {ours[ours_name]} != {their[theirs_name]}"
        if their["summary"]:
            continue  # ours is what a summary costs beside its children
        for theirs_name, ours_name, step in (
            ("cost", "cost_amount", "0.005"),
            ("actual_cost", "actual_cost_amount", "0.005"),
            ("remaining_cost", "remaining_cost_amount", "0.005"),
            ("work", "work_hours", "0.01"),
            ("actual_work", "actual_work_hours", "0.01"),
            ("duration", "duration_hours", "0.01"),
        ):
            if not _close(ours[ours_name], their[theirs_name], step=step):
                yield f"{their[key]}: {theirs_name} {ours[ours_name]} != {their[theirs_name]}"
        if not _close(str(Decimal(ours["percent_complete"] or 0) * 100), their["percent"], step="0.5"):
            yield f"{their[key]}: percent {ours['percent_complete']} != {their['percent']}"


@needs_mpxj
@pytest.mark.parametrize("name", MSPDI)
def test_mpxj_reads_the_same_tasks(name: str, work: Path, oracle: dict[str, Any]) -> None:
    read = _read(name, work)
    (project,) = oracle[name]
    assert list(_differences(read, project["tasks"], key="uid")) == []
    leaves = [task for task in project["tasks"] if not task["summary"]]
    for ours, theirs in (("cost_amount", "cost"), ("work_hours", "work")):
        total = sum((Decimal(row[ours]) for row in read.tables["schedule_task"]), Decimal(0))
        assert abs(total - sum(Decimal(task[theirs] or 0) for task in leaves)) <= Decimal("0.01")


@needs_mpxj
@pytest.mark.parametrize("name", MSPDI)
def test_mpxj_reads_the_same_baselines(name: str, work: Path, oracle: dict[str, Any]) -> None:
    read = _read(name, work)
    by_wbs = {row["task_id"]: row["wbs_id"] for row in read.tables["schedule_task"]}
    (project,) = oracle[name]
    for n in range(11):
        cells = read.cells(f"MSP-BL{n:02d}")
        for task in project["tasks"]:
            theirs = task["baselines"][str(n)]
            mine = [cell for (wbs, _, _), cell in cells.items() if wbs == by_wbs[task["uid"]]]
            if not cells or task["summary"]:
                continue  # baselines without any cost are no plans
            assert abs(sum(Decimal(a) for _, a in mine) - Decimal(theirs["cost"] or 0)) <= Decimal("0.005")
            assert abs(sum(Decimal(h or 0) for h, _ in mine) - Decimal(theirs["work"] or 0)) <= Decimal("0.01")


@needs_mpxj
@pytest.mark.parametrize("name", MSPDI)
def test_mpxj_reads_the_same_links(name: str, work: Path, oracle: dict[str, Any]) -> None:
    read = _read(name, work)
    (project,) = oracle[name]
    theirs = sorted(f"{link} {task['uid']}" for task in project["tasks"] for link in task["predecessors"])
    rows = read.tables["schedule_link"]
    assert sorted(f"{r['predecessor_id']} {r['link_type']} {r['successor_id']}" for r in rows) == theirs


@needs_mpxj
@pytest.mark.parametrize("name", XER)
def test_mpxj_reads_the_same_activities(name: str, work: Path, oracle: dict[str, Any]) -> None:
    read = _read(name, work)
    (project,) = oracle[name]
    activities = [task for task in project["tasks"] if not task["summary"]]
    assert list(_differences(read, activities, key="code")) == []
