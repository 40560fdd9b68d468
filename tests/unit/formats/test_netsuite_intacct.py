"""NetSuite, Sage Intacct and a register of payments: one book, posted lines only, signs, joins."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.errors import RefusedFile
from pipelines.formats.profiles import load_profiles, read_profile
from tests.unit.formats.erp_files import Reader, faults, rows, total
from tests.unit.formats.seeds import erp

DOCS = Path(__file__).parents[3] / "docs" / "formats.md"
USD = {"currencies": {"1": "USD"}}


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def by_table(reader: Reader, content: bytes | str, **more):
    return {read.table: read for read in reader.reads(content, **more)}


# -- NetSuite ----------------------------------------------------------------------------------------------------------


def test_joined_transactions_give_balances_and_costs(reader: Reader) -> None:
    reads = by_table(reader, erp.NETSUITE_LINES)
    assert rows(reads["cost_line"], "cost_line_id", "project_id", "account_code", "amount", "document_number") == [
        ("9001/1/1", "1548", "5000", "1200.50", "BILL-1")
    ]
    assert rows(reads["gl_balance"], "company_id", "account_code", "month", "amount", "currency_code") == [
        ("1", "5000", "2026-01", "1200.500000", "USD"),
        ("1", "2000", "2026-01", "-1200.500000", "USD"),
        ("1", "4000", "2026-01", "-3000.000000", "USD"),  # income is negative
        ("1", "1100", "2026-01", "3000.000000", "USD"),
    ]
    assert "1 lines that are not posted (posting F) left out, amounts of 77" in reads["cost_line"].warnings


def test_one_accounting_book_counts(reader: Reader) -> None:
    two = erp.NETSUITE_LINES + erp.NETSUITE_LINES.splitlines()[1].replace("9001,1,1", "9001,1,2") + "\n"
    with pytest.raises(RefusedFile, match=r"several accounting books.*\[netsuite\] accounting_book"):
        reader.reads(two)
    reads = by_table(reader, two, netsuite={"accounting_book": 2})
    assert total(reads["gl_balance"]) == Decimal("1200.50")


def test_the_subsidiarys_currency_is_needed(reader: Reader) -> None:
    text = erp.NETSUITE_LINES.replace("basecurrency", "colour")
    with pytest.raises(RefusedFile, match="in the subsidiary's currency, which the query does not name"):
        reader.reads(text)
    reads = by_table(reader, text, netsuite={"subsidiaries": {"1": "cad"}})
    assert rows(reads["cost_line"], "currency_code") == [("CAD",)]


def test_jobs_are_projects_with_an_alias_for_their_number(reader: Reader) -> None:
    with pytest.raises(RefusedFile, match=r"internal numbers that nothing explains.*netsuite.currencies"):
        reader.reads(erp.NETSUITE_JOB)
    reads = by_table(reader, erp.NETSUITE_JOB, netsuite={**USD, "statuses": {"18": "care"}})
    assert rows(reads["project"], "project_id", "project_name", "currency_code", "status", "start_date") == [
        ("PRJ-1", "Plant North", "USD", "execute", "2026-01-01"),
        ("PRJ-2", "Plant South", "USD", "closed", "2025-01-01"),
        ("PRJ-3", "Plant West", "USD", "execute", "2025-06-01"),
    ]
    assert rows(reads["project_alias"], "alias", "source_system", "project_id")[0] == ("1548", "netsuite", "PRJ-1")
    assert any(warning.startswith("1 projects have no status that is known") for warning in reads["project"].warnings)
    declared = by_table(reader, erp.NETSUITE_JOB, netsuite={**USD, "statuses": {"17": "care"}})
    assert rows(declared["project"], "status")[2] == ("care",)


def test_parts_of_transactions_say_what_to_export_instead(reader: Reader) -> None:
    with pytest.raises(RefusedFile) as caught:
        reader.reads("id,trandate,type,entity,postingperiod\n1,2026-01-01,Bill,7,3\n", name="transaction.csv")
    assert "export one query that joins transaction, transactionline and transactionaccountingline" in str(caught.value)


# -- Sage Intacct ------------------------------------------------------------------------------------------------------


def test_the_ledger_of_one_book_posted_lines_signed(reader: Reader) -> None:
    reads = by_table(reader, erp.GL_DETAIL)
    assert rows(reads["cost_line"], "cost_line_id", "project_id", "amount", "posting_date", "document_number") == [
        ("gl/1", "P-1", "100.25", "2026-01-05", "BILL-1"),
        ("gl/5", "P-1", "-20.25", "2026-02-01", "CR-1"),
    ]
    assert rows(reads["gl_balance"], "company_id", "account_code", "month", "amount") == [
        ("L1", "50300", "2026-01", "100.250000"),
        ("L1", "20000", "2026-01", "-100.250000"),
        ("L1", "50300", "2026-02", "-20.250000"),
    ]
    assert faults(reads["gl_balance"]) == [
        ("7", "TR_TYPE is neither 1 (debit) nor -1 (credit): the amount has no sign")
    ]
    said = reads["gl_balance"].warnings
    assert "1 lines of books other than ACCRUAL left out" in said
    assert "1 lines that are not posted left out, amounts of 7" in said
    cash = by_table(reader, erp.GL_DETAIL, intacct={"book": "CASH"})
    assert total(cash["gl_balance"]) == Decimal("100.25")
    columns = erp.GL_DETAIL.replace("amount,tr_type", "debitamount,creditamount").replace(",1,2026", ",,2026")
    with pytest.raises(RefusedFile, match="no canonical table fits"):
        reader.reads(columns)


def test_debit_and_credit_columns_give_the_sign(reader: Reader) -> None:
    text = (
        "recordno,bookid,accountno,amount,debitamount,creditamount,entry_date,basecurr,projectid\n"
        "1,ACCRUAL,50300,100.25,100.25,0,2026-01-05,USD,P-1\n2,ACCRUAL,50300,20.25,,20.25,2026-01-05,USD,P-1\n"
    )
    reads = by_table(reader, text)
    assert total(reads["cost_line"]) == Decimal("80.00")


def test_bills_give_costs_or_the_ledger_does(reader: Reader) -> None:
    read = reader.one(erp.AP_BILL_ITEM)
    assert rows(read, "cost_line_id", "amount", "is_billable", "supplier_id") == [("ap/11", "100.25", "true", "V-1")]
    assert read.warnings == (
        "1 lines of bills that are not posted left out, amounts of 55",
        "1 lines without a project left out, amounts of 9.75",
    )
    assert read.excludes is not None
    assert read.excludes.formats == ("intacct gl_detail",)
    with pytest.raises(RefusedFile, match="lines of bills would count a second time"):
        reader.reads(erp.AP_BILL_ITEM, intacct={"actuals": "gl_detail"})


def test_invoices_projects_and_time(reader: Reader) -> None:
    invoices = reader.one(erp.AR_INVOICE)
    assert rows(invoices, "invoice_id", "direction", "type", "net_amount", "tax_amount", "gross_amount") == [
        ("INV-1", "customer", "invoice", "1000.000000", "190.00", "1190.00"),
        ("CR-1", "customer", "credit_note", "-100.000000", "-19.00", "-119.00"),
    ]
    assert "1 drafts left out, amounts of 50" in invoices.warnings
    assert rows(reader.one(erp.PROJECT), "project_id", "status", "start_date", "planned_end_date") == [
        ("P-1", "execute", "2026-01-15", "2026-12-31")
    ]
    entries = reader.one(erp.TIMESHEET_ENTRY)
    assert rows(entries, "entry_id", "hours", "approval_status", "is_billable") == [
        ("1", "7.5", "approved", "true"),
        ("2", "2.25", "submitted", "false"),
    ]


# -- payments without projects -----------------------------------------------------------------------------------------


def test_payments_without_projects_are_refused_and_load_through_the_documented_profile(
    reader: Reader, tmp_path: Path
) -> None:
    with pytest.raises(RefusedFile) as caught:
        reader.reads(erp.PAYMENTS)
    assert "what was paid to suppliers, without project and currency: a cost line belongs to a project" in str(
        caught.value
    )
    section = DOCS.read_text(encoding="utf-8").split("### Payments without projects")[1]
    (tmp_path / "payments.yaml").write_text(section.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    profile = read_profile(tmp_path / "payments.yaml")
    read = reader.one(erp.PAYMENTS, profiles=[*load_profiles(), profile])
    assert rows(read, "cost_line_id", "project_id", "posting_date", "amount", "currency_code") == [
        ("paid-0", "OVERHEAD", "2010-04-01", "1390.11", "GBP"),
        ("paid-1", "OVERHEAD", "2010-04-02", "-978.00", "GBP"),
    ]
