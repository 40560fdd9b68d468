"""Cash adds up over every project that is told here, and a network is judged by its links."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.integration.examples.conftest import Told

pytestmark = pytest.mark.whole
BY_PRICE = "('cost_to_cost', 'labour_hours', 'milestone', 'straight_line')"


def test_billings_are_the_price_that_is_not_billed(told: Told) -> None:
    """Contracts of one line with a price, in the currency of their project."""
    rows = told.marts.rows(f"""
        with lines as (
            select any_value(contract_line_id) as contract_line_id, contract_id, any_value(project_id) as project_id
            from core.dim_contract_lines
            group by contract_id
            having count(*) = 1 and any_value(revenue_method) in {BY_PRICE}
        ),
        alone as (
            select lines.* from lines join core.dim_projects as p using (project_id)
            where (select count(*) from core.dim_contract_lines as l where l.project_id = lines.project_id) = 1
            and p.status <> 'cancelled'
        ),
        positions as (
            select alone.project_id, alone.contract_line_id, r.transaction_price_amount as price,
                b.billed_to_date as billed
            from alone
            join margin.revenue_by_contract_line_month as r using (contract_line_id)
            join margin.contract_balances_by_contract_month as b
                on r.contract_id = b.contract_id and r.month = b.month
            where r.month = date '2026-12-01' and r.transaction_price_amount is not null
            and r.currency_code = b.currency_code
        )
        select project_id, greatest(max(price) - max(billed), 0), coalesce(sum(f.billings_amount), 0)
        from positions left join forecast.cash_forecast_by_project_month as f using (project_id)
        group by project_id
    """)
    assert len(rows) > 30
    assert sum(expected > 0 for _, expected, _ in rows) > 10
    assert [row for row in rows if row[1] != row[2]] == []


def test_collections_are_receivables_and_billings(told: Told) -> None:
    rows = told.marts.rows("""
        with projects as (
            select invoice_id, customer_id, min(project_id) as project_id
            from core.fct_invoice_lines where direction = 'customer' group by all having count(distinct project_id) = 1
        ),
        receivable as (
            select p.project_id, a.currency_code, sum(a.open_amount) as amount
            from margin.receivables_ageing as a join projects as p using (invoice_id, customer_id)
            where a.month = date '2026-12-01' and a.item_type <> 'unapplied_cash'
            group by all
        ),
        forecast as (
            select project_id, currency_code, sum(billings_amount) as billings, sum(collections_amount) as collections
            from forecast.cash_forecast_by_project_month group by all
        )
        select project_id, coalesce(receivable.amount, 0) + billings, collections
        from forecast left join receivable using (project_id, currency_code)
        where project_id not in (select project_id from receivable join core.dim_projects as p using (project_id)
            where receivable.currency_code <> p.currency_code)
    """)
    assert len(rows) > 30
    assert [row for row in rows if row[1] != row[2]] == []


def test_months_follow_each_other_and_net_runs_up(told: Told) -> None:
    rows = told.marts.rows("""
        select project_id, month, net_amount, cumulative_net_amount,
            sum(net_amount) over (partition by project_id order by month) as running,
            date_diff('month', lag(month) over (partition by project_id order by month), month) as step
        from forecast.cash_forecast_by_project_month
    """)
    assert {step for *_, step in rows} <= {1, None}
    assert [row for row in rows if row[3] != row[4] and row[2] is not None] == []
    assert (
        told.marts.rows("select min(month) from forecast.cash_forecast_by_project_month")[0][0].isoformat()
        == "2027-01-01"
    )


def test_a_network_is_judged_by_its_links(told: Told) -> None:
    found = {
        number: (numerator, denominator, is_passed)
        for number, numerator, denominator, is_passed in told.marts.rows(
            "select check_number, numerator, denominator, is_passed from forecast.schedule_quality_by_project "
            "where project_id = 'cpm-general-foundry'"
        )
    }
    assert sorted(found) == list(range(1, 15))
    assert found[1] == (3, 8, False)  # A and B begin, H ends
    assert found[4] == (8, 8, True)
    assert found[7] == (0, 8, True)
    assert found[12] == (600, 600, True)
    assert found[13] == (Decimal(15), Decimal(15), True)
    assert found[14] == (0, 0, None)
    ((trust,),) = told.marts.rows(
        "select schedule_trust from forecast.schedule_trust_by_project where project_id = 'cpm-general-foundry'"
    )
    assert trust == "low"
