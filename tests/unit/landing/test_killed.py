"""Killed anywhere and run again, landing leaves what an undisturbed run leaves: every table, file and ledger entry."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pipelines.landing import land_inbox

RUN = Path(__file__).with_name("killed_run.py")
LAND, ARCHIVE, LOAD = "pipelines.landing.land", "pipelines.landing.archive", "pipelines.landing.load"


def fill(home: Any, ubl: Any) -> None:
    head = "cost_line_id,project_id,posting_date,amount,currency_code\n"
    home.drop("erp/cost_line_1.csv", head + "".join(f"{n},P,2026-01-05,{n}.5,EUR\n" for n in range(200)))
    home.drop("erp/not a table.csv", "x,y\n1,2\n")
    home.drop("erp/cost_line_2.csv", head + "3,P,2026-01-05,99,EUR\n4,P,2026-01-05,x,EUR\n5,P,2026-01-05,5.5,EUR\n")
    for number in range(6):
        home.drop(f"invoices/{number}.xml", ubl(f"R-{number}", "100.00"))
    home.drop("invoices/broken.xml", "<Invoice")
    home.drop("invoices/6.xml", ubl("R-0", "120.00"))
    home.drop("erp/cost_line_1 again.csv", (home.settings.inbox / "erp/cost_line_1.csv").read_bytes())
    home.drop("timesheets/time_entry.csv", "employee_id,project_id,work_date,hours\nE,P,2026-01-05,4\n")


def files(home: Any) -> dict[str, bytes]:
    settings = home.settings
    return {
        path.relative_to(settings.home).as_posix(): path.read_bytes()
        for folder in (settings.inbox, settings.archive, settings.refused, settings.work)
        for path in folder.rglob("*")
        if path.is_file()
    }


def run(home: Any, place: str = "nowhere", moment: str = "before", passing: int = 0) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, str(RUN), str(home.settings.home), place, moment, str(passing)])


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, make_home: Any, ubl: Any) -> Any:
    home = make_home(tmp_path_factory.mktemp("home") / "undisturbed")
    fill(home, ubl)
    land_inbox(home.settings)
    assert len(home.loads()) == 19
    assert home.rows("select count(*), sum(amount) from raw.cost_line")[0][0] == 200
    return home


@pytest.mark.parametrize(
    ("place", "moment", "passing"),
    [
        (f"{ARCHIVE}:take", "after", 0),
        (f"{ARCHIVE}:os.fsync", "before", 1),
        (f"{ARCHIVE}:settle", "after", 2),
        (f"{LOAD}:_Load.split", "after", 1),
        (f"{LOAD}:_Load.write", "after", 3),
        (f"{LAND}:ledger.record", "after", 3),
        (f"{ARCHIVE}:refuse", "after", 0),
        (f"{ARCHIVE}:refuse", "after", 1),
        (f"{LAND}:Landing._commit", "after", 1),
        (f"{LAND}:Landing._commit", "after", 3),
        (f"{ARCHIVE}:release", "after", 4),
        (f"{ARCHIVE}:release", "after", 9),
    ],
)
def test_killed_at_a_boundary(
    tmp_path: Path, make_home: Any, ubl: Any, undisturbed: Any, place: str, moment: str, passing: int
) -> None:
    home = make_home(tmp_path / "killed")
    fill(home, ubl)
    assert run(home, place, moment, passing).wait(120) == -9
    land_inbox(home.settings)
    assert home.content() == undisturbed.content()
    assert files(home) == files(undisturbed)


def test_killed_at_random(tmp_path: Path, make_home: Any, ubl: Any, undisturbed: Any) -> None:
    """Again and again, until a run comes to its end."""
    chance = random.Random(20261101)
    home = make_home(tmp_path / "killed")
    fill(home, ubl)
    started = time.perf_counter()
    whole = make_home(tmp_path / "whole")
    fill(whole, ubl)
    assert run(whole).wait(120) == 0
    length = time.perf_counter() - started
    for _ in range(6):
        process = run(home)
        time.sleep(length * chance.uniform(0.5, 1.0))
        process.kill()
        process.wait(120)
    land_inbox(home.settings)
    assert home.content() == undisturbed.content()
    assert files(home) == files(undisturbed)
