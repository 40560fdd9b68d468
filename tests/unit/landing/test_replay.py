"""The archive taken in again: the same warehouse, whatever came in whichever order; a file undone; damage named."""

from __future__ import annotations

import dataclasses
import json
import os
from datetime import timedelta
from typing import Any

import duckdb
import pytest
from rich.console import Console

from pipelines.commands.months import MONTH_OF
from pipelines.commands.replay import complete_index, replay, undo
from pipelines.contracts import contracts
from pipelines.errors import ConfigurationError, OutturnError
from pipelines.landing import land_inbox
from pipelines.landing.archive import INDEX, read_index
from pipelines.landing.replay import ReplayFailed
from pipelines.progress import Progress
from pipelines.refresh_log import writer_lock
from pipelines.replacement import new_warehouse

PAYMENT = "payment_id,invoice_id,paid_on,amount,currency_code\n"
QUIET = Progress(Console(quiet=True))


def later(home: Any, *, minutes: int) -> None:
    home.settings = dataclasses.replace(home.settings, fixed_now=home.settings.fixed_now + timedelta(minutes=minutes))


@pytest.fixture
def history(home, ubl, rows_of, text_of) -> Any:
    """A home with restatements of restatements, rejects, a refused file, invoices in groups, over three refreshes."""
    customers = contracts()["customer"]
    rows = [",".join(customers.column_names)]
    rows += [",".join(f'"{text_of(v)}"'.replace('"C "', "") for v in row.values()) for row in rows_of(customers, 4)]
    home.drop("erp/customer.csv", "\n".join(rows) + "\n")
    home.drop("erp/payment_a.csv", PAYMENT + "1,R,2026-09-30,5,EUR\n2,R,2026-10-01,6,EUR\nx,R,never,6,EUR\n")
    for number in range(5):
        home.drop(f"invoices/{number}.xml", ubl(f"R-{number}", "100.00"))
    home.drop("erp/nothing.csv", "nothing,known\n1,2\n")
    land_inbox(home.settings)
    later(home, minutes=7)
    home.drop("erp/payment_b.csv", PAYMENT + "2,R,2026-10-01,60,EUR\n3,R,2026-10-02,7,EUR\n")
    home.drop("invoices/0.xml", ubl("R-0", "110.00"))
    home.drop("invoices/0b.xml", ubl("R-0", "120.00"))
    land_inbox(home.settings)
    later(home, minutes=7)
    home.drop("erp/payment_a.csv", PAYMENT + "2,R,2026-10-01,61,EUR\n3,R,2026-10-02,7,EUR\n")
    land_inbox(home.settings)
    later(home, minutes=60)
    return home


def test_a_replay_gives_the_same_rows_versions_rejects_and_ledger(history: Any) -> None:
    before, archive = history.content(), sorted(history.settings.archive.iterdir())
    assert {"history.payment", "history.invoice", "ledger.rejected_rows"} <= set(before)
    assert len({load["loaded_at"] for load in history.loads()}) == 3
    done = replay(history.settings, progress=QUIET)
    assert history.content() == before
    assert done.moved == ()
    assert sorted(history.settings.archive.iterdir()) == archive
    # the old one stands until the next publication
    assert [path.name for path in (history.settings.warehouse_dir / "set-aside").rglob("*.duckdb")] == [
        "warehouse.duckdb"
    ]


def test_a_replay_without_any_warehouse_gives_it_too(history: Any) -> None:
    before = history.content()
    history.settings.warehouse.unlink()
    assert replay(history.settings, progress=QUIET).moved is None
    assert history.content() == before


def test_a_damaged_warehouse_is_made_anew(history: Any) -> None:
    before = history.content()
    history.settings.warehouse.write_bytes(os.urandom(64 * 1024))
    replay(history.settings, progress=QUIET)
    assert history.content() == before


def test_an_undone_file_leaves_what_it_restated_and_a_replay_honours_it(history: Any) -> None:
    loads = history.loads()
    wrong = next(load for load in loads if load["file_name"] == "payment_b.csv")
    undone, done = undo(history.settings, file="payment_b.csv", reason="of another firm", progress=QUIET)
    assert undone.sha256 == wrong["sha256"]
    # 3 came from it first and is in a later file too, which said nothing new then
    assert history.rows("select payment_id, amount, source_file_id from raw.payment order by 1")[1:] == [
        ("2", 61, loads[-1]["source_file_id"]),
        ("3", 7, loads[-1]["source_file_id"]),
    ]
    assert history.rows("select payment_id, amount from history.payment") == [("2", 6)]
    (row,) = [load for load in history.loads() if load["sha256"] == wrong["sha256"]]
    assert (row["status"], row["load_number"], row["rows_loaded"]) == ("undone", wrong["load_number"], 0)
    assert row["reason"].startswith("undone on ")
    assert row["reason"].endswith(": of another firm")
    assert (history.settings.archive / wrong["sha256"]).exists()
    assert done.moved == ({"table": "payment", "month": "2026-10", "rows_gone": 1, "rows_new": 1},)
    after = history.content()
    replay(history.settings, progress=QUIET)
    assert history.content() == after


def test_an_undone_file_that_comes_again_is_taken_in(history: Any) -> None:
    undo(history.settings, file="payment_b.csv", reason="", progress=QUIET)
    history.drop("erp/payment_b.csv", PAYMENT + "2,R,2026-10-01,60,EUR\n3,R,2026-10-02,7,EUR\n")
    (file,) = land_inbox(history.settings).files
    assert file.status == "loaded"
    assert history.rows("select amount from raw.payment where payment_id = '2'") == [(60,)]
    before = history.content()
    replay(history.settings, progress=QUIET)
    assert history.content() == before


