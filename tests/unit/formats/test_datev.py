"""DATEV: a row is two postings, tax is taken out by rule or stays with a finding, days get their year."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT
from pipelines.formats.datev.table import heading
from tests.unit.formats.ledgers_read import frames, read_bytes, rules, totals
from tests.unit.formats.seeds.datev import COLUMNS, ROWS, captions, header, partners, row, stack


def balance(data: bytes, work: Path, **datev: Any) -> dict[tuple[str, str], str]:
    frame = frames(read_bytes(data, work, options={"datev": datev}))["gl_balance"]
    return {(r["account_code"], r["month"]): r["amount"] for r in frame.iter_rows(named=True)}


EXPECTED = {
    ("3100", "2025-03"): "100.00",
    ("1576", "2025-03"): "19.00",
    ("70001", "2025-03"): "-119.00",
    ("1200", "2025-03"): "-30.00",  # 50 paid, 20 of it taken back by a general reversal
    ("4660", "2025-03"): "30.00",
    ("10000", "2025-03"): "5950.00",
    ("8400", "2025-03"): "-5000.00",
    ("1776", "2025-03"): "-950.00",
}


@pytest.mark.parametrize(
    ("encoding", "newline", "magic"),
    [("cp1252", "\r\n", "EXTF"), ("utf-8", "\n", "DTVF"), ("utf-8-sig", "\r\n", "EXTF")],
)
def test_every_row_is_two_postings_that_cancel_out(encoding: str, newline: str, magic: str, tmp_path: Path) -> None:
    data = stack(*ROWS, chart="03", encoding=encoding, newline=newline, magic=magic)
    assert balance(data, tmp_path) == EXPECTED
    assert sum(Decimal(amount) for amount in EXPECTED.values()) == 0
    reads = read_bytes(data, tmp_path)
    frame = frames(reads)["gl_balance"]
    assert set(frame["company_id"]) == {"1001-456 März"}
    assert frame["source_line"].to_list()[0] == "3"
    assert totals(reads) == {
        "rows": ("4", "4"),
        "Umsatz, booked in debit": ("6139", "6139"),
        "debit, booked in credit": ("6139", "6139"),
    }


def test_rows_with_a_project_are_costs_without_tax(tmp_path: Path) -> None:
    frame = frames(read_bytes(stack(*ROWS, chart="03"), tmp_path))["cost_line"].sort("source_line")
    columns = ("project_id", "posting_date", "account_code", "category", "amount", "supplier_id", "document_number")
    assert frame.select(columns).rows() == [
        ("P-1", "2025-03-15", "3100", "subcontract", "100.00", "70001", "ER-1"),
        ("P-2", "2025-03-01", "4660", "travel", "50.00", None, "R 2"),
        ("P-2", "2025-03-15", "4660", "travel", "-20.00", None, None),
    ]
    assert frame["description"].to_list() == ["Fremdleistung – Größe", "Bahn", "Storno"]


def test_columns_go_by_heading_whatever_their_order_and_spelling(tmp_path: Path) -> None:
    assert heading("Umsatz (ohne Soll/Haben-Kz)") == heading("Umsatz (ohne Soll-Haben-Kz)")
    assert heading("KOST2 – Kostenstelle") == heading("KOST2 - Kostenstelle")
    assert heading("Basisumsatz") == heading("Basis-Umsatz")
    rows = [line.split(";")[::-1] for line in ROWS]
    data = stack(*(";".join(cells) for cells in rows), columns=COLUMNS[::-1], chart="03")
    assert balance(data, tmp_path) == EXPECTED
    with pytest.raises(RefusedFile, match="the headings of the DATEV file lack belegdatum"):
        read_bytes(stack(*ROWS, columns=tuple("Tag" if c == "Belegdatum" else c for c in COLUMNS)), tmp_path)


def test_rows_that_end_early_are_whole_and_those_too_long_are_rejected(tmp_path: Path) -> None:
    short = ";".join(row(amount="5,00", account="4660", other="1200").split(";")[:12])
    long = row(amount="6,00", account="4660", other="1200") + ";x;y"
    frame = frames(read_bytes(stack(short, long, chart="03"), tmp_path))["gl_balance"]
    assert frame.filter(frame[FAULT].is_null())["amount"].to_list() == ["-5.00", "5.00"]
    (fault,) = frame[FAULT].drop_nulls()
    assert "fields where the header has 18" in fault


@pytest.mark.parametrize(
    ("year", "first", "last", "day", "expected"),
    [
        ("20250101", "20250201", "20250228", "102", "2025-02"),  # its zero was lost
        ("20250101", "20250201", "20250228", "0102", "2025-02"),
        ("20240701", "20241201", "20250131", "1512", "2024-12"),  # a fiscal year across the calendar year
        ("20240701", "20241201", "20250131", "1501", "2025-01"),
        ("20240701", "", "", "3006", "2025-06"),
        ("20240701", "", "", "107", "2024-07"),
        ("20240101", "20240201", "20240229", "2902", "2024-02"),
        ("20250101", "20250201", "20250228", "01022025", "2025-02"),
    ],
)
def test_a_day_without_a_year_lies_in_the_files_fiscal_year(
    year: str, first: str, last: str, day: str, expected: str, tmp_path: Path
) -> None:
    data = stack(
        row(amount="1,00", account="4660", other="1200", day=day), year=year, first=first, last=last, chart="03"
    )
    assert {month for _, month in balance(data, tmp_path)} == {expected}


def test_a_day_outside_the_period_is_named_and_one_that_is_none_rejected(tmp_path: Path) -> None:
    rows = [row(amount="1,00", account="4660", other="1200", day=day) for day in ("1506", "3002", "")]
    reads = read_bytes(stack(*rows, chart="03"), tmp_path)
    assert "datev-period" in rules(reads)
    faults = frames(reads)["gl_balance"][FAULT].drop_nulls().to_list()
    assert faults == ["Belegdatum is no day of the fiscal year 2025-01-01 to 2025-12-31"] * 2


@pytest.mark.parametrize(
    ("cells", "net"),
    [
        pytest.param({"key": "9"}, "100.00", id="19 %"),
        pytest.param({"key": "0009"}, "100.00", id="four digits"),
        pytest.param({"key": "8"}, "111.21", id="7 %"),
        pytest.param({"key": "40"}, "119.00", id="no automatic tax"),
        pytest.param({"key": "94"}, "119.00", id="reverse charge"),
        pytest.param({"key": "29"}, "-100.00", id="general reversal in the key"),
        pytest.param({"key": "20", "reversal": "1"}, "-119.00", id="both say one reversal"),
        pytest.param({"key": ""}, "119.00", id="no key"),
        pytest.param({"key": "77"}, "119.00", id="unknown"),
    ],
)
def test_what_a_tax_key_does_to_a_gross_amount(cells: dict[str, str], net: str, tmp_path: Path) -> None:
    data = stack(row(amount="119,00", account="3100", other="70001", **cells), chart="03")
    reads = read_bytes(data, tmp_path)
    amounts = balance(data, tmp_path)
    assert amounts["3100", "2025-03"] == net
    assert sum(Decimal(amount) for amount in amounts.values()) == 0
    assert ("datev-tax-key" in rules(reads)) == (cells["key"] == "77")


def test_tax_is_taken_out_of_the_cost_account_on_whichever_side_it_stands(tmp_path: Path) -> None:
    for cells in ({"account": "4660", "other": "1200", "side": "S"}, {"account": "1200", "other": "4660", "side": "H"}):
        amounts = balance(stack(row(amount="11,90", key="9", **cells), chart="03"), tmp_path)
        assert amounts == {("4660", "2025-03"): "10.00", ("1200", "2025-03"): "-11.90", ("1576", "2025-03"): "1.90"}


def test_rates_of_the_second_half_of_2020_were_lower(tmp_path: Path) -> None:
    head = {"year": "20200101", "first": "20200701", "last": "20201231", "chart": "03"}
    cut = balance(stack(row(amount="116,00", account="3100", other="70001", key="9"), **head), tmp_path)
    assert ("3100", "2020-07") not in cut  # 15 March lies outside the cut
    cut = balance(stack(row(amount="116,00", account="3100", other="70001", key="9", day="1508"), **head), tmp_path)
    assert cut == {
        ("3100", "2020-08"): "100.00",
        ("70001", "2020-08"): "-116.00",
        ("Vorsteuer 16 %", "2020-08"): "16.00",
    }
    supplied = row(amount="119,00", account="3100", other="70001", key="9", day="1508", supplied="15032020")
    assert balance(stack(supplied, **head), tmp_path)["3100", "2020-08"] == "100.00"


def test_keys_accounts_and_automatic_accounts_can_be_configured(tmp_path: Path) -> None:
    data = stack(row(amount="120,00", account="3100", other="70001", key="77"), chart="03")
    amounts = balance(data, tmp_path, tax_keys={"77": 0.2}, tax_accounts={"77": "1599"})
    assert amounts == {("3100", "2025-03"): "100.00", ("1599", "2025-03"): "20.00", ("70001", "2025-03"): "-120.00"}
    own = stack(row(amount="119,00", account="4980", other="1200"))
    assert balance(own, tmp_path, automatic_accounts={"4980": 0.19})["4980", "2025-03"] == "100.00"
    with pytest.raises(RefusedFile, match=r"not a rate of tax in tax_keys in outturn.toml, \[datev\]"):
        read_bytes(data, tmp_path, options={"datev": {"tax_keys": {"9": 19}}})


def test_without_a_chart_nothing_is_a_cost_and_the_amount_is_named(tmp_path: Path) -> None:
    data = stack(*ROWS)
    reads = read_bytes(data, tmp_path)
    assert [read.table for read in reads] == ["gl_balance"]
    (finding,) = [f for f in reads[0].findings if f.rule == "datev-chart"]
    # 100 net, 50 and 20; the other side of a row is the same money (119, 50, 20)
    assert (finding.severity, finding.amount) == ("critical", Decimal("179.5"))
    assert balance(data, tmp_path)["8400", "2025-03"] == "-5950.00"
    assert "datev-automatic" in rules(reads)
    configured = read_bytes(data, tmp_path, options={"datev": {"account_classes": {"31*": "subcontract"}}})
    assert frames(configured)["cost_line"]["amount"].to_list() == ["100.00"]


def test_five_digit_accounts_are_classed_like_four_digit_ones(tmp_path: Path) -> None:
    data = stack(row(amount="119,00", account="31000", other="700001", key="9", kost2="P-1"), chart="03", length=5)
    reads = read_bytes(data, tmp_path)
    assert frames(reads)["cost_line"].select("account_code", "category", "amount", "supplier_id").rows() == [
        ("31000", "subcontract", "100.00", "700001")
    ]
    assert balance(data, tmp_path)["15760", "2025-03"] == "19.00"


def test_the_field_of_the_project_is_configured(tmp_path: Path) -> None:
    data = stack(row(amount="10,00", account="4660", other="1200", kost1="K-9", kost2="0"), chart="03")
    assert "cost_line" not in frames(read_bytes(data, tmp_path))  # KOST2 0 is none
    frame = frames(read_bytes(data, tmp_path, options={"datev": {"project_field": "KOST1"}}))["cost_line"]
    assert frame["project_id"].to_list() == ["K-9"]
    with pytest.raises(RefusedFile, match="lack auftragsnummer"):
        frames(read_bytes(data, tmp_path, options={"datev": {"project_field": "Auftragsnummer"}}))


def test_foreign_amounts_count_in_the_currency_of_the_file(tmp_path: Path) -> None:
    foreign = {"currency": "USD", "account": "4660", "other": "1200"}
    with_base = row(amount="125,00", rate="1,25", base="100,00", base_currency="EUR", **foreign)
    rate_alone = row(amount="250,00", rate="1,25", **foreign)
    neither = row(amount="1,00", **foreign)
    # the rows that give both say how the rate is quoted
    reads = read_bytes(stack(with_base, rate_alone, neither, chart="03"), tmp_path)
    frame = frames(reads)["gl_balance"]
    assert frame.filter(frame["account_code"] == "4660")["amount"].to_list() == ["300.00", "1,00"]
    assert frame[FAULT].drop_nulls().to_list() == ["a foreign amount without Basisumsatz or Kurs"]
    assert totals(reads)["rows"] == ("3", "2")
    # alone, the rate reads two ways
    (fault,) = frames(read_bytes(stack(rate_alone, chart="03"), tmp_path))["gl_balance"][FAULT]
    assert fault == (
        "Basisumsatz is empty, and Kurs 1,25 reads two ways: 200.0 or 312.5; set rate under [datev] in outturn.toml"
    )
    settled = balance(stack(rate_alone, chart="03"), tmp_path, rate="base_per_foreign")
    assert settled["4660", "2025-03"] == "312.50"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"amount": "24.95"}, "the amount (Umsatz) is no number such as 1234,56"),
        ({"amount": "1.234"}, "the amount (Umsatz) is no number such as 1234,56"),
        ({"amount": ""}, "the amount (Umsatz) is no number such as 1234,56"),
        ({"side": "X"}, "Soll/Haben-Kennzeichen is neither S nor H"),
        ({"other": ""}, "Konto or Gegenkonto is no account number"),
    ],
)
def test_a_row_that_cannot_be_booked_is_rejected_with_its_reason(
    cells: dict[str, str], reason: str, tmp_path: Path
) -> None:
    line = row(**{"amount": "1,00", "account": "4660", "other": "1200", **cells})
    frame = frames(read_bytes(stack(line, chart="03"), tmp_path))["gl_balance"]
    assert frame[FAULT].to_list() == [reason]


def test_amounts_with_points_between_thousands_and_negative_ones_are_read(tmp_path: Path) -> None:
    rows = [row(amount=amount, account="4660", other="1200") for amount in ("1.234,50", "-34,50", "1000")]
    reads = read_bytes(stack(*rows, chart="03"), tmp_path)
    assert frames(reads)["gl_balance"]["amount"].to_list() == ["-2200.00", "2200.00"]
    assert "datev-negative" in rules(reads)


def test_two_stacks_of_a_month_are_two_ledgers_unless_there_is_only_one(tmp_path: Path) -> None:
    bank, sales = (stack(*ROWS, label=label, chart="03") for label in ("Bank", "Erlöse"))
    companies = [set(frames(read_bytes(data, tmp_path))["gl_balance"]["company_id"]) for data in (bank, sales)]
    assert companies == [{"1001-456 Bank"}, {"1001-456 Erlöse"}]
    single = frames(read_bytes(bank, tmp_path, options={"datev": {"one_stack_a_month": True}}))
    assert set(single["gl_balance"]["company_id"]) == {"1001-456"}


def test_the_same_posting_twice_is_two_costs_with_lasting_keys(tmp_path: Path) -> None:
    line = row(amount="10,00", account="4660", other="1200", kost2="P-1")
    first = frames(read_bytes(stack(line, line, chart="03"), tmp_path))["cost_line"]["cost_line_id"].to_list()
    assert len(set(first)) == 2
    added = row(amount="11,00", account="4660", other="1200", kost2="P-1")
    again = frames(read_bytes(stack(added, line, line, chart="03"), tmp_path))["cost_line"]["cost_line_id"].to_list()
    assert set(first) <= set(again)


def test_captions_become_accounts_with_the_class_of_the_chart(tmp_path: Path) -> None:
    reads = read_bytes(captions(), tmp_path, options={"datev": {"chart": "SKR03"}})
    assert frames(reads)["account"].select("account_code", "account_name", "class").rows() == [
        ("3100", "Fremdleistungen", "subcontract"),
        ("400", "Betriebsausstattung", "out_of_scope"),
    ]
    assert "1 captions of customers and suppliers are left out" in reads[0].warnings


def test_partners_become_customers_and_suppliers_are_counted(tmp_path: Path) -> None:
    reads = read_bytes(partners(), tmp_path)
    assert frames(reads)["customer"].select("customer_id", "customer_name", "country_code", "vat_id").rows() == [
        ("10001", "Bahn AG", "DE", "DE123456789"),
        ("10002", "Erika Muster", "AT", None),
    ]
    assert "1 suppliers are left out: no canonical table holds them" in reads[0].warnings


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (header(category=46, name="Zahlungsbedingungen") + "\na;b\n1;2\n", r"category 46 \(Zahlungsbedingungen\)"),
        (header(year="20251301") + "\na;b\n1;2\n", "start of the fiscal year is no day"),
        (header(currency="EURO") + "\na;b\n1;2\n", "currency is none of ISO 4217"),
        (header(), "no line of headings"),
        ('"EXTF";700;\n', "no category of data"),
    ],
)
def test_other_categories_and_broken_headers_are_refused_with_a_reason(data: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match=reason):
        read_bytes(data.encode("cp1252"), tmp_path)
