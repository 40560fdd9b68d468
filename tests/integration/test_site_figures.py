"""What the pages Forecast and Revenue and balances are made of, over the demo firm, against core by plain SQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.publishing.export import export_data
from pipelines.version import ROOT

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def ask(demo: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[tuple[Any, ...]]]:
    """Rows of a query over the site's tables (`out`) and the published warehouse (`wh`)."""
    folder = tmp_path_factory.mktemp("site")
    snapshot = Path(demo[0].path) / "published" / "warehouse.duckdb"
    export_data(snapshot, folder / "data", queries=ROOT / "reports" / "exports", figures=folder / "figures")
    connection = duckdb.connect()
    connection.execute(f"attach '{folder / 'data' / 'wh' / 'wh' / 'wh.duckdb'}' as out (read_only)")
    connection.execute(f"attach '{snapshot}' as wh (read_only)")
    return lambda sql: connection.execute(sql).fetchall()


def test_curves_are_those_of_plans_and_cost(ask: Callable[[str], list[tuple[Any, ...]]]) -> None:
    """Planned value from plan lines, cost from cost lines at the plan's own rate, within a cent a line."""
    found = ask(
        """
        with shown as (
            select m.project_id, m.month, sum(c.pv) as pv, sum(c.ev) as ev, sum(c.ac) as ac
            from wh.forecast.earned_value_by_project_month as m
            join out.projects as p using (project_id)
            join out.forecast_curve as c on c.project_key = p.project_key and c.month <= m.month
            where m.bac_amount_base is not null and m.ev_amount_base is not null
            group by all
        ),
        planned as (
            select s.project_id, s.month, count(*) as lines,
                coalesce(sum(l.plan_amount_base) filter (where l.month <= s.month), 0) as pv
            from shown as s
            join wh.forecast.earned_value_by_project_month as e using (project_id, month)
            join wh.core.fct_plan_lines as l
                on l.project_id = s.project_id and l.plan_version_id = e.baseline_version_id
                and l.category not in ('revenue', 'management_reserve')
            group by all
        ),
        spent as (
            select s.project_id, s.month, count(*) as lines,
                sum(if(l.currency_code = e.currency_code, l.amount, null)) as cost,
                count(*) filter (where l.currency_code <> e.currency_code) as others,
                any_value(e.bac_amount_base / e.bac_amount) as rate
            from shown as s
            join wh.forecast.earned_value_by_project_month as e using (project_id, month)
            join wh.core.fct_cost_lines as l on l.project_id = s.project_id and l.cost_month <= s.month
            group by all
        )
        select count(*), count(*) filter (where abs(s.pv - p.pv) > 0.005 * p.lines + 0.01),
            count(*) filter (where c.others = 0), count(distinct s.project_id),
            count(*) filter (where c.others = 0 and abs(s.ac - c.cost * c.rate) > 0.01 * c.lines * c.rate + 0.5)
        from shown as s
        join planned as p using (project_id, month)
        join spent as c using (project_id, month)
        """
    )[0]
    assert found[0] > 200
    assert found[1] == 0
    assert found[2] > 50
    assert found[3] >= 15
    assert found[4] == 0
    assert ask(
        "select abs((select sum(pv) from out.forecast_curve) - sum(bac)) < 1 from out.forecast_projects "
        "where month = (select max(month) from out.forecast_projects)"
    ) == [(True,)]


def test_curves_end_where_the_forecast_stands(ask: Callable[[str], list[tuple[Any, ...]]]) -> None:
    assert ask(
        """
        select f.month from out.forecast_projects as f
        join out.forecast_curve as c on c.month <= f.month and c.project_key = f.project_key
        group by f.month, f.project_key
        having sum(c.pv) <> any_value(coalesce(f.pv, 0)) or sum(c.ev) <> any_value(coalesce(f.ev, 0))
            or sum(c.ac) <> any_value(coalesce(f.ac, 0))
        """
    ) == []  # fmt: skip


def test_versions_run_up_to_the_newest_margin(ask: Callable[[str], list[tuple[Any, ...]]]) -> None:
    shown, newest = ask(
        "select (select sum(added + moved) from out.forecast_version_months), sum(margin) from ("
        "select arg_max(margin_amount_base, version_number) as margin from wh.forecast.forecast_versions "
        "group by project_id)"
    )[0]
    assert shown == newest
    assert shown > 1_000_000


