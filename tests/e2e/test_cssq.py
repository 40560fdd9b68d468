"""The page CSSQ and the pages of projects and programmes: their figures against the marts and against the facts beneath
them, other months, what was closed, filters, and two sheets of paper each.
"""

from __future__ import annotations

import io
from typing import Any

import pytest
from built_site import Built
from fixture_cssq import HOSTILE_RISK, REASON
from fixture_snapshot import HOSTILE
from pypdf import PdfReader
from reading import cells, figure, one, opened, pct, rows, written

pytestmark = pytest.mark.browser


def _in(page: Any, part: str, name: str) -> str:
    """A figure of one part of a page."""
    return " ".join(page.locator(f"[data-testid={part}] [data-figure={name}]").first.inner_text().split())


def _fact(page: Any, name: str) -> str:
    return " ".join(page.locator(f"dd[data-fact={name}]").first.inner_text().split())


def test_risks_and_changes_are_those_of_the_mart_and_of_the_facts(built: Built, address: str, browser: Any) -> None:
    threats, emv = one(
        built.snapshot,
        "select count(*), sum(emv_amount_base) from core.fct_risks where kind = 'threat' and status = 'open'",
    )
    mart = one(
        built.snapshot,
        "select sum(open_threats), sum(open_threat_emv_amount_base), sum(contingency_left_amount_base) "
        "from kpi.risk_exposure_by_project_month where month = date '2026-10-01'",
    )
    assert mart[:2] == (threats, emv)
    with opened(browser, f"{address}/cssq/") as (page, wrong):
        assert _in(page, "numbers-risks", "open_threats") == written(threats) == "2"
        assert _in(page, "numbers-risks", "threat_emv") == written(emv) == "−78,778"
        assert _in(page, "numbers-risks", "contingency_left") == written(mart[2])
        total = cells(page, "cssq_risks", "Total")
        assert total[1:6] == ["2", "−78,778", "1", "1,000", "−77,778"]
        heaviest = rows(page, "cssq_open_risks")[1]
        assert heaviest[1] == HOSTILE_RISK
        assert heaviest[3:8] == ["70.0 %", "50,000", "111,111", "200,000", "−77,778"]
        price, days = one(
            built.snapshot,
            "select sum(price_amount_base), max(datediff('day', requested_date, date '2026-10-31')) "
            "from core.fct_change_requests where decided_date is null",
        )
        assert _in(page, "numbers-changes", "pending_price") == written(price)
        assert _in(page, "numbers-changes", "oldest_pending_days") == written(days)
        assert cells(page, "cssq_changes", "Core network renewal")[1:10] == [
            "1", "7,000", "4,000", "3", "40", "1", "12,000", "10", "30.50",
        ]  # fmt: skip
        waiting = [row[1] for row in rows(page, "cssq_open_changes")[1:]]
        assert waiting == [HOSTILE_RISK, "Longer warranty"]
        assert wrong == []


