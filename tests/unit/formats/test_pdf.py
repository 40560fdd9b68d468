"""Invoices inside PDF files made here: which attachment is read, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.errors import DependencyError
from pypdf.generic import NameObject

from pipelines.errors import RefusedFile
from pipelines.formats import pdf, pdf_attachments

_CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"


def invoice(mark: str = "") -> bytes:
    return f'<?xml version="1.0"?><r:CrossIndustryInvoice xmlns:r="{_CII}" mark="{mark}"/>'.encode()


ZUGFERD_1 = b'<CrossIndustryDocument xmlns="urn:ferd:CrossIndustryDocument:invoice:1p0"/>'


def written(path: Path, *attachments: tuple[str, bytes], relationship: str | None = None) -> Path:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    for name, content in attachments:
        file = writer.add_attachment(name, content)
        if relationship is not None and name == attachments[-1][0]:
            file.associated_file_relationship = NameObject(relationship)
    writer.write(path)
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "invoice.pdf"


@pytest.mark.parametrize(
    "name",
    [
        "factur-x.xml",
        "FACTUR-X.XML",
        "ZUGFeRD-invoice.xml",
        "xrechnung.xml",
        "ZUGFeRD_001.xml",
        "ZUGFeRD-invoice",
        r"C:\Users\me\Temp\zugferd-invoice.xml",
        "/tmp/out/factur-x.xml",
    ],
)
def test_the_invoice_is_found_under_any_name(file: Path, name: str) -> None:
    written(file, ("terms.txt", b"general terms"), (name, invoice()))
    root, warnings = pdf.embedded_invoice(file, where="invoice.pdf")
    assert root.tag == f"{{{_CII}}}CrossIndustryInvoice"
    assert warnings == []


def test_a_ubl_invoice_may_be_embedded_too(file: Path) -> None:
    written(file, ("xrechnung.xml", f'<Invoice xmlns="{_UBL}"/>'.encode()))
    assert pdf.embedded_invoice(file, where="invoice.pdf")[0].tag == f"{{{_UBL}}}Invoice"


def test_of_two_invoices_the_one_with_the_standard_s_name_is_read(file: Path) -> None:
    written(file, ("another.xml", invoice("no")), ("factur-x.xml", invoice("yes")))
    root, warnings = pdf.embedded_invoice(file, where="invoice.pdf")
    assert root.get("mark") == "yes"
    assert warnings == ["the PDF holds several invoices (factur-x.xml, another.xml); only the first is read"]


def test_an_old_zugferd_beside_a_factur_x_does_not_matter(file: Path) -> None:
    written(file, ("ZUGFeRD-invoice.xml", ZUGFERD_1), ("factur-x.xml", invoice("yes")), ("data.xml", b"<additional/>"))
    root, warnings = pdf.embedded_invoice(file, where="invoice.pdf")
    assert (root.get("mark"), warnings) == ("yes", [])


def test_the_relationship_breaks_a_tie(file: Path) -> None:
    written(file, ("one.xml", invoice("no")), ("two.xml", invoice("yes")), relationship="/Alternative")
    assert pdf.embedded_invoice(file, where="invoice.pdf")[0].get("mark") == "yes"


@pytest.mark.parametrize(
    ("attachments", "reason"),
    [
        ((), "holds no embedded invoice .*no attachment"),
        ((("terms.txt", b"general terms"), ("photo.jpg", b"\xff\xd8\xff")), "no embedded invoice .*terms.txt"),
        ((("ZUGFeRD-invoice.xml", ZUGFERD_1),), "a ZUGFeRD 1.0 invoice in invoice.pdf, attachment ZUGFeRD-invoice.xml"),
        ((("factur-x.xml", invoice()[:-9]),), "not well-formed XML"),
        ((("factur-x.xml", b"no XML at all"),), "not well-formed XML"),
        ((("factur-x.xml", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'),), "DOCTYPE"),
        ((("additional.xml", b"<additional/>"),), "an XML document of an unknown kind .*additional"),
    ],
)
def test_without_a_usable_invoice_it_is_refused(file: Path, attachments: tuple, reason: str) -> None:
    written(file, *attachments)
    with pytest.raises(RefusedFile, match=reason) as refusal:
        pdf.embedded_invoice(file, where="invoice.pdf")
    assert refusal.value.remedy


def test_an_encrypted_pdf_is_refused(file: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment("factur-x.xml", invoice())
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(file)
    with pytest.raises(RefusedFile, match="the PDF is encrypted"):
        pdf.embedded_invoice(file, where="invoice.pdf")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_cut_pdf_is_read_or_refused_but_never_crashes(file: Path, share: float) -> None:
    data = written(file, ("factur-x.xml", invoice())).read_bytes()
    file.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(RefusedFile):
        pdf.embedded_invoice(file, where="invoice.pdf")


def test_sizes_are_capped(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(file, ("factur-x.xml", invoice("x" * 1000)))
    monkeypatch.setattr(pdf, "MAX_BYTES", 1000)
    with pytest.raises(RefusedFile, match="the embedded XML is too large"):
        pdf.embedded_invoice(file, where="invoice.pdf")
    monkeypatch.setattr(pdf, "MAX_PDF_BYTES", 100)
    with pytest.raises(RefusedFile, match="the PDF is too large"):
        pdf.embedded_invoice(file, where="invoice.pdf")


def packed(path: Path, size: int, copies: int = 1) -> Path:
    """Attachments that unpack to so many bytes each."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    for _ in range(copies):
        writer.add_attachment("factur-x.xml", b"<a>" + b" " * size + b"</a>")
    for attachment in writer.attachment_list:
        plain = attachment.pdf_object["/EF"].raw_get("/F")
        writer._replace_object(plain, plain.get_object().flate_encode())
    writer.write(path)
    return path


