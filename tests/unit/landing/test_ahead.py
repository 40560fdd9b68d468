"""Reading in other processes changes nothing but the time it takes."""

from __future__ import annotations

import base64
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.formats.base import Context
from pipelines.landing import ahead, land_inbox
from pipelines.landing.archive import take


def fill(home: Any, ubl: Callable[..., str]) -> None:
    for number in range(120):
        home.drop(f"invoices/{number:03}.xml", ubl(f"R-{number}", f"{100 + number}.00"))
        if number % 10 == 0:
            home.drop(f"invoices/broken-{number:03}.xml", f"<Invoice><!-- {number // 20} -->")
        if number % 15 == 0:
            home.drop(f"invoices/again-{number:03}.xml", ubl(f"R-{number}", "1.00"))  # restates it
        if number % 25 == 0:
            home.drop(f"invoices/same-{number:03}.xml", ubl(f"R-{number}", f"{100 + number}.00"))  # the same bytes
        if number % 40 == 0:
            home.drop(f"erp/payment-{number}.csv", "payment_id,invoice_id,paid_on,amount,currency_code\n"
                      f"Z{number},R-{number},2026-05-01,1.00,EUR\n")  # fmt: skip


@pytest.fixture
def filled(make_home: Callable[[Path], Any], tmp_path: Path, ubl: Callable[..., str]) -> Callable[[str], Any]:
    def make(name: str) -> Any:
        home = make_home(tmp_path / name)
        fill(home, ubl)
        return home

    return make


def test_the_warehouse_is_the_same_with_and_without(
    filled: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, helped = filled("alone"), filled("helped")
    expected = land_inbox(alone.settings)
    asked: list[int] = []
    original = ahead._Helper.ask

    def counting(self: Any, sources: Any) -> Any:
        asked.append(len(sources))
        return original(self, sources)

    monkeypatch.setattr(ahead, "WORTH_IT", 1)
    monkeypatch.setattr(ahead, "_CHUNK", 5)
    monkeypatch.setattr(ahead, "_helpers", lambda context: [started(context)])
    monkeypatch.setattr(ahead._Helper, "ask", counting)
    found = land_inbox(helped.settings)
    assert sum(asked) >= 50
    assert [(f.file_name, f.status, f.format) for f in found.files] == [
        (f.file_name, f.status, f.format) for f in expected.files
    ]
    assert helped.content() == alone.content()
    # 12 broken files of six contents: the same bytes are refused each time
    assert (found.count("loaded"), found.count("refused"), found.count("duplicate")) == (131, 12, 5)


def started(context: Context) -> ahead._Helper:
    """One that has started: how long that takes would decide what it is asked."""
    helper = ahead._Helper(context)
    assert helper._pipe.poll(120)
    return helper


def test_a_process_that_dies_costs_nothing_but_time(
    filled: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = filled("dying")
    helpers: list[ahead._Helper] = []

    def dying(context: Context) -> list[ahead._Helper]:
        helpers.append(started(context))
        return helpers

    original = ahead._Helper.ask

    def killing(self: Any, sources: Any) -> Any:
        answer = original(self, sources)
        os.kill(self._process.pid, signal.SIGKILL)
        return answer

    monkeypatch.setattr(ahead, "WORTH_IT", 1)
    monkeypatch.setattr(ahead, "_CHUNK", 5)
    monkeypatch.setattr(ahead, "_helpers", dying)
    monkeypatch.setattr(ahead._Helper, "ask", killing)
    assert land_inbox(home.settings).count("loaded") == 131
    assert not helpers[0].is_free()


def test_few_files_start_no_process(home: Any, ubl: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    def none(context: Context) -> list[ahead._Helper]:
        raise AssertionError("started a process")

    monkeypatch.setattr(ahead, "_helpers", none)
    home.drop("invoices/1.xml", ubl("R-1", "100.00"))
    assert land_inbox(home.settings).count("loaded") == 1


def test_the_same_refused_bytes_twice_are_refused_twice(home: Any, ubl: Callable[..., str]) -> None:
    home.drop("invoices/a.xml", "<Foo/>")
    home.drop("invoices/b.xml", "<Foo/>")
    home.drop("invoices/c.xml", ubl("R-1", "100.00"))
    assert [f.status for f in land_inbox(home.settings).files] == ["refused", "refused", "loaded"]
    assert list((home.settings.inbox / "invoices").iterdir()) == []


def test_a_file_that_changes_while_it_is_taken_stays(home: Any) -> None:
    from pipelines.landing.inbox import look

    path = home.drop("invoices/a.xml", "<Foo/>")
    (file,) = look(home.settings).files
    path.write_text("<Foo></Foo>")
    assert take(home.settings, file) is None
    assert list(home.settings.archive.iterdir()) == []


def test_an_attachment_is_never_written_to_disk(home: Any, ubl: Callable[..., str]) -> None:
    # the signature that virus scanners know, put together so that they do not find it here
    signature = "".join(["X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"]).encode()
    attachment = (
        "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject "
        f'mimeCode="text/csv" filename="../../e.csv">{base64.b64encode(signature).decode()}'
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
    )
    home.drop("invoices/a.xml", ubl("R-1", "100.00").replace("<cac:TaxTotal>", f"{attachment}<cac:TaxTotal>", 1))
    assert land_inbox(home.settings).count("loaded") == 1
    files = [path for path in home.settings.home.rglob("*") if path.is_file()]
    assert [path.name for path in files if signature in path.read_bytes()] == []
    assert [path.name for path in files if path.name.endswith("e.csv")] == []
