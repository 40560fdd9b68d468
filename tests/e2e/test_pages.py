"""The built site as a reader meets it: every page, wide and narrow, and its figures against plain SQL."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest
from built_site import Built
from fixture_snapshot import AS_OF, HOSTILE, LONG
from reading import cells, figure, one, opened, pages, pct, written

pytestmark = pytest.mark.browser

# the address of the project whose id differs from another only in case
HASHED = "p-" + hashlib.sha256(b"P-004").hexdigest()[:20]
STAMP = AS_OF.strftime("%Y-%m-%dT%H:%M:%SZ")


def _one(built: Built, sql: str) -> tuple[Any, ...]:
    return one(built.snapshot, sql)


def test_build_says_what_it_built(built: Built) -> None:
    assert built.result.pages == len(pages(built.out)) == 19
    assert built.result.bytes < 25_000_000
    assert (built.out / "data-docs" / "index.html").is_file()


@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_is_sound(built: Built, address: str, browser: Any, width: int) -> None:
    faults = []
    for place in pages(built.out):
        scheme = "dark" if place.startswith("/projects/p-") else "light"
        with opened(browser, address + place, width=width, scheme=scheme) as (page, wrong):
            stamp = page.locator("[data-testid=as-of]")
            if stamp.count() != 1 or stamp.get_attribute("data-as-of") != STAMP:
                wrong.append("no stamp, or another than the snapshot's")
            if "21 Nov 2026, 05:00 UTC" not in stamp.inner_text() or "EUR" not in stamp.inner_text():
                wrong.append(f"stamp: {stamp.inner_text()}")
            widest = page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
            if widest > width:
                wrong.append(f"{widest} px wide")
            figures = page.locator("[data-figure]").all_inner_texts()
            wrong += [f"figure: {text}" for text in figures if re.search("NaN|null|undefined|Infinity|1970", text)]
            faults += [f"{place}: {fault}" for fault in wrong]
    assert faults == []


@pytest.mark.parametrize(("project", "key"), [("P-001", "P-001"), ("P-004", HASHED)])
def test_project_figures_are_those_of_the_warehouse(
    built: Built, address: str, browser: Any, project: str, key: str
) -> None:
    with opened(browser, f"{address}/projects/{key}/") as (page, wrong):
        assert page.locator("dd[data-fact=customer_name]").count() == 1
        where = f"from margin.margin_by_project_month where project_id = '{project}'"
        revenue, margin, to_date, to_date_pct = _one(
            built,
            "select revenue_amount_base, gross_margin_amount_base, gross_margin_amount_base_to_date, "
            f"gross_margin_pct_to_date {where} and month = date '2026-10-01'",
        )
        labour, cost = _one(
            built,
            "select sum(labour_cost_amount_base), sum(cost_of_sales_amount_base) "
            f"{where} and month <= date '2026-10-01'",
        )
        assert figure(page, "revenue") == f"{written(revenue)} EUR"
        assert figure(page, "margin") == f"{written(margin)} EUR"
        row = cells(page, "project_months", "Oct 2026")
        assert row[1] == written(revenue)
        assert row[3:5] == [written(margin), pct(margin / revenue)]
        assert row[7:9] == [written(to_date), pct(to_date_pct)]
        assert cells(page, "project_plans", "forecast")[1:5] == ["3,000,000", "2,000,000", "1,000,000", "33.3 %"]
        walked = cells(page, "project_bridges", "forecast to actual to date")
        ended = _one(built, f"select max_by(gross_margin_amount_base_to_date, month) {where}")[0]
        assert (walked[1], walked[14]) == ("1,000,000", written(ended))
        assert (walked[4], walked[5]) == ("7", "")
        assert "too few people" in walked[15]
        assert cells(page, "cost_mix", "labour")[1:3] == [written(labour), pct(labour / cost)]
        assert cells(page, "cost_mix", "Cost of sales")[1:3] == [written(cost), "100.0 %"]
        assert wrong == []


def test_project_list_leads_to_every_project(built: Built, address: str, browser: Any) -> None:
    with opened(browser, f"{address}/projects/") as (page, wrong):
        links = page.locator("[data-testid=table-project_list] tbody td:first-child a")
        assert links.count() == 7
        for target in [link.get_attribute("href") for link in links.all()]:
            assert re.fullmatch(r"/projects/[A-Za-z0-9_-]{1,64}/", target), target
            assert (built.out / target.strip("/") / "index.html").is_file()
        page.get_by_text("Core network renewal").first.click()
        page.wait_for_url("**/projects/P-001/")
        page.wait_for_selector("[data-testid=project-title]")
        assert page.locator("[data-testid=project-title]").inner_text() == "Core network renewal"
        assert page.title() == "Core network renewal"
        assert wrong == []


def test_hostile_name_is_text_everywhere(built: Built, address: str, browser: Any) -> None:
    with opened(browser, f"{address}/projects/P-002/") as (page, wrong):
        assert page.locator("[data-testid=project-title]").inner_text() == HOSTILE
        assert page.title() == HOSTILE
        chart = page.locator("[data-testid=chart] canvas").first
        chart.scroll_into_view_if_needed()
        box = chart.bounding_box()
        for share in (0.2, 0.5, 0.8):
            page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.6)
            page.wait_for_timeout(150)
        tip = page.locator("[data-testid=chart]").inner_text()
        assert "Gross margin %:" in tip
        assert wrong == []
    for place in ("/", "/projects/", "/trust/"):
        with opened(browser, address + place) as (page, wrong):
            assert HOSTILE in page.locator("article").inner_text(), place
            assert page.locator("article script").count() == 0
            assert wrong == []
    # what a page would run is decided by its policy as well: a script that gets in is refused
    with opened(browser, f"{address}/") as (page, wrong):
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x: onerror=\"window.ran = 1\">')")
        page.wait_for_timeout(200)
        assert page.evaluate("window.ran") is None
        assert any("Content Security Policy" in message for message in wrong)


def test_nothing_to_show_is_a_sentence(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/projects/P-005/") as (page, wrong):
        text = page.locator("article").inner_text()
        assert "No complete month has figures yet." in text
        assert "No exception is open on this project." in text
        assert "No cost has been booked on this project yet." in text
        assert wrong == []


def test_names_that_look_like_faults_are_published(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/projects/{HASHED}/") as (page, wrong):
        assert page.locator("[data-testid=project-title]").inner_text() == "NaN undefined null"
        assert wrong == []
    with opened(browser, f"{address}/", width=390) as (page, wrong):
        assert LONG in page.locator("article").inner_text()
        assert wrong == []


def test_balances_page_tells_what_changed_a_closed_month(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/balances/") as (page, wrong):
        closed = cells(page, "closed_months", "Oct 2026")
        assert closed[5:8] == ["98", closed[6], closed[7]]
        changed = cells(page, "restatements", "Oct 2026")
        assert changed[2:] == [
            "travel cost", HOSTILE, "0.00", "1,234.56", "1,234.56", "arrived after close", "cost_line_late.csv"
        ]  # fmt: skip
        assert cells(page, "ledger_differences", "Oct 2026")[2:8] == ["10.00", "11.00", "9.00", "−2.00", "1.00", "1"]
        assert wrong == []


def test_trust_page_tells_files_rejects_checks_and_exceptions(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/trust/") as (page, wrong):
        assert cells(page, "load_summary", "All tables")[2:7] == ["40", "4,000", "3,880", "80", "40"]
        assert cells(page, "loads", "2026/time-003.csv")[10:15] == ["–", "–", "–", "–", "sum withheld: too few people"]
        assert cells(page, "refused", f"{HOSTILE}.pdf")[3].startswith("not a known format")
        rejected = page.locator("[data-testid=table-rejected]").inner_text()
        assert "more than a day" in rejected
        assert "correct the hours" in rejected
        assert cells(page, "check_summary", "All suites")[1:] == ["31", "30", "1", "0"]
        assert "33,000.00" in page.locator("[data-testid=table-exceptions]").inner_text()
        assert cells(page, "freshness", "erp")[5] == "late"
        page.get_by_role("link", name="data docs").click()
        page.wait_for_url("**/data-docs/index.html")
        assert wrong == []


def test_light_and_dark_can_be_chosen_and_stay(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/", scheme="dark") as (page, wrong):
        background = "getComputedStyle(document.body).backgroundColor"
        dark = page.evaluate(background)
        page.get_by_role("button", name="Light").click()
        assert page.evaluate(background) == "rgb(255, 255, 255)" != dark
        page.reload()
        page.wait_for_load_state("networkidle")
        assert page.evaluate(background) == "rgb(255, 255, 255)"
        assert wrong == []


def test_print_shows_every_row(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/trust/") as (page, wrong):
        rows = page.locator("[data-testid=table-loads] tbody tr")
        assert rows.count() == 15
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert rows.count() == 40
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert rows.count() == 15
        assert wrong == []


def test_reader_gets_no_engine_and_no_data_file(built: Built) -> None:
    assert [p.name for p in built.out.rglob("*") if p.suffix in {".wasm", ".duckdb", ".parquet"}] == []
