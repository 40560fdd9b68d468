"""A small published warehouse for the site's tests, with figures that are easy to check and the awkward cases that a
real firm delivers sooner or later. Its tables are made of the contracts in the dbt project, so that a renamed column
fails here; no dbt run, no landing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import fixture_cssq
import fixture_documents
import fixture_home
import fixture_outlook
import yaml

from pipelines.publishing import snapshot
from pipelines.version import ROOT

AS_OF = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
HOSTILE = '<script>alert(1)</script> {@html x} & "q" ${1} 50%'
LONG = "A_very_long_name_without_a_single_space_that_has_to_wrap_somewhere_or_it_widens_the_page_0123456789"
EMPTY_MONTH = date(2026, 3, 1)

# id, name, customer, programme, business group, market, status
PROJECTS = (
    ("P-001", "Core network renewal", "C1", "PG1", "Networks", "DACH", "active"),
    ("P-002", HOSTILE, "C2", "PG1", "Cloud", "Nordics", "active"),
    ("P 003/50%", "Cost only, no invoice yet", "C1", None, "Networks", "DACH", "active"),
    ("p-004", "Same id but for its case", "C3", None, None, None, "closed"),
    ("P-004", "NaN undefined null", "C3", "PG2", "Services", "Iberia", "active"),
    ("P-005", "Nothing has happened here", "C4", None, "Services", "Iberia", "planned"),
    ("<b>six</b>", LONG, "C4", "PG2", "Cloud", "Nordics", "on_hold"),
)
_CUSTOMERS = {"C1": "Ægir Telecom AS", "C2": HOSTILE, "C3": "O'Brien & Søn", "C4": None}
_NOW = AS_OF.replace(tzinfo=None)


@cache
def _contracts() -> dict[str, list[tuple[str, str]]]:
    """Columns and types of each published model as the dbt project promises them."""
    found = {}
    models = ROOT / "dbt_project" / "models"
    for path in sorted(models.rglob("*.yml")):
        room = path.relative_to(models).parts
        schema = room[1] if room[0] == "marts" else room[0]
        if schema not in snapshot.PUBLIC_SCHEMAS:
            continue
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            columns = [(c["name"], c["data_type"]) for c in model.get("columns", []) if "data_type" in c]
            if columns and not model["name"].startswith("int_"):
                found[f"{schema}.{model['name']}"] = columns
    return found


def _create(connection: duckdb.DuckDBPyConnection) -> None:
    for schema in snapshot.PUBLIC_SCHEMAS:
        connection.execute(f"create schema {schema}")
    for table, described in _contracts().items():
        columns = ", ".join(f"{name} {kind}" for name, kind in described)
        connection.execute(f"create table {table} ({columns})")
    sealed = {
        "check_results": snapshot._CHECKS,
        "refreshes": snapshot._REFRESHES,
        "data_dictionary": snapshot._DICTIONARY,
    }
    for table, described in sealed.items():
        columns = ", ".join(f"{name} {kind}" for name, (kind, _) in described.items())
        connection.execute(f"create table ops.{table} ({columns})")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    for row in rows:
        marks = ", ".join("?" for _ in row)
        connection.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))


def _months() -> list[date]:
    return [date(2025 + (n + 8) // 12, (n + 8) % 12 + 1, 1) for n in range(15)]  # 2025-09 to 2026-11


def _figures(project: str, place: int, n: int) -> tuple[Decimal, dict[str, Decimal]]:
    """Revenue and cost by category of one project's n-th month; cents that make a rounding fault visible."""
    cents = Decimal(n * 7 + place * 13) / 100
    revenue = Decimal(90_000 + 11_000 * place + 4_321 * n) + cents
    cost = {
        "labour": Decimal(52_000 + 3_100 * n) + cents,
        "subcontract": Decimal(9_000 + 700 * place) + cents,
        "material": Decimal(4_000 if n % 3 else 31_000),
        "equipment": Decimal(0),
        "travel": Decimal(1_234) + cents,
        "other": Decimal(0),
    }
    if project == "P 003/50%":
        revenue = Decimal(0)
    if project == "P-004" and n > 10:  # a margin below zero
        cost["subcontract"] = Decimal(410_000) + cents
    return revenue, cost


