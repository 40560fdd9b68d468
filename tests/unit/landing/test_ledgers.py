"""SAF-T and DATEV through the whole landing: amounts conserved, totals kept, a later export in place of an earlier."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from pipelines.landing import land_inbox
from tests.unit.formats.seeds import datev, saft
from tests.unit.formats.seeds.datev import ROWS, row, stack


def movements(home: Any, company: str) -> list[tuple]:
    return home.rows(
        "select account_code, cast(month as varchar)[:7], amount from raw.gl_balance where company_id = ? order by all",
        [company],
    )


def test_a_saft_file_is_loaded_whole_with_its_totals_and_findings(home: Any) -> None:
    home.drop("erp/ledger.xml", saft.norway())
    (file,) = land_inbox(home.settings).files
    assert (file.status, file.reason, file.format) == ("loaded", None, "saft")
    counts = {t.table: (t.rows_read, t.rows_loaded, t.rows_rejected, t.amount_loaded) for t in file.tables}
    assert counts == {
        "gl_balance": (8, 8, 0, Decimal(0)),  # debit and credit cancel out
        "cost_line": (5, 5, 0, Decimal("420.00")),
        "account": (6, 6, 0, None),
        "customer": (1, 1, 0, None),
    }
    assert home.rows("select measure, stated, found from ledger.control_totals order by measure")[1:] == [
        ("GeneralLedgerEntries TotalCredit", Decimal("496.13"), Decimal("496.13")),
        ("GeneralLedgerEntries TotalDebit", Decimal("496.13"), Decimal("496.13")),
        ("accounts whose closing balance is opening balance and movements", Decimal(1), Decimal(1)),
    ]
    assert home.rows("select rule, severity, profile, entity, amount from ledger.findings") == [
        ("saft-account-class", "warning", "saft", "9999", Decimal(40))
    ]


def test_a_later_export_replaces_its_own_companys_months(home: Any) -> None:
    other = saft.norway().replace(b">999999999<", b">888888888<")
    home.drop("erp/1.xml", saft.norway())
    home.drop("erp/2.xml", other)
    land_inbox(home.settings)
    # April's cost moves from account 5000 to 4500; 5000 and 3000 are gone
    moved = saft.line("1", "4500", debit="9") + saft.line("2", "1920", credit="9")
    body = saft.LINES[0] + saft.transaction("2", moved, day="2025-04-30")
    home.drop("erp/3.xml", saft.norway(body, entries="2", debit="134.63", credit="134.63"))
    (file,) = land_inbox(home.settings).files
    ledger = next(t for t in file.tables if t.table == "gl_balance")
    assert ledger.rows_withdrawn == 4
    assert movements(home, "999999999") == [
        ("1920", "2025-04", Decimal(-9)),
        ("2400", "2025-03", Decimal("-125.63")),
        ("2740", "2025-03", Decimal("25.13")),
        ("4000", "2025-03", Decimal("100.50")),
        ("4500", "2025-04", Decimal(9)),
    ]
    assert len(movements(home, "888888888")) == 8


def test_rejected_lines_stand_beside_the_loaded_ones_and_nothing_is_lost(home: Any) -> None:
    home.settings = replace(home.settings, formats={"saft": {"control_totals": "report"}})
    unreadable = saft.line("2", "4000", debit="1e3", inside=saft.PROJECT)
    lines = saft.line("1", "", debit="5") + unreadable + saft.line("3", "1920", credit="5")
    home.drop("erp/ledger.xml", saft.norway(saft.transaction("1", lines), entries="1", debit="1005", credit="5"))
    (file,) = land_inbox(home.settings).files
    counts = {t.table: (t.rows_loaded, t.rows_rejected, t.amount_rejected, t.amounts_unreadable) for t in file.tables}
    assert counts["gl_balance"] == (1, 2, Decimal(5), 1)
    assert counts["cost_line"] == (0, 1, Decimal(0), 1)
    assert [(column, value) for _, _, column, value, _ in home.rejected()] == [
        ("amount", "1e3"), ("account_code", None), ("amount", "1e3"),
    ]  # fmt: skip


def test_totals_that_disagree_leave_nothing_behind(home: Any) -> None:
    home.drop("erp/ledger.xml", saft.norway(debit="1"))
    (file,) = land_inbox(home.settings).files
    assert file.status == "refused"
    assert "TotalDebit says 1.00, in the file are 496.13" in file.reason
    assert home.rows("select count(*) from raw.gl_balance") == [(0,)]


def test_portuguese_sales_are_invoices_with_customers(home: Any) -> None:
    home.drop("invoices/vendas.xml", saft.portugal())
    (file,) = land_inbox(home.settings).files
    counts = {t.table: (t.rows_loaded, t.rows_rejected, t.amount_loaded) for t in file.tables}
    assert counts == {
        "invoice": (4, 0, Decimal("117.00")),
        "invoice_line": (5, 0, Decimal("117.0000")),
        "customer": (2, 0, None),
    }


def test_a_stack_delivered_again_replaces_itself_and_no_other(home: Any) -> None:
    home.settings = replace(home.settings, formats={"datev": {"chart": "SKR03"}})
    home.drop("erp/1.csv", stack(*ROWS, label="Rechnungen"))
    home.drop("erp/2.csv", stack(row(amount="7,00", account="4660", other="1200", kost2="P-2"), label="Bank"))
    land_inbox(home.settings)
    assert home.rows("select count(*), sum(amount) from raw.cost_line") == [(4, Decimal("137.00"))]
    corrected = (row(amount="238,00", account="3100", other="70001", key="9", document="ER-1", kost2="P-1"), *ROWS[1:])
    home.drop("erp/3.csv", stack(*corrected, label="Rechnungen"))
    (file,) = land_inbox(home.settings).files
    assert {t.table: t.rows_withdrawn for t in file.tables} == {"gl_balance": 0, "cost_line": 1}
    assert home.rows("select project_id, amount from raw.cost_line order by all") == [
        ("P-1", Decimal(200)), ("P-2", Decimal(-20)), ("P-2", Decimal(7)), ("P-2", Decimal(50)),
    ]  # fmt: skip
    assert home.rows("select sum(amount), count(*) from raw.gl_balance") == [(Decimal(0), 10)]


def test_every_row_of_a_stack_is_booked_or_rejected_with_its_reason(home: Any) -> None:
    home.drop("erp/stack.csv", stack(*ROWS, row(amount="1.234", account="4660", other="1200"), chart="03"))
    (file,) = land_inbox(home.settings).files
    ledger = next(t for t in file.tables if t.table == "gl_balance")
    assert (ledger.rows_read, ledger.rows_loaded, ledger.rows_rejected) == (9, 8, 1)
    ((_, line, _, _, reason),) = home.rejected()
    assert (line, reason) == ("7", "the amount (Umsatz) is no number such as 1234,56")


def test_captions_and_partners_are_loaded(home: Any) -> None:
    home.drop("erp/1.csv", datev.captions())
    home.drop("erp/2.csv", datev.partners())
    files = land_inbox(home.settings).files
    assert [(t.table, t.rows_loaded) for file in files for t in file.tables] == [("account", 2), ("customer", 2)]


def test_master_data_of_a_ledger_leave_those_of_canonical_files_as_they_are(home: Any) -> None:
    home.drop("erp/account.csv", "account_code,account_name,class\n4000,Subcontractors,subcontract\n")
    home.drop("erp/customer.csv", "customer_id,customer_name,segment\n12000,Kunden,Public\n")
    home.drop("erp/ledger.xml", saft.norway())
    *_, file = land_inbox(home.settings).files
    counts = {t.table: (t.rows_read, t.rows_loaded, t.rows_unchanged) for t in file.tables if t.amount_column is None}
    assert counts == {"account": (6, 5, 1), "customer": (1, 0, 1)}
    classes = dict(home.rows("select account_code, class from raw.account"))
    assert (classes["4000"], classes["5000"]) == ("subcontract", "labour")
    assert home.rows("select customer_name, segment from raw.customer") == [("Kunden", "Public")]
    # a canonical file corrects what a ledger brought along, and a later ledger its own rows
    home.drop("erp/account.csv", "account_code,account_name,class\n5000,Wages,other\n")
    home.drop("erp/later.xml", saft.norway().replace(b">Account 3000<", b">Sales<").replace(b"Firma", b"Firmaet"))
    land_inbox(home.settings)
    rows = home.rows(
        "select account_code, account_name, class from raw.account where account_code in ('3000', '5000') order by 1"
    )
    assert rows == [("3000", "Sales", "revenue"), ("5000", "Wages", "other")]
