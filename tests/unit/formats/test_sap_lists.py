"""SAP lists: every carrier gives the same rows; totals are compared; what cannot be decided is refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.errors import RefusedFile
from pipelines.formats.base import Replacement
from pipelines.formats.erp.sap_names import FIELDS, fields_of, kind_of, squashed
from pipelines.formats.profiles import read_profile
from tests.unit.formats.erp_files import Reader, faults, rows, total
from tests.unit.formats.seeds import sap

EUR = {"co_area_currency": "EUR"}
AMOUNT = sap.CJI3.index("Val/COArea Crcy")
LINES = [
    ("co/2026/100000001/1", "P-1001", "P-1001.1", "2026-01-15", "400100", None, "1234.56", "10", "5100000007"),
    ("co/2026/100000001/2", "P-1001", "P-1001.1", "2026-01-15", "400200", None, "100.00", None, "5100000007"),
    ("co/2026/100000002/1", "P-1001", "P-1001.2", "2026-01-31", "620000", "labour", "8000.00", "80.5", "100000002"),
    ("co/2026/100000003/1", "P-1001", "P-1001.1", "2026-02-02", "400100", None, "-1234.56", "-10", "5100000009"),
    ("co/2026/100000004/1", "P-2002", "P-2002.1", "2026-02-03", "415000", None, "2500.00", None, "5100000010"),
]
COLUMNS = (
    "cost_line_id", "project_id", "wbs_id", "posting_date", "account_code", "category", "amount", "quantity",
    "document_number",
)  # fmt: skip


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


# -- carriers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in sap.lists() if name.startswith("cji3") and "german" not in name])
def test_every_carrier_gives_the_same_lines(reader: Reader, name: str) -> None:
    read = reader.one(sap.lists()[name], name=name, sap=EUR)
    assert (read.table, read.format, read.source_system) == ("cost_line", "sap cji3", "sap")
    assert rows(read, *COLUMNS) == LINES
    assert rows(read, "currency_code") == [("EUR",)] * 5
    assert faults(read) == []
    totals = [(float(control.stated), control.stated == control.found) for control in read.controls]
    assert totals == ([(9334.56, True), (1265.44, True), (10600.0, True)] if "totals" in name or "htm" in name else [])


@pytest.mark.parametrize(
    ("name", "lines"),
    [("cji3.txt", ["5", "6", "13", "14", "21"]), ("cji3.xls", ["6", "7", "8", "9", "10"])],
)
def test_lines_are_those_of_the_file(reader: Reader, name: str, lines: list[str]) -> None:
    content = sap.lists()[name]
    read = reader.one(content, sap=EUR)
    assert [line for (line,) in rows(read, "source_line")] == lines
    text = content.decode("utf-16" if name.endswith("xls") else "cp1252").splitlines()
    assert all("P-1001" in text[int(line) - 1] or "P-2002" in text[int(line) - 1] for line in lines)


def test_german_names_and_a_windows_encoding(reader: Reader) -> None:
    read = reader.one(sap.lists()["cji3 german.csv"], sap=EUR)
    assert total(read) == Decimal("10600.00")
    assert rows(read, "wbs_id", "posting_date")[0] == ("P-1001.1", "2026-01-15")
    assert "cp1252" in read.dialect


def test_polish_names_in_a_central_european_encoding(reader: Reader) -> None:
    text = "Obiekt;Element PSP;Rodzaj kosztów;Wartość/WK;Data księgowania\n" + (
        "PRJ;P-1.1;400100;1 254,51;29.03.2026\nPRJ;P-1.2;400100;12,00-;30.03.2026\n"
    )
    read = reader.one(text.encode("cp1250"), sap={"co_area_currency": "PLN"})
    assert rows(read, "wbs_id", "amount", "posting_date", "currency_code") == [
        ("P-1.1", "1254.51", "2026-03-29", "PLN"),
        ("P-1.2", "-12.00", "2026-03-30", "PLN"),
    ]


def test_numbers_of_a_workbook_are_numbers(reader: Reader) -> None:
    header = ("WBS Element", "Cost Element", "Val/COArea Crcy", "Posting Date", "Total quantity", "Document Number")
    body = [
        ("P-1.1", 400100, 1.234, 46037, 1.5, "7"),
        ("P-1.1", "0000400200", -20, 46038, 2, "8"),
        ("", "", -18.766, "", "", ""),
    ]
    read = reader.one(sap.workbook(header, body), sap=EUR)
    assert rows(read, "amount", "posting_date", "account_code", "quantity") == [
        ("1.234", "2026-01-15", "400100", "1.5"),
        ("-20", "2026-01-16", "400200", "2"),
    ]
    assert [(c.stated, c.found) for c in read.controls] == [(Decimal("-18.766"), Decimal("-18.766"))]


def test_a_log_in_page_and_a_table_without_a_list_stay_refused(reader: Reader) -> None:
    for page in ("<html><form>log in</form></html>", "<html><table><tr><td>a</td><td>b</td></tr></table></html>"):
        with pytest.raises(RefusedFile, match="an HTML page"):
            reader.reads(page)


def test_a_cut_html_list_and_a_broken_frame_lose_no_row(reader: Reader) -> None:
    page = sap.lists()["cji3.htm.xls"]
    with pytest.raises(RefusedFile, match="the HTML table is cut off"):
        reader.reads(page[: page.index(b"0100000003")], sap=EUR)
    text = sap.lists()["cji3.txt"].decode()
    line = next(line for line in text.splitlines() if "0100000002" in line)
    for broken in (line[1:], "x" + line):  # its cells would stand under other columns' names
        read = reader.one(text.replace(line, broken), sap=EUR)
        assert faults(read) == [("13", "the line does not start with the list's frame")]
        assert len(rows(read, "amount")) == 4
    for other in (line.replace("g h", "g|h"), line.replace("|Engineering", " Engineering")):
        read = reader.one(text.replace(line, other), sap=EUR)
        assert faults(read) == [
            ("13", "the line has not the 26 cells of the header; a text in it may hold a bar, which parts cells")
        ]
        assert len(rows(read, "amount")) == 4


def test_quotes_in_a_tab_separated_list_are_text(reader: Reader) -> None:
    text = sap.lines(sap.CJI3, sap.CJI3_ROWS, "\t").replace("Freight", '1/2" pipe')
    read = reader.one(text, sap=EUR)
    assert rows(read, "description")[1] == ('1/2" pipe',)
    assert total(read) == Decimal("10600.00")


# -- totals ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cji3 totals.txt", "cji3.htm.xls"])
def test_a_total_that_is_not_the_sum_of_its_rows_refuses_the_list(reader: Reader, name: str) -> None:
    content = sap.lists()[name].replace(b"9.334,56", b"9.334,57")
    with pytest.raises(RefusedFile) as caught:
        reader.reads(content, sap=EUR)
    assert "it says 9334.57, the rows add up to 9334.56, a difference of 0.01" in str(caught.value)
    assert "export the list again" in str(caught.value)


def test_a_missing_row_shows_in_the_totals(reader: Reader) -> None:
    kept = [row for row in sap.with_totals(sap.CJI3_ROWS, AMOUNT) if row[1] != "2"]
    with pytest.raises(RefusedFile, match=r"it says 9334.56, the rows add up to 9234.56"):
        reader.reads(sap.lines(sap.CJI3, kept, "\t"), sap=EUR)


def _total(mark: str, value: str) -> list[str]:
    cells = [""] * len(sap.CJI3)
    cells[1], cells[AMOUNT] = mark, value
    return cells


def test_totals_above_their_rows_turned_levels_and_words_are_understood(reader: Reader) -> None:
    one, two = [list(r) for r in sap.CJI3_ROWS[:3]], [list(r) for r in sap.CJI3_ROWS[3:]]
    above = [_total("**", "10.600,00"), _total("*", "9.334,56"), *one, _total("*", "1.265,44"), *two]
    turned = [*one, _total("**", "9.334,56"), *two, _total("**", "1.265,44"), _total("*", "10.600,00")]
    words = [*one, _total("Zwischensumme", "9.334,56"), *two, _total("Gesamtsumme", "10.600,00")]
    blank = [*one, _total("", "9.334,56"), *two, _total("", "1.265,44"), _total("", "10.600,00")]
    for body in (above, turned, words, blank):
        read = reader.one(sap.lines(sap.CJI3, body, "\t"), sap=EUR)
        assert rows(read, *COLUMNS) == LINES
        assert {control.stated == control.found for control in read.controls} == {True}
        assert read.controls[-1].unit == "EUR"


def test_totals_by_currency_are_compared_by_currency(reader: Reader) -> None:
    header = ("WBS element", "Ref.doc.no", "Item", "Cost Element", "Doc. Date", "Obj Curr.", "Value in Obj. Crcy")
    body = [
        ("P-1.1", "4500000001", "10", "400100", "01.02.2026", "EUR", "100,00"),
        ("P-1.1", "4500000002", "10", "400100", "01.02.2026", "USD", "50,00"),
        ("*", "", "", "", "", "EUR", "100,00"),
        ("*", "", "", "", "", "USD", "50,00"),
    ]
    read = reader.one(sap.lines(header, body, "\t"))
    assert [(control.unit, control.found) for control in read.controls] == [
        ("EUR", Decimal("100.000000")),
        ("USD", Decimal("50.000000")),
    ]
    body[3] = (*body[3][:6], "51,00")
    with pytest.raises(RefusedFile, match="it says 51, the rows add up to 50"):
        reader.reads(sap.lines(header, body, "\t"))


def test_a_posting_whose_text_starts_with_a_star_is_no_total(reader: Reader) -> None:
    text = sap.lines(sap.CJI3, sap.CJI3_ROWS, "\t").replace("Freight", "* Total freight")
    assert rows(reader.one(text, sap=EUR), "amount", "description")[1] == ("100.00", "* Total freight")


# -- currencies --------------------------------------------------------------------------------------------------------


def test_the_areas_amount_is_summed_and_no_other(reader: Reader) -> None:
    content = sap.lists()["cji3.csv"]
    by_setting = reader.one(content, sap=EUR)
    assert by_setting.mapping["amount"] == "Val/COArea Crcy"
    assert "not added up: Val.in rep.cur., Value in Obj. Crcy, Value TranCurr" in by_setting.warnings[0]
    # nothing says which currency that is, but the report's amount has a column that does
    by_column = reader.one(content)
    assert (by_column.mapping["amount"], by_column.mapping["currency_code"]) == ("Val.in rep.cur.", "Report currency")
    assert total(by_column) == Decimal("10600.00")


def test_the_currency_may_stand_in_the_header_or_in_the_title(reader: Reader) -> None:
    plain = sap.lines(
        sap.CJI3_GERMAN, [("1", "1", "2026", "400100", "", "5,50", "P-1", "01.02.2026", "", "", "P", "")], ";"
    )
    headed = reader.one(plain.replace("Wert/KWähr", "Wert/KWähr (CHF)"))
    titled = reader.one("Kostenrechnungskreis-Währung: SEK\n\n" + plain)
    assert [rows(read, "currency_code") for read in (headed, titled)] == [[("CHF",)], [("SEK",)]]
    with pytest.raises(RefusedFile) as caught:
        reader.reads(plain)
    assert "does not say in which currency Wert/KWähr is" in str(caught.value)
    assert 'set [sap] co_area_currency = "EUR"' in str(caught.value)


def test_an_amount_in_transaction_currency_alone_is_refused(reader: Reader) -> None:
    header = ("WBS Element", "Cost Element", "Posting Date", "Value TranCurr", "Transaction Currency")
    with pytest.raises(RefusedFile, match="only the amount in transaction currency"):
        reader.reads(sap.lines(header, [("P-1", "400100", "01.02.2026", "1,00", "USD")], "\t"))


# -- attribution -------------------------------------------------------------------------------------------------------


def test_without_a_project_column_the_element_stands_for_it_or_its_configured_part(reader: Reader) -> None:
    header = ("WBS Element", "Cost Element", "Posting Date", "Val/COArea Crcy", "Document Number", "Posting Row")
    text = sap.lines(header, [("P-1001.1.2", "400100", "13/02/2026", "1.00", "1", "1")], "\t")
    assert rows(reader.one(text, sap=EUR), "project_id", "wbs_id") == [("P-1001.1.2", "P-1001.1.2")]
    part = reader.one(text, sap={**EUR, "project_of_wbs": r"^([^.]+)"})
    assert rows(part, "project_id", "wbs_id") == [("P-1001", "P-1001.1.2")]
    with pytest.raises(RefusedFile, match=r"outturn.toml, \[sap\] project_of_wbs"):
        reader.reads(text, sap={**EUR, "project_of_wbs": "(["})


def test_numbered_lines_keep_their_key_and_lists_without_numbers_replace_their_period(reader: Reader) -> None:
    numbered = reader.one(sap.lists()["cji3.csv"], sap={**EUR, "controlling_area": "1000"})
    assert rows(numbered, "cost_line_id")[0] == ("co/1000/2026/100000001/1",)
    assert numbered.replaces is None
    text = sap.lists()["ksb1 german.txt"].decode("cp1252")
    body = [line for line in text.splitlines() if "|1  |" in line]
    twice = reader.one(text.replace(body[0], body[0] + "\r\n" + body[0]), sap=EUR)
    assert twice.format == "sap ksb1 unnumbered"
    assert twice.replaces == Replacement(
        period="posting_date", within=("project_id",), starts_with=("cost_line_id", "ksb1/")
    )
    keys = [key for (key,) in rows(twice, "cost_line_id")]
    assert keys[0].endswith("/1500.75/Ventile/1")
    assert keys[1].endswith("/1500.75/Ventile/2")  # the same twice is legal


def test_a_list_with_periods_only_is_dated_by_their_last_day(reader: Reader) -> None:
    content = sap.lists()["ksb1.txt"]
    read = reader.one(content, sap=EUR)
    assert rows(read, "posting_date", "project_id", "amount") == [
        ("2026-01-31", "CC4711", "1234.50"),
        ("2025-12-31", "800123", "-20.00"),
    ]
    april = reader.one(content, sap={**EUR, "fiscal_year_start_month": 4})
    assert rows(april, "posting_date") == [("2026-04-30",), ("2026-03-31",)]
    october = reader.one(content, sap={**EUR, "fiscal_year_start_month": 10, "fiscal_year_named_by": "last_month"})
    assert rows(october, "posting_date") == [("2025-10-31",), ("2025-09-30",)]
    with pytest.raises(RefusedFile, match="no posting date, nor period"):
        reader.reads(content.replace(b"Period", b"Persons"), sap=EUR)


def test_commitments_and_orders(reader: Reader) -> None:
    columns = ("purchase_order_id", "line_id", "project_id", "ordered_on", "expected_on", "category", "ordered_amount",
               "received_amount", "invoiced_amount", "supplier_id")  # fmt: skip
    open_items = reader.one(sap.lists()["cji5.txt"])
    assert rows(open_items, *columns) == [
        ("4500000011", "10", "P-1001", "2026-01-10", "2026-03-15", "material", "12000.00", None, None, "100023"),
        ("4500000012", "20", "P-1001", "2026-01-12", "2026-04-30", "subcontract", "800.50", None, None, "100024"),
    ]
    assert open_items.replaces == Replacement(period=None, within=("project_id",))
    declared = reader.one(sap.lists()["cji5.txt"], sap={"categories": {"41": "equipment", "4": "travel"}})
    assert rows(declared, "category") == [("travel",), ("equipment",)]
    orders = reader.one(sap.lists()["me2n.txt"])
    assert rows(orders, *columns) == [
        ("4500000011", "10", "P-1001.1", "2026-01-10", "2026-03-15", "material", "15000.00", "3000.000000",
         "2000.000000", "100023"),
    ]  # fmt: skip
    assert "1 deleted items left out, amounts of 99" in orders.warnings


def test_an_order_item_that_two_elements_pay_for_is_two_lines(reader: Reader) -> None:
    text = sap.lists()["cji5.txt"].decode()
    first = next(line for line in text.splitlines() if "4500000011" in line)
    text += first.replace("P-1001.1", "P-1001.3").replace("12.000,00", "5,00") + "\r\n"
    assert rows(reader.one(text), "line_id", "ordered_amount") == [
        ("10/P-1001.1/1", "12000.00"),
        ("20", "800.50"),
        ("10/P-1001.3/1", "5.00"),
    ]


def test_orders_without_a_project_and_material_documents_are_refused(reader: Reader) -> None:
    with pytest.raises(RefusedFile, match=r"material documents \(MB51\): its goods issues .* counted twice"):
        reader.reads(sap.lists()["mb51.txt"])
    with pytest.raises(RefusedFile, match="does not name a project"):
        reader.reads(sap.lists()["me2n.txt"].replace(b"WBS Element", b"Colour"))


@pytest.mark.parametrize(
    ("settings", "name", "reason"),
    [
        ({"actuals": "acdoca"}, "cji3.csv", "takes them from ACDOCA"),
        ({"commitments": "me2n"}, "cji5.txt", "takes them from ME2N"),
        ({"actuals": "fi"}, "cji3.csv", r"\[sap\] actuals .found 'fi'.; valid: cji3, ksb1, coep, acdoca, bseg"),
        ({"co_area_currency": "Euro"}, "cji3.csv", r"\[sap\] co_area_currency"),
        ({"columns": {"Mein Betrag": "betrag"}}, "cji3.csv", r"\[sap.columns\] Mein Betrag"),
        ({"decimal": "both"}, "cji3.csv", r"\[sap\] decimal"),
    ],
)
def test_settings_decide_and_wrong_ones_are_named(reader: Reader, settings: dict, name: str, reason: str) -> None:
    with pytest.raises(RefusedFile, match=reason):
        reader.reads(sap.lists()[name], sap={**EUR, **settings})


def test_a_firms_own_column_names(reader: Reader) -> None:
    header = ("WBS Element", "Kostenart", "Buchungsdatum", "Betrag in Konzernwährung", "Belegnummer", "Buchungszeile")
    text = sap.lines(header, [("P-1", "400100", "01.02.2026", "9,99", "1", "1")], "\t")
    with pytest.raises(RefusedFile, match="no canonical table fits"):
        reader.reads(text, sap=EUR)
    # a name that no list has is known only with the setting, so the file is told from its other columns
    workbook = sap.workbook(header, [("P-1", "400100", "01.02.2026", "9,99", "1", "1")])
    read = reader.one(workbook, sap={**EUR, "columns": {"Betrag in Konzernwährung": "co_amount"}})
    assert rows(read, "amount") == [("9.99",)]


def test_a_users_own_profile_goes_first(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "name: mine\ntable: cost_line\nheader: [Belegnummer, Buchungszeile, Wert/KWähr, PSP-Element, Buchungsdatum]\n"
        "columns:\n  cost_line_id: {from: [Belegnummer, Buchungszeile], join: '-'}\n  project_id: PSP-Element\n"
        "  posting_date: {from: Buchungsdatum, format: '%d.%m.%Y'}\n  amount: {from: Wert/KWähr, decimal: comma}\n"
        "  currency_code: {const: EUR}\n",
        encoding="utf-8",
    )
    read = reader.one(sap.lists()["cji3 german.csv"], profiles=[read_profile(path)])
    assert (read.format, rows(read, "cost_line_id")[0]) == ("csv (mine)", ("0100000001-1",))


# -- names -------------------------------------------------------------------------------------------------------------


def test_no_name_stands_for_two_fields() -> None:
    seen: dict[str, str] = {}
    for field, names in FIELDS.items():
        for name in names:
            assert seen.setdefault(squashed(name), field) == field, name


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (sap.CJI3, "cji3"), (sap.CJI3_GERMAN, "cji3"), (sap.KSB1, "ksb1"), (sap.KSB1_GERMAN, "ksb1"),
        (sap.CJI5, "cji5"), (sap.ME2N, "me2n"), (sap.MB51, "mb51"),
        (("Élément d'OTP", "Nature comptable", "Date comptable", "Val./devise rapport", "Numéro de pièce"), "cji3"),
        (("Elemento PEP", "Clase de coste", "Fe.contabilización", "Valor/mon.inf.", "Nº documento"), "cji3"),
        (("WBS-element", "Kostensoort", "Boekingsdatum", "Waarde/KKR-valuta", "Documentnummer"), "cji3"),
        (("Centro de coste", "Clase de coste", "Denom.clase de coste", "Valor/mon.inf.", "Cantidad total"), "ksb1"),
        (("Project", "Client", "Description", "Task", "User", "Start Date", "Duration (h)"), None),
        (("Date", "Name", "Amount", "Currency"), None),
    ],
)  # fmt: skip
def test_a_header_says_which_list_it_is(header: tuple[str, ...], kind: str | None) -> None:
    assert kind_of(fields_of(header)) == kind


def test_the_second_posting_row_is_the_reference_documents_and_names_may_be_shortened() -> None:
    fields = fields_of(sap.CJI3)
    assert (fields["row"], fields["ref_row"]) == (1, 11)
    moved = ("Ref. document number", "Posting Row", "Document Number", "Posting Row", "Val/COArea Crcy")
    assert (fields_of(moved)["row"], fields_of(moved)["ref_row"]) == (3, 1)
    short = fields_of(("Buchungsda", "Kostenart", "Wert/KWä", "PSP-Eleme", "Belegnumm", "Dokument"))
    assert set(short) == {"posting_date", "cost_element", "co_amount", "wbs", "document"}
    beside = fields_of(("Val/COArea Crcy", "Crcy", "Value TranCurr", "Curr."))
    assert (beside["co_currency"], beside["transaction_currency"]) == (1, 3)
