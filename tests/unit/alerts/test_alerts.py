"""What is told, to whom, how often; and that nothing else is: no cell, no amount, no secret, no word without need."""

from __future__ import annotations

import fcntl
import json
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.alerts import tell, tell_quietly, try_targets
from pipelines.alerts.send import Message, send
from pipelines.publishing.targets.address import Address
from pipelines.refresh_log import RefreshRecord
from tests.unit.alerts.conftest import NOW, Home, Listener


def everything(home: Home) -> None:
    """Each kind at once."""
    home.load("old", at=NOW - timedelta(days=3))
    home.expect(late_after=timedelta(hours=36))
    home.load("bad", status="refused", read=0, at=NOW - timedelta(hours=2))
    home.refresh_ended("failed", "build_models: Conversion Error: could not convert 'Jane Doe' 4711.00")
    home.write(
        "insert into margin.margin_restatements values (date '2026-09-01', 'P-1', 'cost', 'd1', 4711.00), "
        "(date '2026-09-01', 'P-2', 'cost', 'd2', -0.01)",
        "insert into ops.exceptions values ('error', date '2026-10-01'), ('error', date '2026-10-01'), "
        "('notice', date '2026-10-01')",
        "insert into margin.ledger_reconciliation values (date '2026-10-01', 0.01), (date '2026-10-01', 0)",
    )
    home.set(close_working_day=2)


def test_nobody_hears_anything_when_nothing_is_wrong(home: Home, listener: Listener) -> None:
    home.load("fine", rejected=5)
    home.expect(late_after=timedelta(hours=36))
    home.refresh_ended("published", None)
    home.set_alerts(digest=time(7))
    told = tell(home.settings)
    assert (told.alerts, told.sent, told.sentence()) == ((), 0, "nothing is wrong; 0 messages sent")
    home.later(days=1)
    home.load("fine2", at=home.settings.now())
    assert tell(home.settings).sent == 0
    assert listener.heard == []


def test_each_alert_says_what_happened_what_it_means_and_what_to_do(home: Home, listener: Listener) -> None:
    everything(home)
    assert tell(home.settings).sent == 5
    assert listener.titles == [
        "A refresh failed",
        "time_entry is late",
        "timesheets/bad.csv was refused",
        "The closed month 2026-09 would come out otherwise now",
        "2026-10 is ready to be closed",
    ]
    failed, late, _, restated, close = (message["message"] for message in listener.heard)
    assert all(
        part in message["message"]
        for message in listener.heard
        for part in ("What happened: ", "What it means for the reports: ", "What to do: ")
    )
    assert "did not publish: build_models failed" in failed
    assert "late by more than 1 day, 12:00:00; the last one came on 2026-10-31 09:00 UTC" in late
    assert "drop the file into inbox/timesheets" in late
    assert "Where to look: https://reports.example.com/trust" in late
    assert "2 late or corrected documents of 2 projects" in restated
    assert "2 exceptions of 2026-10 with severity error" in close
    assert "1 kind of cost of 2026-10 not explained against the ledger" in close
    assert "time_entry is late" in close
    assert "`outturn close 2026-10`" in close
    assert [message["type"] for message in listener.heard] == ["failure", "warning", "warning", "warning", "info"]


def test_no_cell_no_amount_and_no_secret_leaves_or_is_kept(home: Home, listener: Listener) -> None:
    everything(home)
    home.set_alerts(digest=time(7))
    tell(home.settings)
    home.later(days=1)
    tell(home.settings)
    said = json.dumps(listener.heard)
    assert len(listener.heard) == 6
    for secret in ("Jane", "4711", "s3cret", "0.01"):
        assert secret not in said
    kept = (home.settings.home / "alerts.json").read_text(encoding="utf-8")
    assert "127.0.0.1" not in kept
    assert "s3cret" not in kept
    assert "s3cret" not in repr(home.settings)


def test_a_stopped_publication_names_the_check(home: Home, listener: Listener) -> None:
    home.refresh_ended("failed", "gate erp: hours_fit_in_a_day: 3 rows, first in sheet.csv line 7")
    tell(home.settings)
    assert listener.titles == ["Nothing was published: a check stopped it"]
    assert "stopped by gate erp: hours_fit_in_a_day: 3 rows, first in sheet.csv line 7" in listener.heard[0]["message"]


def test_more_rejects_than_the_share_are_told_once_and_fewer_not(home: Home, listener: Listener) -> None:
    home.load("few", read=100, rejected=5)
    home.load("many", read=100, rejected=6)
    tell(home.settings)
    assert listener.titles == ["timesheets/many.csv was taken in in part"]
    assert "6 of 100 rows of timesheets/many.csv were rejected" in listener.heard[0]["message"]
    home.later(hours=23)
    tell(home.settings)
    home.later(days=2)
    assert tell(home.settings).alerts == ()
    assert len(listener.heard) == 1


def test_the_same_is_not_repeated_until_it_changes_or_a_day_has_passed(home: Home, listener: Listener) -> None:
    home.refresh_ended("failed", "build_models: x")
    tell(home.settings)
    for _ in range(3):
        home.later(hours=7)
        home.refresh_ended("failed", "build_models: x")
        tell(home.settings)
    assert len(listener.heard) == 1
    home.refresh_ended("failed", "stage_snapshot: y")
    tell(home.settings)
    assert len(listener.heard) == 2
    home.later(hours=24)
    tell(home.settings)
    assert len(listener.heard) == 3
    # over, and again: news
    home.refresh_ended("published", None)
    assert tell(home.settings).alerts == ()
    home.refresh_ended("failed", "stage_snapshot: y")
    tell(home.settings)
    assert len(listener.heard) == 4


