"""SAP tables by technical names: signs, ledgers, value types, internal numbers, implied decimals, rates."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import RefusedFile
from pipelines.formats.erp.known import TABLES, find
from tests.unit.formats.erp_files import Reader, faults, rows, total
from tests.unit.formats.seeds import sap


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def by_table(reader: Reader, content: bytes | str, **more):
    return {read.table: read for read in reader.reads(content, **more)}


# -- the ledger --------------------------------------------------------------------------------------------------------


def test_acdoca_gives_balances_of_one_ledger_and_costs_of_wbs_elements(reader: Reader) -> None:
    reads = by_table(reader, sap.ACDOCA)
    assert rows(reads["cost_line"], "cost_line_id", "project_id", "wbs_id", "amount", "category", "posting_date") == [
        ("fi/1000/2026/101/000001", "P-1001.1", "P-1001.1", "1234.56", None, "2026-01-15"),
        # the element is only known by its internal number: PRPS says what it stands for
        ("fi/1000/2026/102/000001", "78", None, "800.00", "labour", "2026-02-20"),
    ]
    assert rows(reads["gl_balance"], "company_id", "account_code", "month", "amount", "currency_code") == [
        ("1000", "400100", "2026-01", "1234.560000", "EUR"),
        ("1000", "160000", "2026-01", "-1234.560000", "EUR"),
        ("1000", "620000", "2026-02", "800.000000", "EUR"),
        ("1000", "943000", "2026-02", "-800.000000", "EUR"),
    ]
    assert "1 lines of ledgers other than 0L left out" in reads["cost_line"].warnings
    other = by_table(reader, sap.ACDOCA, sap={"ledger": "2L"})
    assert total(other["gl_balance"]) == Decimal("1300")
    with pytest.raises(RefusedFile, match=r"no rows of the ledger that \[sap\] ledger names"):
        reader.reads(sap.ACDOCA, sap={"ledger": "3L"})


def test_bseg_is_signed_by_its_key_and_needs_the_posting_date(reader: Reader) -> None:
    reads = by_table(reader, sap.BSEG)
    assert rows(reads["cost_line"], "project_id", "amount", "account_code") == [
        ("77", "1234.56", "400100"),
        ("77", "-34.56", "400100"),
    ]
    assert total(reads["gl_balance"]) == 0
    assert rows(reads["gl_balance"], "account_code", "month", "amount")[1] == ("160000", "2026-01", "-1234.560000")
    wrong = by_table(reader, sap.BSEG.replace("\tH\t34.56", "\tX\t34.56"))
    assert faults(wrong["gl_balance"]) == [("4", "SHKZG is neither S (debit) nor H (credit): the amount has no sign")]
    with pytest.raises(RefusedFile, match=r"lacks BUDAT or H_BUDAT.*joined with BKPF"):
        reader.reads(sap.BSEG.replace("BUDAT", "BLDAT"))
    with pytest.raises(RefusedFile, match=r"in which currency DMBTR is.*local_currency"):
        reader.reads(sap.BSEG.replace("HWAER", "XWAER"))
    stated = by_table(reader, sap.BSEG.replace("HWAER", "XWAER"), sap={"local_currency": "CHF"})
    assert rows(stated["cost_line"], "currency_code") == [("CHF",), ("CHF",)]


def test_coep_takes_actual_costs_of_projects_and_orders_only(reader: Reader) -> None:
    read = reader.one(sap.COEP)
    assert rows(read, "cost_line_id", "project_id", "posting_date", "amount", "category", "quantity") == [
        ("co/1000/2026/200000001/1", "77", "2026-01-31", "1234.56", None, "10.000"),
        ("co/1000/2026/200000002/1", "78", "2026-02-28", "8000.00", "labour", "80.000"),
    ]
    assert read.warnings[:2] == (
        "1 lines that are no actual costs (WRTTP not 04) left out, amounts of 99999",
        "1 lines on cost centres and other objects that are no project or order left out, amounts of 50",
    )
    with pytest.raises(RefusedFile, match="in which currency WKGBTR is"):
        reader.reads(sap.COEP.replace("KWAER", "XWAER"))


def test_the_journals_exclude_one_another_and_the_configuration_chooses(reader: Reader) -> None:
    lines = by_table(reader, sap.ACDOCA)["cost_line"]
    assert lines.excludes is not None
    assert set(lines.excludes.formats) == {"sap cji3", "sap ksb1", "sap ksb1 unnumbered", "sap coep", "sap bseg"}
    assert not lines.excludes.takes_over
    chosen = by_table(reader, sap.ACDOCA, sap={"actuals": "acdoca"})["cost_line"]
    assert chosen.excludes is not None
    assert chosen.excludes.takes_over
    # another one is chosen: the ledger still gives its balances, the cost lines are left to the other
    left = by_table(reader, sap.ACDOCA, sap={"actuals": "cji3"})
    assert set(left) == {"gl_balance"}
    assert "cost lines are taken from CJI3" in left["gl_balance"].warnings[-1]
    with pytest.raises(RefusedFile, match="cost lines of COEP would count a second time"):
        reader.reads(sap.COEP, sap={"actuals": "cji3"})


def test_a_row_that_cannot_be_added_up_stays_by_itself(reader: Reader) -> None:
    reads = by_table(
        reader, sap.ACDOCA.replace("800.00,EUR,8", "8oo,EUR,8").replace("20260220,0000943000", "2026,0000943000")
    )
    assert rows(reads["gl_balance"], "account_code", "month", "amount") == [
        ("400100", "2026-01", "1234.560000"),
        ("160000", "2026-01", "-1234.560000"),
        ("620000", "2026-02", "8oo"),
        ("943000", "2026", "-800.00"),
    ]


# -- projects and masters ----------------------------------------------------------------------------------------------


def test_projects_are_told_by_aliases_and_not_by_files_meeting(reader: Reader) -> None:
    elements = by_table(reader, sap.PRPS)
    assert rows(elements["wbs_element"], "project_id", "wbs_id", "wbs_name") == [("7", "P-1001.1", "Piping")]
    assert rows(elements["project_alias"], "alias", "source_system", "project_id", "wbs_id") == [
        ("77", "sap", "7", "P-1001.1"),
        ("P-1001.1", "sap", "7", "P-1001.1"),
    ]
    assert rows(reader.one(sap.PROJ), "alias", "source_system", "project_id") == [("7", "sap", "P-1001")]
    told = by_table(reader, sap.PRPS, sap={"project_of_wbs": r"^[^.]+"})
    assert rows(told["wbs_element"], "project_id") == [("P-1001",)]
    joined = by_table(reader, "PSPNR;POSID;POST1;PSPHI;PSPID\n00000077;P-1001.1;Piping;00000007;P-1001\n")
    assert rows(joined["project_alias"], "project_id") == [("P-1001",), ("P-1001",)]


def test_masters(reader: Reader) -> None:
    assert rows(reader.one(sap.KNA1), "customer_id", "customer_name", "country_code", "vat_id") == [
        ("1000", "Stadtwerke Nord GmbH", "DE", "DE123456789")
    ]
    with pytest.raises(RefusedFile, match="nothing says which of them are labour"):
        reader.reads(sap.SKA1)
    accounts = reader.one(sap.SKA1, sap={"accounts": {"40": "material"}})
    assert rows(accounts, "account_code", "account_name", "class") == [("400100", "Material", "material")]
    assert "1 balance sheet accounts without a class left out" in accounts.warnings
    other = reader.one(sap.SKA1, sap={"accounts": {"16": "payable"}})
    assert [line for line, _ in faults(other)] == ["2"]
    orders = reader.one(sap.EKPO)
    assert rows(orders, "purchase_order_id", "line_id", "project_id", "category", "ordered_amount") == [
        ("4500000011", "10", "77", "material", "15000.00")
    ]


def test_rows_of_several_clients_are_not_added_up(reader: Reader) -> None:
    both = sap.PROJ + "200,00000007,X-1,Another,1000\n"
    with pytest.raises(RefusedFile) as caught:
        reader.reads(both)
    assert "rows of several clients, which would be added up" in str(caught.value)
    assert "100, 200" in str(caught.value)
    assert "set [sap] client" in str(caught.value)
    read = reader.one(both, sap={"client": "200"})
    assert rows(read, "project_id") == [("X-1",)]
    assert "1 rows of other clients left out" in read.warnings


def test_rows_that_a_replication_deleted_are_left_out(reader: Reader) -> None:
    text = "PSPNR,PSPID,POST1,_fivetran_deleted\n1,P-1,a,false\n2,P-2,b,TRUE\n"
    read = reader.one(text)
    assert rows(read, "project_id") == [("P-1",)]
    assert "1 rows deleted in the source left out" in read.warnings


# -- money -------------------------------------------------------------------------------------------------------------


def yen(*amounts: str, code: str = "JPY") -> str:
    head = "RLDNR,RBUKRS,GJAHR,BELNR,DOCLN,BUDAT,RACCT,HSL,RHCUR,PS_POSID\n"
    return head + "".join(
        f"0L,JP01,2026,1,{i:06},20260115,400100,{amount},{code},P-1\n" for i, amount in enumerate(amounts)
    )


def test_yen_of_the_database_and_of_a_screen(reader: Reader) -> None:
    stored = by_table(reader, yen("12.34", "1000.00"))["cost_line"]
    assert [Decimal(amount) for (amount,) in rows(stored, "amount")] == [Decimal(1234), Decimal(100_000)]
    assert "(TCURX)" in stored.warnings[-1]
    with pytest.raises(RefusedFile) as caught:
        reader.reads(yen("1234", "5"))
    assert "1234 is 1234 JPY as a screen shows it, or 100 times that as the database stores it" in str(caught.value)
    shown = by_table(reader, yen("1234", "5"), sap={"implied_decimals": False})["cost_line"]
    assert rows(shown, "amount") == [("1234",), ("5",)]
    dinar = by_table(reader, yen("12.345", code="KWD"), sap={"decimal": "point"})["cost_line"]
    assert rows(dinar, "amount") == [("12.345",)]
    tenth = by_table(reader, yen("123.45", code="KWD"), sap={"implied_decimals": True})["cost_line"]
    assert [Decimal(amount) for (amount,) in rows(tenth, "amount")] == [Decimal("12.345")]
    nothing = by_table(reader, yen("0", "0.00"))["cost_line"]
    assert rows(nothing, "amount") == [("0",), ("0.00",)]


def test_rates_keep_their_quotation_ratio_and_date(reader: Reader) -> None:
    read = reader.one(sap.TCURR)
    assert rows(read, "from_currency", "to_currency", "rate_date", "rate_type", "rate") == [
        ("USD", "EUR", "2026-01-15", "daily", "0.920000"),
        # indirect: 1 EUR = 0.85 GBP
        ("EUR", "GBP", "2026-01-15", "daily", "0.850000"),
        # 100 JPY = 0.62 EUR: the other way round, or six decimals would blunt it
        ("EUR", "JPY", "2026-01-15", "daily", "161.290323"),
    ]
    assert read.warnings[:2] == (
        "1 rates of types other than M ([sap.rate_types]) left out",
        "1 rates whose other direction is in the table too left out",
    )
    (line, reason), *_ = faults(read)
    assert line == "7"
    assert reason.startswith("no ratio of units (FFACT, TFACT)")
    declared = reader.one(sap.TCURR, sap={"rate_factors": {"HUF": "100"}, "rate_types": {"P": "budget", "M": "daily"}})
    # 100 HUF = 0.25 EUR
    assert ("EUR", "HUF", "2026-01-15", "daily", "400.000000") in rows(
        declared, "from_currency", "to_currency", "rate_date", "rate_type", "rate"
    )
    assert ("USD", "EUR", "budget", "0.900000") in rows(declared, "from_currency", "to_currency", "rate_type", "rate")
    assert faults(declared) == []


# -- carriers and recognition ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("carrier", ["framed", "parquet", "xlsx", "titled"])
def test_tables_come_in_every_carrier(reader: Reader, carrier: str, tmp_path: Path) -> None:
    header, *body = [line.split(",") for line in sap.ACDOCA.splitlines()]
    match carrier:
        case "framed":
            content = sap.framed(header, body, title=("Table: ACDOCA", ""), page=2).encode()
        case "titled":
            content = ("Table\tACDOCA\n\n" + sap.lines(header, body, "\t")).encode("utf-16")
        case "xlsx":
            content = sap.workbook(header, body, title=())
        case _:
            pl.DataFrame(body, schema=header, orient="row").write_parquet(tmp_path / "t.parquet")
            content = (tmp_path / "t.parquet").read_bytes()
    reads = by_table(reader, content, name=f"x.{carrier}")
    assert total(reads["cost_line"]) == Decimal("2034.56")
    assert total(reads["gl_balance"]) == 0


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("PERNR,BEGDA,ENDDA,TRFAR,TRFGR,LGA01,BET01", "PA0008 holds salaries of employees: personal data"),
        ("PERNR,BEGDA,ENDDA,NACHN,VORNA,GBDAT", "PA0002 holds names and birth dates"),
        ("DOMNAME,DOMVALUE_L,DDLANGUAGE,DDTEXT,AS4VERS", "DD07T holds texts .*: Outturn has no use for it"),
        ("LIFNR,NAME1,LAND1", "LFA1 holds suppliers"),
        ("BUKRS,BELNR,GJAHR,BLART,BUDAT,WAERS,CPUDT", "BKPF holds heads .* export BSEG joined with BKPF"),
        ("EBELN,EBELP,NETWR,MATNR", "EKPO holds order items without .* export EKPO joined with EKKO"),
        ("BUKRS,BUTXT,WAERS,KTOPL", "T001 holds company codes"),
        ("KOKRS,KOSTL,DATBI,DATAB", "CSKS holds cost centres"),
    ],
)
def test_tables_that_are_not_wanted_are_refused_with_the_reason(reader: Reader, header: str, reason: str) -> None:
    for spelled in (header, header.lower()):
        with pytest.raises(RefusedFile, match=reason) as caught:
            reader.reads(f"{spelled}\n{','.join('1' for _ in header.split(','))}\n", name="t.csv")
        assert caught.value.remedy


def test_no_table_is_taken_for_another() -> None:
    for known in TABLES:
        assert find(sorted(known.needed)) is known, known.table
        assert known.read or (known.holds and known.remedy), known.table
