"""The data docs: complete, self-contained, and without a cell of the data."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from pipelines.errors import PublicationFailed
from pipelines.quality import data_docs
from pipelines.quality.data_docs import write_data_docs
from pipelines.quality.gate import run_gate
from pipelines.settings import Settings

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def docs(settings: Settings, warehouse, tmp_path: Path) -> Path:
    """Pages about a warehouse with personal cells, of which many break a rule, and with names that are markup."""
    warehouse.fill()
    warehouse.load("time_entry", source_file_id="f2", file_name=f"{SCRIPT}.csv")
    for number in range(3):
        warehouse.row("time_entry", line=str(number), file="f2", hours=25, employee_id="PRIVATE-stranger")
    warehouse.row("cost_rate", line="9", hourly_rate="-737.37", currency_code="PRIVATE-currency")
    warehouse.row("employee", line="2")
    database = warehouse.close()
    for suite in ("timesheets", "erp"):
        assert run_gate(settings, suite=suite, database=database).blocked
    return write_data_docs(settings, tmp_path / "docs").parent


def test_every_checked_table_has_a_page_that_the_index_leads_to(docs: Path) -> None:
    index = html.fromstring((docs / "index.html").read_text(encoding="utf-8"))
    linked = {link.get("href") for link in index.iter("a")}
    assert linked == {path.name for path in docs.glob("*.html")} - {"index.html"}
    assert {"timesheets-raw-time_entry.html", "erp-raw-cost_rate.html", "erp-ledger-loads.html"} <= linked
    assert "At the door: timesheets" in index.text_content()


def test_a_page_shows_what_is_expected_what_was_found_and_the_finding(docs: Path) -> None:
    text = html.fromstring((docs / "timesheets-raw-time_entry.html").read_text(encoding="utf-8")).text_content()
    assert "no hours with the fault: more than 24 hours in one entry" in text
    assert "values must never be null." in text
    assert "values must belong to this set" in text
    assert "3 rows" in text
    assert "raw.time_entry.hours: 3 rows break the rule" in text
    assert "line 0, 1, 2" in text


def test_no_page_asks_another_host_or_runs_a_script(docs: Path) -> None:
    pages = list(docs.glob("*.html"))
    assert len(pages) > 20
    for page in pages:
        tree = html.fromstring(page.read_text(encoding="utf-8"))
        assert not list(tree.iter("script", "iframe", "img", "object"))
        for element in tree.iter():
            for attribute in ("src", "href"):
                target = element.get(attribute)
                assert target is None or (docs / target).is_file(), f"{page.name}: {target}"
    style = (docs / "data_docs.css").read_text(encoding="utf-8")
    assert "url(" not in style
    assert "@import" not in style


def test_nothing_personal_is_in_the_pages_nor_in_the_kept_results(docs: Path, settings: Settings) -> None:
    written = [*docs.iterdir(), *(settings.work / "quality").iterdir()]
    assert len(written) > 20
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert "PRIVATE" not in text, path.name
        assert "737" not in text, path.name


def test_names_from_outside_are_text_and_not_markup(docs: Path) -> None:
    page = (docs / "timesheets-raw-time_entry.html").read_text(encoding="utf-8")
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page


def test_without_a_result_there_is_still_an_index(settings: Settings, tmp_path: Path) -> None:
    path = write_data_docs(settings, tmp_path / "docs")
    assert "No suite has run yet" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "leak", ['<img src="https://example.org/x.png">', "<a href=//example.org>x</a>", "<script>1</script>"]
)
def test_a_page_that_would_load_from_outside_is_refused(
    leak: str, docs: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_docs, "TEMPLATES", _templates_with(leak, tmp_path))
    with pytest.raises(PublicationFailed, match="from outside"):
        write_data_docs(settings, tmp_path / "leaking")


def _templates_with(leak: str, folder: Path) -> Path:
    templates = folder / "templates"
    templates.mkdir()
    for path in data_docs.TEMPLATES.iterdir():
        templates.joinpath(path.name).write_text(path.read_text(encoding="utf-8").replace("<main>", f"<main>{leak}"))
    return templates
