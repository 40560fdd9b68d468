"""The same invoice in UBL, in CII and in a PDF: the canonical rows are equal, whatever it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.formats import xml
from pipelines.formats.base import DocumentRead, Source
from pipelines.formats.detect import recognise
from pipelines.formats.invoices import read_invoice
from pipelines.formats.invoices.walk import Form, Part
from tests.unit.formats.seeds import invoices as seeds
from tests.unit.formats.seeds.invoices import Bill, Item, added_up, cii, pdf, rich, ubl

Rows = Mapping[str, Sequence[Mapping[str, str | None]]]


def read(data: bytes, folder: Path, *, own: tuple[str, ...] = ("DE111111111",)) -> DocumentRead:
    """The rows by way of the recogniser, as landing reads them."""
    path = folder / "document"
    path.write_bytes(data)
    source = Source(path=path, name="document", feed="invoices", size=len(data))
    found = recognise(source, own_parties=own, profiles=(), work=folder)
    assert isinstance(found, DocumentRead)
    return found


def rows(found: DocumentRead) -> Rows:
    """Everything but the place in the file."""
    return {table: [{**row, "source_line": None} for row in each] for table, each in found.rows.items()}


BILLS = {
    "everything": rich(),
    "credit note": rich(is_credit_note=True, type_code="381", preceding=("R-0",)),
    "self-billed": rich(type_code="389"),
    "corrected": rich(type_code="384", preceding=("R-0", "R-00")),
    "negative": added_up(Bill(items=(Item(net="-100.00", quantity="-1"),))),
    "overpaid": added_up(Bill(items=(Item(net="100.00"),)), prepaid="648.00"),
    "no references": rich(project=None, contract=None, order=None, cost=None, due=None),
    "no project": rich(project=None),
    "only accounting references": rich(project=None, contract=None, order=None),
    "header alone": replace(rich(), items=(), adjustments=(), breakdown=()),
    "as the buyer": rich(seller=seeds.CLIENT, buyer=seeds.OURS),
    "parties without VAT": rich(
        seller={"name": "DE111111111"}, buyer={"name": "Client SA", "endpoint": "client@example.test"}
    ),
    "with an attachment": rich(attachment="WDVPIVAlQEFQ"),
    "same line number twice": added_up(Bill(items=(Item(net="1.00", number="1"), Item(net="2.00", number="1")))),
    "six decimals": added_up(Bill(items=(Item(net="99.995", quantity="0.3333333", price="300.015"),))),
}


@pytest.mark.parametrize("name", BILLS)
def test_an_invoice_gives_the_same_rows_in_every_syntax(name: str, tmp_path: Path) -> None:
    bill = BILLS[name]
    one, two, three = (read(written(bill), tmp_path) for written in (ubl, cii, pdf))
    assert (one.format, two.format, three.format) == ("ubl", "cii", "pdf+cii")
    assert rows(one) == rows(two) == rows(three)
    assert one.warnings == two.warnings == three.warnings
    plain = [
        [(f.rule, f.severity, f.message, f.profile, f.entity, f.amount, f.unit) for f in found.findings]
        for found in (one, two, three)
    ]
    assert plain[0] == plain[1] == plain[2]


def test_a_rich_invoice_becomes_these_rows(tmp_path: Path) -> None:
    found = read(ubl(rich()), tmp_path)
    (header,) = found.rows["invoice"]
    # 895 of lines, less 45, plus 55; 19 % of 1,105 and nothing of -200
    assert [header[f"{name}_amount"] for name in ("net", "tax", "gross")] == ["905.00", "209.95", "1114.95"]
    names = ("project_id", "contract_id", "purchase_order_id", "due_date", "type")
    assert [header[name] for name in names] == ["P-1", "C-9", "PO-7", "2026-04-30", "invoice"]
    lines = found.rows["invoice_line"]
    assert [(line["line_id"], line["quantity"], line["net_amount"]) for line in lines] == [
        ("1", "8", "1000.00"),
        ("2", "-2", "-200.00"),
        ("3", "1", "95.00"),
        ("allowance-1", None, "-45.00"),
        ("charge-1", None, "50.00"),
        ("charge-2", None, "5.00"),
    ]
    assert sum(Decimal(line["net_amount"] or 0) for line in lines) == Decimal("905.00")
    assert found.findings == ()
    assert found.warnings == ()


def test_a_credit_note_is_turned_line_by_line(tmp_path: Path) -> None:
    found = read(cii(rich(is_credit_note=True, type_code="381")), tmp_path)
    assert found.rows["invoice"][0]["gross_amount"] == "-1114.95"
    lines = found.rows["invoice_line"]
    assert [(line["quantity"], line["net_amount"]) for line in lines[:4]] == [
        ("-8", "-1000.00"),
        ("2", "200.00"),
        ("-1", "-95.00"),
        (None, "45.00"),
    ]


def test_the_seeds_are_whole_invoices(tmp_path: Path) -> None:
    for name, data in seeds.seeds().items():
        found = read(data, tmp_path)
        assert found.rows["invoice"], name
        assert [f.rule for f in found.findings if f.severity != "notice"] == [], name


# -- the walk ----------------------------------------------------------------------------------------------------------

_NAMES = {"a": "urn:a"}


def walked(part: Part, inside: str) -> dict:
    return Form(part, _NAMES).read(xml.parse(f'<r xmlns="urn:a">{inside}</r>'.encode(), where="x"))


def test_the_first_path_that_holds_anything_is_taken() -> None:
    part = Part(text={"name": ("a:x/a:y", "a:z", "a:z/@kind")})
    assert walked(part, "<z kind='k'>two</z><x><y>one</y></x>")["name"] == "one"
    assert walked(part, "<x><y>  </y></x><x><y/></x><z kind='k'>two</z>")["name"] == "two"
    assert walked(part, "<x/><z kind='k'/>")["name"] == "k"
    assert walked(part, "<x xmlns='urn:b'><y>other</y></x>") == {}


def test_an_empty_element_does_not_hide_the_next_one() -> None:
    part = Part(text={"one": "a:x"}, amounts={"many": "a:y"})
    found = walked(part, "<x/><x> </x><x>\n first\tone </x><x>second</x><y/><y>1</y><y>2</y>")
    assert found["one"] == "first one"
    assert [element.text for element in found["many"]] == ["1", "2"]


def test_every_element_of_a_group_has_its_record() -> None:
    part = Part(groups={"items": ("a:x/a:y", Part(text={"id": "a:z"}, fixed={"kind": "item"}))})
    found = walked(part, "<x><y><z>1</z></y><y/></x><x><y><z>3</z><y><z>deeper</z></y></y></x>")
    assert found == {"items": [{"kind": "item", "id": "1"}, {"kind": "item"}, {"kind": "item", "id": "3"}]}


@pytest.mark.parametrize(
    "part",
    [
        Part(text={"whole": "a:x"}, amounts={"part": "a:x/a:y"}),
        Part(text={"part": "a:x/a:y", "whole": "a:x"}),
    ],
)
def test_a_path_inside_of_a_text_is_a_fault_of_the_table(part: Part) -> None:
    with pytest.raises(ValueError, match="is wanted"):
        Form(part, _NAMES)


def test_a_name_stands_for_one_thing() -> None:
    with pytest.raises(ValueError, match="given twice"):
        Part(text={"lines": "a:x"}, groups={"lines": ("a:y", Part())})


def test_reading_is_the_same_whatever_was_read_before() -> None:
    document = xml.parse(ubl(rich()), where="x")
    first = read_invoice(document, own_parties=("DE111111111",), where="x")
    read_invoice(xml.parse(cii(BILLS["credit note"]), where="x"), own_parties=("DE111111111",), where="x")
    assert read_invoice(document, own_parties=("DE111111111",), where="x") == first