def _project_rows(project: str, place: int) -> Iterable[dict[str, Any]]:
    earned = kept = Decimal(0)
    for n, month in enumerate(_months()):
        if project == "P-005" or month == EMPTY_MONTH or (project == "p-004" and n > 5):
            continue
        revenue, cost = _figures(project, place, n)
        total = sum(cost.values())
        earned, kept = earned + revenue, kept + revenue - total
        yield {
            "project_id": project,
            "month": month,
            "revenue_amount_base": revenue,
            **{f"{category}_cost_amount_base": amount for category, amount in cost.items()},
            "loss_provision_change_amount_base": Decimal(0),
            "quality_cost_amount_base": cost["travel"],
            "cost_of_sales_amount_base": total,
            "revenue_amount_base_to_date": earned,
            "cost_of_sales_amount_base_to_date": earned - kept,
            "gross_margin_amount_base": revenue - total,
            "gross_margin_pct": (revenue - total) / revenue if revenue else None,
            "gross_margin_amount_base_to_date": kept,
            "gross_margin_pct_to_date": kept / earned if earned else None,
            "fx_effect_amount_base": None if n == 3 else Decimal(-n),
            "forecast_revenue_amount_base": Decimal(3_000_000),
            "forecast_cost_amount_base": Decimal(2_000_000),
            "forecast_margin_amount_base": Decimal(1_000_000),
            "forecast_margin_pct": Decimal("0.333333"),
            "billed_amount_base": revenue,
            "collected_amount_base": revenue * Decimal("0.8") if n < 12 else Decimal(0),
            "has_open_exceptions": project == "P-001" and n == 13,
        }


