"""Forecast, and Revenue and balances: figures shown in Chromium against marts and, by plain SQL, core facts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from built_site import Built
from fixture_outlook import WHY
from fixture_snapshot import HOSTILE
from reading import cells, figure, one, opened, pct, rows, signed, written

pytestmark = pytest.mark.browser

CORE = "Core network renewal"
FIBRE = "Cost only, no invoice yet"
CUSTOMER = "Ægir Telecom AS"
OCTOBER, AUGUST = "2026-10-01", "2026-08-01"


def _planned(built: Built, projects: str, month: str) -> tuple[Decimal, Decimal]:
    """BAC and PV from plan lines alone: the newest baseline that was approved by the month's end."""
    return one(
        built.snapshot,
        f"""
        with newest as (
            select project_id, max_by(plan_version_id, approved_date) as plan_version_id from core.fct_plan_lines
            where version_kind = 'baseline' and approved_date <= last_day(date '{month}') group by project_id
        )
        select sum(plan_amount_base), sum(plan_amount_base) filter (where month <= date '{month}')
        from core.fct_plan_lines join newest using (project_id, plan_version_id)
        where category not in ('revenue', 'management_reserve') and project_id in ({projects})
        """,
    )  # type: ignore[return-value]


def _spent(built: Built, projects: str, month: str) -> Decimal:
    return one(
        built.snapshot,
        "select sum(amount_base) from core.fct_cost_lines "
        f"where cost_month <= date '{month}' and project_id in ({projects})",
    )[0]


def _estimate(built: Built, projects: str, month: str) -> tuple[Any, ...]:
    return one(
        built.snapshot,
        "select sum(recommended_eac_amount_base), sum(eac_p10_amount_base), sum(eac_p80_amount_base), "
        "sum(eac_p90_amount_base), sum(margin_at_completion_amount_base) from forecast.forecast_by_project_month "
        f"where month = date '{month}' and project_id in ({projects})",
    )


ALL = "'P-002', 'P 003/50%'"
NETWORKS = "'P 003/50%'"


@pytest.mark.parametrize(
    ("query", "projects", "month", "count"),
    [
        ("", ALL, OCTOBER, "2 of 4"),
        ("?month=2026-08", ALL, AUGUST, "2 of 2"),
        ("?month=2026-08&group=Networks", NETWORKS, AUGUST, "1 of 1"),
    ],
)
def test_forecast_is_that_of_the_facts(
    built: Built, address: str, browser: Any, query: str, projects: str, month: str, count: str
) -> None:
    bac, pv = _planned(built, projects, month)
    ac = _spent(built, projects, month)
    eac, p10, p80, p90, margin = _estimate(built, projects, month)
    ev = one(
        built.snapshot,
        "select sum(ev_amount_base) from forecast.earned_value_by_project_month "
        f"where month = date '{month}' and project_id in ({projects})",
    )[0]
    with opened(browser, f"{address}/forecast/{query}") as (page, wrong):
        assert figure(page, "sum-eac") == f"{written(eac)} EUR"
        assert figure(page, "sum-vac") == signed(bac - eac)
        assert [figure(page, name) for name in ("sum-p10", "sum-p90")] == [written(p10), written(p90)]
        assert figure(page, "sum-p80") == f"{written(p80)} EUR"
        assert figure(page, "sum-bac") == f"{written(bac)} EUR"
        assert [figure(page, f"sum-{name}") for name in ("pv", "ev", "ac")] == [written(pv), written(ev), written(ac)]
        assert figure(page, "sum-cpi") == written(ev / ac, 2)
        assert figure(page, "sum-spi") == written(ev / pv, 2)
        assert figure(page, "sum-margin") == f"{written(margin)} EUR"
        assert f"{count} projects have an estimate" in page.locator("[data-testid=forecast-figures]").inner_text()
        # the curve ends where the facts do, and the baselines' rest brings it to the budget
        label = {OCTOBER: "Oct 2026", AUGUST: "Aug 2026"}[month]
        assert cells(page, "forecast_months", label)[1:6] == [
            written(pv), written(ev), written(ac), written(ev - ac), written(ev - pv),
        ]  # fmt: skip
        assert rows(page, "forecast_months")[1][0] == label
        assert page.locator("[data-testid=s-curve] canvas").count() == 1
        assert cells(page, "forecast_list", "Total")[1:6] == [
            written(bac), written(ac), pct(ev / bac), written(eac), written(bac - eac),
        ]  # fmt: skip
        assert wrong == []