def test_order_book_foots_and_carries_on(ask: Callable[[str], list[tuple[Any, ...]]]) -> None:
    rows, wrong, torn = ask(
        """
        select count(*),
            count(*) filter (where opening + bookings + changes + earned + fx <> closing),
            count(*) filter (where opening <> before)
        from (
            select *, lag(closing) over (partition by project_key order by month) as before,
            from out.order_book where basis = 'now'
        )
        """
    )[0]
    assert rows > 200
    assert (wrong, torn) == (0, 0)
    # closing is the price in force less revenue to date, where the contract is in the reporting currency
    assert ask(
        """
        with latest as (select max(month) as month from out.months where is_complete),
        prices as (
            select r.project_id, sum(r.transaction_price_amount - r.revenue_to_date_amount) as rest
            from wh.margin.revenue_by_contract_line_month as r join latest using (month)
            where r.currency_code = 'EUR' and r.transaction_price_amount is not null
            group by all
        )
        select o.project_key from out.order_book as o
        join latest using (month)
        join out.projects as p using (project_key)
        join prices using (project_id)
        where o.basis = 'now' and p.currency_code = 'EUR' and o.closing <> prices.rest
        """
    ) == []  # fmt: skip


def test_revenue_by_method_is_the_revenue_of_the_margin(ask: Callable[[str], list[tuple[Any, ...]]]) -> None:
    differing = ask(
        """
        select m.month, sum(m.revenue_amount_base), any_value(r.revenue)
        from wh.margin.margin_by_project_month as m
        join (select month, sum(revenue) as revenue from out.revenue_by_method where basis = 'now' group by month) as r
            using (month)
        where m.project_id in (select project_id from wh.margin.revenue_by_contract_line_month)
        group by m.month
        having sum(m.revenue_amount_base) <> any_value(r.revenue)
        """
    )
    assert differing == []


def test_receivables_are_invoices_less_payments(ask: Callable[[str], list[tuple[Any, ...]]]) -> None:
    """Of every customer that is only billed in the reporting currency, at every month's end."""
    compared, differing = ask(
        """
        with customers as (
            select customer_id from wh.core.fct_invoices where direction = 'customer' and customer_id is not null
            group by all having bool_and(currency_code = 'EUR')
        ),
        shown as (
            select month, customer_id, sum(receivable) as receivable, sum(overdue) as overdue
            from out.receivables where basis = 'now' and customer_id in (select customer_id from customers) group by all
        ),
        ends as (select month, last_day(month) as day from out.months where is_complete),
        paid as (
            select e.month, p.invoice_id, sum(p.payment_amount) as amount
            from ends as e join wh.core.fct_payments as p on p.paid_date <= e.day and p.direction = 'customer'
            group by all
        ),
        reckoned as (
            select e.month, i.customer_id, sum(i.gross_amount - coalesce(paid.amount, 0)) as receivable
            from ends as e
            join wh.core.fct_invoices as i
                on i.issue_date <= e.day and i.direction = 'customer'
                and i.customer_id in (select customer_id from customers)
            left join paid on paid.month = e.month and paid.invoice_id = i.invoice_id
            group by all
        )
        select count(*), count(*) filter (where coalesce(s.receivable, 0) <> r.receivable)
        from reckoned as r left join shown as s using (month, customer_id)
        """
    )[0]
    assert compared > 30
    assert differing == 0


def test_days_and_provisions_are_those_of_the_marts(ask: Callable[[str], list[tuple[Any, ...]]]) -> None:
    compared, differing = ask(
        """
        select count(*), count(*) filter (
            where abs(receivable / year_daily - by_year) > 0.00001
                or abs(receivable / quarter_daily - by_quarter) > 0.00001
        )
        from out.sales_days where by_year is not null and by_quarter is not null
        """
    )[0]
    assert compared > 50
    assert differing == 0
    provisions = ask(
        "select count(*), count(*) filter (where opening + added + used + fx <> closing), "
        "count(*) filter (where opening <> before) from (select *, lag(closing, 1, 0) over "
        "(partition by project_key order by month) as before from out.provisions where basis = 'now')"
    )[0]
    assert provisions[0] > 5
    assert provisions[1:] == (0, 0)