def test_a_stream_that_unpacks_to_hundreds_of_megabytes_is_stopped(file: Path) -> None:
    assert packed(file, 100_000_000).stat().st_size < 1_000_000
    with pytest.raises(RefusedFile, match=r"factur-x\.xml"):
        pdf.embedded_invoice(file, where="invoice.pdf")


def test_many_attachments_that_unpack_are_stopped_together(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_attachments, "MAX_EXPANDED", 1_200_000)
    found = pdf_attachments.attachments(packed(file, 500_000, copies=4))
    assert [each.problem for each in found] == [None, None, None, "the attachments unpack to too much"]


def hostile(path: Path, entries: int) -> Path:
    """A cross-reference table that says there are so many objects."""
    start = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n"
    table = b"xref\n0 %d\n" % entries + b"0000000009 00000 n \n" * entries
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (entries, len(start))
    path.write_bytes(start + table + end)
    return path


def test_a_pdf_that_keeps_the_reader_busy_is_stopped(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = pdf.AttachmentProcess(seconds=1)
    monkeypatch.setattr(pdf, "_PROCESS", process)
    with pytest.raises(RefusedFile, match="the PDF takes too long to read"):
        pdf.embedded_invoice(hostile(file, 2_000_000), where="invoice.pdf")
    written(file, ("factur-x.xml", invoice("after")))
    assert pdf.embedded_invoice(file, where="invoice.pdf")[0].get("mark") == "after"
    process.end()


def test_a_pdf_that_fills_the_memory_is_stopped(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = pdf.AttachmentProcess(memory=160 * 1024**2, seconds=60)
    monkeypatch.setattr(pdf, "_PROCESS", process)
    with pytest.raises(RefusedFile, match="the PDF needs too much memory to read"):
        pdf.embedded_invoice(packed(file, 70_000_000), where="invoice.pdf")
    written(file, ("factur-x.xml", invoice("after")))
    assert pdf.embedded_invoice(file, where="invoice.pdf")[0].get("mark") == "after"
    process.end()


def test_a_process_that_died_is_started_again(file: Path) -> None:
    written(file, ("factur-x.xml", invoice("yes")))
    pdf.embedded_invoice(file, where="invoice.pdf")
    running = pdf._PROCESS._running
    assert running is not None
    running.kill()
    running.wait()
    assert pdf.embedded_invoice(file, where="invoice.pdf")[0].get("mark") == "yes"


def test_a_pdf_that_only_forbids_printing_is_read(file: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment("factur-x.xml", invoice("yes"))
    writer.encrypt("", owner_password="secret", algorithm="RC4-128")
    writer.write(file)
    assert pdf.embedded_invoice(file, where="invoice.pdf")[0].get("mark") == "yes"


def test_a_cipher_that_is_not_known_here_is_a_password(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise DependencyError("cryptography>=3.1 is required for AES algorithm")

    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("", owner_password="secret", algorithm="RC4-128")
    writer.write(file)
    monkeypatch.setattr(PdfReader, "decrypt", unknown)
    with pytest.raises(pdf_attachments.UnreadablePdf, match="encrypted"):
        pdf_attachments.attachments(file)


def test_no_attachment_touches_the_disk(file: Path) -> None:
    written(file, ("factur-x.xml", invoice()), ("../evil.sh", b"#!/bin/sh"))
    before = sorted(file.parent.parent.rglob("*"))
    pdf.embedded_invoice(file, where="invoice.pdf")
    assert sorted(file.parent.parent.rglob("*")) == before
