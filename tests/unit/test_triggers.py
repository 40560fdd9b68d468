"""Drops ask for one refresh by their content; working days; the lock is waited for; a close is proposed, never made."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines.close_proposal import is_close_day, month_to_close
from pipelines.errors import OutturnError, WarehouseBusy
from pipelines.landing.inbox import look
from pipelines.refresh_log import writer_lock
from pipelines.retry import pauses, retried
from pipelines.settings import Settings
from pipelines.triggers import Asked, Decision, dropped, working_day


class Folder:
    """inbox/erp and the sensor that watches it."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home, settle_seconds=0)
        self.settings.create_home()
        self.cursor: str | None = None
        self.refresh = "r1"
        self.keys: list[str] = []

    def write(self, name: str, text: str, *, seconds: int) -> Path:
        path = self.settings.inbox / "erp" / name
        path.write_text(text, encoding="utf-8")
        os.utime(path, (1_700_000_000 + seconds,) * 2)
        return path

    def tick(self) -> Decision:
        files = look(self.settings, feeds=["erp"]).files
        decided = dropped("erp", files, asked=Asked.from_cursor(self.cursor), last_refresh=self.refresh)
        self.cursor = decided.asked.cursor()
        if decided.run_key:
            assert decided.run_key not in self.keys, "Dagster starts no second run of one key"
            self.keys.append(decided.run_key)
        return decided


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "home")


def test_a_drop_asks_once_and_touching_or_copying_it_again_does_not(folder: Folder) -> None:
    assert folder.tick().reason == "no complete file in inbox/erp"
    folder.write("a.csv", "1", seconds=0)
    assert folder.tick().run_key
    assert folder.tick().reason == "a refresh was asked for these files already"
    folder.write("a.csv", "1", seconds=60)
    assert folder.tick().reason == "a refresh was asked for the same content already"
    assert folder.tick().reason == "a refresh was asked for these files already"
    folder.write("b.csv", "2", seconds=60)
    assert folder.tick().run_key
    folder.write("b.csv", "3", seconds=60)  # same name, size and time: nothing tells, and nothing is read again
    assert not folder.tick().run_key
    folder.write("b.csv", "3", seconds=61)
    assert folder.tick().run_key


def test_the_same_bytes_ask_again_once_the_first_were_taken(folder: Folder) -> None:
    path = folder.write("a.csv", "1", seconds=0)
    first = folder.tick().run_key
    path.unlink()
    assert not folder.tick().run_key
    folder.write("a.csv", "1", seconds=0)
    second = folder.tick().run_key
    # taken and dropped anew between two looks: the refresh that ended and the new time tell
    folder.refresh = "r2"
    assert not folder.tick().run_key
    folder.write("a.csv", "1", seconds=90)
    third = folder.tick().run_key
    assert first
    assert second
    assert third
    assert len({first, second, third}) == 3


def test_the_key_is_of_the_content_alone(tmp_path: Path) -> None:
    keys = []
    for name, seconds in (("one", 0), ("two", 500)):
        folder = Folder(tmp_path / name)
        folder.write("a.csv", "1", seconds=seconds)
        folder.write("b.csv", "2", seconds=seconds + 3)
        keys.append(folder.tick().run_key)
    assert keys[0] == keys[1]


def test_a_file_that_changes_while_it_is_looked_at_asks_for_nothing(folder: Folder) -> None:
    folder.write("a.csv", "1", seconds=0)
    files = look(folder.settings, feeds=["erp"]).files
    folder.write("a.csv", "12", seconds=1)
    assert dropped("erp", files, asked=Asked(), last_refresh="").reason == "a file is still being written"
    files[0].path.unlink()
    assert dropped("erp", files, asked=Asked(), last_refresh="").run_key is None


def test_a_cursor_of_an_earlier_version_is_no_harm() -> None:
    assert Asked.from_cursor("0a1b2c") == Asked.from_cursor(None) == Asked()


@pytest.mark.parametrize(
    ("day", "number"),
    [("2026-11-01", 0), ("2026-11-02", 1), ("2026-11-06", 5), ("2026-11-08", 5), ("2027-01-08", 5), ("2027-01-07", 4)],
)
def test_working_days_of_a_month(day: str, number: int) -> None:
    # 1 January 2027 is a Friday
    assert working_day(date.fromisoformat(day), holidays={date(2027, 1, 1)}) == number


def test_a_close_is_due_from_its_working_day_on_in_the_order_of_months(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, holidays=frozenset({date(2026, 11, 6)}))

    def due(day: str) -> str | None:
        return month_to_close(settings, today=date.fromisoformat(day))

    # the fifth working day would be the 6th, which is a holiday, and then comes a week-end
    assert [due(day) for day in ("2026-11-05", "2026-11-08", "2026-11-09", "2026-12-01")] == [
        None, None, "2026-10", None
    ]  # fmt: skip
    days = [day for day in range(1, 31) if is_close_day(settings, day=date(2026, 11, day))]
    assert days == [9]
    (settings.closes / "2026-10").mkdir(parents=True)
    assert due("2026-11-20") is None
    # November was left open: it is due whatever the working day
    assert due("2027-01-01") == "2026-11"
    assert due("2026-12-07") == "2026-11"
    assert month_to_close(replace(settings, close_working_day=0), today=date(2026, 12, 7)) is None


def test_january_closes_december(tmp_path: Path) -> None:
    assert month_to_close(Settings(home=tmp_path), today=date(2027, 1, 29)) == "2026-12"


def test_what_is_transient_is_tried_again_with_growing_pauses_and_nothing_else() -> None:
    assert list(pauses(10, first=1, longest=4)) == [1, 2, 4, 3]
    waited: list[float] = []
    tries: list[int] = []

    def busy_twice() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise WarehouseBusy("another refresh is running")
        return "done"

    assert retried(busy_twice, seconds=60, sleep=waited.append) == "done"
    assert waited == [0.5, 1.0]

    def wrong() -> None:
        tries.append(1)
        raise OutturnError("a model failed")

    tries.clear()
    with pytest.raises(OutturnError, match="a model failed"):
        retried(wrong, seconds=60, sleep=waited.append)
    assert len(tries) == 1
    with pytest.raises(WarehouseBusy):
        retried(busy_for_ever, seconds=3, sleep=waited.append)
    assert sum(waited) == 1.5 + 3


def busy_for_ever() -> None:
    raise WarehouseBusy("another refresh is running")


def test_a_second_writer_waits_or_is_told_at_once(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, fixed_now=datetime(2026, 11, 3, tzinfo=UTC))
    held, order = threading.Event(), []

    def first() -> None:
        with writer_lock(settings):
            held.set()
            order.append("first in")
            done.wait(30)
            order.append("first out")

    done = threading.Event()
    thread = threading.Thread(target=first)
    thread.start()
    held.wait(30)
    with pytest.raises(WarehouseBusy, match="another refresh is running"), writer_lock(settings):
        pass
    threading.Timer(0.3, done.set).start()
    with writer_lock(settings, wait_seconds=60):
        order.append("second in")
    thread.join()
    assert order == ["first in", "first out", "second in"]
