"""Which files are taken, and what becomes of names that are out to do harm."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import Any

from pipelines.landing import inbox, land_inbox
from pipelines.landing.inbox import scan_inbox

CUSTOMER = "customer_id,customer_name\n{},n\n"


def test_only_whole_and_ordinary_files_count(home: Any) -> None:
    home.drop("erp/b/customer_2.csv", "x")
    home.drop("erp/customer_1.csv", "x")
    for name in (".hidden", "x.csv.part", "x.tmp", "~$x.xlsx", "x.crdownload", ".git/config", "alone.csv.done"):
        home.drop(f"erp/{name}", "x")
    home.drop("elsewhere/customer.csv", "x")
    home.drop("customer.csv", "x")
    assert [(f.feed, f.relative, f.name, f.size) for f in scan_inbox(home.settings)] == [
        ("erp", "erp/b/customer_2.csv", "b/customer_2.csv", 1),
        ("erp", "erp/customer_1.csv", "customer_1.csv", 1),
    ]


def test_a_file_is_left_until_nobody_writes_it(home: Any) -> None:
    settings = replace(home.settings, settle_seconds=3600)
    home.drop("erp/customer_1.csv", "x")
    future = home.drop("erp/customer_2.csv", "x")
    os.utime(future, (time.time() + 9e6,) * 2)
    found = inbox.look(settings)
    assert (found.files, set(found.waiting)) == ((), {"erp/customer_1.csv", "erp/customer_2.csv"})
    (home.settings.inbox / "erp/customer_1.csv.done").touch()
    assert [file.relative for file in inbox.look(settings).files] == ["erp/customer_1.csv"]
    soon = replace(home.settings, settle_seconds=0.05)
    time.sleep(0.1)
    assert len(scan_inbox(soon)) == 2


def test_the_mark_goes_with_the_file(home: Any) -> None:
    home.drop("erp/customer.csv", CUSTOMER.format("A"))
    mark = home.drop("erp/customer.csv.done", "")
    assert land_inbox(replace(home.settings, settle_seconds=3600)).count("loaded") == 1
    assert not mark.exists()


def test_a_file_that_grows_while_it_is_copied_is_left(home: Any, monkeypatch: Any) -> None:
    path = home.drop("erp/customer.csv", CUSTOMER.format("A"))
    look = inbox.look

    def then_grow(*args: Any, **keys: Any) -> Any:
        found = look(*args, **keys)
        path.write_text(CUSTOMER.format("A") + "B,m\n")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "look", then_grow)
        result = land_inbox(home.settings)
    assert (result.files, result.waiting) == ((), ("erp/customer.csv",))
    assert list(home.settings.archive.iterdir()) == []
    assert land_inbox(home.settings).rows_loaded == 2


def test_links_and_pipes_are_left_alone_and_told(home: Any, tmp_path: Any) -> None:
    secret = tmp_path / "customer.csv"
    secret.write_text(CUSTOMER.format("A"))
    (home.settings.inbox / "erp/customer.csv").symlink_to(secret)
    (home.settings.inbox / "erp/folder").symlink_to(tmp_path)
    os.mkfifo(home.settings.inbox / "erp/pipe.csv")
    result = land_inbox(home.settings)
    assert result.files == ()
    assert result.warnings == (
        "inbox/erp/customer.csv is a symbolic link and was left alone",
        "inbox/erp/folder is a symbolic link and was left alone",
        "inbox/erp/pipe.csv is no regular file and was left alone",
    )
    assert secret.exists()


def test_hostile_names_are_taken_or_refused_within_the_data_home(home: Any) -> None:
    erp = home.settings.inbox / "erp"
    before = set(home.settings.home.parent.iterdir())
    good = [
        erp / "customer_\n'; drop table raw.customer; --.csv",
        erp / ("customer_" + "x" * 242 + ".csv"),
        erp / "customer_[*]?{a}\\..csv",
    ]
    for number, path in enumerate(good):
        path.write_text(CUSTOMER.format(number))
    broken = os.fsencode(erp) + b"/customer_\xff\xfe.csv"
    with open(broken, "wb") as file:  # noqa: PTH123 - a name that is not UTF-8
        file.write(CUSTOMER.format("u").encode())
    bad = [erp / ("\u00fc" * 120 + ".csv"), erp / "x\\..\\..\\y.csv", erp / "-rf \x1b[31m.csv"]
    for number, path in enumerate(bad):
        path.write_text(f"nothing{number}\n")
    result = land_inbox(home.settings)
    assert (result.count("loaded"), result.count("refused")) == (4, 3)
    assert home.rows("select count(*) from raw.customer") == [(4,)]
    assert not any(c in load["file_name"] for load in home.loads() for c in "\n\x1b")
    refused = [path for path in home.settings.refused.rglob("*") if path.is_file()]
    assert len(refused) == 6
    assert {path.read_text() for path in refused if not path.name.endswith(".reason.txt")} == {
        "nothing0\n",
        "nothing1\n",
        "nothing2\n",
    }
    assert set(home.settings.home.parent.iterdir()) == before
    assert list(erp.iterdir()) == []


def test_a_data_home_with_wildcards_in_its_name(tmp_path: Any, make_home: Any) -> None:
    home = make_home(tmp_path / "a[b]*'c")
    home.drop("erp/customer.csv", CUSTOMER.format("A"))
    assert land_inbox(home.settings).rows_loaded == 1
