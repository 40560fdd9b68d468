"""Hostile and foreign XML: refused quickly, with what it is."""

from __future__ import annotations

import time

import pytest
from lxml import etree

from pipelines.errors import RefusedFile
from pipelines.formats import xml

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
BOMB = "".join(
    ['<!ENTITY a0 "', "x" * 1000, '">', *(f'<!ENTITY a{i} "{f"&a{i - 1};" * 20}">' for i in range(1, 8))],
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(f"<!DOCTYPE a [{BOMB}]><a>&a7;</a>".encode(), "DOCTYPE", id="entity bomb"),
        pytest.param(f'<!DOCTYPE a [{BOMB}]><a b="&a7;"/>'.encode(), "DOCTYPE", id="entity bomb in an attribute"),
        pytest.param(
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "DOCTYPE", id="external entity"
        ),
        pytest.param(b'<!DOCTYPE a SYSTEM "http://example.test/a.dtd"><a/>', "DOCTYPE", id="external document type"),
        pytest.param(b"<!DOCTYPE a><a/>", "DOCTYPE", id="document type alone"),
        pytest.param("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>".encode("utf-16"), "DOCTYPE", id="UTF-16 hides nothing"),
        pytest.param(
            b'<!DOCTYPE a [<!ENTITY x "' + b"x" * 50_000 + b'">]><a>' + b"&x;" * 50_000 + b"</a>",
            "DOCTYPE",
            id="quadratic blowup",
        ),
        pytest.param(
            b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://example.test/x"> %x;]><a/>', "DOCTYPE", id="parameter entity"
        ),
        pytest.param(b"<a>&x;</a>", "not well-formed XML: Entity 'x' not defined", id="unknown entity"),
        pytest.param(b"<a>" * 1000 + b"</a>" * 1000, "nested more than 256 levels deep", id="deep"),
        pytest.param(b"<a>" + b"x" * 11_000_000 + b"</a>", "more than 10 MB of text", id="huge text"),
        pytest.param(b"<a><b>1</b>", "not well-formed XML: ", id="truncated"),
        pytest.param(b"<a>\xff\xfe</a>", "not well-formed XML: ", id="not its encoding"),
        pytest.param(b"", "not well-formed XML: ", id="nothing"),
    ],
)
def test_hostile_and_broken_xml_is_refused_at_once(data: bytes, reason: str) -> None:
    start = time.perf_counter()
    with pytest.raises(RefusedFile, match=reason) as refusal:
        xml.parse(data, where="x.xml")
    assert time.perf_counter() - start < 1
    assert refusal.value.where == "x.xml"
    assert refusal.value.remedy


def test_too_much_xml_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "MAX_BYTES", 3)
    with pytest.raises(RefusedFile, match=r"the XML is too large .*4 bytes.*at most 3 bytes"):
        xml.parse(b"<a/>", where="x.xml")


@pytest.mark.parametrize("unit", [b"<a/>", b"x<a></a>", b'<a b="" c=""/>'])
def test_more_elements_than_memory_holds_are_refused_before_they_are_parsed(
    unit: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml, "MAX_TAGS", 50)
    with pytest.raises(RefusedFile, match=r"too many elements or attributes .*at most 50 tags"):
        xml.parse(b"<r>" + unit * 51 + b"</r>", where="x.xml")
    assert len(xml.parse(b"<r>" + unit * 10 + b"</r>", where="x.xml")) == 10


def test_blanks_between_elements_are_gone_and_those_in_a_text_stay() -> None:
    root = xml.parse(b"<a>\n  <b> one\n two </b>\n  <c> </c>\n</a>", where="x.xml")
    assert (root.text, root[0].text, root[0].tail) == (None, " one\n two ", None)


def test_comments_do_not_cut_a_text() -> None:
    assert xml.parse(b"<!-- a --><a>1<!-- b -->2<?c d?>3</a>", where="x.xml").text == "123"


@pytest.mark.parametrize(
    ("root", "reason"),
    [
        ('<CrossIndustryDocument xmlns="urn:ferd:CrossIndustryDocument:invoice:1p0"/>', "a ZUGFeRD 1.0 invoice"),
        (
            '<p:FatturaElettronica xmlns:p="http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2"/>',
            "FatturaPA",
        ),
        ('<testSet xmlns="http://difi.no/xsd/vefa/validator/1.0"/>', r"validation rules \(testSet\)"),
        ("<M_INVOIC/>", "an EDIFACT INVOIC message written as XML"),
        ('<html xmlns="http://www.w3.org/1999/xhtml"/>', "an HTML page"),
        ('<auditfile xmlns="urn:StandardAuditFile-Taxation-CashRegister:NO"/>', "a SAF-T Cash Register"),
        ('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>', r"an XML schema \(XSD\)"),
        ("<StandardTaxCodes/>", "a list of Norwegian standard tax codes"),
        (f'<Order xmlns="{UBL}Order-2"/>', "a UBL document of type Order"),
        (f'<Reminder xmlns="{UBL}Reminder-2"/>', "a UBL document of type Reminder"),
        ('<Invoice xmlns="urn:other"/>', r"unknown kind .*\{urn:other\}Invoice"),
        ("<Invoice/>", "unknown kind .*found 'Invoice'"),
    ],
)
def test_a_foreign_document_is_called_by_its_name(root: str, reason: str) -> None:
    with pytest.raises(RefusedFile, match=reason) as refusal:
        raise xml.foreign(etree.fromstring(root), where="x.xml")
    assert refusal.value.remedy