def test_quality_milestones_safety_and_customers_follow_from_their_sums(
    built: Built, address: str, browser: Any
) -> None:
    firsts, rights = one(
        built.snapshot,
        "select count(*), count(*) filter (where is_passed) from core.fct_acceptance_tests where attempt = 1",
    )
    due, hit = one(
        built.snapshot,
        "select count(*) filter (where baseline_date <= date '2026-10-31'), "
        "count(*) filter (where baseline_date <= date '2026-10-31' and actual_date <= baseline_date) "
        "from core.fct_milestones",
    )
    answers, promoters, detractors = one(
        built.snapshot,
        "select count(*), count(*) filter (where score >= 9), count(*) filter (where score <= 6) "
        "from core.fct_survey_responses where kind = 'nps'",
    )
    with opened(browser, f"{address}/cssq/") as (page, wrong):
        ratio = f"{100 * rights / firsts:.1f} %"
        assert _in(page, "numbers-quality", "first_time_right_pct") == f"{ratio} ({rights} of {firsts})"
        assert cells(page, "cssq_quality", "Total")[1:4] == [str(firsts), str(rights), ratio]
        assert _in(page, "numbers-milestones", "hit_rate_pct_to_date") == f"{100 * hit / due:.1f} % ({hit} of {due})"
        assert _in(page, "customers", "nps") == f"{100 * (promoters - detractors) / answers:.0f} ({answers} answers)"
        assert cells(page, "cssq_customers", "Ægir Telecom AS")[1:5] == ["50", "4", "66.7 %", "3"]
        # a part of the hours is not the whole: those of one project are withheld
        assert _in(page, "numbers-safety", "hours") == "–"
        assert cells(page, "cssq_safety", "Core network renewal")[1:9] == [
            "2", "1", "1", "1", "12.50", "62.50", "1,480", "",
        ]  # fmt: skip
        withheld = [row for row in rows(page, "cssq_safety") if row[-1] == "hours withheld: too few people"]
        assert [row[5:8] for row in withheld] == [["–", "–", "–"]]
        people = cells(page, "cssq_people", "role-1")
        assert people[1:7] == ["1,000", "813", "100", "50", "88", "81.3 %"]
        assert cells(page, "cssq_people", "role-2")[2] == "–"
        page.locator("[data-testid=choice-people]").select_option("market")
        assert cells(page, "cssq_people", "market-1")[6] == "81.3 %"
        assert cells(page, "cssq_closing", "Core network renewal")[1:] == ["open orders", "blocks", "2", "118"]
        gates = [row[1:3] for row in rows(page, "cssq_gates")[1:]]
        assert gates == [["delivery to care", "not ready"], ["sell to execute", "ready"]]
        assert wrong == []


