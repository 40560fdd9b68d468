"""Each assertion that holds balances and their reconciliation together finds its planted fault."""

from __future__ import annotations

import pytest

RECEIVABLES = {
    "receivables_ageing": (
        "currency_code varchar, month date, open_amount decimal(18, 2)",
        "'EUR', '2026-01-01', 60",
        "'EUR', '2026-01-01', 40",
        "'EUR', '2026-02-01', 70",
        "'USD', '2026-02-01', -5",
    ),
    "fct_invoices": (
        "invoice_id varchar, direction varchar, counterparty_id varchar, currency_code varchar, issue_month date, "
        "gross_amount decimal(18, 2)",
        "'I1', 'customer', 'C1', 'EUR', '2026-01-01', 60",
        "'I2', 'customer', 'C1', 'EUR', '2026-01-01', 40",
        "'S1', 'supplier', 'C1', 'EUR', '2026-01-01', 99",
    ),
    "int_balances__payments_applied": (
        "invoice_id varchar, direction varchar, counterparty_id varchar, paid_month date, currency_code varchar, "
        "amount decimal(24, 6), applied_amount decimal(18, 2), is_applied boolean",
        "'I1', 'customer', 'C1', '2026-02-01', 'EUR', 10, 10, true",
        "'I2', 'customer', 'C1', '2026-02-01', 'USD', 22, 20, true",
        "'I9', 'customer', null, '2026-02-01', 'USD', 5, null, false",
        "'S1', 'supplier', 'C1', '2026-02-01', 'EUR', 99, 99, true",
    ),
}


def test_receivables_that_are_invoiced_less_paid_pass(assertion):
    assert assertion("receivables_are_invoiced_less_paid", RECEIVABLES) == []


@pytest.mark.parametrize(
    ("table", "row", "found"),
    [
        ("receivables_ageing", "'EUR', '2026-02-01', 0.01", ("EUR", "2026-02")),
        ("receivables_ageing", "'EUR', '2026-03-01', 70.01", ("EUR", "2026-03")),
        ("fct_invoices", "'I3', 'customer', 'C1', 'EUR', '2026-02-01', 5", ("EUR", "2026-02")),
        (
            "int_balances__payments_applied",
            "'I1', 'customer', 'C1', '2026-02-01', 'EUR', 1, 1, true",
            ("EUR", "2026-02"),
        ),
    ],
)
def test_a_receivable_that_does_not_add_up_is_named(assertion, table, row, found):
    tables = RECEIVABLES | {table: (*RECEIVABLES[table], row)}
    faults = assertion("receivables_are_invoiced_less_paid", tables)
    assert found in [(f["currency_code"], f"{f['month']:%Y-%m}") for f in faults]


UNBILLED = {
    "wip_ageing": (
        "contract_id varchar, month date, bucket varchar, unbilled_amount decimal(18, 2), "
        "unbilled_amount_base decimal(18, 2)",
        "'K1', '2026-02-01', '0-30', 30, 15",
        "'K1', '2026-02-01', '31-60', 20, 10",
    ),
    "contract_balances_by_contract_month": (
        "contract_id varchar, month date, contract_asset_amount decimal(18, 2), "
        "contract_asset_amount_base decimal(18, 2)",
        "'K1', '2026-01-01', 0, 0",
        "'K1', '2026-02-01', 50, 25",
        "'K2', '2026-02-01', 7, 7",
    ),
    "int_balances__contract_positions_by_month": (
        "contract_id varchar, currency_code varchar",
        "'K1', 'USD'",
        "'K2', 'USD'",
        "'K2', 'EUR'",
    ),
}


def test_unbilled_work_that_is_the_contract_asset_passes(assertion):
    assert assertion("unbilled_work_sums_to_contract_assets", UNBILLED) == []


@pytest.mark.parametrize(
    "row",
    [
        "'K1', '2026-02-01', '61-90', 0.01, 0",
        "'K1', '2026-02-01', '61-90', 0, 0.01",
        "'K1', '2026-01-01', '0-30', 30, 15",
        "'K9', '2026-01-01', '0-30', 30, 15",
    ],
)
def test_unbilled_work_that_is_not_is_named(assertion, row):
    tables = UNBILLED | {"wip_ageing": (*UNBILLED["wip_ageing"], row)}
    (fault,) = assertion("unbilled_work_sums_to_contract_assets", tables)
    assert fault["contract_id"] == row[1:3]


RECONCILED = {
    "reconciliation_documents": (
        "category varchar, month date, project_id varchar, difference_amount_base decimal(18, 2)",
        "'travel', '2026-01-01', 'P1', 5",
        "'travel', '2026-01-01', null, -2",
        "'payable', '2026-01-01', 'P1', 7",
    ),
    "ledger_reconciliation": (
        "category varchar, month date, difference_amount_base decimal(18, 2), documented_amount_base decimal(18, 2)",
        "'travel', '2026-01-01', 3, 5",
        "'payable', '2026-01-01', null, 7",
    ),
    "cost_reconciliation": (
        "category varchar, month date, project_id varchar, difference_amount_base decimal(18, 2)",
        "'travel', '2026-01-01', 'P1', 5",
        "'other', '2026-01-01', 'P1', 0",
    ),
}


def test_a_difference_that_is_listed_passes(assertion):
    assert assertion("reconciliation_documents_sum_to_differences", RECONCILED) == []


@pytest.mark.parametrize(
    ("table", "row", "levels"),
    [
        ("reconciliation_documents", "'travel', '2026-01-01', 'P1', 0.01", {"class", "project"}),
        ("reconciliation_documents", "'travel', '2026-01-01', null, 0.01", {"class"}),
        ("ledger_reconciliation", "'labour', '2026-01-01', 1, 0", {"class"}),
        ("cost_reconciliation", "'labour', '2026-01-01', 'P1', 1", {"project"}),
    ],
)
def test_a_difference_that_no_document_explains_is_named(assertion, table, row, levels):
    tables = RECONCILED | {table: (*RECONCILED[table], row)}
    faults = assertion("reconciliation_documents_sum_to_differences", tables)
    assert {f["level"] for f in faults} == levels
