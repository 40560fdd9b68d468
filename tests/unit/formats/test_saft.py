"""SAF-T: every ledger line is in a movement, project lines are costs once, what is wrong is refused or named."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import RefusedFile
from pipelines.formats import xml_stream
from pipelines.formats.base import FAULT
from tests.unit.formats.ledgers_read import frames, read_bytes, rules, totals
from tests.unit.formats.seeds import saft
from tests.unit.formats.seeds.saft import analysis, line, norway, portugal, transaction


def movements(data: bytes, work: Path, **options: Any) -> dict[tuple[str, str], str]:
    frame = frames(read_bytes(data, work, options=options))["gl_balance"]
    return {(r["account_code"], r["month"]): r["amount"] for r in frame.iter_rows(named=True)}


@pytest.mark.parametrize("namespace", [saft.NORWAY, None])
def test_a_norwegian_ledger_becomes_movements_debit_positive(namespace: str | None, tmp_path: Path) -> None:
    reads = read_bytes(norway(namespace=namespace), tmp_path)
    assert [read.table for read in reads] == ["gl_balance", "cost_line", "account", "customer"]
    balance = frames(reads)["gl_balance"]
    assert movements(norway(namespace=namespace), tmp_path) == {
        ("4000", "2025-03"): "80.00",
        ("2740", "2025-03"): "25.13",
        ("2400", "2025-03"): "-105.13",
        ("5000", "2025-04"): "300.00",
        ("1920", "2025-04"): "-300.00",
        ("3000", "2025-04"): "-50.00",
        ("9999", "2025-04"): "40.00",
        ("4000", "2025-04"): "10.00",
    }
    assert set(balance["company_id"]) == {"999999999"}
    assert set(balance["currency_code"]) == {"NOK"}
    assert balance[FAULT].null_count() == 8
    assert balance["source_line"][0] == "/AuditFile/GeneralLedgerEntries/Journal[1]/Transaction[1]/Line[1]"
    assert totals(reads) == {
        "GeneralLedgerEntries NumberOfEntries": ("4", "4"),
        "GeneralLedgerEntries TotalDebit": ("496.13", "496.13"),
        "GeneralLedgerEntries TotalCredit": ("496.13", "496.13"),
        "accounts whose closing balance is opening balance and movements": ("1", "1"),
    }
    assert any("no namespace" in w for w in reads[0].warnings) == (namespace is None)


def test_lines_with_a_project_are_costs_where_their_account_is_one(tmp_path: Path) -> None:
    reads = read_bytes(norway(), tmp_path)
    rows = frames(reads)["cost_line"].sort("cost_line_id").to_dicts()
    assert [(r["cost_line_id"], r["project_id"], r["account_code"], r["amount"]) for r in rows] == [
        ("999999999/GL/2025/1/1", "P-1", "4000", "100.50"),
        ("999999999/GL/2025/2/1/P-1.1", "P-1", "5000", "200.00"),
        ("999999999/GL/2025/2/1/P-2.2", "P-2", "5000", "100.00"),
        ("999999999/GL/2025/3/2", "P-1", "9999", "40.00"),
        ("999999999/GL/2025/4/1", "P-1", "4000", "-20.50"),
    ]
    # what the expense line does not say stands on the payable line of its voucher
    assert (rows[0]["supplier_id"], rows[0]["document_number"], rows[0]["posting_date"]) == (
        "S-7",
        "INV-9",
        "2025-03-31",
    )
    (unclassed,) = [f for f in reads[0].findings if f.rule == "saft-account-class"]
    assert (unclassed.entity, unclassed.amount, unclassed.unit) == ("9999", Decimal("40"), "NOK")
    assert "1 lines with a project on accounts of class revenue" in " ".join(reads[0].warnings)
    assert "-50.00 NOK" in " ".join(reads[0].warnings)


def test_accounts_get_the_class_of_their_standard_account_or_of_the_configuration(tmp_path: Path) -> None:
    def classes(**saft: Any) -> dict[str, str]:
        frame = frames(read_bytes(norway(), tmp_path, options={"saft": saft}))["account"]
        return dict(zip(frame["account_code"], frame["class"], strict=True))

    assert classes() == {
        "1920": "out_of_scope",
        "2400": "payable",
        "3000": "revenue",
        "4000": "material",
        "5000": "labour",
        "9999": "out_of_scope",
    }
    own = classes(account_classes={"4*": "other", "4000": "subcontract", "9000-9999": "travel"})
    assert (own["4000"], own["9999"], own["5000"]) == ("subcontract", "travel", "labour")
    with pytest.raises(RefusedFile, match=r"unknown class of account in outturn.toml, \[saft\] account_classes"):
        classes(account_classes={"4000": "costs"})


def test_the_type_of_projects_is_configured_or_described_and_never_guessed(tmp_path: Path) -> None:
    unknown = read_bytes(norway(described="Avdeling"), tmp_path)
    assert [read.table for read in unknown] == ["gl_balance", "account", "customer"]
    (finding,) = [f for f in unknown[0].findings if f.rule == "saft-project"]
    assert "A (not described): 1, P (Avdeling): 6" in finding.message
    configured = read_bytes(norway(described="Avdeling"), tmp_path, options={"saft": {"project_analysis_type": "A"}})
    assert frames(configured)["cost_line"].select("project_id", "amount").rows() == [("10", "100.50")]
    described = read_bytes(norway(), tmp_path)
    assert "analysis type P was taken as the project, because the file describes it so" in described[0].warnings[0]


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        pytest.param(
            "<CreditAnalysisAmount><Amount>8</Amount></CreditAnalysisAmount>", "-8.00", id="a side of its own"
        ),
        pytest.param("<AnalysisAmount><Amount>8</Amount></AnalysisAmount>", "-8.00", id="the side of the line"),
        pytest.param("<AnalysisAmount><Amount>-8</Amount></AnalysisAmount>", "-8.00", id="signed already"),
        pytest.param("", "-10.00", id="no amount: the whole line"),
    ],
)
def test_the_amount_of_an_analysis_on_a_credit_line(amounts: str, expected: str, tmp_path: Path) -> None:
    lines = line("1", "4000", credit="10", inside=analysis("P", "P-1", amounts)) + line("2", "1920", debit="10")
    reads = read_bytes(norway(transaction("1", lines), entries="1", debit="10", credit="10"), tmp_path)
    assert frames(reads)["cost_line"]["amount"].to_list() == [expected]


def test_a_line_of_two_projects_without_amounts_is_rejected_not_doubled(tmp_path: Path) -> None:
    inside = analysis("P", "P-1") + analysis("P", "P-2")
    lines = line("1", "4000", debit="10", inside=inside) + line("2", "1920", credit="10")
    rows = frames(read_bytes(norway(transaction("1", lines), entries="1", debit="10", credit="10"), tmp_path))[
        "cost_line"
    ]
    assert set(rows[FAULT]) == {"the line names several projects and no amount for this one: it cannot be divided"}
    assert rows["amount"].null_count() == 2


def test_projects_that_take_more_than_their_line_are_named(tmp_path: Path) -> None:
    share = "<AnalysisAmount><Amount>8</Amount></AnalysisAmount>"
    inside = analysis("P", "P-1", share) + analysis("P", "P-2", share)
    lines = line("1", "4000", debit="10", inside=inside) + line("2", "1920", credit="10")
    reads = read_bytes(norway(transaction("1", lines), entries="1", debit="10", credit="10"), tmp_path)
    assert "saft-analysis" in rules(reads)


@pytest.mark.parametrize(
    ("totals_given", "reason"),
    [
        ({"debit": "496.14"}, r"TotalDebit says 496\.14, in the file are 496\.13 \(difference 0\.01\)"),
        ({"credit": "0"}, r"TotalCredit says 0\.00, in the file are 496\.13"),
        ({"entries": "5"}, r"NumberOfEntries says 5, in the file are 4 \(difference 1\)"),
        ({"debit": "much"}, "TotalDebit is no number"),
    ],
)
def test_control_totals_that_disagree_refuse_the_file(
    totals_given: dict[str, str], reason: str, tmp_path: Path
) -> None:
    with pytest.raises(RefusedFile, match=reason) as refusal:
        read_bytes(norway(**totals_given), tmp_path)
    assert 'control_totals = "report"' in (refusal.value.remedy or "")


def test_disagreeing_totals_can_be_reported_instead(tmp_path: Path) -> None:
    reads = read_bytes(norway(debit="500"), tmp_path, options={"saft": {"control_totals": "report"}})
    assert totals(reads)["GeneralLedgerEntries TotalDebit"] == ("500", "496.13")
    (finding,) = [f for f in reads[0].findings if f.rule == "saft-control-totals"]
    assert (finding.severity, finding.amount) == ("critical", Decimal("3.87"))


def test_entries_may_be_counted_by_lines_and_may_be_missing(tmp_path: Path) -> None:
    by_lines = read_bytes(norway(entries="10"), tmp_path)
    assert totals(by_lines)["GeneralLedgerEntries NumberOfEntries"] == ("10", "10")
    assert "saft-control-totals" in rules(by_lines)
    without = read_bytes(norway(entries="", credit=""), tmp_path)
    assert not any(measure.startswith("General") for measure in totals(without))
    assert "saft-control-totals" in rules(without)


def test_a_closing_balance_that_does_not_follow_is_named(tmp_path: Path) -> None:
    reads = read_bytes(norway().replace(b">700.00<", b">650.00<"), tmp_path)
    assert totals(reads)["closing balance of 1920"] == ("650", "700")
    (finding,) = [f for f in reads[0].findings if f.rule == "saft-closing-balance"]
    assert finding.amount == Decimal("-50")


def test_lines_that_lack_something_are_rejected_with_their_amounts(tmp_path: Path) -> None:
    lines = (
        line("1", "", debit="5")
        + line("2", "4000", debit="7")
        + line("3", "4000", credit="1e3", inside=saft.PROJECT)
        + "<Line><RecordID>4</RecordID><AccountID>4000</AccountID></Line>"
        + line("5", "1920", credit="12")
    )
    data = norway(transaction("1", lines, day="2025-02-30"), entries="1", debit="12", credit="12")
    reads = read_bytes(data, tmp_path)
    rows = frames(reads)["gl_balance"].select("account_code", "month", "amount").rows()
    day = "2025-02-30"
    assert rows == [
        (None, day, "5.00"),
        ("4000", day, "7.00"),
        ("4000", day, "1e3"),
        ("4000", day, None),
        ("1920", day, "-12.00"),
    ]
    assert frames(reads)["cost_line"]["amount"].to_list() == ["1e3"]


def test_codes_that_are_no_currency_are_findings_and_the_files_own_refuses_it(tmp_path: Path) -> None:
    codes = "<CurrencyCode>NOR</CurrencyCode><CurrencyCode>a@b.example</CurrencyCode>"
    masters = f"<Suppliers><Supplier>{codes}</Supplier></Suppliers>"
    reads = read_bytes(norway(masters=masters), tmp_path)
    messages = [f.message for f in reads[0].findings if f.rule == "saft-currency"]
    assert len(messages) == 2
    assert "'NOR', no currency of ISO 4217, in 1 of 2 places" in messages[0]
    assert not any("@" in message for message in messages)
    with pytest.raises(RefusedFile, match=r"the currency of the file is no currency of ISO 4217 .*'NOR'"):
        read_bytes(norway(currency="NOR"), tmp_path)
    settled = read_bytes(norway(currency="NOR"), tmp_path, options={"saft": {"currency": "NOK"}})
    assert set(frames(settled)["gl_balance"]["currency_code"]) == {"NOK"}


def test_a_file_that_starts_within_a_month_says_so(tmp_path: Path) -> None:
    assert "saft-part-month" in rules(read_bytes(norway(start="2025-01-16"), tmp_path))
    assert "saft-part-month" not in rules(read_bytes(norway(), tmp_path))


def test_which_date_counts_is_configured(tmp_path: Path) -> None:
    data = norway().replace(
        b"<GLPostingDate>2025-03-31</GLPostingDate>", b"<GLPostingDate>2025-05-01T00:00:00</GLPostingDate>"
    )
    assert ("2740", "2025-05") in movements(data, tmp_path)
    assert ("2740", "2025-03") in movements(data, tmp_path, saft={"posting_date": "TransactionDate"})
    assert any("2 transactions have an accounting period" in w for w in read_bytes(data, tmp_path)[0].warnings)


def test_rates_of_the_lines_are_taken_only_where_they_fit_and_are_wanted(tmp_path: Path) -> None:
    def foreign(record: str, amount: str, rate: str) -> str:
        return (
            f"<Line><RecordID>{record}</RecordID><AccountID>4000</AccountID><DebitAmount><Amount>{amount}</Amount>"
            f"<CurrencyCode>EUR</CurrencyCode><CurrencyAmount>100</CurrencyAmount><ExchangeRate>{rate}</ExchangeRate>"
            "</DebitAmount></Line>"
        )

    body = (
        transaction("1", foreign("1", "1150", "11.5") + line("2", "1920", credit="1150"), day="2025-01-02")
        + transaction("2", foreign("1", "1160", "0.5") + line("2", "1920", credit="1160"), day="2025-01-03")
        + transaction(
            "3",
            foreign("1", "1150", "11.5") + foreign("2", "1170", "11.7") + line("3", "1920", credit="2320"),
            day="2025-01-06",
        )
    )
    data = norway(body, entries="3", debit="4630", credit="4630")
    assert "exchange_rate" not in frames(read_bytes(data, tmp_path))
    reads = read_bytes(data, tmp_path, options={"saft": {"exchange_rates": True}})
    rates = frames(reads)["exchange_rate"].select("from_currency", "to_currency", "rate_date", "rate").rows()
    assert rates == [("EUR", "NOK", "2025-01-02", "11.50")]
    assert "2 days and currencies have no single rate that fits their amounts" in reads[0].warnings


def test_portuguese_sales_are_signed_by_the_kind_of_document(tmp_path: Path) -> None:
    reads = read_bytes(portugal(), tmp_path)
    found = frames(reads)
    assert found["invoice"].select("invoice_id", "type", "net_amount").rows() == [
        ("FT A/1", "invoice", "123.39"),
        ("FR B/1", "invoice", "10.00"),
        ("NC C/1", "credit_note", "-23.39"),
        ("ND D/1", "invoice", "7.00"),
    ]
    assert found["invoice_line"].select("invoice_id", "line_id", "quantity", "net_amount").rows() == [
        ("FT A/1", "1", "2", "23.3938"),
        ("FT A/1", "2", "2", "100.00"),
        ("FR B/1", "1", "2", "10.00"),
        ("NC C/1", "1", "-2", "-23.3938"),
        ("ND D/1", "1", "2", "7.00"),
    ]
    assert totals(reads)["SalesInvoices TotalCredit"] == ("140.3938", "140.3938")
    assert totals(reads)["SalesInvoices NumberOfEntries"] == ("5", "5")
    said = " ".join(reads[0].warnings)
    assert (
        "1 documents of SalesInvoices with status A (annulled) are left out: FT A/2; their lines add up to 999.00"
        in said
    )
    assert "NC C/1 credits FT A/1" in said
    # words for "not known" are not values
    assert found["customer"].select("customer_id", "customer_name", "country_code", "vat_id").rows() == [
        ("C-1", "Consumidor final", None, None),
        ("C-2", "Açores, Lda.", "PT", "508650704"),
    ]


def test_the_totals_of_portuguese_sales_may_round_each_line_but_no_more(tmp_path: Path) -> None:
    rounded = read_bytes(portugal(credit="140.39", debit="23.40"), tmp_path)
    assert rules(rounded) == ["saft-control-totals"]
    with pytest.raises(RefusedFile, match=r"TotalCredit says 140\.50, in the file are 140\.3938"):
        read_bytes(portugal(credit="140.50"), tmp_path)
    with pytest.raises(RefusedFile, match="NumberOfEntries says 4, in the file are 5"):
        read_bytes(portugal(entries="4"), tmp_path)


def test_a_gap_in_a_series_and_a_net_total_of_its_own_are_named(tmp_path: Path) -> None:
    sales = saft.invoice("FT A/1", "FT", ["10"], "12") + saft.invoice("FT A/4", "FT", ["1"], "1")
    reads = read_bytes(portugal(sales, entries="2", debit="0", credit="11"), tmp_path)
    net, series = reads[0].findings
    assert (net.rule, net.entity, net.amount, net.unit) == ("saft-net-total", "FT A/1", Decimal("-2"), "EUR")
    assert (series.rule, series.entity) == ("saft-series", "FT A")
    assert "runs from 1 to 4, and 2 of its documents are not in the file" in series.message


def test_the_portuguese_ledger_has_lines_by_side(tmp_path: Path) -> None:
    reads = read_bytes(portugal(ledger=saft.PORTUGUESE_LEDGER), tmp_path)
    rows = frames(reads)["gl_balance"].select("company_id", "account_code", "month", "amount", "source_line").rows()
    path = "/AuditFile/GeneralLedgerEntries/Journal[1]/Transaction[1]/Lines/"
    assert rows == [
        ("599999993", "6221", "2025-05", "100.00", path + "DebitLine[1]"),
        ("599999993", "2432", "2025-05", "23.00", path + "DebitLine[2]"),
        ("599999993", "2211", "2025-05", "-123.00", path + "CreditLine[1]"),
    ]


def test_sales_of_the_oecd_skeleton_are_read_and_purchases_named(tmp_path: Path) -> None:
    reads = read_bytes(saft.oecd_sales(), tmp_path)
    assert frames(reads)["invoice"].select("invoice_id", "counterparty_id", "type", "net_amount").rows() == [
        ("S-1", "X-1", "invoice", "80.00"),
        ("S-2", "X-1", "credit_note", "-30.00"),
    ]
    assert "1 documents of PurchaseInvoices are not read" in reads[0].warnings[0]
    assert totals(reads)["PurchaseInvoices TotalDebit"] == ("55", "55")


def test_a_voucher_of_many_lines_is_read_whole(tmp_path: Path) -> None:
    """More lines than a block of bytes holds: the voucher's own data stand before them and must not be lost."""
    count = 12_000
    lines = "".join(line(str(n), "4000", debit="0.01", inside=saft.PROJECT) for n in range(count))
    body = transaction("9", lines + line("x", "1920", credit="120.00"))
    assert len(body) > 2 * 256 * 1024
    reads = read_bytes(norway(body, entries="1", debit="120", credit="120"), tmp_path)
    cost = frames(reads)["cost_line"]
    assert cost.height == cost["cost_line_id"].n_unique() == count
    assert set(cost["posting_date"]) == {"2025-03-31"}
    assert movements(norway(body, entries="1", debit="120", credit="120"), tmp_path)["4000", "2025-03"] == "120.00"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"<AuditFile/>", "without Header", id="empty"),
        pytest.param(norway()[:-40], "not well-formed XML", id="cut off"),
        pytest.param(b"<!DOCTYPE AuditFile>" + norway(namespace=None)[41:], "DOCTYPE", id="document type"),
        pytest.param(
            norway(tail="<a>" * 300 + "</a>" * 300), "nested more than 256 levels deep", id="deep"
        ),
        pytest.param(
            norway().replace(b"<RegistrationNumber>999999999</RegistrationNumber>", b""),
            "does not say which company it is of",
            id="whose",
        ),
        pytest.param(b"<auditfile xmlns='urn:x:CashRegister:NO'/>", "Cash Register", id="cash register"),
        pytest.param(b"<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'/>", r"an XML schema \(XSD\)", id="xsd"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_in_is_refused_with_its_reason(data: bytes, reason: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match=reason):
        read_bytes(data, tmp_path)


@pytest.mark.parametrize("place", [b"<Company>", b"<GLPostingDate>"])
def test_an_element_without_end_is_refused_before_it_fills_the_memory(
    place: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_stream, "MAX_ELEMENT", 1024 * 1024)
    with pytest.raises(RefusedFile, match="one element of the XML holds more than 1 MB"):
        read_bytes(norway().replace(place, b"<Junk/>" * 400_000 + place, 1), tmp_path)


def test_a_section_that_nobody_reads_may_be_of_any_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_stream, "MAX_ELEMENT", 1024 * 1024)
    tail = "<SourceDocuments><Others>" + "<Other><Amount>1</Amount></Other>" * 80_000 + "</Others></SourceDocuments>"
    assert len(movements(norway(tail=tail), tmp_path)) == 8
