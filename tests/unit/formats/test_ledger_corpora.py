"""Real SAF-T and DATEV files: every one is read with its sums, or refused with its reason. Skipped where absent."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, TableRead
from tests.unit.formats.ledgers_read import frames, read_path, rules, totals

CORPORA = Path(os.environ.get("OUTTURN_CORPORA") or Path(__file__).parents[4] / "shared" / "corpora")
ERP = CORPORA / "erp"
FOLDERS = ("saft_norway", "saft_portugal", "ledermann_datev")

pytestmark = pytest.mark.skipif(not ERP.is_dir(), reason=f"no corpora at {CORPORA} (set OUTTURN_CORPORA)")

# file -> why it is refused
REFUSED = {
    "ExampleFile SAF-T Cash Register_999999999_20210330104000.xml": "a SAF-T Cash Register or XAF audit file",
    "Eksempelfil fra xmlSpy.xml": "the currency of the file is no currency of ISO 4217",
    "General_Ledger_Standard_Accounts_4_character.xml": "a list of Norwegian standard accounts",
    "Standard_Tax_Codes.xml": "a list of Norwegian standard tax codes",
    "Norwegian_SAF-T_Financial_Schema_v_1.10.xsd": "an XML schema (XSD), not data",
    "Norwegian_SAF-T_Financial_Schema_v_1.30.xsd": "an XML schema (XSD), not data",
    "README.md": "no canonical table fits",
    "SOURCE.txt": "no canonical table fits",
    "LICENSE": "no canonical table fits",
    "LICENSE.txt": "no canonical table fits",
}
READ = {
    "ExampleFile SAF-T Financial_999999999_20161125213512.xml",
    "saft_MISSING_INVOICE.xml", "saft_WRONG_SCHEMA.xml", "saft_permissivo.xml", "saft_permissivo_error.xml",
    "EXTF_Buchungsstapel.csv", "EXTF_Kontenbeschriftungen.csv",
}  # fmt: skip


def total(frame: pl.DataFrame, column: str) -> Decimal:
    return sum((Decimal(value) for value in frame[column]), Decimal(0))


def test_every_file_is_read_or_refused_with_its_reason(tmp_path: Path) -> None:
    read: set[str] = set()
    refused: dict[str, RefusedFile] = {}
    for path in sorted(p for folder in FOLDERS for p in (ERP / folder).rglob("*") if p.is_file()):
        try:
            found = read_path(path, tmp_path)
        except RefusedFile as refusal:
            refused[path.name] = refusal
        else:
            read.add(path.name)
            assert all(frame[FAULT].null_count() == frame.height for frame in frames(found).values()), path
    assert read == READ
    assert set(refused) == set(REFUSED)
    for name, refusal in refused.items():
        assert REFUSED[name] in str(refusal)
        assert refusal.remedy


def official(tmp_path: Path) -> list[TableRead]:
    folder = ERP / "saft_norway" / "Example Files"
    return read_path(folder / "ExampleFile SAF-T Financial_999999999_20161125213512.xml", tmp_path)


def test_the_official_norwegian_ledger(tmp_path: Path) -> None:
    reads = official(tmp_path)
    found = frames(reads)
    assert found["gl_balance"].select("account_code", "month", "amount").rows() == [
        ("4000", "2015-10", "10000.00"),
        ("2740", "2015-10", "2500.00"),
        ("2400", "2015-10", "0.00"),
        ("1925", "2015-10", "-12500.00"),
    ]
    columns = (
        "project_id",
        "posting_date",
        "account_code",
        "amount",
        "currency_code",
        "supplier_id",
        "document_number",
    )
    assert found["cost_line"].select(columns).rows() == [
        ("2000", "2015-10-22", "4000", "10000.00", "NOK", "20000", "123456")
    ]
    assert found["account"].select("account_code", "class").rows() == [
        ("1925", "out_of_scope"), ("2400", "payable"), ("2740", "out_of_scope"), ("4000", "material"),
    ]  # fmt: skip
    assert totals(reads)["GeneralLedgerEntries TotalDebit"] == ("25000", "25000")
    # its balances are made up, and one supplier is paid in NOR
    assert rules(reads) == ["saft-closing-balance", "saft-currency"]


@pytest.mark.parametrize("name", sorted(name for name in READ if name.startswith("saft_")))
def test_portuguese_sales_by_kind_of_document(name: str, tmp_path: Path) -> None:
    reads = read_path(ERP / "saft_portugal" / "tests" / "Resources" / name, tmp_path)
    found = frames(reads)
    invoices = found["invoice"]
    credit = invoices.filter(pl.col("type") == "credit_note")
    # FT 7,788.69 and 6,000.00 (summarised), FR 1,100.00, ND 30.00; NC 2,201.78; six annulled of 4,406.80 left out
    assert (invoices.height, credit.height) == (18, 5)
    assert total(invoices.filter(pl.col("type") == "invoice"), "net_amount") == Decimal("14918.69")
    assert total(credit, "net_amount") == Decimal("-2201.78")
    by_series = {
        "FT": invoices.filter(pl.col("invoice_id").str.contains(r"^(1T|FT|11T)")),
        "resumo": invoices.filter(pl.col("invoice_id").str.starts_with("1R")),
        "FR": invoices.filter(pl.col("invoice_id").str.starts_with("1TR")),
        "ND": invoices.filter(pl.col("invoice_id").str.starts_with("1N")),
    }
    assert total(by_series["FT"].filter(~pl.col("invoice_id").str.starts_with("1TR")), "net_amount") == Decimal(
        "7788.69"
    )
    assert [total(by_series[kind], "net_amount") for kind in ("resumo", "FR", "ND")] == [6000, 1100, 30]
    lines = found["invoice_line"].with_columns(pl.col("net_amount").cast(pl.Decimal(18, 4)))
    assert lines.filter(pl.col("net_amount") > 0)["net_amount"].sum() == Decimal("14918.7090")
    assert lines.filter(pl.col("net_amount") < 0)["net_amount"].sum() == Decimal("-2201.7838")
    assert totals(reads) == {
        "SalesInvoices NumberOfEntries": ("24", "24"),
        "SalesInvoices TotalDebit": ("2201.7838", "2201.7838"),
        "SalesInvoices TotalCredit": ("14918.709", "14918.709"),
    }
    said = next(w for w in reads[0].warnings if "annulled" in w)
    assert said.startswith("6 documents")
    assert said.endswith("4406.7966")
    # one of the files lacks two numbers of a series, as its name says
    assert rules(reads) == (["saft-series"] if name == "saft_MISSING_INVOICE.xml" else [])


def test_datev_bookings_are_postings_with_tax_taken_out(tmp_path: Path) -> None:
    path = ERP / "ledermann_datev" / "examples" / "EXTF_Buchungsstapel.csv"
    reads = read_path(path, tmp_path, options={"datev": {"chart": "SKR03"}})
    frame = frames(reads)["gl_balance"].sort("source_line", "account_code")
    assert frame.select("account_code", "month", "amount").rows() == [
        ("1200", "2018-02", "-24.95"),
        ("1571", "2018-02", "1.63"),
        ("4940", "2018-02", "23.32"),
        ("10000", "2018-02", "5950.00"),
        ("1776", "2018-02", "-950.00"),
        ("8400", "2018-02", "-5000.00"),
    ]
    assert total(frame, "amount") == 0
    without = frames(read_path(path, tmp_path))["gl_balance"]
    assert dict(zip(without["account_code"], without["amount"], strict=True))["8400"] == "-5950.00"


def test_datev_captions_are_accounts(tmp_path: Path) -> None:
    (read,) = read_path(ERP / "ledermann_datev" / "examples" / "EXTF_Kontenbeschriftungen.csv", tmp_path)
    assert read.frame.collect().select("account_code", "account_name").rows() == [
        ("400", "Betriebsausstattung"), ("1000", "Kasse"), ("1200", "Girokonto"),
    ]  # fmt: skip
