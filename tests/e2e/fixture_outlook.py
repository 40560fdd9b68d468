"""What the fixture holds for the pages Forecast and Revenue and balances. Earned value, estimates, receivables and the
order book follow from facts in core (fixture_home.py, and the invoices here), so that a test can reckon them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb

OCTOBER = date(2026, 10, 1)
SEPTEMBER = date(2026, 9, 1)
# one NOK in the plan of P-002, whose contract is in it
RATE = Decimal("0.1")
WHY = "Default, because only 3 finished projects show <i>how</i> methods err (10 are needed): the forecast is taken."
MEASURED = ("P-002", "P 003/50%")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    for row in rows:
        marks = ", ".join("?" for _ in row)
        connection.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))


def _earned_value(connection: duckdb.DuckDBPyConnection) -> None:
    """PV from the baseline in force at the month's end, AC from cost lines, EV 0.9 of PV; p-004 has no baseline, P-001
    (fixture_cssq.py) no rate."""
    connection.execute(
        f"""
        insert into forecast.earned_value_by_project_month (project_id, month, currency_code, baseline_version_id,
            ev_source, bac_amount_base, pv_amount_base, ev_amount_base, ac_amount_base, cpi, spi, spi_t,
            percent_complete_pct, forecast_finish_date)
        with planned as (
            select p.project_id, m.month, p.plan_version_id, sum(p.plan_amount_base) as bac,
                coalesce(sum(p.plan_amount_base) filter (where p.month <= m.month), 0) as pv
            from core.fct_plan_lines as p
            join core.dim_months as m
                on m.is_complete and p.in_force_from_date <= last_day(m.month)
                and coalesce(p.in_force_to_date >= last_day(m.month), true)
            where p.version_kind = 'baseline' and p.category not in ('revenue', 'management_reserve')
            group by all
        ),
        spent as (
            select project_id, cost_month, sum(amount_base) as cost from core.fct_cost_lines
            where cost_month is not null group by all
        ),
        made as (
            select planned.*, cast(pv * 0.9 as decimal(18, 2)) as ev,
                (select coalesce(sum(cost), 0) from spent
                    where spent.project_id = planned.project_id and spent.cost_month <= planned.month) as ac
            from planned
            where project_id in {MEASURED!r}
        )
        select project_id, month, if(project_id = 'P-002', 'NOK', 'EUR'), plan_version_id, 'wbs_elements', bac, pv, ev,
            ac, if(ac > 0, ev / ac, null), if(pv > 0, ev / pv, null), 0.875, ev / bac, date '2027-04-15'
        from made
        union all
        select 'p-004', month, 'EUR', null, 'none', null, null, null, 12, null, null, null, null, null
        from core.dim_months where is_complete and month >= date '2026-09-01'
        """
    )


def _estimates(connection: duckdb.DuckDBPyConnection) -> None:
    """What is left costs a tenth more than its budget; finance says a quarter more; P-002 states it all in NOK."""
    connection.execute(
        f"""
        insert into forecast.forecast_by_project_month (project_id, month, currency_code, recommended_method,
            recommendation_reason, finished_projects, is_range_calibrated, pending_change_count, recommended_eac_amount,
            eac_p90_amount, ac_amount_base, recommended_eac_amount_base, eac_p10_amount_base, eac_p50_amount_base,
            eac_p80_amount_base, eac_p90_amount_base, open_risk_emv_amount_base, open_opportunity_emv_amount_base,
            pending_change_price_amount_base, pending_change_cost_amount_base, revenue_at_completion_amount_base,
            margin_at_completion_amount_base, project_manager_eac_amount_base, finance_eac_amount_base)
        with e as (
            select *, if(currency_code = 'NOK', {RATE}, 1) as rate,
                cast(ac_amount_base + (bac_amount_base - ev_amount_base) * 1.1 as decimal(18, 2)) as eac,
                cast(ac_amount_base + (bac_amount_base - ev_amount_base) * 1.25 as decimal(18, 2)) as finance
            from forecast.earned_value_by_project_month
            where project_id <> 'P-001'
        )
        select project_id, month, currency_code, if(eac is null, null, 'bottom_up'),
            if(eac is null, 'No method has an estimate.', ?), 3, project_id = 'P 003/50%',
            if(project_id = 'P 003/50%', 2, 0),
            eac / rate, eac / rate + 90000, ac_amount_base, eac, eac - 10000, eac + 10000, eac + 50000, eac + 90000.25,
            if(project_id = 'P 003/50%', 20000.40, 0), if(project_id = 'P-002', 5000.10, 0),
            if(project_id = 'P 003/50%', 30000, 0), if(project_id = 'P 003/50%', 12000.50, 0),
            eac + 250000, if(eac is null, null, 250000), eac, if(project_id = 'P-002', null, finance)
        from e
        """,
        [WHY],
    )
    methods = ("bottom_up", "remaining_at_budget", "cpi", "cpi_spi", "cpi_spi_t", "last_3", "last_6", "weighted",
               "reference_class")  # fmt: skip
    for place, method in enumerate(methods):
        connection.execute(
            "insert into forecast.eac_by_project_month_method (project_id, month, method, currency_code, bac_amount, "
            "eac_amount, is_stale, no_eac_reason) "
            "select project_id, month, ?, currency_code, 1000, "
            "if(? = 'last_6' and project_id = 'P 003/50%', null, recommended_eac_amount + ?), false, "
            "if(? = 'last_6' and project_id = 'P 003/50%', 'too_few_months_with_cost_and_progress', null) "
            "from forecast.forecast_by_project_month "
            "where recommended_eac_amount is not null and project_id <> 'P-001'",
            [method, method, place * 1000, method],
        )


def _versions(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ("project_id", "plan_version_id", "version_number", "kind", "source", "approved_date", "month",
               "revenue_amount_base", "margin_amount_base", "margin_pct", "previous_plan_version_id",
               "previous_margin_amount_base", "margin_change_amount_base", "reason")  # fmt: skip
    may = date(2026, 5, 1)
    rows = (
        ("P 003/50%", "AS", 1, "as_sold", None, may, may, 1000, "200.50", "0.2005", None, None, None, "Sold."),
        ("P 003/50%", "F1", 2, "forecast", "finance", OCTOBER, OCTOBER, 1100, "150.25", "0.136591", "AS", "200.50",
         "-50.25", "Margin fell by 50.25 EUR: <b>labour</b>."),
        ("P-002", "AS", 1, "as_sold", None, SEPTEMBER, SEPTEMBER, 500, "100", "0.2", None, None, None, "Sold."),
    )  # fmt: skip
    _insert(connection, "forecast.forecast_versions", [dict(zip(columns, row, strict=True)) for row in rows])
    # what fixture_cssq leaves open
    connection.execute(
        "update forecast.forecast_versions set month = date_trunc('month', approved_date), "
        "revenue_amount_base = 1500000, previous_plan_version_id = if(version_number = 1, null, 'AS'), "
        "previous_margin_amount_base = if(version_number = 1, null, 450000) where project_id = 'P-001'"
    )


def _ahead(connection: duckdb.DuckDBPyConnection) -> None:
    """Cash of three months, one of which lacks a rate; a role that is short, one withheld; records of two methods."""
    columns = ("project_id", "month", "billings_amount_base", "collections_amount_base",
               "retention_released_amount_base", "supplier_payments_amount_base", "payroll_amount_base",
               "net_amount_base", "collection_lag_days", "collection_lag_basis")  # fmt: skip
    rows = (
        ("P-001", date(2026, 12, 1), 900, "1000.10", 50, "300.05", "400.01", "300.04", 35, "own payments"),
        ("P-001", date(2027, 1, 1), 0, 0, 0, 0, "600.50", "-600.50", 35, "own payments"),
        ("P-004", date(2026, 12, 1), 70, "70.20", 0, "10.10", "5.05", "55.05", 60, "payment terms"),
        ("P-004", date(2027, 2, 1), None, None, None, None, None, None, 60, "payment terms"),
    )
    cash = [dict(zip(columns, row, strict=True)) for row in rows]
    _insert(connection, "forecast.cash_forecast_by_project_month", cash)
    december = date(2026, 12, 1)
    people = (
        {"role_id": "R-SHORT", "month": december, "planned_hours": 900, "capacity_hours": 800, "gap_hours": -100,
         "cost_amount_base": 45000, "gap_cost_amount_base": 5000, "is_hours_withheld": False},
        {"role_id": "R-FEW", "month": december, "is_hours_withheld": True},
    )  # fmt: skip
    _insert(connection, "forecast.resource_forecast_by_role_month", people)
    columns = ("method", "progress_band", "projects", "forecasts", "mape_pct", "bias_pct", "p80_coverage_pct",
               "is_enough")  # fmt: skip
    records = (
        ("cpi", "0-20", 3, 9, "0.321", "0.1", "0.7", False),
        ("cpi", "20-40", 12, 40, "0.123", "-0.05", "0.81", True),
        ("weighted", "20-40", 0, 0, None, None, None, False),
    )
    _insert(connection, "forecast.forecast_accuracy", [dict(zip(columns, row, strict=True)) for row in records])
    bias = {"business_group": "Networks", "projects": 2, "versions": 7, "bias_pct": "-0.042", "mape_pct": "0.05"}
    _insert(connection, "forecast.forecast_bias_by_business_group", [bias])
    trust = {"project_id": "P 003/50%", "status_date": date(2026, 10, 31), "schedule_trust": "low", "failed_checks": 2,
             "not_rated_checks": 0, "schedule_trust_reason": "SPI rests on a schedule that failed 2 of 14 checks.",
             "hit_task_pct": "0.5", "finish_float_days": "-12", "computed_finish_date": date(2027, 5, 3)}  # fmt: skip
    _insert(connection, "forecast.schedule_trust_by_project", [trust])
    for number, name, value, threshold, when, passed in (
        (1, "missing_logic", "0.25", "0.05", "at most", False),
        (2, "leads", "0", "0", "at most", True),
        (14, "baseline_execution_index", "0.8", "0.95", "at least", False),
    ):
        check = {"project_id": "P 003/50%", "check_number": number, "check_name": name, "value": value,
                 "threshold": threshold, "passes_when": when, "is_passed": passed}  # fmt: skip
        _insert(connection, "forecast.schedule_quality_by_project", [check])


def _receivables(connection: duckdb.DuckDBPyConnection) -> None:
    """Invoices of two customers and what was paid of them; k3 is a credit note of nobody that is known."""
    # instead of those that stand under no invoice
    for table in ("receivables_ageing", "dso_by_customer_month", "wip_ageing"):
        connection.execute(f"delete from margin.{table}")
    columns = ("invoice_key", "customer_id", "project_id", "issue_date", "due_date", "gross_amount_base")
    invoices = (
        ("k1", "C1", "P-001", date(2026, 9, 20), date(2026, 11, 5), "1500.40"),
        ("k2", "C1", "P-001", date(2026, 8, 10), date(2026, 9, 20), "700.10"),
        ("k3", None, None, date(2026, 9, 2), date(2026, 9, 2), "-200"),
        ("k4", "C2", "P-002", date(2026, 5, 5), date(2026, 6, 5), "300.30"),
        ("k5", "C1", None, date(2026, 10, 5), date(2026, 11, 20), "80.80"),
    )
    for row in invoices:
        invoice = dict(zip(columns, row, strict=True))
        document = {**invoice, "invoice_id": invoice["invoice_key"], "direction": "customer"}
        _insert(connection, "core.fct_invoices", [document])
    paid = {"k1": (date(2026, 10, 3), "500.40"), "k2": (date(2026, 10, 20), "200.10")}
    for key, (day, amount) in paid.items():
        payment = {"payment_id": f"paid-{key}", "invoice_id": key, "direction": "customer", "paid_date": day,
                   "payment_amount_base": amount}  # fmt: skip
        _insert(connection, "core.fct_payments", [payment])
    for month in (SEPTEMBER, OCTOBER):
        end = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        for key, customer, project, issued, due, gross in invoices:
            if issued > end:
                continue
            late = (end - due).days
            limits = ((0, "current"), (30, "1-30"), (60, "31-60"), (90, "61-90"))
            bucket = next((name for limit, name in limits if late <= limit), "91+")
            settled = Decimal(paid[key][1]) if key in paid and paid[key][0] <= end else Decimal(0)
            row = {"invoice_key": key, "month": month, "customer_id": customer, "project_id": project,
                   "bucket": bucket, "days_overdue": late, "open_amount_base": Decimal(gross) - settled}  # fmt: skip
            _insert(connection, "margin.receivables_ageing", [row])
            if month == OCTOBER and key != "k5":  # which came after the close
                _insert(connection, "margin.receivables_ageing_as_closed", [row])
    for number in range(14):  # 2025-09 to 2026-10
        month = date(2025 + (number + 8) // 12, (number + 8) % 12 + 1, 1)
        end = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        for customer, sales in (("C1", "2000.25"), ("C2", "100")):
            connection.execute(
                "insert into margin.dso_by_customer_month (customer_id, month, balance_date, receivable_amount_base, "
                "overdue_amount_base, sales_amount_base, window_days, dso_days, dso_countback_days) "
                "select ?, ?, ?, coalesce(sum(open_amount_base), 0), "
                "coalesce(sum(open_amount_base) filter (where bucket <> 'current'), 0), ?, 365, 45.6, 31 "
                "from margin.receivables_ageing where customer_id = ? and month = ?",
                [customer, month, end, sales, customer, month],
            )


def _contracts(connection: duckdb.DuckDBPyConnection) -> None:
    """Beside CT-1 of P-001, without rates, a contract of P-004 with a loss, which more was known of at the close."""
    columns = ("contract_line_id", "project_id", "revenue_method", "currency_code", "revenue_amount",
               "revenue_amount_base", "revenue_to_date_amount_base", "catch_up_amount", "transaction_price_amount",
               "eac_amount", "eac_basis", "plan_version_id", "cost_to_date_amount", "is_loss_making",
               "expected_loss_amount", "loss_provision_amount", "loss_provision_amount_base",
               "loss_provision_change_amount_base", "above_cap_amount", "is_cost_recovered",
               "is_above_plan")  # fmt: skip
    loss = ("CL-9", "P-004", "cost_to_cost", "USD")
    tail = (2000, "2500.50", "forecast", "F9", 1200, True, "500.50")
    fee = ("CL-8", "P-002", "straight_line", "NOK", "5000", "500", "4500.75", 0, 60000, None, None, None, None, False,
           None, None, None, "0", 0, False, False)  # fmt: skip
    rows = {
        SEPTEMBER: [(*loss, 90, "81.10", "810.20", 0, *tail, 110, "100.10", "100.10", 0, False, False), fee],
        OCTOBER: [(*loss, 120, "108.15", "918.35", "-15.5", *tail, 160, "150.25", "49.05", 0, False, False), fee],
    }
    for month, found in rows.items():
        lines = [{"month": month, **dict(zip(columns, row, strict=True))} for row in found]
        _insert(connection, "margin.revenue_by_contract_line_month", lines)
    unknown = {"contract_line_id": "CL-7", "month": OCTOBER, "project_id": "P-002", "revenue_method": "milestone",
               "currency_code": "NOK", "no_revenue_reason": "missing_price", "is_loss_making": False}  # fmt: skip
    _insert(connection, "margin.revenue_by_contract_line_month", [unknown])
    closed = {"month": OCTOBER, **dict(zip(columns, rows[OCTOBER][0], strict=True)), "revenue_amount_base": "99.15",
              "loss_provision_amount_base": "140.25", "loss_provision_change_amount_base": "40.05"}  # fmt: skip
    _insert(connection, "margin.revenue_by_contract_line_month_as_closed", [closed])
    balance = {"contract_id": "CT-9", "month": OCTOBER, "project_id": "P-004", "contract_asset_amount_base": 0,
               "contract_liability_amount_base": "61.20", "receivable_amount_base": "12.5",
               "retention_amount_base": 0, "loss_provision_amount_base": "150.25", "backlog_amount_base": "981.85",
               "has_unknown_revenue": False}  # fmt: skip
    several = {**balance, "contract_id": "CT-S", "project_id": None, "contract_asset_amount_base": None}
    _insert(connection, "margin.contract_balances_by_contract_month", [balance, several])
    then = {**balance, "contract_liability_amount_base": "52.20"}
    _insert(connection, "margin.contract_balances_by_contract_month_as_closed", [then])
    for bucket, amount, age in (("0-30", 500, 0), ("91-180", "200.40", 122)):
        row = {"contract_id": "CT-1", "month": OCTOBER, "bucket": bucket, "project_id": "P-002", "owner": "Manager 1",
               "unbilled_amount_base": amount, "oldest_age_days": age}  # fmt: skip
        _insert(connection, "margin.wip_ageing", [row])


def _order_book(connection: duckdb.DuckDBPyConnection) -> None:
    """Closings stand already (fixture_home.py): what led to them; of P-004 in October something is not known."""
    connection.execute(
        """
        create temp table booked as
        select b.project_id, b.month, b.closing_amount_base as closing,
            coalesce(lag(b.closing_amount_base) over (partition by b.project_id order by b.month), 0) as opening,
            row_number() over (partition by b.project_id order by b.month) as place,
            m.revenue_amount_base as revenue
        from margin.backlog_by_project_month as b
        join margin.margin_by_project_month as m using (project_id, month)
        """
    )
    connection.execute(
        """
        update margin.backlog_by_project_month as b set
            opening_amount_base = if(b.project_id = 'P-004' and b.month = date '2026-10-01', null, k.opening),
            bookings_amount_base = if(k.place = 1, 3000000.01, 0),
            changes_amount_base = if(k.place > 1, 12.34, 0),
            revenue_amount_base = k.revenue,
            billed_amount_base = k.revenue,
            fx_amount_base = k.closing - k.opening - if(k.place = 1, 3000000.01, 12.34) + k.revenue
        from booked as k
        where b.project_id = k.project_id and b.month = k.month
        """
    )
    connection.execute("drop table booked")
    connection.execute(
        "insert into margin.backlog_by_project_month_as_closed "
        "select * replace (closing_amount_base + 100 as closing_amount_base, "
        "changes_amount_base + 100 as changes_amount_base) "
        "from margin.backlog_by_project_month where month = date '2026-10-01' and project_id = 'P-001'"
    )


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Adds to a snapshot that fixture_home and fixture_cssq have filled."""
    _earned_value(connection)
    _estimates(connection)
    _versions(connection)
    _ahead(connection)
    _receivables(connection)
    _contracts(connection)
    _order_book(connection)
