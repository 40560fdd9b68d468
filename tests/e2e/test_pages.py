"""The built site as a reader meets it: every page, wide and narrow, and its figures against plain SQL."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from built_site import Built
from fixture_snapshot import AS_OF, HOSTILE, LONG

pytestmark = pytest.mark.browser

# the address of the project whose id differs from another only in case
HASHED = "p-" + hashlib.sha256(b"P-004").hexdigest()[:20]
STAMP = AS_OF.strftime("%Y-%m-%dT%H:%M:%SZ")


def _pages(out: Path) -> list[str]:
    found = [path.parent.relative_to(out).as_posix() for path in out.rglob("index.html")]
    return sorted("/" if page == "." else f"/{page}/" for page in found if page not in {"data-docs", "dbt-docs"})


@contextmanager
def _opened(browser: Any, url: str, *, width: int = 1440, scheme: str = "light") -> Iterator[tuple[Any, list[str]]]:
    """A page, loaded, with everything that went wrong while it was."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page, wrong = context.new_page(), []
    origin = "/".join(url.split("/")[:3])
    page.on("console", lambda m: wrong.append(f"console: {m.text}") if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(f"uncaught: {error}"))
    page.on("requestfailed", lambda request: wrong.append(f"failed: {request.url} {request.failure}"))
    page.on("response", lambda answer: wrong.append(f"{answer.status}: {answer.url}") if answer.status >= 400 else None)
    page.on(
        "request",
        lambda r: None if r.url.startswith((origin, "data:", "blob:")) else wrong.append(f"foreign: {r.url}"),
    )
    page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    try:
        yield page, wrong
    finally:
        context.close()


def _written(value: Decimal | None, digits: int = 0) -> str:
    """A figure as the site writes it."""
    if value is None:
        return "–"
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{rounded:,}".replace("-", "−")


def _pct(value: Decimal | None) -> str:
    return "–" if value is None else f"{_written(value * 100, 1)} %"


def _cells(page: Any, table: str, row: str) -> list[str]:
    """The texts of the row of a table that begins with `row`."""
    rows = page.locator(f"[data-testid=table-{table}] tr").all()
    texts = [[" ".join(cell.split()) for cell in each.locator("th, td").all_inner_texts()] for each in rows]
    found = [cells for cells in texts if cells and cells[0] == row]
    assert len(found) == 1, (row, texts)
    return found[0]


def _figure(page: Any, name: str) -> str:
    return " ".join(page.locator(f"[data-figure={name}]").first.inner_text().split())


def _one(built: Built, sql: str) -> tuple[Any, ...]:
    with duckdb.connect(str(built.snapshot), read_only=True) as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    return row


def test_build_says_what_it_built(built: Built) -> None:
    assert built.result.pages == len(_pages(built.out)) == 13
    assert built.result.bytes < 25_000_000
    assert (built.out / "data-docs" / "index.html").is_file()


@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_is_sound(built: Built, address: str, browser: Any, width: int) -> None:
    faults = []
    for place in _pages(built.out):
        scheme = "dark" if place.startswith("/projects/p-") else "light"
        with _opened(browser, address + place, width=width, scheme=scheme) as (page, wrong):
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


def test_portfolio_figures_are_those_of_the_warehouse(built: Built, address: str, browser: Any) -> None:
    revenue, cost, margin = _one(
        built,
        "select sum(revenue_amount_base), sum(cost_of_sales_amount_base), sum(gross_margin_amount_base) "
        "from margin.margin_by_project_month where month = date '2026-10-01'",
    )
    before = _one(
        built,
        "select sum(gross_margin_amount_base) from margin.margin_by_project_month where month = date '2026-09-01'",
    )[0]
    year = _one(
        built,
        "select sum(revenue_amount_base), sum(gross_margin_amount_base) from margin.margin_by_project_month "
        "where month between date '2026-01-01' and date '2026-10-01'",
    )
    assert margin < 0  # so that the sign is seen
    with _opened(browser, f"{address}/") as (page, wrong):
        assert _figure(page, "revenue") == f"{_written(revenue)} EUR"
        assert _figure(page, "cost") == f"{_written(cost)} EUR"
        assert _figure(page, "margin") == f"{_written(margin)} EUR"
        assert _figure(page, "margin_pct") == _pct(margin / revenue)
        assert _figure(page, "year-revenue") == _written(year[0])
        assert _figure(page, "year-margin_pct") == _pct(year[1] / year[0])
        assert f"+{_written(margin - before)}" in _figure(page, "step-margin")
        total = _cells(page, "projects", "Total")
        assert total[1:4] == [_written(revenue), _written(margin), _pct(margin / revenue)]
        assert total[4:7] == [_written(year[0]), _written(year[1]), _pct(year[1] / year[0])]
        networks = _one(
            built,
            "select sum(revenue_amount_base), sum(gross_margin_amount_base) from margin.margin_by_project_month "
            "join core.dim_projects using (project_id) where business_group = 'Networks' "
            "and month between date '2026-01-01' and date '2026-10-01'",
        )
        assert _cells(page, "by_business_group", "Networks")[5:] == [
            _written(networks[0]), _written(networks[1]), _pct(networks[1] / networks[0]),
        ]  # fmt: skip
        # a month without rows is there, empty, and not a nought
        assert _cells(page, "months", "Mar 2026")[1:5] == ["–", "–", "–", "–"]
        assert _cells(page, "months", "Nov 2026")[5] == "incomplete"
        assert wrong == []


