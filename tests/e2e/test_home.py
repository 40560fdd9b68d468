"""Home and Margin: their figures are those of the marts and of the facts in core, for several months, projects, units
and as closed; what moved and why; what changed since the publication before.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from built_site import Built
from fixture_snapshot import HOSTILE
from reading import cells, figure, look, one, opened, pct, rows, settled, signed, written

pytestmark = pytest.mark.browser

MART = "margin.margin_by_project_month"
CATEGORIES = {
    "labour": "labour", "subcontract": "subcontractors", "material": "material", "travel": "travel",
}  # fmt: skip


def _of(month: str, where: str = "true") -> str:
    """The facts of a month, added up without any mart: revenue as invoiced, cost by its lines."""
    projects = f"select project_id from core.dim_projects where {where}"
    return (
        f"select (select sum(net_amount_base) from core.fct_invoice_lines where direction = 'customer' "
        f"and issue_month = date '{month}' and project_id in ({projects})) as revenue, "
        f"(select sum(amount_base) from core.fct_cost_lines where cost_month = date '{month}' "
        f"and project_id in ({projects})) as cost"
    )


def _mart(month: str, where: str = "true", mart: str = MART) -> str:
    return (
        "select sum(revenue_amount_base), sum(cost_of_sales_amount_base), sum(gross_margin_amount_base) "
        f"from {mart} join core.dim_projects using (project_id) where month = date '{month}' and {where}"
    )


@pytest.mark.parametrize(
    ("query", "month", "where"),
    [
        ("", "2026-10-01", "true"),
        ("?month=2026-07", "2026-07-01", "true"),
        ("?month=2026-07&group=Networks", "2026-07-01", "business_group = 'Networks'"),
        ("?customer=C2", "2026-10-01", "customer_id = 'C2'"),
        ("?month=2025-11&market=%28none%29", "2025-11-01", "market is null"),
    ],
)
def test_month_is_that_of_mart_and_facts(
    built: Built, address: str, browser: Any, query: str, month: str, where: str
) -> None:
    revenue, cost, margin = one(built.snapshot, _mart(month, where))
    facts = one(built.snapshot, _of(month, where))
    assert cost == facts[1]
    # October's invoices are what was billed, which is not the revenue of each contract line
    assert month == "2026-10-01" or revenue == facts[0]
    with opened(browser, f"{address}/{query}") as (page, wrong):
        assert figure(page, "revenue") == f"{written(revenue)} EUR"
        assert figure(page, "margin") == f"{written(margin)} EUR"
        assert figure(page, "margin_pct") == pct(margin / revenue)
        compared = cells(page, "comparison", date.fromisoformat(month).strftime("%b %Y"))
        assert compared[1:5] == [written(revenue), written(cost), written(margin), pct(margin / revenue)]
        assert wrong == []
    with opened(browser, f"{address}/margin/{query}") as (page, wrong):
        total = cells(page, "projects", "Total")
        assert total[1:4] == [written(revenue), written(margin), pct(margin / revenue)]
        for table in ("by_programme", "by_customer", "by_business_group", "by_market", "by_key"):
            assert cells(page, table, "Total")[2:5] == [written(revenue), written(margin), pct(margin / revenue)]
        month_row = cells(page, "months", date.fromisoformat(month).strftime("%b %Y"))
        assert month_row[1:4] == [written(revenue), written(cost), written(margin)]
        assert cells(page, "cost_by_category", "Cost of sales")[1:3] == [written(cost), "100.0 %"]
        for category, name in CATEGORIES.items():
            kinds = f"'{category}'" + (", 'uninstalled_material'" if category == "material" else "")
            (amount,) = one(
                built.snapshot,
                "select sum(amount_base) from core.fct_cost_lines join core.dim_projects using (project_id) "
                f"where category in ({kinds}) and cost_month = date '{month}' and {where}",
            )
            assert cells(page, "cost_by_category", name)[1] == written(amount)
        assert wrong == []


def test_comparisons_are_those_of_the_warehouse(built: Built, address: str, browser: Any) -> None:
    revenue, _, margin = one(built.snapshot, _mart("2026-10-01"))
    before = one(built.snapshot, _mart("2026-09-01"))
    last_year = one(built.snapshot, _mart("2025-10-01"))
    year = one(
        built.snapshot,
        f"select sum(revenue_amount_base), sum(gross_margin_amount_base) from {MART} "
        "where month between date '2026-01-01' and date '2026-10-01'",
    )
    backlogs = one(
        built.snapshot,
        "select sum(closing_amount_base) filter (where month = date '2026-10-01'), "
        "sum(closing_amount_base) filter (where month = date '2026-09-01') from margin.backlog_by_project_month",
    )
    assert margin < 0  # so that the sign is seen
    with opened(browser, f"{address}/") as (page, wrong):
        assert cells(page, "comparison", "Sep 2026")[1:4] == [written(x) for x in before]
        assert cells(page, "comparison", "Oct 2025")[1:4] == [written(x) for x in last_year]
        to_date = cells(page, "comparison", "FY 2026 to date")
        assert to_date[1] == written(year[0])
        assert to_date[3:5] == [written(year[1]), pct(year[1] / year[0])]
        assert figure(page, "year_revenue") == written(year[0])
        assert figure(page, "previous_revenue") == f"▲ +{pct(revenue / before[0] - 1)} on Sep 2026"
        assert figure(page, "last_year_revenue") == f"▲ +{pct(revenue / last_year[0] - 1)} on Oct 2025"
        points = (margin / revenue - before[2] / before[0]) * 100
        assert figure(page, "previous_margin_pct").endswith(f"{signed(points, 1)} pp on Sep 2026")
        assert figure(page, "backlog") == f"{written(backlogs[0])} EUR"
        assert cells(page, "comparison", "Sep 2026")[5] == written(backlogs[1])
        assert figure(page, "plan_cash") == "cash is not planned"
        assert wrong == []


def test_cash_is_what_was_collected_less_what_was_paid(built: Built, address: str, browser: Any) -> None:
    (collected,) = one(
        built.snapshot,
        f"select sum(collected_amount_base) from {MART} where month = date '2026-10-01'",
    )
    # S-1 of two projects and S-2; S-3 is a number of two suppliers and of no project
    cash = collected - Decimal("178.51") - Decimal("5000.25")
    with opened(browser, f"{address}/") as (page, wrong):
        assert figure(page, "cash") == f"{written(cash)} EUR"
        # a third of S-1, by running sums: 178.51 - 119.01
        look(page, customer="C2")
        assert figure(page, "cash") == f"{written(Decimal('-59.50'))} EUR"
        look(page, unit="k")
        assert figure(page, "cash") == "−0.1 k EUR"
        assert wrong == []


def _plan(built: Built, version: str, project: str, where: str) -> tuple[Decimal, Decimal]:
    return one(
        built.snapshot,
        "select sum(plan_amount_base) filter (where category = 'revenue'), "
        "sum(plan_amount_base) filter (where category <> 'revenue' and category <> 'management_reserve') "
        f"from core.fct_plan_lines where project_id = '{project}' and plan_version_id = '{version}' and {where}",
    )


def test_plan_is_the_baseline_in_force_then(built: Built, address: str, browser: Any) -> None:
    in_october = "month = date '2026-10-01'"
    parts = [
        _plan(built, version, project, in_october)
        for version, project in (("B2", "P-001"), ("B1", "P-002"), ("AS", "P-004"))
    ]
    revenue, cost = (sum(part[n] for part in parts) for n in (0, 1))
    with opened(browser, f"{address}/") as (page, wrong):
        planned = cells(page, "comparison", "Plan")
        assert planned[1:4] == [written(revenue), written(cost), written(revenue - cost)]
        # what has figures and no plan that says revenue and cost is named
        assert (
            page.locator("[data-testid=without-plan]").inner_text().startswith("2 projects with figures have no plan")
        )
        # and left out of what is compared with it
        done = one(built.snapshot, _mart("2026-10-01", "project_id in ('P-001', 'P-002', 'P-004')"))
        assert figure(page, "plan_revenue").endswith(f"{signed((done[0] / revenue - 1) * 100, 1)} % on plan")
        look(page, group="Networks", month="2026-05-01")
        in_may = _plan(built, "B1", "P-001", "month = date '2026-05-01'")
        assert cells(page, "comparison", "Plan")[1:3] == [written(x) for x in in_may]
        to_date = _plan(built, "B1", "P-001", "month between date '2026-01-01' and date '2026-05-01'")
        assert cells(page, "comparison", "Plan, FY 2026 to date")[1:3] == [written(x) for x in to_date]
        later = _plan(built, "B1", "P-001", "month > date '2026-05-01'")
        assert cells(page, "comparison", "Plan")[5] == written(later[0])
        assert wrong == []


def test_movers_are_the_biggest_and_say_why(built: Built, address: str, browser: Any) -> None:
    with duckdb.connect(str(built.snapshot), read_only=True) as connection:
        moved = connection.execute(
            f"select project_name, a.gross_margin_amount_base - b.gross_margin_amount_base as moved from {MART} as a "
            f"join {MART} as b on a.project_id = b.project_id and b.month = date '2026-09-01' "
            "join core.dim_projects as p on a.project_id = p.project_id where a.month = date '2026-10-01' "
            "order by abs(moved) desc limit 5"
        ).fetchall()
    with opened(browser, f"{address}/") as (page, wrong):
        found = rows(page, "movers_previous")[1:]
        assert [row[3] for row in found] == [signed(amount) for _, amount in moved]
        assert {row[0] for row in found} == {name for name, _ in moved}
        # revenue +4,321 + 7 cents, labour +3,100 + 7 cents, no material of 27,000 as in the month before
        assert all(row[4].endswith(".") and len(row[4]) > 10 for row in found), found
        assert any("revenue 4,321 more" in row[4].lower() for row in found)
        against = {row[0]: row for row in rows(page, "movers_plan")[1:]}
        assert "P 003" not in " ".join(against)
        revenue, cost = _plan(built, "B1", "P-002", "month = date '2026-10-01'")
        (margin,) = one(
            built.snapshot,
            f"select gross_margin_amount_base from {MART} where project_id = 'P-002' and month = date '2026-10-01'",
        )
        assert against[HOSTILE][1:4] == [
            written(margin), written(revenue - cost), signed(margin - (revenue - cost))
        ]  # fmt: skip
        assert "plan" in against[HOSTILE][4]
        assert wrong == []


def test_reds_give_their_reason_as_text(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/") as (page, wrong):
        found = {row[1]: row for row in rows(page, "reds")[1:]}
        assert found["cost"][0] == found["quality"][0] == HOSTILE
        assert found["cost"][2:] == [
            "", "Cost performance index 0.8 (earned <b>8</b> / cost 10) is red: below 0.9.",
            "Cost performance index, Gross margin",
        ]  # fmt: skip
        assert found["quality"][2] == "new this month"
        look(page, month="2026-09-01")
        assert [row[1] for row in rows(page, "reds")[1:]] == ["cost"]
        look(page, group="Services")
        assert page.locator("[data-testid=empty-reds]").inner_text() == "Nothing is red."
        assert page.locator("article b b").count() == 0
        assert wrong == []


def test_closed_month_is_shown_as_it_was_closed(built: Built, address: str, browser: Any) -> None:
    closed = one(built.snapshot, _mart("2026-10-01", mart="margin.margin_by_project_month_as_closed"))
    assert closed == (100, 2, 98)
    with opened(browser, f"{address}/?basis=closed") as (page, wrong):
        assert figure(page, "revenue") == "100 EUR"
        assert figure(page, "margin_pct") == "98.0 %"
        assert figure(page, "cash") == "– EUR"
        # the months before were not closed: they are compared as they are now
        september = one(built.snapshot, _mart("2026-09-01"))
        assert cells(page, "comparison", "Sep 2026")[1:4] == [written(x) for x in september]
        assert "A close does not keep what suppliers were paid" in page.locator("article").inner_text()
        look(page, basis="now")
        assert figure(page, "revenue") == f"{written(one(built.snapshot, _mart('2026-10-01'))[0])} EUR"
        page.wait_for_url(address + "/")
        assert wrong == []
    with opened(browser, f"{address}/margin/?basis=closed") as (page, wrong):
        assert cells(page, "projects", "Total")[1:4] == ["100", "98", "98.0 %"]
        assert wrong == []


def test_what_changed_since_the_publication_before_and_since_the_close(
    built: Built, address: str, browser: Any
) -> None:
    october = one(built.snapshot, _mart("2026-10-01", "project_id = 'P-002'"))
    september = one(built.snapshot, _mart("2026-09-01", "project_id = 'P-001'"))
    with opened(browser, f"{address}/") as (page, wrong):
        found = {row[0]: row for row in rows(page, "publication_changes")[1:]}
        assert found[HOSTILE][1:] == [
            "Oct 2026", "0", written(october[0]), "0", written(october[1]), "0", written(october[2]),
            signed(october[2]),
        ]  # fmt: skip
        assert found["Core network renewal"][1:4] == [
            "Sep 2026", written(september[0] + Decimal("500.25")), written(september[0])
        ]  # fmt: skip
        moved = october[2] - Decimal("500.25")
        assert figure(page, "margin-since") == signed(moved)
        assert cells(page, "publication_changes", "All changes")[8] == signed(moved)
        assert "14 Nov 2026, 05:00 UTC" in page.locator("[data-testid=since-publication]").inner_text()
        restated = cells(page, "restated", "Core network renewal")
        now = one(built.snapshot, _mart("2026-10-01", "project_id = 'P-001'"))
        assert restated[1:7] == [
            "Oct 2026", signed(now[0] - 100), signed(now[1] - 2), "98", written(now[2]), signed(now[2] - 98)
        ]  # fmt: skip
        assert restated[7:] == ["1", "arrived after close"]
        look(page, customer="C2")
        assert len(rows(page, "publication_changes")) == 3  # heads, one change, its total
        assert wrong == []


def test_walk_foots_to_the_cent(built: Built, address: str, browser: Any) -> None:
    sold, forecast = one(
        built.snapshot,
        "select sum(from_margin_amount_base), sum(to_margin_amount_base) from margin.margin_bridge "
        "where from_version = 'as_sold' and step_number = 1",
    )
    (to_date,) = one(
        built.snapshot,
        "select sum(to_margin_amount_base) from margin.margin_bridge where from_version = 'forecast' "
        "and step_number = 1 and project_id in "
        "(select project_id from margin.margin_bridge where from_version = 'as_sold')",
    )
    with opened(browser, f"{address}/margin/") as (page, wrong):
        table = page.locator("[data-testid=table-walk]")
        with page.expect_download() as download:
            table.get_by_role("button", name="Download CSV").click()
        lines = [line.split(",") for line in download.value.path().read_text(encoding="utf-8-sig").splitlines()[1:]]
        for place, begin, end in ((1, sold, forecast), (2, forecast, to_date), (3, sold, to_date)):
            amounts = [Decimal(line[place] or 0) for line in lines]
            assert (amounts[0], amounts[-1]) == (begin, end)
            assert sum(amounts[:-1]) == amounts[-1]
        assert cells(page, "walk_projects", HOSTILE)[4].startswith("Hours −250,000")
        # "3 of 7": those of the walk and those that are looked at
        assert page.locator("[data-testid=not-walked]").inner_text().startswith("3 of 7 projects")
        look(page, group="Networks")
        assert cells(page, "walk", "Margin at its beginning")[1] != written(sold)
        assert page.locator("[data-testid=not-walked]").inner_text().startswith("1 of 2 projects")
        look(page, group="Services")
        assert "None of these projects has a plan as sold" in page.locator("article").inner_text()
        assert wrong == []


def test_poor_quality_and_currencies_are_those_of_the_marts(built: Built, address: str, browser: Any) -> None:
    quality, fx, margin, cost = one(
        built.snapshot,
        "select sum(quality_cost_amount_base), sum(fx_effect_amount_base), sum(gross_margin_amount_base), "
        f"sum(cost_of_sales_amount_base) from {MART} where month = date '2026-10-01'",
    )
    with opened(browser, f"{address}/margin/") as (page, wrong):
        total = cells(page, "quality", "Total")
        assert total[1:3] == [written(quality), pct(quality / cost)]
        total = cells(page, "currencies", "Total")
        assert total[1:4] == [written(margin), written(fx), written(margin - fx)]
        assert cells(page, "fx_items", "USD")[1:] == ["−13", "3", "−9"]
        assert cells(page, "fx_items", "All currencies")[3] == "−1,009"
        # of a month without a budget rate nothing is known, and it is no nought
        look(page, month="2025-12-01")
        assert {row[2] for row in rows(page, "currencies")[1:-1]} == {"–"}
        assert wrong == []


def test_units_are_the_readers_and_kept_in_the_address(built: Built, address: str, browser: Any) -> None:
    revenue, _, margin = one(built.snapshot, _mart("2026-10-01"))
    with opened(browser, f"{address}/?unit=m") as (page, wrong):
        assert figure(page, "revenue") == f"{written(revenue / 1_000_000, 2)} M EUR"
        assert "amounts in M EUR" in page.locator("[data-testid=as-of]").inner_text().replace("\n", " ")
        look(page, unit="k")
        page.wait_for_url("**/?unit=k")
        assert figure(page, "revenue") == f"{written(revenue / 1000, 1)} k EUR"
        # documents and what is at stake stay exact to the cent
        assert "33,000.00" in page.locator("[data-testid=table-money_exceptions]").inner_text()
        page.get_by_role("navigation", name="Pages").get_by_role("link", name="Margin").click()
        page.wait_for_url("**/margin/?unit=k")
        settled(page, at="?unit=k")
        assert cells(page, "projects", "Total")[2] == written(margin / 1000, 1)
        look(page, unit="one")
        page.wait_for_url("**/margin/")
        assert cells(page, "projects", "Total")[2] == written(margin)
        # the file has the figures as they are, whatever the unit
        look(page, unit="m")
        with page.expect_download() as download:
            page.locator("[data-testid=table-by_market]").get_by_role("button", name="Download CSV").click()
        text = download.value.path().read_text(encoding="utf-8-sig")
        dach = one(built.snapshot, _mart("2026-10-01", "market = 'DACH'"))
        line = next(line for line in text.splitlines() if line.startswith("DACH"))
        assert [Decimal(value) for value in line.split(",")[2:4]] == [dach[0], dach[2]]
        assert wrong == []


def test_file_of_a_table_is_harmless_and_holds_what_was_found(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/margin/") as (page, wrong):
        table = page.locator("[data-testid=table-projects]")
        table.locator("input[type=search]").fill("script")
        with page.expect_download() as download:
            table.get_by_role("button", name="Download CSV").click()
        text = download.value.path().read_bytes().decode("utf-8-sig")
        assert download.value.suggested_filename == "projects.csv"
        assert text.count("\r\n") == 2
        assert '"<script>alert(1)</script> {@html x} & ""q"" ${1} 50%"' in text
        assert wrong == []


def test_words_are_explained_on_hover_by_keyboard_and_in_the_dictionary(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/") as (page, wrong):
        bubble = page.locator("[role=tooltip]")
        page.locator("[data-testid=tile-backlog] a.term").hover()
        assert "not yet earned" in bubble.inner_text()
        page.mouse.move(0, 0)
        bubble.wait_for(state="hidden")
        head = page.locator("[data-testid=table-comparison] thead button").nth(2)
        head.focus()
        assert head.get_attribute("aria-describedby") == bubble.get_attribute("id")
        assert "labour at cost rates" in bubble.inner_text()
        page.keyboard.press("Escape")
        assert not bubble.is_visible()
        page.locator("[data-testid=tile-cash] a.term").click()
        page.wait_for_url("**/dictionary/#cash")
        assert "less what suppliers were paid" in page.locator("#cash").inner_text()
        assert wrong == []


def test_table_sorts_searches_and_totals_what_is_shown(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/margin/") as (page, wrong):
        table = page.locator("[data-testid=table-projects]")
        table.get_by_role("button", name="Margin, year", exact=True).click()
        first = table.locator("tbody tr").first.locator("td").nth(5).inner_text()
        assert first == "812,528"
        table.get_by_role("button", name="Margin, year", exact=True).click()
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


def test_month_without_figures_is_no_nought(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/margin/?month=2026-03") as (page, wrong):
        assert cells(page, "months", "Mar 2026")[1:5] == ["–", "–", "–", "–"]
        assert cells(page, "months", "Nov 2026")[5] == "incomplete"
        assert cells(page, "projects", "Total")[1] == "–"
        assert wrong == []


def test_month_that_cannot_be_fetched_is_said(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/") as (page, _):
        page.route("**/figures/portfolio/**", lambda route: route.abort())
        page.locator("[data-testid=filter-month]").select_option("2026-08-01")
        page.locator("[data-testid=missing-portfolio]").first.wait_for()
        assert "could not be fetched" in page.locator("article").inner_text()
