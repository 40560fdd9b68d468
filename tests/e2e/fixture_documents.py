"""Documents under the figures of one project's October, adding up to them, with the awkward ones among them: a labour
row whose hours are withheld, an accrual, a line without a rate, a complaint that nobody posted, a payment of two
projects, a cent of rounding, a number that is a formula and markup. One figure differs from its documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

OCTOBER = date(2026, 10, 1)
AUGUST = date(2026, 8, 1)
PROJECT = "P-001"
HOSTILE_DOCUMENT = '=HYPERLINK("https://example.invalid") <img src=x onerror=alert(1)>'
# what the mart says was billed, and no document does
UNEXPLAINED = Decimal("7.77")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, *rows: Mapping[str, Any]) -> None:
    for row in rows:
        marks = ", ".join("?" for _ in row)
        connection.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))


def _costs(connection: duckdb.DuckDBPyConnection, figures: Mapping[str, Decimal]) -> None:
    file = f"{5:016x}"
    shared = {"project_id": PROJECT, "is_project_known": True, "cost_month": OCTOBER, "currency_code": "EUR",
              "is_quality_cost": False, "is_complete": True}  # fmt: skip
    labour = {**shared, "category": "labour", "origin": "time_sheets", "wbs_id": "W1"}
    posted = {**shared, "origin": "erp", "source_file_id": file, "posting_date": date(2026, 10, 9), "wbs_id": "W2"}
    engineers = figures["labour"] - Decimal("40.10")
    bought, delivered = figures["subcontract"] - 50, figures["material"] + Decimal("29.95")
    rows = (
        {**labour, "role_id": "R1", "amount": engineers, "amount_base": engineers},
        {**labour, "role_id": "R2", "amount": "40.10", "amount_base": "40.10", "is_quality_cost": True},
        {**posted, "category": "subcontract", "document_number": HOSTILE_DOCUMENT, "supplier_id": "S-1",
         "amount": bought, "amount_base": bought, "account_code": "5100", "source_line": "7"},
        {**shared, "category": "subcontract", "origin": "accrual", "document_number": "SI-9", "supplier_id": "S-1",
         "amount": 550, "currency_code": "NOK", "amount_base": 50, "source_file_id": f"{105:016x}",
         "source_line": "/Invoice/cac:InvoiceLine[2]"},
        {**posted, "category": "material", "document_number": "M-1", "amount": delivered, "amount_base": delivered,
         "source_line": "8"},
        {**posted, "category": "uninstalled_material", "document_number": "M-2", "amount": "-29.95",
         "amount_base": "-29.95", "source_line": "9"},
        {**posted, "category": "travel", "document_number": "T-1", "amount": figures["travel"],
         "amount_base": figures["travel"], "source_line": "10"},
        {**posted, "category": "travel", "document_number": "T-2", "amount": 99, "currency_code": "CHF",
         "amount_base": None, "source_line": "11"},
    )  # fmt: skip
    _insert(connection, "core.fct_cost_lines", *rows)
    hours = {"project_id": PROJECT, "month": OCTOBER, "wbs_id": "W1", "approval_status": "approved"}
    _insert(
        connection,
        "core.fct_time_entries",
        {**hours, "role_id": "R1", "hours": "6.5", "is_hours_withheld": False},
        {**hours, "role_id": "R2", "hours": None, "is_hours_withheld": True},
    )
    complaint = {"complaint_id": "CMP-1", "project_id": PROJECT, "opened_month": OCTOBER, "currency_code": "EUR",
                 "opened_date": date(2026, 10, 3), "cost_amount": 10, "cost_amount_base": 10}  # fmt: skip
    _insert(connection, "core.fct_complaints", complaint)
    _insert(
        connection,
        "ops.exceptions",
        {"rule": "complaint_cost_not_posted", "severity": "notice", "entity_type": "complaint", "entity": "CMP-1",
         "project_id": PROJECT, "month": OCTOBER, "message": "not posted", "amount_at_stake": 10, "unit": "EUR"},
    )  # fmt: skip


def _invoices(connection: duckdb.DuckDBPyConnection, billed: Decimal) -> None:
    file = f"{110:016x}"
    line = {"invoice_id": "I-1", "direction": "customer", "counterparty_id": "X", "customer_id": "C1",
            "issue_date": date(2026, 10, 20), "issue_month": OCTOBER, "type": "invoice", "currency_code": "EUR",
            "is_project_known": True, "is_remainder": False, "source_file_id": file}  # fmt: skip
    lines = (
        {**line, "line_id": "1", "project_id": PROJECT, "net_amount": billed + 100, "net_amount_base": billed + 100,
         "source_line": "2"},
        {**line, "line_id": "2", "project_id": PROJECT, "net_amount": -100, "net_amount_base": -100,
         "source_line": "3"},
        # as much of the same invoice is another project's, and so of what is paid on it
        {**line, "line_id": "3", "project_id": "P-002", "net_amount": billed, "net_amount_base": billed,
         "source_line": "4"},
    )  # fmt: skip
    _insert(connection, "core.fct_invoice_lines", *lines)
    payment = {"payment_id": "PAY-1", "invoice_id": "I-1", "direction": "customer", "paid_date": date(2026, 10, 30),
               "paid_month": OCTOBER, "currency_code": "EUR", "payment_amount": "450.01",
               "payment_amount_base": "450.01", "source_file_id": file, "source_line": "99"}  # fmt: skip
    _insert(connection, "core.fct_payments", payment)
    open_item = {"month": AUGUST, "invoice_key": "k9", "item_type": "invoice", "invoice_id": "I-0",
                 "customer_id": "C1", "project_id": PROJECT, "issue_date": date(2026, 7, 20), "days_overdue": 12,
                 "currency_code": "EUR", "open_amount": 200, "open_amount_base": "200.01", "bucket": "1-30",
                 "source_file_id": file, "source_line": "1"}  # fmt: skip
    _insert(connection, "margin.receivables_ageing", open_item)
    balance = {"contract_id": "CT-1", "month": AUGUST, "project_id": PROJECT, "currency_code": "EUR",
               "receivable_amount": 190, "receivable_amount_base": 190, "retention_amount": 10,
               "retention_amount_base": 10}  # fmt: skip
    _insert(connection, "margin.contract_balances_by_contract_month", balance)


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Adds the documents; of the figures themselves only those change that no other figure is made of."""
    figures = dict(
        zip(
            ("revenue", "labour", "subcontract", "material", "travel", "billed"),
            connection.execute(
                "select revenue_amount_base, labour_cost_amount_base, subcontract_cost_amount_base, "
                "material_cost_amount_base, travel_cost_amount_base, billed_amount_base "
                "from margin.margin_by_project_month where project_id = ? and month = ?",
                [PROJECT, OCTOBER],
            ).fetchone(),
            strict=True,
        )
    )
    _costs(connection, figures)
    _invoices(connection, figures["billed"])
    connection.execute(
        "update margin.margin_by_project_month set collected_amount_base = 225.01, quality_cost_amount_base = 50.10, "
        "billed_amount_base = billed_amount_base + ? where project_id = ? and month = ?",
        [UNEXPLAINED, PROJECT, OCTOBER],
    )
    for line, amount in (("CL-1", figures["revenue"]), ("CL-2", 0)):
        connection.execute(
            "update margin.revenue_by_contract_line_month set revenue_amount = ?, revenue_amount_base = ? "
            "where contract_line_id = ? and month = ?",
            [amount, amount, line, OCTOBER],
        )
    for line in ("CL-1", "CL-2"):
        named = {"contract_line_id": line, "contract_id": "CT-1", "project_id": PROJECT}
        _insert(connection, "core.dim_contract_lines", named)