def _bridge_rows(project: str, rows: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """From the forecast to what has happened: hours and rate together, and a step of cents."""
    if not rows:
        return
    shared = {
        "project_id": project, "from_version": "forecast", "to_version": "actual",
        "from_margin_amount_base": Decimal(1_000_000),
        "to_margin_amount_base": rows[-1]["gross_margin_amount_base_to_date"],
    }  # fmt: skip
    moved = shared["to_margin_amount_base"] - shared["from_margin_amount_base"]
    steps = {1: ("price", moved - Decimal("7.01")), 3: ("hours", Decimal("7.01")), 12: ("residual", Decimal(0))}
    for number, (driver, effect) in steps.items():
        note = "hours and rate together: too few people stand behind the hours" if driver == "hours" else None
        yield {**shared, "step_number": number, "driver": driver, "effect_amount_base": effect, "note": note}


def _fill_core(connection: duckdb.DuckDBPyConnection) -> None:
    for place, (project, name, customer, programme, group, market, status) in enumerate(PROJECTS):
        _insert(
            connection,
            "core.dim_projects",
            [
                {
                    "project_id": project, "project_name": name, "customer_id": customer,
                    "customer_name": _CUSTOMERS[customer], "programme_id": programme,
                    "programme_name": programme and f"Programme {programme}", "business_group": group,
                    "market": market, "project_manager": f"Manager {place}", "currency_code": "EUR",
                    "status": status, "is_key_project": place == 0, "start_date": date(2025, 9, 1),
                    "planned_end_date": date(2027, 3, 31),
                }
            ],
        )  # fmt: skip
        rows = list(_project_rows(project, place))
        _insert(connection, "margin.margin_by_project_month", rows)
        _insert(connection, "margin.margin_bridge", _bridge_rows(project, rows))
        for n, row in enumerate(rows):
            shared = {"project_id": project, "source_line": "2"}
            _insert(
                connection,
                "core.fct_cost_lines",
                [
                    {**shared, "category": "labour", "source_file_id": f"{n:016x}"},
                    {**shared, "category": "material", "source_file_id": None},
                ],
            )
            if row["revenue_amount_base"]:
                invoice = {**shared, "direction": "customer", "source_file_id": f"{100 + n:016x}"}
                _insert(connection, "core.fct_invoices", [invoice])
    for month in [*_months(), date(2026, 12, 1)]:
        following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        over = following <= AS_OF.date()
        _insert(connection, "core.dim_months", [{"month": month, "fiscal_year": month.year, "is_complete": over}])


def _fill_contracts(connection: duckdb.DuckDBPyConnection) -> None:
    october = {"contract_id": "CT-1", "month": date(2026, 10, 1), "project_id": "P-001", "currency_code": "EUR"}
    for name, method, progress in (("CL-1", "cost_to_cost", "0.625"), ("CL-2", "time_and_material", None)):
        row = {"contract_line_id": name, "revenue_method": method, "transaction_price_amount": 1000,
               "progress_pct": progress, "revenue_to_date_amount": 625, "loss_provision_amount": 30,
               "is_loss_making": name == "CL-1"}  # fmt: skip
        _insert(connection, "margin.revenue_by_contract_line_month", [{**october, **row}])
    balance = {"contract_asset_amount_base": 400, "contract_liability_amount_base": 0, "receivable_amount_base": 190,
               "retention_amount_base": 10, "backlog_amount_base": 1375}  # fmt: skip
    _insert(connection, "margin.contract_balances_by_contract_month", [{**october, **balance}])


def _fill_balances(connection: duckdb.DuckDBPyConnection) -> None:
    october = {"month": date(2026, 10, 1)}
    _insert(connection, "core.dim_customers", [{"customer_id": "C1", "customer_name": _CUSTOMERS["C1"]}])
    figures = {"project_id": "P-001", "revenue_amount_base": 100, "cost_of_sales_amount_base": 2,
               "gross_margin_amount_base": 98}  # fmt: skip
    _insert(connection, "margin.margin_by_project_month_as_closed", [{**october, **figures}])
    _insert(connection, "ops.closes", [{**october, "closed_at": _NOW, "hash": "ab" * 32}])
    changed = {"project_id": "P-001", "measure": "travel_cost_amount_base", "document_key": "d", "document": HOSTILE,
               "amount_as_closed": 0, "amount_now": "1234.56", "difference": "1234.56", "cause": "arrived_after_close",
               "file_name": "cost_line_late.csv"}  # fmt: skip
    _insert(connection, "margin.margin_restatements", [{**october, **changed}])
    ledger = {"category": "travel", "ledger_amount_base": 10, "posted_amount_base": 11, "warehouse_amount_base": 9,
              "documented_amount_base": -2, "undocumented_amount_base": 1, "differing_documents": 1}  # fmt: skip
    _insert(connection, "margin.ledger_reconciliation", [{**october, **ledger}])


def _fill_landing(connection: duckdb.DuckDBPyConnection) -> None:
    for n in range(40):
        labour = n < 30
        amount = Decimal(1000 + n)
        amounts = {
            "amount_read": amount,
            "amount_loaded": amount - 30,
            "amount_rejected": Decimal(20),
            "amount_unchanged": Decimal(10),
        }
        load = {
            "load_number": n, "source_file_id": f"{n if labour else n + 70:016x}", "loaded_at": _NOW,
            "table_name": "time_entry" if labour else "invoice", "feed": "timesheets" if labour else "invoices",
            "file_name": f"2026/time-{n:03d}.csv" if labour else f"INV-{n}.xml", "format": "csv" if labour else "ubl",
            "rows_read": 100, "rows_loaded": 97, "rows_rejected": 2, "rows_unchanged": 1, "status": "loaded",
            "amount_column": "hours" if labour else "net_amount", "is_amount_withheld": n == 3, "is_conserved": True,
            "warnings": "unknown column Mood" if n == 7 else None,
        }  # fmt: skip
        _insert(connection, "ops.loads", [load if n == 3 else {**load, **amounts}])
    refused = {
        "load_number": 99, "source_file_id": "f" * 16, "file_name": f"{HOSTILE}.pdf", "feed": "erp",
        "loaded_at": _NOW, "status": "refused", "is_conserved": True, "is_amount_withheld": False,
        "reason": "not a known format; valid: csv, xlsx, ubl; to do: export it again",
    }  # fmt: skip
    _insert(connection, "ops.loads", [refused])
    columns = (
        "source_file_id",
        "table_name",
        "reject_number",
        "source_line",
        "column_name",
        "value",
        "reason",
        "remedy",
    )
    rejected = (
        (f"{1:016x}", "time_entry", 1, "17", "hours", "25", "more than a day", "correct the hours"),
        (f"{1:016x}", "time_entry", 2, "18", "project_id", HOSTILE, "unknown project", "deliver the project"),
        (f"{2:016x}", "time_entry", 1, "9", None, "(withheld: personal data)", "too few columns", "export again"),
    )
    _insert(connection, "ops.rejected_rows", [dict(zip(columns, row, strict=True)) for row in rejected])


def _fill_trust(connection: duckdb.DuckDBPyConnection) -> None:
    october = date(2026, 10, 1)
    columns = ("rule", "severity", "entity_type", "entity", "project_id", "month", "message", "amount_at_stake", "unit")
    exceptions = (
        ("missing_cost_rate", "error", "role", "R7", "P-001", october, "no rate in force for R7", Decimal(48), "h"),
        ("missing_exchange_rate", "error", "invoice", "I-77", "P-002", october, "no rate USD to EUR within 7 days",
         Decimal("12500.5"), "USD"),
        ("invoice_without_project", "error", "invoice", "I-88", None, october,
         f"the invoice of {HOSTILE} names no project", Decimal(33000), "EUR"),
        ("unapproved_time", "warning", "project", "P-001", "P-001", october, "hours in draft", None, "h"),
        ("no_revenue", "notice", "project", "P 003/50%", "P 003/50%", october, "no revenue to divide by", None, None),
    )  # fmt: skip
    _insert(connection, "ops.exceptions", [dict(zip(columns, row, strict=True)) for row in exceptions])
    columns = ("feed", "table_name", "month", "measure", "unit", "source_amount", "warehouse_amount",
               "excluded_amount", "difference", "is_withheld")  # fmt: skip
    totals = (
        ("timesheets", "time_entry", october, "hours", "h", None, None, None, 0, True),
        ("invoices", "invoice", october, "customer_net_amount", "EUR", 880000.25, 847000.25, 0, 33000, False),
    )
    _insert(connection, "ops.control_totals", [dict(zip(columns, row, strict=True)) for row in totals])
    check = {"suite": "erp", "schema_name": "raw", "model_name": "project", "severity": "critical", "status": "passed"}
    _insert(connection, "ops.check_results", [{**check, "check_name": f"check_{n}"} for n in range(30)])
    warning = {
        "suite": "published", "check_name": "margin_pct_is_plausible", "schema_name": "margin",
        "model_name": "margin_by_project_month", "column_name": "gross_margin_pct", "severity": "warning",
        "status": "failed", "failing_rows": 4, "message": "P-004: margin below -50 %",
    }  # fmt: skip
    _insert(connection, "ops.check_results", [warning])
    freshness = (
        {"feed": "timesheets", "table_name": "time_entry", "files": 30, "last_delivered_at": _NOW, "is_late": False},
        {"feed": "erp", "table_name": "cost_line", "files": 2, "last_delivered_at": _NOW, "is_late": True},
        {"feed": "kpi", "table_name": "milestone", "files": 0},
    )
    _insert(connection, "ops.feed_freshness", freshness)
    entry = {"schema_name": "margin", "model_name": "margin_by_project_month"}
    entries = (
        {**entry, "column_name": "", "meaning": "One row per project and month."},
        {**entry, "column_name": "gross_margin_pct", "data_type": "DECIMAL(18,6)", "meaning": "Margin over revenue",
         "formula": "gross_margin_amount_base / revenue_amount_base"},
    )  # fmt: skip
    _insert(connection, "ops.data_dictionary", entries)


def write_snapshot(path: Path, *, empty: bool = False) -> Path:
    """Writes the snapshot and returns its path; `empty`: the firm has delivered nothing at all."""
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        _create(connection)
        refresh = {
            "refresh_id": "20261121T050000Z-2", "started_at": _NOW, "ended_at": _NOW, "status": "published",
            "as_of": _NOW, "base_currency": "EUR", "code_version": "0.1.0+bbbbccccdddd", "input_hash": "c0ffee" * 10,
            "files_loaded": 40, "files_refused": 1, "rows_loaded": 3880, "seconds_by_step": "{}",
        }  # fmt: skip
        _insert(connection, "ops.refreshes", [refresh])
        if empty:
            return path
        failed = {"refresh_id": "20261120T050000Z-1", "started_at": datetime(2026, 11, 20, 5), "status": "failed"}
        _insert(connection, "ops.refreshes", [failed])
        _fill_core(connection)
        _fill_contracts(connection)
        _fill_landing(connection)
        _fill_balances(connection)
        _fill_trust(connection)
        fixture_home.fill(connection)
        fixture_outlook.fill(connection)
        fixture_cssq.fill(connection)
        fixture_documents.fill(connection)
    return path