@pytest.mark.parametrize(("project", "key"), [("P-001", "P-001"), ("P-004", HASHED)])
def test_project_figures_are_those_of_the_warehouse(
    built: Built, address: str, browser: Any, project: str, key: str
) -> None:
    with _opened(browser, f"{address}/projects/{key}/") as (page, wrong):
        assert page.locator("dd[data-fact=customer_name]").count() == 1
        where = f"from margin.margin_by_project_month where project_id = '{project}'"
        revenue, margin, to_date, to_date_pct = _one(
            built,
            "select revenue_amount_base, gross_margin_amount_base, gross_margin_amount_base_to_date, "
            f"gross_margin_pct_to_date {where} and month = date '2026-10-01'",
        )
        labour, cost = _one(built, f"select sum(labour_cost_amount_base), sum(cost_of_sales_amount_base) {where}")
        assert _figure(page, "revenue") == f"{_written(revenue)} EUR"
        assert _figure(page, "margin") == f"{_written(margin)} EUR"
        row = _cells(page, "project_months", "Oct 2026")
        assert row[1] == _written(revenue)
        assert row[3:5] == [_written(margin), _pct(margin / revenue)]
        assert row[7:9] == [_written(to_date), _pct(to_date_pct)]
        assert _cells(page, "project_plans", "forecast")[1:5] == ["3,000,000", "2,000,000", "1,000,000", "33.3 %"]
        walked = _cells(page, "project_bridges", "forecast to actual to date")
        ended = _one(built, f"select max_by(gross_margin_amount_base_to_date, month) {where}")[0]
        assert (walked[1], walked[14]) == ("1,000,000", _written(ended))
        assert (walked[4], walked[5]) == ("7", "")
        assert "too few people" in walked[15]
        assert _cells(page, "cost_mix", "labour")[1:3] == [_written(labour), _pct(labour / cost)]
        assert _cells(page, "cost_mix", "Cost of sales")[1:3] == [_written(cost), "100.0 %"]
        assert wrong == []


def test_project_list_leads_to_every_project(built: Built, address: str, browser: Any) -> None:
    with _opened(browser, f"{address}/projects/") as (page, wrong):
        links = page.locator("[data-testid=table-project_list] tbody a")
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


def test_table_sorts_searches_and_totals_what_is_shown(address: str, browser: Any) -> None:
    with _opened(browser, f"{address}/") as (page, wrong):
        table = page.locator("[data-testid=table-projects]")
        table.get_by_role("button", name="Margin, year").click()
        first = table.locator("tbody tr").first.locator("td").nth(5).inner_text()
        assert first == "812,528"
        table.get_by_role("button", name="Margin, year").click()
        assert table.locator("tbody tr").first.locator("td").nth(5).inner_text() == "−907,630"
        assert table.locator("th[aria-sort=ascending]").inner_text().startswith("Margin,")
        table.locator("input[type=search]").fill("ÆGIR")
        assert table.locator("tbody tr").count() == 2
        total = [" ".join(text.split()) for text in table.locator("tfoot th, tfoot td").all_inner_texts()]
        assert total[0] == "Total of what is shown"
        assert total[4:7] == ["1,151,365", "−651,288", "−56.6 %"]
        table.locator("input[type=search]").fill("nothing like it")
        assert "Nothing here contains" in table.inner_text()
        assert wrong == []


def test_hostile_name_is_text_everywhere(built: Built, address: str, browser: Any) -> None:
    with _opened(browser, f"{address}/projects/P-002/") as (page, wrong):
        assert page.locator("[data-testid=project-title]").inner_text() == HOSTILE
        assert page.title() == HOSTILE
        chart = page.locator("[data-testid=chart] canvas").first
        box = chart.bounding_box()
        for share in (0.2, 0.5, 0.8):
            page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.6)
            page.wait_for_timeout(150)
        tip = page.locator("[data-testid=chart]").inner_text()
        assert "Gross margin %:" in tip
        assert wrong == []
    for place in ("/", "/projects/", "/trust/"):
        with _opened(browser, address + place) as (page, wrong):
            assert HOSTILE in page.locator("article").inner_text(), place
            assert page.locator("article script").count() == 0
            assert wrong == []
    # what a page would run is decided by its policy as well: a script that gets in is refused
    with _opened(browser, f"{address}/") as (page, wrong):
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x: onerror=\"window.ran = 1\">')")
        page.wait_for_timeout(200)
        assert page.evaluate("window.ran") is None
        assert any("Content Security Policy" in message for message in wrong)