def test_a_restatement_is_told_again_when_another_document_joins(home: Home, listener: Listener) -> None:
    insert = "insert into margin.margin_restatements values (date '2026-09-01', 'P-1', 'cost', '{}', 1)"
    home.write(insert.format("d1"))
    tell(home.settings)
    tell(home.settings)
    assert len(listener.heard) == 1
    home.write(insert.format("d2"))
    tell(home.settings)
    assert len(listener.heard) == 2


def test_a_close_is_proposed_once_a_month(home: Home, listener: Listener) -> None:
    home.set(close_working_day=2)
    for _ in range(5):
        tell(home.settings)
        home.later(days=1)
    assert listener.titles == ["2026-10 is ready to be closed"]
    # closed meanwhile
    (home.settings.closes / "2026-10").mkdir()
    assert tell(home.settings).alerts == ()
    home.later(days=27)
    tell(home.settings)
    assert listener.titles[1:] == ["2026-11 is ready to be closed"]


def test_the_digest_comes_once_a_day_in_its_hour_with_everything_open(home: Home, listener: Listener) -> None:
    home.set(time_zone="Europe/Oslo")
    home.set_alerts(digest=time(11), repeat_after=timedelta(days=1))
    home.refresh_ended("failed", "build_models: x")
    home.write("insert into margin.margin_restatements values (date '2026-09-01', 'P-1', 'cost', 'd', 1)")
    tell(home.settings)  # 10:00 there
    assert len(listener.heard) == 2
    home.later(hours=1)
    tell(home.settings)
    tell(home.settings)
    assert listener.titles[2:] == ["2 open matters"]
    message = listener.heard[2]["message"]
    assert message.startswith("Readers see publication 1, as of 2026-11-03 05:00:00 UTC.")
    assert "1. A refresh failed\nWhat happened: " in message
    assert "2. The closed month 2026-09" in message
    # what the digest said is told: only the next digest repeats it
    home.later(hours=23.5)
    tell(home.settings)
    assert len(listener.heard) == 3
    home.later(hours=0.5)
    tell(home.settings)
    assert listener.titles[3:] == ["2 open matters"]


def test_a_target_that_is_down_hears_it_later_and_the_others_at_once(home: Home, listener: Listener) -> None:
    second = Listener()
    home.set_alerts(urls=(listener.url, second.url))
    home.refresh_ended("failed", "build_models: x")
    home.load("bad", status="refused")
    waits: list[float] = []

    def deliver(url: str, message: Message) -> bool:
        return send(url, message, sleep=waits.append)

    listener.answer = 503
    told = tell(home.settings, deliver=deliver)
    assert (told.sent, told.failed, len(second.heard), listener.heard) == (2, 1, 2, [])
    assert sum(waits) == 7  # tried again with growing pauses, for the first alert only
    assert waits == sorted(waits)
    listener.answer = 200
    told = tell(home.settings, deliver=deliver)
    assert (told.sent, len(second.heard), len(listener.heard)) == (2, 2, 2)
    second.server.shutdown()
    second.server.server_close()


def test_nothing_that_goes_wrong_in_telling_reaches_a_refresh(
    home: Home, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.refresh_ended("failed", "build_models: x")
    home.set_alerts(urls=("nonsense://someone:s3cret-word@host", "json://someone:s3cret-word@127.0.0.1:1/"))
    told = tell(home.settings, deliver=lambda url, message: send(url, message, sleep=lambda _: None))
    assert (told.sent, told.failed) == (0, 2)
    home.database.chmod(0o600)
    home.database.write_bytes(b"no database")
    tell_quietly(home.settings)
    assert "nobody could be told: IOException" in caplog.text
    assert "s3cret" not in caplog.text


def test_a_second_one_at_the_same_time_says_nothing(home: Home, listener: Listener) -> None:
    home.refresh_ended("failed", "build_models: x")
    with (home.settings.work / "alerts.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert tell(home.settings).sent == 0
    assert tell(home.settings).sent == 1


def test_targets_can_be_tried(home: Home, listener: Listener) -> None:
    assert try_targets(home.settings) == (1, 1)
    assert listener.titles == ["a try"]


def test_without_a_target_everything_is_said_and_nothing_kept(home: Home, listener: Listener) -> None:
    home.set_alerts(urls=())
    home.refresh_ended("failed", "build_models: x")
    assert "nobody is told: OUTTURN_ALERT_URLS is empty" in tell(home.settings).sentence()
    assert not (home.settings.home / "alerts.json").exists()


def test_an_empty_home_is_no_fault(tmp_path: Path, home: Any) -> None:
    home.set(home=tmp_path / "none")
    assert tell(home.settings).alerts == ()


def test_a_target_without_the_publication_is_told_once_no_refresh_runs(home: Home, listener: Listener) -> None:
    home.set(targets=(Address(kind="folder", text="/srv/www/outturn", path="/srv/www/outturn"),))
    home.refresh_ended("published", None)
    record = RefreshRecord.begin(home.settings, run_id="1" * 8)
    assert tell(home.settings).alerts == ()  # it may be on its way there
    record.end("published")
    tell(home.settings)
    assert listener.titles == ["Not everybody sees the publication"]
    assert "but not on or for: /srv/www/outturn" in listener.heard[0]["message"]
