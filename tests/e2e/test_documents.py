"""From a figure to its documents, and what stands behind the figures: pages against plain SQL over the snapshot."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from built_site import Built
from fixture_dbt import PRIVATE
from fixture_documents import HOSTILE_DOCUMENT, UNEXPLAINED
from reading import cells, opened, written
from test_pages import HASHED

from pipelines.publishing.site_gates import page_findings

pytestmark = pytest.mark.browser

_COST = "core.fct_cost_lines where project_id = 'P-001' and cost_month = date '2026-10-01' and category"
# what a figure's documents add up to, from core facts, without the site's own SQL
_FACTS = {
    "labour": f"select sum(amount_base), count(*) from {_COST} = 'labour'",
    "subcontract": f"select sum(amount_base), count(*) from {_COST} = 'subcontract'",
    "material": f"select sum(amount_base), count(*) from {_COST} in ('material', 'uninstalled_material')",
    "travel": f"select sum(amount_base), count(*) from {_COST} = 'travel'",
    "revenue": "select sum(revenue_amount_base), count(*) from margin.revenue_by_contract_line_month "
    "where project_id = 'P-001' and month = date '2026-10-01' and revenue_amount_base <> 0",
}
_MART = {
    "labour": "labour_cost", "subcontract": "subcontract_cost", "material": "material_cost", "travel": "travel_cost",
    "revenue": "revenue",
}  # fmt: skip


def _one(built: Built, sql: str) -> tuple[Any, ...]:
    with duckdb.connect(str(built.snapshot), read_only=True) as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    return row


def _shown(page: Any, name: str) -> str:
    return page.locator(f"[data-figure={name}]").first.inner_text()


def _listed(page: Any) -> list[list[str]]:
    rows = page.locator("[data-testid=table-documents] tbody tr").all()
    return [[" ".join(cell.split()) for cell in row.locator("td").all_inner_texts()] for row in rows]


@pytest.mark.parametrize("measure", sorted(_FACTS))
def test_documents_under_a_figure_add_up_to_it(built: Built, address: str, browser: Any, measure: str) -> None:
    amount, count = _one(built, _FACTS[measure])
    (figure,) = _one(
        built,
        f"select {_MART[measure]}_amount_base from margin.margin_by_project_month "
        "where project_id = 'P-001' and month = date '2026-10-01'",
    )
    assert figure == amount
    with opened(browser, f"{address}/documents/?project=P-001&month=2026-10&measure={measure}") as (page, wrong):
        page.wait_for_selector("[data-testid=adds-up]")
        assert _shown(page, "documents-count") == str(count)
        assert _shown(page, "documents-amount") == written(amount, 2)
        assert "which is the figure to the cent" in page.locator("[data-testid=adds-up]").inner_text()
        assert len(_listed(page)) == count
        assert cells(page, "documents", "Documents shown")[6] == written(amount, 2)
        assert wrong == []


def test_cost_and_margin_are_made_of_the_same_documents(built: Built, address: str, browser: Any) -> None:
    (cost,) = _one(built, f"select sum(amount_base) from {_COST} is not null")
    revenue = _one(built, _FACTS["revenue"])[0]
    mart = _one(
        built,
        "select cost_of_sales_amount_base, gross_margin_amount_base from margin.margin_by_project_month "
        "where project_id = 'P-001' and month = date '2026-10-01'",
    )
    assert mart == (cost, revenue - cost)
    for measure, amount in (("cost", cost), ("margin", revenue - cost)):
        with opened(browser, f"{address}/documents/?project=P-001&measure={measure}") as (page, wrong):
            page.wait_for_selector("[data-testid=adds-up]")
            assert _shown(page, "documents-amount") == written(amount, 2)
            assert cells(page, "documents_mixed", "Documents shown")[7] == written(amount, 2)
            assert "which is the figure to the cent" in page.locator("[data-testid=adds-up]").inner_text()
            assert wrong == []


def test_difference_between_figure_and_documents_is_named(built: Built, address: str, browser: Any) -> None:
    (billed,) = _one(
        built,
        "select sum(net_amount_base) from core.fct_invoice_lines where project_id = 'P-001' "
        "and direction = 'customer' and issue_month = date '2026-10-01'",
    )
    with opened(browser, f"{address}/documents/?project=P-001&month=2026-10&measure=billed") as (page, wrong):
        page.wait_for_selector("[data-testid=adds-up]")
        assert _shown(page, "documents-amount") == written(billed, 2)
        assert _shown(page, "documents-figure") == written(billed + UNEXPLAINED, 2)
        assert _shown(page, "documents-difference") == written(UNEXPLAINED, 2)
        assert "lists the source rows of the private warehouse" in page.locator("article").inner_text()
        assert wrong == []


def test_documents_are_named_with_file_and_line_and_nothing_in_them_runs(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/documents/?project=P-001&month=2026-10&measure=subcontract") as (page, wrong):
        page.wait_for_selector("[data-testid=table-documents]")
        first, accrual = _listed(page)
        assert first[0] == HOSTILE_DOCUMENT
        assert first[2] == "posted on 5100"
        assert first[8:10] == ["2026/time-005.csv", "7"]
        assert accrual[0] == "SI-9"
        assert accrual[4:7] == ["550.00", "NOK", "50.00"]
        assert accrual[8:10] == ["INV-35.xml", "/Invoice/cac:InvoiceLine[2]"]
        with page.expect_download() as download:
            page.locator("[data-testid=table-documents] .download").click()
        text = Path(download.value.path()).read_text(encoding="utf-8-sig")
        assert "\"'=HYPERLINK(" in text
        page.locator("[data-testid=table-documents] input[type=search]").fill("si-9")
        assert [row[0] for row in _listed(page)] == ["SI-9"]
        assert wrong == []


def test_labour_stands_as_it_is_published(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/documents/?project=P-001&measure=labour") as (page, wrong):
        page.wait_for_selector("[data-testid=table-documents]")
        said = {row[0]: row[2] for row in _listed(page)}
        assert said == {
            "R1": "hours at the cost rate in force; 6.50 h",
            "R2": "hours at the cost rate in force; hours withheld: too few people; cost of poor quality",
        }
        assert wrong == []


def test_document_without_a_rate_is_listed_and_in_no_figure(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/documents/?project=P-001&measure=travel") as (page, wrong):
        page.wait_for_selector("[data-testid=table-documents]")
        first = _listed(page)[0]
        assert (first[0], first[6]) == ("T-2", "–")
        assert "1 of them has no amount in EUR" in page.locator("[data-testid=adds-up]").inner_text()
        assert wrong == []


def test_payment_of_two_projects_is_shared_and_rounding_of_a_balance_is_named(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/documents/?project=P-001&measure=collected") as (page, wrong):
        page.wait_for_selector("[data-testid=table-documents]")
        # 450.01 paid on an invoice of which one half is this project's; the cent stays with one of the two
        assert _shown(page, "documents-amount") == "225.01"
        assert "which is the figure to the cent" in page.locator("[data-testid=adds-up]").inner_text()
        page.locator("[data-testid=filter-month]").select_option("2026-08-01")
        page.wait_for_url("**month=2026-08*")
        assert "project=P-001" in page.url
        page.wait_for_selector("[data-testid=empty-documents], [data-testid=adds-up]")
        page.get_by_role("link", name="Receivable").click()
        page.wait_for_url("**measure=receivable*")
        page.wait_for_selector("[data-testid=table-documents]")
        assert [(row[0], row[6]) for row in _listed(page)] == [("I-0", "200.01"), ("CT-1", "−10.00")]
        assert _shown(page, "documents-difference") == "−0.01"
        assert "cents of rounding" in page.locator("[data-testid=adds-up]").inner_text()
        assert wrong == []


def test_projects_are_listed_with_their_documents_and_follow_the_filters(
    built: Built, address: str, browser: Any
) -> None:
    (lines,) = _one(built, f"select count(*) from {_COST} is not null")
    with opened(browser, f"{address}/documents/?group=Networks") as (page, wrong):
        counted = cells(page, "document_counts", "Core network renewal")
        assert counted[2] == str(lines)
        index = json.loads((built.out / "figures/documents/P-001/index.json").read_text(encoding="utf-8"))
        open_amount = sum(
            abs(round(row[2] * 100) - round(row[5] * 100)) for row in index["rows"] if row[0] == "2026-10"
        )
        assert counted[6] == written(Decimal(open_amount) / 100, 2)
        assert page.locator("[data-testid=table-document_counts] tbody tr").count() == 2
        page.get_by_role("link", name="Core network renewal").click()
        page.wait_for_selector("[data-testid=table-document_figures]")
        assert "group=Networks" in page.url
        assert cells(page, "document_figures", "Subcontractors")[2] == "2"
        page.get_by_role("link", name="Subcontractors").click()
        page.wait_for_selector("[data-testid=adds-up]")
        assert page.locator("[data-testid=documents-title]").inner_text() == (
            "Subcontractors of Core network renewal, Oct 2026"
        )
        page.get_by_role("link", name="All projects").click()
        page.wait_for_selector("[data-testid=table-document_counts]")
        assert wrong == []


@pytest.mark.parametrize("asked", ["project=nobody&measure=cost", "project=P-001&measure=<b>", "measure=cost"])
def test_address_that_names_nothing_shows_a_list_all_the_same(address: str, browser: Any, asked: str) -> None:
    with opened(browser, f"{address}/documents/?{asked}") as (page, wrong):
        page.wait_for_selector("[data-testid=table-document_counts], [data-testid=table-document_figures]")
        assert wrong == []


def test_project_without_a_document_gets_a_sentence(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/documents/?project=P-005&measure=cost") as (page, wrong):
        page.wait_for_selector("[data-testid=empty-document_figures]")
        assert "no document stands behind it" in page.locator("[data-testid=empty-documents]").inner_text()
        assert wrong == []


def test_trust_page_tells_money_at_stake_and_the_way_to_the_ledger(built: Built, address: str, browser: Any) -> None:
    with opened(browser, f"{address}/trust/") as (page, wrong):
        assert cells(page, "exception_projects", "(no project)")[1:6] == [
            "1", "0", "33,000.00", "EUR", "invoice without project"
        ]  # fmt: skip
        (stake,) = _one(
            built, "select sum(amount_at_stake) from ops.exceptions where project_id = 'P-001' and severity <> 'notice'"
        )
        assert cells(page, "exception_projects", "Core network renewal")[3:5] == [written(stake, 2), "h"]
        # cost of sales stands below zero: ten in the ledger, eleven posted, nine in the warehouse
        assert cells(page, "ledger_months", "Oct 2026")[1:8] == [
            "−10.00", "−11.00", "−9.00", "2.00", "−1.00", "1", "not delivered"
        ]  # fmt: skip
        changed = cells(page, "restatement_summary", "Oct 2026")
        assert changed[1:] == ["arrived after close", "1", "1", "–", "1,234.56"]
        late = cells(page, "freshness", "erp")
        assert late[5] == "late"
        assert late[7:] == ["cost of sales, cost to date, earned value", "these figures stand as of the last delivery"]
        facts = page.locator("[data-testid=provenance]").inner_text()
        assert _shown(page, "publication") == "1"
        assert "0.1.0+bbbbccccdddd" in facts
        assert "c0ffee" * 10 in facts
        assert "This is the first publication" in page.locator("[data-testid=empty-publications]").inner_text()
        assert wrong == []


def test_dictionary_leads_to_words_and_tables(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/dictionary/#margin.margin_by_project_month.gross_margin_pct") as (page, wrong):
        row = page.locator("[id='margin.margin_by_project_month.gross_margin_pct']")
        assert "gross_margin_amount_base / revenue_amount_base" in row.inner_text()
        assert page.locator("[id='core.fct_cost_lines']").count() == 1
        assert page.locator("#control_total").count() == 1
        assert wrong == []


def test_dbt_docs_describe_what_is_published(built: Built, address: str, browser: Any) -> None:
    folder = built.out / "dbt-docs"
    for path in sorted(folder.glob("*.html")):
        html = path.read_text(encoding="utf-8")
        assert page_findings(html, as_of="2026-11-21T05:00:00Z") == []
        assert PRIVATE not in html
    with opened(browser, f"{address}/trust/") as (page, wrong):
        page.get_by_role("link", name="dbt docs").click()
        page.wait_for_url("**/dbt-docs/index.html")
        page.get_by_role("link", name="margin.margin_by_project_month", exact=True).click()
        page.wait_for_url("**/dbt-docs/margin.margin_by_project_month.html")
        text = page.locator("main").inner_text()
        assert "What gross_margin_pct says." in text
        assert "select * from private" in text
        assert wrong == []


@pytest.mark.parametrize("width", [1440, 390])
def test_documents_fit_the_window(address: str, browser: Any, width: int) -> None:
    for asked in ("", "?project=P-001", "?project=P-001&measure=margin", f"?project={HASHED}"):
        with opened(browser, f"{address}/documents/{asked}", width=width) as (page, wrong):
            page.wait_for_timeout(300)
            widest = page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
            assert widest <= width, asked
            assert wrong == []


def test_every_list_of_the_site_adds_up_to_its_index(built: Built) -> None:
    """All files together: what an index says of a figure is what the lists hold, to the cent."""
    folder = built.out / "figures" / "documents"
    figures = 0
    for index in sorted(folder.glob("*/index.json")):
        content = json.loads(index.read_text(encoding="utf-8"), parse_float=Decimal)
        lists = {name: json.loads((index.parent / f"{name}.json").read_text(encoding="utf-8"), parse_float=Decimal)
                 for name in set(content["lists"].values())}  # fmt: skip
        rows = [row for name in lists for row in lists[name]["rows"]]
        for month, measure, _, documents, _, amount, shown in content["rows"]:
            found = [row[8] for row in rows if row[:2] == [month, measure]]
            assert len(found) == shown == documents
            assert sum(Decimal(value) for value in found if value is not None) == Decimal(amount)
            figures += 1
    assert figures > 60
