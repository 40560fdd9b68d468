"""The Excel and PDF packs beside the built site: there, whole, and served as what they are."""

from __future__ import annotations

import hashlib
import json
import urllib.request
from typing import Any

import pytest
from built_site import Built

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def test_packs_lie_beside_the_site(built: Built, address: str) -> None:
    folder = built.out / "packs"
    entries = json.loads((folder / "index.json").read_text(encoding="utf-8"))["files"]
    assert [entry["name"] for entry in entries] == [
        "portfolio.xlsx", "portfolio.pdf", "programmes/PG1.xlsx", "programmes/PG1.pdf", "programmes/PG2.xlsx",
        "programmes/PG2.pdf",
    ]  # fmt: skip
    for entry in entries:
        with urllib.request.urlopen(f"{address}/packs/{entry['name']}") as answer:
            content = answer.read()
            assert answer.headers["Content-Type"] == _TYPES[entry["name"].rsplit(".", 1)[1]]
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]


@pytest.mark.browser
def test_documents_page_leads_to_every_pack(built: Built, address: str, browser: Any) -> None:
    entries = json.loads((built.out / "packs" / "index.json").read_text(encoding="utf-8"))["files"]
    page = browser.new_page()
    try:
        page.goto(f"{address}/documents/")
        links = page.get_by_test_id("packs").locator("a")
        links.first.wait_for()
        assert [link.get_attribute("href") for link in links.all()] == [f"/packs/{entry['name']}" for entry in entries]
        assert [link.inner_text() for link in links.all()][:2] == ["Portfolio, Excel", "Portfolio, PDF"]
    finally:
        page.close()