def test_undo_says_which_file_it_wants(history: Any) -> None:
    with pytest.raises(ConfigurationError, match="several files are meant"):
        undo(history.settings, file="erp/payment_a.csv", reason="", progress=QUIET)
    with pytest.raises(ConfigurationError, match="no such file is loaded"):
        undo(history.settings, file="nothing.csv", reason="", progress=QUIET)


def test_a_month_is_filled_again_and_only_that_month(history: Any) -> None:
    before = history.content()
    assert replay(history.settings, month="2026-10", progress=QUIET).set_aside is None
    with duckdb.connect(str(history.settings.warehouse)) as connection:
        connection.execute("delete from raw.payment where paid_on >= date '2026-10-01'")
    with pytest.raises(OutturnError, match=r"not only 2026-09 would come out otherwise.*payment 2026-10"):
        replay(history.settings, month="2026-09", progress=QUIET)
    assert history.rows("select count(*) from raw.payment") == [(1,)]
    done = replay(history.settings, month="2026-10", progress=QUIET)
    assert done.moved == ({"table": "payment", "month": "2026-10", "rows_gone": 0, "rows_new": 2},)
    assert history.content() == before
    with duckdb.connect(str(history.settings.warehouse)) as connection:
        connection.execute("delete from raw.customer")
        connection.execute("delete from raw.invoice_line")
    with pytest.raises(OutturnError, match=r"customer in every month.*invoice_line 2026-03"):
        replay(history.settings, month="2026-10", progress=QUIET)
    with pytest.raises(ConfigurationError, match="not a month"):
        replay(history.settings, month="October", progress=QUIET)


def test_a_missing_or_changed_file_of_the_archive_is_named_and_the_warehouse_stands(history: Any) -> None:
    before = history.content()
    load = next(load for load in history.loads() if load["file_name"] == "payment_b.csv")
    path = history.settings.archive / load["sha256"]
    kept = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(kept[:-1] + b" ")
    with pytest.raises(ReplayFailed, match=r"erp/payment_b.csv is not what it was"):
        replay(history.settings, progress=QUIET)
    path.unlink()
    with pytest.raises(ReplayFailed, match=f"does not hold erp/payment_b.csv.*outturn undo {load['sha256'][:16]}"):
        replay(history.settings, progress=QUIET)
    assert history.content() == before
    assert not new_warehouse(history.settings).exists()
    undo(history.settings, file=load["sha256"][:16], reason="lost", progress=QUIET)
    assert history.rows("select count(*) from raw.payment") == [(3,)]


def test_a_file_that_would_be_refused_today_ends_the_replay(history: Any) -> None:
    before = history.content()
    history.settings = dataclasses.replace(history.settings, own_parties=("SE000000000001",))
    with pytest.raises(ReplayFailed, match=r"invoices/0.xml was taken in then and would be refused now"):
        replay(history.settings, progress=QUIET)
    assert history.content() == before
    assert not list(history.settings.refused.rglob("0.xml"))


def test_an_index_of_before_times_were_kept_learns_them_from_the_warehouse(history: Any) -> None:
    index = history.settings.archive / INDEX
    old = [
        {name: load[name] for name in ("load_number", "sha256", "feed", "file_name")}
        for load in map(json.loads, index.read_text(encoding="utf-8").splitlines())
        if load.get("status") == "loaded"
    ]
    index.write_text("".join(json.dumps(load) + "\n" for load in old), encoding="utf-8")
    assert {load.loaded_at for load in read_index(history.settings)} == {None}
    before = history.content()
    assert all(load.loaded_at for load in complete_index(history.settings))
    history.settings.warehouse.unlink()
    replay(history.settings, progress=QUIET)
    assert history.content() == before


def test_a_replay_of_nothing_says_so(home: Any) -> None:
    with pytest.raises(OutturnError, match="the archive names no file"):
        replay(home.settings, progress=QUIET)


@pytest.mark.parametrize("killed_after", ["note", "log", "old", "new"])
def test_a_replacement_that_was_killed_is_finished_by_the_next_writer(history: Any, killed_after: str) -> None:
    """The write-ahead log of the old warehouse must never meet the new one."""
    warehouse, fresh = history.settings.warehouse, new_warehouse(history.settings)
    before = history.content()
    fresh.write_bytes(warehouse.read_bytes())
    warehouse.write_bytes(b"the old one")
    log = warehouse.with_name(warehouse.name + ".wal")
    log.write_bytes(b"its log")
    folder = history.settings.warehouse_dir / "set-aside" / "then"
    folder.mkdir(parents=True)
    note = history.settings.warehouse_dir / "replacing.json"
    note.write_text('{"old": "then"}', encoding="utf-8")
    if killed_after in ("old", "new"):
        warehouse.rename(folder / warehouse.name)
    if killed_after in ("log", "old", "new"):
        log.rename(folder / log.name)
    if killed_after == "new":
        fresh.rename(warehouse)
    with writer_lock(history.settings):
        assert not note.exists()
    assert history.content() == before
    assert (folder / warehouse.name).read_bytes() == b"the old one"
    assert (folder / log.name).read_bytes() == b"its log"


def test_every_table_is_decided_to_belong_to_a_month_or_to_all() -> None:
    assert set(MONTH_OF) == set(contracts())
    for table, date in MONTH_OF.items():
        if date is not None and not date.startswith("("):
            assert contracts()[table].column(date).type in ("date", "month")
            assert contracts()[table].column(date).required