def test_curve_goes_on_with_what_the_baselines_plan(built: Built, address: str, browser: Any) -> None:
    bac, pv = _planned(built, ALL, OCTOBER)
    with opened(browser, f"{address}/forecast/") as (page, wrong):
        ahead = rows(page, "forecast_ahead")
        assert [row[0] for row in ahead[1:]] == ["Nov 2026", "Dec 2026", "Jan 2027", "Still planned"]
        assert ahead[3][1] == written(bac)
        assert ahead[4][2] == written(bac - pv)
        said = page.locator("[data-testid=s-curve] figcaption").inner_text()
        assert "drawn in Jan 2027" in said
        assert "1 of 2 projects was learned" in said
        assert "2 of 4 projects have no baseline" in said
        assert wrong == []


def test_one_project_is_followed_through_the_forecast(built: Built, address: str, browser: Any) -> None:
    eac, p10, p80, p90, margin = _estimate(built, NETWORKS, OCTOBER)
    ac = _spent(built, NETWORKS, OCTOBER)
    bac, pv = _planned(built, NETWORKS, OCTOBER)
    ev = (pv * Decimal("0.9")).quantize(Decimal("0.01"))
    with opened(browser, f"{address}/forecast/") as (page, wrong):
        row = cells(page, "forecast_list", FIBRE)
        assert row[4:10] == [written(eac), written(bac - eac), written(p10), written(p80), written(p90), "calibrated"]
        assert row[10:12] == [written(ev / ac, 2), written(ev / pv, 2)]
        assert row[14] == written(margin)
        assert cells(page, "forecast_list", "Same id but for its case")[16] == "no estimate"
        assert cells(page, "forecast_list", CORE)[16] == "no baseline or no rate"
        # in the contract's own currency, whatever the unit
        methods = cells(page, "forecast_methods", FIBRE)
        assert methods[1:4] == ["bottom up", written(eac), written(eac)]
        assert methods[4] == written(eac + 1000)
        assert methods[9] == "–"
        reason = cells(page, "recommendations", FIBRE)
        assert reason[2:] == [WHY, "last 6 months: too few months with cost and progress"]
        finance = ac + ((bac - ev) * Decimal("1.25")).quantize(Decimal("0.01"))
        apart = finance - eac
        assert cells(page, "authors", FIBRE)[1:] == [
            written(eac), written(eac), written(finance), written(apart), pct(apart / eac),
        ]  # fmt: skip
        exposed = cells(page, "exposure", FIBRE)
        assert exposed[2:] == ["20,000", "0", written(eac + Decimal("20000.40")), "2", "30,000", "12,001", "18,000"]
        assert wrong == []


def test_unit_leaves_amounts_of_other_currencies_alone(built: Built, address: str, browser: Any) -> None:
    eac = _estimate(built, "'P-002'", OCTOBER)[0]
    with opened(browser, f"{address}/forecast/?unit=k") as (page, wrong):
        assert cells(page, "forecast_list", HOSTILE)[4] == written(eac / 1000, 1)
        assert cells(page, "forecast_methods", HOSTILE)[2] == written(eac * 10)
        assert wrong == []


