"""What the fixture holds for the pages Home and Margin: plans, payments, backlog, walks, red KPI, currencies, and facts
in core that add up to the fixture's marts, so that a figure can be reckoned again without them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

CATEGORIES = ("labour", "subcontract", "material", "equipment", "travel", "other")
OCTOBER = date(2026, 10, 1)
# as of this moment stand the figures of the publication before
BEFORE = datetime(2026, 11, 14, 5, 0)
REASON = "Cost performance index 0.8 (earned <b>8</b> / cost 10) is red: below 0.9; green from 0.95; red below 0.9."


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    for row in rows:
        marks = ", ".join("?" for _ in row)
        connection.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))


def _facts(connection: duckdb.DuckDBPyConnection) -> None:
    """Cost lines, invoice lines and payments whose sums are those of the margin mart.

    The October of P-001 is told document by document in fixture_documents.
    """
    others = "not (project_id = 'P-001' and month = date '2026-10-01')"
    for category in CATEGORIES:
        connection.execute(
            "insert into core.fct_cost_lines (project_id, is_project_known, cost_month, category, amount_base) "
            f"select project_id, true, month, '{category}', {category}_cost_amount_base "
            f"from margin.margin_by_project_month where {category}_cost_amount_base <> 0 and {others}"
        )
    connection.execute(
        "insert into core.fct_invoice_lines (invoice_id, direction, counterparty_id, project_id, is_project_known, "
        "issue_month, net_amount, net_amount_base) "
        "select project_id || strftime(month, '-%Y-%m'), 'customer', 'C', project_id, true, month, "
        "revenue_amount_base, revenue_amount_base from margin.margin_by_project_month "
        f"where revenue_amount_base <> 0 and {others}"
    )
    connection.execute(
        "insert into core.fct_payments (payment_id, invoice_id, direction, paid_month, payment_amount_base) "
        "select 'P-' || project_id || strftime(month, '-%Y-%m'), project_id || strftime(month, '-%Y-%m'), 'customer', "
        "month, collected_amount_base from margin.margin_by_project_month where collected_amount_base <> 0"
    )


def _payments(connection: duckdb.DuckDBPyConnection) -> None:
    """S-1 is of two projects, two thirds and one third; S-3 is a number of two suppliers and stands for neither."""
    columns = ("invoice_id", "direction", "counterparty_id", "project_id", "is_project_known", "net_amount")
    lines = (
        ("S-1", "supplier", "V1", "P-001", True, 100),
        ("S-1", "supplier", "V1", "P-002", True, 50),
        ("S-2", "supplier", "V2", "P-001", True, 10),
        ("S-3", "supplier", "V1", "P-001", True, 10),
        ("S-3", "supplier", "V2", "P-002", True, 10),
    )
    _insert(connection, "core.fct_invoice_lines", [dict(zip(columns, line, strict=True)) for line in lines])
    columns = ("payment_id", "invoice_id", "direction", "paid_month", "payment_amount_base")
    paid = (
        ("S-1a", "S-1", "supplier", OCTOBER, Decimal("178.51")),
        ("S-2a", "S-2", "supplier", OCTOBER, Decimal("5000.25")),
        ("S-2b", "S-2", "supplier", date(2026, 9, 1), Decimal("70.10")),
        ("S-3a", "S-3", "supplier", OCTOBER, Decimal("12.00")),
    )
    _insert(connection, "core.fct_payments", [dict(zip(columns, row, strict=True)) for row in paid])


def _plan(
    project: str, version: str, kind: str, since: date, until: date | None, share: int
) -> Iterable[dict[str, Any]]:
    shared = {"project_id": project, "plan_version_id": version, "version_kind": kind, "approved_date": since,
              "in_force_from_date": since, "in_force_to_date": until, "is_in_force": until is None}  # fmt: skip
    for n in range(16):  # 2025-10 to 2027-01
        month = date(2025 + (n + 9) // 12, (n + 9) % 12 + 1, 1)
        amounts = {"revenue": 100_000 + 10 * n, "labour": 50_000, "material": 7_000, "uninstalled_material": 3_000,
                   "subcontract": 9_000}  # fmt: skip
        for category, amount in amounts.items():
            value = Decimal(amount * share) / 100 + Decimal("0.05")
            yield {**shared, "month": month, "category": category, "plan_amount_base": value}
    reserve = {"month": OCTOBER, "category": "management_reserve", "plan_amount_base": Decimal(99_999)}
    yield {**shared, **reserve}


def _plans(connection: duckdb.DuckDBPyConnection) -> None:
    """P-001 has a second baseline since June, P-004 only what was sold; the plan of P 003 has no revenue."""
    june = date(2026, 6, 1)
    rows = [
        *_plan("P-001", "B1", "baseline", date(2025, 9, 1), date(2026, 5, 31), 90),
        *_plan("P-001", "B2", "baseline", june, None, 110),
        *_plan("P-001", "AS", "as_sold", date(2025, 8, 1), None, 55),
        *_plan("P-002", "B1", "baseline", date(2025, 9, 1), None, 120),
        *_plan("P-004", "AS", "as_sold", date(2025, 9, 1), None, 140),
        *(
            row
            for row in _plan("P 003/50%", "B1", "baseline", date(2025, 9, 1), None, 70)
            if row["category"] != "revenue"
        ),
    ]
    connection.executemany(
        "insert into core.fct_plan_lines (" + ", ".join(rows[0]) + ") values (" + ", ".join("?" * len(rows[0])) + ")",
        [list(row.values()) for row in rows],
    )


def _walks(connection: duckdb.DuckDBPyConnection) -> None:
    for place, project in enumerate(("P-002", "P 003/50%", "<b>six</b>")):
        steps = {"price": Decimal("1000.10") * (place + 1), "hours": Decimal("-250000.33"), "fx": Decimal("-17.77")}
        sold = 1_000_000 - sum(steps.values())
        for number, (driver, effect) in enumerate(steps.items(), start=1):
            row = {"project_id": project, "from_version": "as_sold", "to_version": "forecast", "step_number": number,
                   "driver": driver, "effect_amount_base": effect, "from_margin_amount_base": sold,
                   "to_margin_amount_base": 1_000_000}  # fmt: skip
            _insert(connection, "margin.margin_bridge", [row])


def _ratings(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ("project_id", "month", "kpi_code", "kpi_name", "dimension", "status", "status_reason")
    red = (
        ("P-002", OCTOBER, "cpi", "Cost performance index", "cost", "red", REASON),
        ("P-002", OCTOBER, "gm", "Gross margin", "cost", "red", "Gross margin 1 % is red: below 8 %; green from 15 %."),
        ("P-002", date(2026, 9, 1), "cpi", "Cost performance index", "cost", "red", REASON),
        ("P-002", OCTOBER, "ftr", "First time right", "quality", "red", "First time right 10 % is red: below 80 %; x."),
        ("P-001", OCTOBER, "cpi", "Cost performance index", "cost", "green", "fine"),
    )
    _insert(connection, "kpi.kpi_values_by_project_month", [dict(zip(columns, row, strict=True)) for row in red])


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Adds to a snapshot that has its margin marts."""
    _facts(connection)
    _payments(connection)
    _plans(connection)
    _walks(connection)
    _ratings(connection)
    connection.execute(
        "insert into margin.backlog_by_project_month (project_id, month, closing_amount_base) "
        "select project_id, month, 3000000.01 - revenue_amount_base_to_date from margin.margin_by_project_month"
    )
    for currency, realised, unrealised in (("USD", "-12.50", "3.25"), ("NOK", "0", "-1000.01")):
        item = {"project_id": "P-001", "month": OCTOBER, "currency_code": currency, "closing_amount": 1000,
                "realised_effect_amount_base": Decimal(realised),
                "unrealised_effect_amount_base": Decimal(unrealised)}  # fmt: skip
        _insert(connection, "margin.fx_effects_by_month", [item])


def write_previous(snapshot: Path, path: Path) -> Path:
    """The publication before: P-001 had 500.25 more revenue in September, P-002 no October yet."""
    shutil.copyfile(snapshot, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("update ops.refreshes set as_of = ?, refresh_id = 'before'", [BEFORE])
        connection.execute(
            "update margin.margin_by_project_month set revenue_amount_base = revenue_amount_base + 500.25 "
            "where project_id = 'P-001' and month = date '2026-09-01'"
        )
        connection.execute(
            "delete from margin.margin_by_project_month where project_id = 'P-002' and month = date '2026-10-01'"
        )
    return path