def test_scorecard_explains_each_cell_and_follows_month_and_filters(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/cssq/") as (page, wrong):
        part = page.locator("[data-testid=scorecards]")
        assert [_in(page, "scorecards", each) for each in ("red", "amber", "green")] == ["2", "0", "1"]
        assert part.locator(".heat tbody a").all_inner_texts() == [
            "Core network renewal",
            "NaN undefined null",
            HOSTILE,
        ]
        cell = part.locator(".heat tr", has_text="Core network renewal").locator("[data-figure=cost] button")
        assert "red" in cell.inner_text()
        cell.focus()
        assert page.locator(".bubble").inner_text() == REASON
        told = [row[1:] for row in rows(page, "scorecard_reasons") if row[0] == "Core network renewal"]
        assert told == [["cost", "red", REASON], ["schedule", "amber", "schedule is amber."]]
        page.locator("[data-testid=choice-level]").select_option("programme")
        assert part.locator(".heat tbody th").all_inner_texts() == ["Programme PG1"]
        assert part.locator(".heat tbody a").first.get_attribute("href") == "/programmes/PG1/"
        page.locator("[data-testid=choice-kpi-level]").select_option("programme")
        found = {row[1]: row[3:9] for row in rows(page, "kpi_explorer")[1:]}
        assert found["First time right"] == ["87.50", "90.00", "%", "green", "90.00", "–"]
        assert found["Margin erosion"][:4] == ["−3.14", "−2.00", "pp", "amber"]
        assert wrong == []
    with opened(browser, f"{address}/cssq/?month=2026-09") as (page, wrong):
        assert [_in(page, "scorecards", each) for each in ("red", "amber", "green")] == ["0", "1", "0"]
        assert _in(page, "numbers-risks", "open_opportunities") == "0"
        assert wrong == []
    with opened(browser, f"{address}/cssq/?group=Networks") as (page, wrong):
        assert [_in(page, "scorecards", each) for each in ("red", "amber", "green")] == ["1", "0", "0"]
        assert _in(page, "numbers-risks", "threat_emv") == "−1,000"
        open_risks = [row[1] for row in rows(page, "cssq_open_risks")[1:]]
        assert open_risks == ["Access is granted late", "Crews can be shared"]
        assert _in(page, "numbers-safety", "hours") == "1,480"
        page.locator("[data-testid=choice-level]").select_option("market")
        assert page.locator("[data-testid=scorecards] .heat tbody th").all_inner_texts() == ["DACH"]
        assert wrong == []


def test_project_page_tells_status_forecast_and_registers(built: Built, address: str, browser: Any) -> None:
    with opened(browser, f"{address}/projects/P-001/") as (page, wrong):
        assert _in(page, "ratings", "status-cost") == "■ red"
        assert REASON in page.locator("[data-testid=ratings]").inner_text()
        assert "A crew was added." in page.locator("article").inner_text()
        eac, low, high = one(
            built.snapshot,
            "select recommended_eac_amount, eac_p10_amount, eac_p80_amount from forecast.forecast_by_project_month "
            "where project_id = 'P-001' and month = date '2026-10-01'",
        )
        assert [figure(page, name) for name in ("eac", "p10", "p80")] == [written(x) for x in (eac, low, high)]
        assert "The forecast in force is taken." in page.locator("[data-testid=recommended]").inner_text()
        assert cells(page, "pack_methods", "cpi")[2] == "1,109,091"
        drawn = page.locator("[data-testid=pack-curve]").text_content()
        assert all(end in drawn for end in ("Planned 840 k", "Earned 770 k", "Cost 854 k", "EAC 1.10 M"))
        assert _fact(page, "cpi") == written(one(built.snapshot, "select 55000 / 61000.0")[0], 2)
        assert cells(page, "pack_versions", "F1")[6:9] == ["400,000", "26.7 %", "−50,000"]
        assert cells(page, "pack_milestones", "All sites")[4:6] == ["49", "ahead"]
        emv = one(
            built.snapshot,
            "select sum(emv_amount_base) from core.fct_risks where project_id = 'P-001' and status = 'open' "
            "and kind = 'threat'",
        )[0]
        assert figure(page, "threat_emv") == written(emv)
        assert [row[0] for row in rows(page, "pack_risks")[1:]] == [
            "Access is granted late", "Crews can be shared", "Was closed",
        ]  # fmt: skip
        assert cells(page, "pack_closing", "open orders")[1:] == ["blocks", "2", "118"]
        assert cells(page, "pack_handover", "As-built drawings")[2] == "mandatory"
        assert cells(page, "pack_kpis", "Margin erosion")[2:6] == ["−3.14", "−2.00", "pp", "amber"]
        assert rows(page, "pack_planned_hours")[2][2:] == ["–", "withheld: too few people"]
        assert figure(page, "nps") == "50 (4 answers)"
        assert wrong == []


def test_project_page_shows_another_month_and_what_was_closed(built: Built, address: str, browser: Any) -> None:
    where = "from margin.margin_by_project_month where project_id = 'P-001'"
    revenue, to_date = one(
        built.snapshot,
        f"select revenue_amount_base, revenue_amount_base_to_date {where} and month = date '2026-09-01'",
    )
    summed = one(built.snapshot, f"select sum(revenue_amount_base) {where} and month <= date '2026-09-01'")[0]
    with opened(browser, f"{address}/projects/P-001/") as (page, wrong):
        page.locator("[data-testid=filter-month]").select_option(label="Sep 2026")
        page.wait_for_function("document.querySelector('[data-figure=eac]')?.textContent === '1,099,000'")
        page.wait_for_url("**/projects/P-001/?month=2026-09")
        assert figure(page, "revenue") == f"{written(revenue)} EUR"
        assert figure(page, "year-revenue") == written(to_date) == written(summed)
        assert _in(page, "ratings", "status-cost") == "● green"
        # the mix of the cost ends with the month, as everything that is told of it
        labour = one(built.snapshot, f"select sum(labour_cost_amount_base) {where} and month <= date '2026-09-01'")[0]
        assert cells(page, "cost_mix", "labour")[1] == written(labour)
        assert wrong == []
    with opened(browser, f"{address}/projects/P-001/?basis=closed") as (page, wrong):
        assert page.locator("[data-testid=closed-pack]").count() == 1
        assert figure(page, "revenue") == "100 EUR"
        assert figure(page, "year-margin") == "1,200"
        assert cells(page, "project_plans", "forecast")[1:4] == ["9,000", "6,000", "3,000"]
        assert cells(page, "cost_mix", "travel")[1:4] == ["34", "100.0 %", "2"]
        assert cells(page, "project_contracts", "CL-1")[3:6] == ["990", "50.0 %", "495"]
        # what a close does not keep is as it is known now
        assert figure(page, "eac") == "1,100,000"
        assert wrong == []


def test_programme_page_adds_up_its_projects(built: Built, address: str, browser: Any) -> None:
    revenue, margin, to_date = one(
        built.snapshot,
        "select sum(f.revenue_amount_base), sum(f.gross_margin_amount_base), sum(f.revenue_amount_base_to_date) "
        "from margin.margin_by_project_month as f join core.dim_projects as p on f.project_id = p.project_id "
        "where p.programme_id = 'PG1' and f.month = date '2026-10-01'",
    )
    with opened(browser, f"{address}/programmes/") as (page, wrong):
        page.locator("[data-testid=table-programme_list] a", has_text="Programme PG1").click()
        page.wait_for_selector("[data-testid=programme-title]")
        assert figure(page, "revenue") == f"{written(revenue)} EUR"
        assert figure(page, "margin_pct") == pct(margin / revenue)
        assert figure(page, "year-revenue") == written(to_date)
        total = cells(page, "programme_projects", "Programme")
        assert total[2:5] == [written(revenue), written(margin), written(to_date)]
        assert total[7:10] == ["6,000,000", "2,000,000", "33.3 %"]
        assert _in(page, "ratings", "status-overall") == "■ red"
        threats, emv = one(
            built.snapshot,
            "select count(*), sum(emv_amount_base) from core.fct_risks as r join core.dim_projects as p "
            "on r.project_id = p.project_id where p.programme_id = 'PG1' and kind = 'threat' and r.status = 'open'",
        )
        assert (figure(page, "open_threats"), figure(page, "threat_emv")) == (written(threats), written(emv))
        assert rows(page, "programme_risks")[1][1] == HOSTILE_RISK
        assert cells(page, "project_months", "Oct 2026")[1] == written(revenue)
        link = page.locator("[data-testid=table-programme_projects] a", has_text="Core network renewal")
        assert link.get_attribute("href") == "/projects/P-001/"
        assert wrong == []
    with opened(browser, f"{address}/programmes/PG1/?month=2026-09") as (page, wrong):
        before = one(
            built.snapshot,
            "select revenue_amount_base from margin.margin_by_programme_month "
            "where programme_id = 'PG1' and month = date '2026-09-01'",
        )[0]
        assert figure(page, "revenue") == f"{written(before)} EUR"
        assert wrong == []


@pytest.mark.parametrize("place", ["/projects/P-001/", "/projects/P-002/", "/projects/P-005/", "/programmes/PG1/"])
def test_a_pack_is_two_sheets_of_paper_at_most(address: str, browser: Any, place: str) -> None:
    with opened(browser, address + place) as (page, wrong):
        sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
        assert len(sheets) <= 2
        width, height = (float(side) for side in sheets[0].mediabox[2:])
        assert (round(width), round(height)) == (842, 595)  # A4, lying
        text = " ".join(" ".join(sheet.extract_text().split()) for sheet in sheets)
        assert "Figures as of 21 Nov 2026" in text
        assert "Open exceptions" in text
        assert wrong == []