def test_versions_add_up_to_the_margin_at_completion(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/forecast/") as (page, wrong):
        assert cells(page, "version_months", "Oct 2026")[1:] == ["2", "0", "0", "−50,050", "400,250", "26.7 %"]
        assert cells(page, "version_months", "Sep 2026")[1:] == ["1", "1", "100", "0", "450,301", "30.0 %"]
        assert cells(page, "version_months", "Jun 2026")[5] == "450,201"
        row = cells(page, "forecast_versions", FIBRE)
        assert row[5:9] == ["201", "150", "−50", "13.7 %"]
        assert row[9] == "Margin fell by 50.25 EUR: <b>labour</b>."
        assert wrong == []
    with opened(browser, f"{address}/forecast/?month=2026-09&group=Networks") as (page, wrong):
        assert cells(page, "version_months", "Sep 2026")[1:6] == ["0", "0", "0", "0", "450,201"]
        assert page.locator("[data-testid=empty-forecast_versions]").count() == 1
        assert wrong == []


def test_cash_people_and_records_say_what_is_not_known(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/forecast/") as (page, wrong):
        assert cells(page, "cash", "Dec 2026")[1:8] == ["970", "1,070", "50", "−310", "−405", "355", "355"]
        assert cells(page, "cash", "Jan 2027")[4:8] == ["0", "−601", "−601", "−245"]
        # a project lacks a rate: what is known is shown, the running sum is not
        assert cells(page, "cash", "Feb 2027")[7:] == ["–", "a rate is missing: a project is not in it"]
        assert cells(page, "lags", CUSTOMER)[1:3] == ["35", "own payments"]
        assert cells(page, "people", "R-SHORT")[2:] == ["900", "800", "−100", "45,000", "5,000", "people are missing"]
        assert cells(page, "people", "R-FEW")[2:] == ["–", "–", "–", "–", "–", "withheld: too few people"]
        assert cells(page, "accuracy", "CPI")[1:4] == ["32.1 %", "12.3 %", "–"]
        assert "too few projects at 0-20 %" in cells(page, "accuracy", "CPI")[6]
        assert cells(page, "bias", "business group")[1:] == ["Networks", "2", "7", "−4.2 %", "5.0 %"]
        trust = cells(page, "schedules", FIBRE)
        assert trust[1] == "low"
        assert trust[3] == "0.88"
        assert trust[5] == "missing logic 25.0 % (at most 5 %); baseline execution index 0.80 (at least 0.95)"
        assert wrong == []
    with opened(browser, f"{address}/forecast/?group=Networks") as (page, wrong):
        assert cells(page, "cash", "Jan 2027")[6:8] == ["−601", "−300"]
        assert cells(page, "cash", "All months")[6] == "−300"
        assert wrong == []


def test_receivables_are_what_invoices_and_payments_leave(built: Built, address: str, browser: Any) -> None:
    owed = """
        select sum(i.gross_amount_base - coalesce(p.paid, 0)),
            sum(i.gross_amount_base - coalesce(p.paid, 0)) filter (where i.due_date < date '{end}')
        from core.fct_invoices as i
        left join (
            select invoice_id, sum(payment_amount_base) as paid from core.fct_payments
            where paid_date <= date '{end}' group by all
        ) as p using (invoice_id)
        where i.issue_date <= date '{end}' and i.direction = 'customer' and {which}
    """
    for query, end, basis in (("", "2026-10-31", "now"), ("?month=2026-09", "2026-09-30", "now")):
        all_of, overdue = one(built.snapshot, owed.format(end=end, which="true"))
        customer = one(built.snapshot, owed.format(end=end, which="customer_id = 'C1'"))
        mart = one(
            built.snapshot,
            f"select sum(open_amount_base) from margin.receivables_ageing where month = date '{end[:7]}-01'",
        )[0]
        assert mart == all_of
        with opened(browser, f"{address}/balances/{query}") as (page, wrong):
            total = cells(page, "receivables", "All customers")
            assert [total[1], total[7], total[8]] == [written(all_of), written(overdue), pct(overdue / all_of)], basis
            row = cells(page, "receivables", CUSTOMER)
            assert [row[1], row[7]] == [written(customer[0]), written(customer[1] or 0)]
            assert figure(page, "owed") == f"{written(all_of)} EUR"
            assert cells(page, "receivables", "no known customer")[1] == "−200"
            assert wrong == []
    with opened(browser, f"{address}/balances/?basis=closed") as (page, wrong):
        # the invoice that came after the close is not in it
        assert cells(page, "receivables", CUSTOMER)[1] == written(Decimal("1500.00"))
        assert wrong == []
    with opened(browser, f"{address}/balances/?group=Cloud") as (page, wrong):
        assert cells(page, "receivables", "All customers")[1] == "300"
        assert wrong == []


def test_days_of_sales_are_made_of_sums(built: Built, address: str, browser: Any) -> None:
    receivable, year, quarter, month = one(
        built.snapshot,
        "select sum(receivable_amount_base) filter (where month = date '2026-10-01'), "
        "sum(sales_amount_base) filter (where month > date '2025-10-01'), "
        "sum(sales_amount_base) filter (where month >= date '2026-08-01'), "
        "sum(sales_amount_base) filter (where month = date '2026-10-01') from margin.dso_by_customer_month",
    )
    with opened(browser, f"{address}/balances/") as (page, wrong):
        total = cells(page, "sales_days", "All customers")
        assert total[1] == written(receivable)
        assert total[5:8] == [
            written(receivable / month * 31), written(receivable / quarter * 92), written(receivable / year * 365),
        ]  # fmt: skip
        assert cells(page, "sales_days", CUSTOMER)[2:4] == ["46", "365"]
        assert figure(page, "sales-days") == written(receivable / year * 365)
        assert wrong == []


def test_revenue_and_contracts_follow_basis_and_projects(built: Built, address: str, browser: Any) -> None:
    def revenue(table: str, which: str = "true") -> Decimal:
        return one(
            built.snapshot,
            f"select sum(revenue_amount_base) from margin.{table} where month = date '2026-10-01' and {which}",
        )[0]

    lines = "revenue_by_contract_line_month"
    with opened(browser, f"{address}/balances/") as (page, wrong):
        total = cells(page, "revenue_methods", "All methods")
        assert total[3] == written(revenue(lines))
        row = cells(page, "revenue_methods", "straight line")
        assert row[1] == "over time, by time passed"
        assert row[3] == written(revenue(lines, "revenue_method = 'straight_line'"))
        # a line without a price has no revenue: said, not left out in silence
        assert cells(page, "revenue_methods", "milestone")[3:] == ["–", "–", "revenue of some lines is unknown"]
        assert cells(page, "revenue_lines", HOSTILE)[7] == "no revenue: missing price"
        caught = cells(page, "revenue_lines", "NaN undefined null")
        assert caught[1:6] == ["CL-9", "cost to cost", "USD", "120", "−16"]
        positions = cells(page, "positions", "All contracts")
        asset, liability = one(
            built.snapshot,
            "select sum(contract_asset_amount_base), sum(contract_liability_amount_base) "
            "from margin.contract_balances_by_contract_month where month = date '2026-10-01'",
        )
        assert positions[2:4] == [written(asset), written(liability)]
        assert cells(page, "positions", "several projects")[8] == "a rate is missing"
        assert cells(page, "unbilled", "CT-1")[3:10] == ["700", "500", "–", "–", "200", "–", "122"]
        assert wrong == []
    with opened(browser, f"{address}/balances/?basis=closed&group=Services") as (page, wrong):
        assert cells(page, "revenue_methods", "All methods")[3] == written(revenue(f"{lines}_as_closed"))
        assert cells(page, "positions", "All contracts")[3] == "52"
        # what a close does not keep says so
        assert "A close does not keep these figures" in page.locator("article").inner_text()
        assert wrong == []


def test_order_book_foots_and_its_revenue_is_that_of_the_margin(built: Built, address: str, browser: Any) -> None:
    opening, changes, revenue, fx, closing = one(
        built.snapshot,
        "select sum(opening_amount_base), sum(changes_amount_base), sum(revenue_amount_base), sum(fx_amount_base), "
        "sum(closing_amount_base) from margin.backlog_by_project_month "
        "where month = date '2026-10-01' and opening_amount_base is not null",
    )
    booked, earned = one(
        built.snapshot,
        "select (select sum(revenue_amount_base) from margin.backlog_by_project_month "
        "where month = date '2026-10-01' and project_id = 'P-002'), sum(net_amount_base) from core.fct_invoice_lines "
        "where invoice_id = 'P-002-2026-10'",
    )
    assert opening + changes - revenue + fx == closing
    assert booked == earned
    with opened(browser, f"{address}/balances/") as (page, wrong):
        total = cells(page, "order_book", "All projects")
        assert total[1:7] == [
            written(opening), "0", written(changes), written(-revenue), written(fx), written(closing),
        ]  # fmt: skip
        # of one project something is not known: it is named and in no sum
        assert cells(page, "order_book", "NaN undefined null")[1:9:5] == ["–", "–"]
        assert cells(page, "order_book", "NaN undefined null")[8] == "a rate or a price is missing"
        assert wrong == []
    with opened(browser, f"{address}/balances/?basis=closed&customer=C1") as (page, wrong):
        row = cells(page, "order_book", CORE)
        now = one(
            built.snapshot,
            "select closing_amount_base from margin.backlog_by_project_month "
            "where project_id = 'P-001' and month = date '2026-10-01'",
        )[0]
        assert row[3] == written(Decimal("112.34"))
        assert row[6] == written(now + 100)
        assert wrong == []


def test_loss_provisions_roll_forward(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/balances/") as (page, wrong):
        # 100.10 + 49.05 + 1.10 of currencies = 150.25
        assert cells(page, "provisions", "NaN undefined null")[1:6] == ["100", "49", "0", "1", "150"]
        loss = cells(page, "loss_lines", "NaN undefined null")
        assert loss[1:8] == ["CL-9", "USD", "2,000", "1,200", "2,501", "501", "160"]
        assert loss[8].startswith("The forecast F9 costs more than the work is paid")
        assert wrong == []
    with opened(browser, f"{address}/balances/?basis=closed") as (page, wrong):
        assert cells(page, "provisions", "NaN undefined null")[1:6] == ["100", "40", "0", "0", "140"]
        assert wrong == []


def test_where_nothing_is_there_a_sentence_says_so(address: str, browser: Any) -> None:
    with opened(browser, f"{address}/forecast/?market=Iberia") as (page, wrong):
        text = page.locator("article").inner_text()
        assert "None of these projects has a baseline and an estimate in Oct 2026." in text
        assert "None of these projects has delivered a schedule." in text
        assert wrong == []
    with opened(browser, f"{address}/balances/?month=2026-02&market=Iberia") as (page, wrong):
        text = page.locator("article").inner_text()
        assert "No contract line had revenue in this month." in text
        assert "No customer owes anything." in text
        assert "No contract line is expected to make a loss." in text
        assert wrong == []