def test_nothing_to_show_is_a_sentence(address: str, browser: Any) -> None:
    with _opened(browser, f"{address}/projects/P-005/") as (page, wrong):
        text = page.locator("article").inner_text()
        assert "No complete month has figures yet." in text
        assert "No exception is open on this project." in text
        assert "No cost has been booked on this project yet." in text
        assert wrong == []


def test_names_that_look_like_faults_are_published(address: str, browser: Any) -> None:
    with _opened(browser, f"{address}/projects/{HASHED}/") as (page, wrong):
        assert page.locator("[data-testid=project-title]").inner_text() == "NaN undefined null"
        assert wrong == []
    with _opened(browser, f"{address}/", width=390) as (page, wrong):
        assert LONG in page.locator("article").inner_text()
        assert wrong == []


def test_balances_page_tells_what_is_owed_and_what_changed_a_closed_month(address: str, browser: Any) -> None:
    with _opened(browser, f"{address}/balances/") as (page, wrong):
        owed = _cells(page, "receivables", "Ægir Telecom AS")
        assert owed[1:8] == ["1,500", "1,000", "–", "500", "–", "–", "500"]
        assert owed[8:11] == ["33.3 %", "46", "31"]
        assert _cells(page, "receivables", "All customers")[1] == "1,300"
        assert _cells(page, "unbilled", "CT-1")[3:] == ["700", "500", "–", "–", "200", "–", "122"]
        closed = _cells(page, "closed_months", "Oct 2026")
        assert closed[5:8] == ["98", closed[6], closed[7]]
        changed = _cells(page, "restatements", "Oct 2026")
        assert changed[2:] == [
            "travel cost", HOSTILE, "0.00", "1,234.56", "1,234.56", "arrived after close", "cost_line_late.csv"
        ]  # fmt: skip
        assert _cells(page, "ledger_differences", "Oct 2026")[2:8] == ["10.00", "11.00", "9.00", "−2.00", "1.00", "1"]
        assert wrong == []


def test_trust_page_tells_files_rejects_checks_and_exceptions(address: str, browser: Any) -> None:
    with _opened(browser, f"{address}/trust/") as (page, wrong):
        assert _cells(page, "load_summary", "All tables")[2:7] == ["40", "4,000", "3,880", "80", "40"]
        assert _cells(page, "loads", "2026/time-003.csv")[10:15] == ["–", "–", "–", "–", "sum withheld: too few people"]
        assert _cells(page, "refused", f"{HOSTILE}.pdf")[3].startswith("not a known format")
        rejected = page.locator("[data-testid=table-rejected]").inner_text()
        assert "more than a day" in rejected
        assert "correct the hours" in rejected
        assert _cells(page, "check_summary", "All suites")[1:] == ["31", "30", "1", "0"]
        assert "33,000.00" in page.locator("[data-testid=table-exceptions]").inner_text()
        assert _cells(page, "freshness", "erp")[5] == "late"
        page.get_by_role("link", name="data docs").click()
        page.wait_for_url("**/data-docs/index.html")
        assert wrong == []


def test_light_and_dark_can_be_chosen_and_stay(address: str, browser: Any) -> None:
    with _opened(browser, f"{address}/", scheme="dark") as (page, wrong):
        background = "getComputedStyle(document.body).backgroundColor"
        dark = page.evaluate(background)
        page.get_by_role("button", name="Light").click()
        assert page.evaluate(background) == "rgb(255, 255, 255)" != dark
        page.reload()
        page.wait_for_load_state("networkidle")
        assert page.evaluate(background) == "rgb(255, 255, 255)"
        assert wrong == []


def test_print_shows_every_row(address: str, browser: Any) -> None:
    with _opened(browser, f"{address}/trust/") as (page, wrong):
        rows = page.locator("[data-testid=table-loads] tbody tr")
        assert rows.count() == 15
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert rows.count() == 40
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert rows.count() == 15
        assert wrong == []


def test_reader_gets_no_engine_and_no_data_file(built: Built) -> None:
    assert [p.name for p in built.out.rglob("*") if p.suffix in {".wasm", ".duckdb", ".parquet"}] == []
