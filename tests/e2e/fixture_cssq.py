"""What the fixture holds for the page CSSQ and the pages of projects and programmes: scorecards, KPIs, registers,
earned value, forecasts, customers, people, gates. Registers in the marts are summed from the facts, so that a figure on
a page can be reckoned again without them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
HOSTILE_RISK = '<img src=x onerror=alert(1)> {@html "x"} & 50%'
REASON = "Cost performance index 0.8 (earned value 8 / actual cost 10) is red: below 0.9; green from 0.95."
DIMENSIONS = ("cost", "scope", "schedule", "quality", "customer", "safety")
# project, month and its statuses in the order of DIMENSIONS
SCORES = (
    ("P-001", SEPTEMBER, ("green", "green", "amber", "green", "green", "green")),
    ("P-001", OCTOBER, ("red", "green", "amber", "green", "not_rated", "green")),
    ("P-002", OCTOBER, ("green", "green", "green", "green", "green", "not_rated")),
    ("P-004", OCTOBER, ("amber", "green", "green", "red", "green", "green")),
)
_RANK = {"red": 0, "amber": 1, "green": 2, "not_rated": 3}


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    for row in rows:
        marks = ", ".join("?" for _ in row)
        connection.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))


def _named(columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _scorecard(statuses: tuple[str, ...]) -> dict[str, Any]:
    worst = min(statuses, key=lambda status: _RANK[status])
    row: dict[str, Any] = {"overall_status": worst, "overall_status_reason": f"As the worst dimension: {worst}."}
    for dimension, status in zip(DIMENSIONS, statuses, strict=True):
        row[f"{dimension}_status"] = status
        row[f"{dimension}_status_reason"] = REASON if status == "red" else f"{dimension} is {status}."
    return row


def _scorecards(connection: duckdb.DuckDBPyConnection) -> None:
    for project, month, statuses in SCORES:
        row = {"project_id": project, "month": month, **_scorecard(statuses), "is_commentary_missing": False}
        if (project, month) == ("P-001", OCTOBER):
            row |= {"commentary": "A crew was added.", "has_commentary": True}
        if project == "P-004":
            row |= {"is_commentary_missing": True, "commentary_note": "A red project without a word."}
        _insert(connection, "kpi.scorecard_by_project_month", [row])
    groups = (
        ("programme", "programme_id", "PG1"), ("business_group", "business_group", "Networks"),
        ("market", "market", "DACH"), ("customer", "customer_id", "C1"),
        ("key_projects", "project_group", "key projects"),
    )  # fmt: skip
    for name, column, group in groups:
        row = {column: group, "month": OCTOBER, **_scorecard(SCORES[1][2]), "projects": 2, "red_projects": 1,
               "amber_projects": 0, "green_projects": 1, "not_rated_projects": 0,
               "overall_projects": "Red: P-001. 1 green, 0 not rated.", "cost_projects": "Red: P-001."}  # fmt: skip
        _insert(connection, f"kpi.scorecard_by_{name}_month", [row])


def _kpis(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ("kpi_code", "kpi_name", "dimension", "unit", "value", "target", "status", "previous_1_value", "trend",
               "signal", "signal_reason", "status_reason")  # fmt: skip
    values = (
        ("spi", "Schedule performance index", "schedule", "ratio", "0.934", "1", "amber", "0.95", "worsening", None,
         None, "Schedule performance index 0.934 is amber."),
        ("ftr", "First time right", "quality", "fraction", "0.875", "0.9", "green", "0.9", "worsening",
         "below_lower_limit", "Below the lower control limit. ", "fine"),
        ("me", "Margin erosion", "cost", "pp", "-0.0314", "-0.02", "amber", None, None, None, None, "eroded"),
    )  # fmt: skip
    for row in _named(columns, values):
        _insert(connection, "kpi.kpi_values_by_project_month", [{"project_id": "P-001", "month": OCTOBER, **row}])
        for kind, group in (("programme", "PG1"), ("business_group", "Networks"), ("customer", "C2")):
            shared = {"group_type": kind, "group_id": group, "month": OCTOBER}
            _insert(connection, "kpi.kpi_values_by_group_month", [{**shared, **row}])


def _risks(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ("project_id", "risk_id", "kind", "title", "status", "raised_month", "probability_pct",
               "cost_low_amount_base", "cost_likely_amount_base", "cost_high_amount_base", "emv_amount_base",
               "schedule_days", "response")  # fmt: skip
    rows = (
        ("P-001", "R-1", "threat", "Access is granted late", "open", SEPTEMBER, "0.5", 1000, "2000.50", 4000,
         "-1000.25", 5, "mitigate"),
        ("P-001", "R-2", "opportunity", "Crews can be shared", "open", OCTOBER, "0.2", 3000, 5000, 9000, "1000.00", 0,
         "exploit"),
        ("P-001", "R-3", "threat", "Was closed", "closed", SEPTEMBER, "0.9", 1, 2, 3, "-1.80", 1, "accept"),
        ("P-002", "R-1", "threat", HOSTILE_RISK, "open", SEPTEMBER, "0.7", 50_000, 111_111, 200_000, "-77777.70", 40,
         "transfer"),
    )  # fmt: skip
    _insert(connection, "core.fct_risks", _named(columns, rows))
    columns = ("project_id", "change_request_id", "title", "status", "requested_date", "requested_month",
               "decided_date", "price_amount_base", "cost_amount_base", "schedule_days")  # fmt: skip
    rows = (
        ("P-001", "CR-1", "Two more sites", "approved", date(2026, 8, 3), date(2026, 8, 1), date(2026, 9, 2),
         "12000.40", 9000, 10),
        ("P-001", "CR-2", "Longer warranty", "submitted", date(2026, 9, 21), SEPTEMBER, None, "7000.00", 4000, 3),
        ("P-002", "CR-9", HOSTILE_RISK, "submitted", date(2026, 9, 1), SEPTEMBER, None, "500.25", 100, 1),
    )  # fmt: skip
    _insert(connection, "core.fct_change_requests", _named(columns, rows))


def _deliveries(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ("project_id", "milestone_id", "milestone_name", "baseline_date", "forecast_date", "actual_date",
               "is_achieved", "is_customer_acceptance")  # fmt: skip
    rows = (
        ("P-001", "M1", "Design approved", date(2026, 2, 1), date(2026, 2, 11), date(2026, 2, 11), True, False),
        ("P-001", "M2", "Half of the sites", date(2026, 9, 10), date(2026, 9, 5), date(2026, 9, 5), True, True),
        ("P-001", "M3", "All sites", date(2026, 11, 1), date(2026, 12, 20), None, False, True),
        ("P-002", "M1", "Cut-over", date(2026, 10, 30), None, None, False, False),
    )
    _insert(connection, "core.fct_milestones", _named(columns, rows))
    columns = ("project_id", "test_id", "attempt", "tested_month", "is_passed", "defects")
    rows = (
        ("P-001", "T1", 1, SEPTEMBER, True, 0), ("P-001", "T2", 1, SEPTEMBER, False, 3),
        ("P-001", "T2", 2, OCTOBER, True, 0), ("P-001", "T3", 1, OCTOBER, True, 1),
        ("P-002", "T1", 1, OCTOBER, False, 2),
    )  # fmt: skip
    _insert(connection, "core.fct_acceptance_tests", _named(columns, rows))
    columns = ("incident_id", "project_id", "occurred_date", "occurred_month", "kind", "days_lost")
    rows = (
        ("I-1", "P-001", date(2026, 10, 7), OCTOBER, "near_miss", 0),
        ("I-2", "P-001", date(2026, 10, 9), OCTOBER, "lost_time", 4),
    )
    _insert(connection, "core.fct_safety_incidents", _named(columns, rows))


def _registers(connection: duckdb.DuckDBPyConnection) -> None:
    """The marts of registers from the facts, for September and October."""
    connection.execute(
        "create temp table frame as select p.project_id, m.month, last_day(m.month) as month_end "
        "from core.dim_projects as p cross join (values (date '2026-09-01'), (date '2026-10-01')) as m (month) "
        "where p.project_id in ('P-001', 'P-002')"
    )
    connection.execute(
        "insert into kpi.risk_exposure_by_project_month (project_id, month, open_threats, open_opportunities, "
        "open_threat_emv_amount_base, open_opportunity_emv_amount_base, emv_amount_base, contingency_left_amount_base) "
        "select f.project_id, f.month, count(*) filter (where r.kind = 'threat'), "
        "count(*) filter (where r.kind = 'opportunity'), "
        "coalesce(sum(r.emv_amount_base) filter (where r.kind = 'threat'), 0), "
        "coalesce(sum(r.emv_amount_base) filter (where r.kind = 'opportunity'), 0), "
        "coalesce(sum(r.emv_amount_base), 0), case f.project_id when 'P-001' then 2500.75 else -10 end from frame as f "
        "left join core.fct_risks as r on f.project_id = r.project_id and r.raised_month <= f.month "
        "and r.status = 'open' group by f.project_id, f.month"
    )
    connection.execute(
        "insert into kpi.change_requests_by_project_month (project_id, month, pending_count, "
        "pending_price_amount_base, pending_cost_amount_base, pending_schedule_days, oldest_pending_days, "
        "approved_count_to_date, approved_price_amount_base_to_date, approved_schedule_days_to_date, cycle_time_days) "
        "select f.project_id, f.month, count(*) filter (where c.decided_date is null and c.title is not null), "
        "coalesce(sum(c.price_amount_base) filter (where c.decided_date is null), 0), "
        "coalesce(sum(c.cost_amount_base) filter (where c.decided_date is null), 0), "
        "coalesce(sum(c.schedule_days) filter (where c.decided_date is null), 0), "
        "max(datediff('day', c.requested_date, f.month_end)) filter (where c.decided_date is null), "
        "count(*) filter (where c.decided_date is not null), "
        "coalesce(sum(c.price_amount_base) filter (where c.decided_date is not null), 0), "
        "coalesce(sum(c.schedule_days) filter (where c.decided_date is not null), 0), 30.5 from frame as f "
        "left join core.fct_change_requests as c on f.project_id = c.project_id and c.requested_month <= f.month "
        "group by f.project_id, f.month"
    )
    connection.execute(
        "insert into kpi.milestone_performance_by_project_month (project_id, month, due_to_date, hit_to_date, "
        "hit_rate_pct_to_date, next_milestone, next_milestone_date) select f.project_id, f.month, count(*) filter "
        "(where m.baseline_date <= f.month_end) as due, count(*) filter (where m.baseline_date <= f.month_end "
        "and m.actual_date <= m.baseline_date) as hit, hit / nullif(due, 0), "
        "arg_min(m.milestone_name, coalesce(m.forecast_date, m.baseline_date)) filter (where not m.is_achieved), "
        "min(coalesce(m.forecast_date, m.baseline_date)) filter (where not m.is_achieved) from frame as f "
        "join core.fct_milestones as m on f.project_id = m.project_id group by f.project_id, f.month, f.month_end"
    )
    connection.execute(
        "insert into kpi.delivery_quality_by_project_month (project_id, month, first_submissions_to_date, "
        "first_time_right_to_date, first_time_right_pct_to_date, tests_judged_to_date, tests_accepted_to_date, "
        "acceptance_pct_to_date, defects_to_date) select f.project_id, f.month, "
        "count(*) filter (where t.attempt = 1) as firsts, count(*) filter (where t.attempt = 1 and t.is_passed) as "
        "rights, rights / nullif(firsts, 0), count(distinct t.test_id) as judged, "
        "count(distinct t.test_id) filter (where t.is_passed) as accepted, accepted / nullif(judged, 0), "
        "coalesce(sum(t.defects), 0) from frame as f left join core.fct_acceptance_tests as t "
        "on f.project_id = t.project_id and t.tested_month <= f.month group by f.project_id, f.month"
    )
    # too few people stand behind the hours of P-002
    connection.execute(
        "insert into kpi.safety_by_project_month (project_id, month, hours, is_hours_withheld, incidents, near_misses, "
        "recordable_cases_12_months, lost_time_cases_12_months, days_lost, trir_12_months, ltifr_12_months) "
        "select f.project_id, f.month, case f.project_id when 'P-001' then 1480.25 end, f.project_id = 'P-002', "
        "count(i.incident_id), count(*) filter (where i.kind = 'near_miss'), "
        "count(*) filter (where i.kind = 'lost_time') as lost, count(*) filter (where i.kind = 'lost_time'), "
        "coalesce(sum(i.days_lost), 0), case f.project_id when 'P-001' then lost * 200000 / 16000 end, "
        "case f.project_id when 'P-001' then lost * 1000000 / 16000 end from frame as f "
        "left join core.fct_safety_incidents as i on f.project_id = i.project_id and i.occurred_month = f.month "
        "group by f.project_id, f.month"
    )


def _customers(connection: duckdb.DuckDBPyConnection) -> None:
    scores = (("C1", "nps", (10, 9, 9, 6)), ("C2", "nps", (3, 8)), ("C1", "csat", (5, 4, 2)))
    rows = [
        {"response_id": f"{customer}{kind}{n}", "customer_id": customer, "responded_date": OCTOBER + timedelta(n),
         "responded_month": OCTOBER, "kind": kind, "score": score}
        for customer, kind, given in scores
        for n, score in enumerate(given)
    ]  # fmt: skip
    _insert(connection, "core.fct_survey_responses", rows)
    for month in (SEPTEMBER, OCTOBER):
        connection.execute(
            "insert into kpi.customer_health_by_month (customer_id, month, nps_12_months, nps_responses_12_months, "
            "promoters_12_months, detractors_12_months, csat_12_months, csat_responses_12_months, "
            "satisfied_12_months, complaints_open, receivable_amount_base, overdue_amount_base, overdue_pct, "
            "upsell_pipeline_amount_base, open_pipeline_weighted_amount_base) select customer_id, ?, "
            "100 * (promoters - detractors) / nullif(answers, 0), answers, promoters, detractors, "
            "satisfied / nullif(asked, 0), asked, satisfied, 1, 1500, 500, 0.333333, 42000.50, 21000.25 from ("
            "select customer_id, count(*) filter (where kind = 'nps') as answers, "
            "count(*) filter (where kind = 'nps' and score >= 9) as promoters, "
            "count(*) filter (where kind = 'nps' and score <= 6) as detractors, "
            "count(*) filter (where kind = 'csat') as asked, "
            "count(*) filter (where kind = 'csat' and score >= 4) as satisfied from core.fct_survey_responses "
            "group by customer_id)",
            [month],
        )
    complaint = {"complaint_id": "CMP-1", "project_id": "P-001", "opened_date": date(2026, 10, 3), "severity": "high",
                 "has_corrective_action": True, "cost_amount_base": 100}  # fmt: skip
    _insert(connection, "core.fct_complaints", [complaint])
    sale = {"opportunity_id": "O-1", "customer_id": "C1", "project_id": "P-001", "kind": "cross_sell",
            "title": "Cloud core", "stage": "offered", "probability_pct": "0.5", "opportunity_amount_base": 80_000,
            "weighted_amount_base": 40_000, "expected_close_date": date(2027, 1, 31)}  # fmt: skip
    _insert(connection, "core.fct_sales_opportunities", [sale])


def _forecasts(connection: duckdb.DuckDBPyConnection) -> None:
    for n in range(14):  # 2025-09 to 2026-10
        month = date(2025 + (n + 8) // 12, (n + 8) % 12 + 1, 1)
        planned, earned, cost = 60_000 * (n + 1), 55_000 * (n + 1), 61_000 * (n + 1)
        row = {"month": month, "bac_amount": 1_000_000, "pv_amount": planned, "ev_amount": earned, "ac_amount": cost,
               "cpi": Decimal(earned) / cost, "spi": Decimal(earned) / planned, "spi_t": Decimal("0.91")}  # fmt: skip
        shared = {"project_id": "P-001", "currency_code": "EUR", "forecast_finish_date": date(2027, 5, 3)}
        _insert(connection, "forecast.earned_value_by_project_month", [{**shared, **row}])
        base = {f"{key}_base" if key.endswith("_amount") else key: value for key, value in row.items()}
        del base["spi_t"]
        shared = {"programme_id": "PG1", "projects": 2, "measured_projects": 1}
        _insert(connection, "forecast.earned_value_by_programme_month", [{**shared, **base}])
    for month, more in ((SEPTEMBER, -1000), (OCTOBER, 0)):
        shared = {"project_id": "P-001", "month": month, "currency_code": "EUR"}
        row = {"recommended_method": "bottom_up", "recommendation_reason": "The forecast in force is taken.",
               "recommended_eac_amount": 1_100_000 + more, "eac_p10_amount": 1_050_000 + more,
               "eac_p50_amount": 1_101_000 + more, "eac_p80_amount": 1_160_000 + more, "is_range_calibrated": False,
               "revenue_at_completion_amount": 1_500_000, "margin_at_completion_amount": 400_000 - more,
               "margin_at_completion_pct": Decimal("0.266667"), "ac_amount": 854_000}  # fmt: skip
        _insert(connection, "forecast.forecast_by_project_month", [{**shared, **row}])
        for method, amount in (("bottom_up", 1_100_000), ("cpi", 1_109_091)):
            estimate = {"method": method, "etc_amount": amount - 854_000, "eac_amount": amount + more,
                        "vac_amount": 1_000_000 - amount - more, "is_stale": method == "cpi"}  # fmt: skip
            _insert(connection, "forecast.eac_by_project_month_method", [{**shared, **estimate}])
    columns = ("plan_version_id", "version_number", "kind", "source", "approved_date", "margin_amount_base",
               "margin_pct", "margin_change_amount_base", "reason")  # fmt: skip
    versions = (
        ("AS", 1, "as_sold", "sales", date(2025, 8, 1), 450_000, "0.3", None, None),
        ("F1", 2, "forecast", "project manager", date(2026, 10, 20), 400_000, "0.266667", -50_000, "Hours rose."),
    )
    rows = [{"project_id": "P-001", **row} for row in _named(columns, versions)]
    _insert(connection, "forecast.forecast_versions", rows)
    trust = {"project_id": "P-001", "status_date": date(2026, 10, 31), "passed_checks": 10, "failed_checks": 4,
             "not_rated_checks": 0, "schedule_trust": "medium", "schedule_trust_reason": "4 of 14 checks failed.",
             "computed_finish_date": date(2027, 4, 1)}  # fmt: skip
    _insert(connection, "forecast.schedule_trust_by_project", [trust])
    check = {"project_id": "P-001", "check_number": 1, "check_name": "missing_logic", "value": "0.1",
             "threshold": "0.05", "passes_when": "at most", "is_passed": False}  # fmt: skip
    _insert(connection, "forecast.schedule_quality_by_project", [check])


def _people_and_gates(connection: duckdb.DuckDBPyConnection) -> None:
    hours = {"month": OCTOBER, "capacity_hours": 1000, "billable_hours": "812.5", "internal_hours": 100,
             "absent_hours": 50, "bench_hours": "87.5", "billable_utilisation_pct": "0.8125",
             "has_withheld_hours": False}  # fmt: skip
    withheld = {"month": OCTOBER, "capacity_hours": 160, "has_withheld_hours": True}
    for table, column in (("role", "role_id"), ("cost_centre", "cost_centre"), ("market", "market")):
        rows = [{column: f"{table}-1", **hours}, {column: f"{table}-2", **withheld}]
        _insert(connection, f"kpi.utilisation_by_{table}_month", rows)
    columns = ("project_id", "gate", "gate_number", "items", "done", "mandatory_items", "mandatory_open", "is_ready",
               "overdue", "next_due_date", "waiting_unbilled_amount_base")  # fmt: skip
    rows = (
        ("P-001", "sell_to_execute", 1, 4, 4, 3, 0, True, 0, None, 0),
        ("P-001", "delivery_to_care", 2, 3, 1, 2, 1, False, 1, date(2026, 12, 1), "700.50"),
    )
    _insert(connection, "kpi.handover_readiness", _named(columns, rows))
    columns = ("project_id", "gate", "item_id", "item", "is_mandatory", "due_date", "done_date", "is_done")
    rows = (
        ("P-001", "delivery_to_care", "1", "As-built drawings", True, date(2026, 11, 10), None, False),
        ("P-001", "delivery_to_care", "2", "Spare parts list", False, date(2026, 12, 1), None, False),
    )
    _insert(connection, "core.fct_handover_items", _named(columns, rows))
    columns = ("project_id", "check_name", "open_count", "open_amount_base", "is_clear", "must_be_clear", "is_blocking")
    rows = (
        ("P-001", "open_orders", 2, "118.40", False, True, True),
        ("P-001", "open_risks", 0, 0, True, True, False),
        ("P-001", "open_receivables", 1, 190, False, False, False),
    )
    _insert(connection, "kpi.closing_checklist", _named(columns, rows))
    columns = ("project_id", "role_id", "month", "hours", "is_hours_withheld")
    rows = (("P-001", "R7", date(2026, 12, 1), 120, False), ("P-001", "R8", date(2026, 12, 1), None, True))
    _insert(connection, "core.fct_resource_plans", _named(columns, rows))


def _programmes(connection: duckdb.DuckDBPyConnection) -> None:
    """The margin of programmes as the sum of that of their projects; nothing but P-001 was closed."""
    summed = (
        "revenue_amount_base", "cost_of_sales_amount_base", "gross_margin_amount_base", "labour_cost_amount_base",
        "subcontract_cost_amount_base", "material_cost_amount_base", "equipment_cost_amount_base",
        "travel_cost_amount_base", "other_cost_amount_base", "loss_provision_change_amount_base",
        "quality_cost_amount_base", "billed_amount_base", "collected_amount_base", "forecast_revenue_amount_base",
        "forecast_cost_amount_base", "forecast_margin_amount_base", "revenue_amount_base_to_date",
        "cost_of_sales_amount_base_to_date", "gross_margin_amount_base_to_date",
    )  # fmt: skip
    sums = ", ".join(f"sum(f.{column})" for column in summed)
    connection.execute(
        f"insert into margin.margin_by_programme_month (programme_id, month, has_open_exceptions, {', '.join(summed)}) "
        f"select p.programme_id, f.month, bool_or(f.has_open_exceptions), {sums} "
        "from margin.margin_by_project_month as f join core.dim_projects as p on f.project_id = p.project_id "
        "where p.programme_id is not null group by p.programme_id, f.month"
    )
    connection.execute(
        "update margin.margin_by_project_month_as_closed set revenue_amount_base_to_date = 1234, "
        "cost_of_sales_amount_base_to_date = 34, gross_margin_amount_base_to_date = 1200, "
        "travel_cost_amount_base = 2, travel_cost_amount_base_to_date = 34, "
        "forecast_revenue_amount_base = 9000, forecast_cost_amount_base = 6000, forecast_margin_amount_base = 3000"
    )
    line = {"contract_line_id": "CL-1", "contract_id": "CT-1", "month": OCTOBER, "project_id": "P-001",
            "currency_code": "EUR", "revenue_method": "cost_to_cost", "transaction_price_amount": 990,
            "progress_pct": "0.5", "revenue_to_date_amount": 495, "is_loss_making": False}  # fmt: skip
    _insert(connection, "margin.revenue_by_contract_line_month_as_closed", [line])


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Adds to a snapshot that has its margin marts and projects."""
    _scorecards(connection)
    _kpis(connection)
    _risks(connection)
    _deliveries(connection)
    _registers(connection)
    _customers(connection)
    _forecasts(connection)
    _people_and_gates(connection)
    _programmes(connection)
