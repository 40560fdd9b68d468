"""The invoice that a PDF carries (Factur-X, ZUGFeRD 2.x, XRechnung in PDF): which attachment it is, and its XML.

Attachments are read in memory and never written anywhere: they come from strangers. The PDF's own pages are not read;
a PDF without an embedded invoice is refused.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from pypdf import PdfReader
from pypdf.generic import EmbeddedFile

from pipelines.errors import RefusedFile
from pipelines.formats.invoices import is_invoice
from pipelines.formats.xml import MAX_BYTES, foreign, parse

MAX_PDF_BYTES = 100 * 1024 * 1024
# A file with more is no invoice; each one costs a decompression (which pypdf stops at 75 MB).
MAX_ATTACHMENTS = 50

# Base names of the standards, the newest first. Others occur (ZUGFeRD_001.xml, no extension, a whole Windows path).
_KNOWN_NAMES = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")
# How the standards say that an attachment belongs to the document
_RELATIONSHIPS = ("/Alternative", "/Source", "/Data")
_REMEDY = "ask the sender for a Factur-X or ZUGFeRD 2.x PDF, or for the XML"

# pypdf tells of every blemish that it mends; what matters is raised.
logging.getLogger("pypdf").setLevel(logging.ERROR)


@dataclass(frozen=True)
class _Attachment:
    name: str  # base name, without the sender's folders
    relationship: str
    file: EmbeddedFile

    @property
    def is_known(self) -> bool:
        return self.name.casefold() in _KNOWN_NAMES

    @property
    def rank(self) -> tuple[int, int]:
        name = self.name.casefold()
        named = _KNOWN_NAMES.index(name) if self.is_known else len(_KNOWN_NAMES)
        related = (
            _RELATIONSHIPS.index(self.relationship) if self.relationship in _RELATIONSHIPS else len(_RELATIONSHIPS)
        )
        return named, related


def _attachments(reader: PdfReader) -> list[_Attachment]:
    found = []
    for file in reader.attachment_list:
        name = (file.alternative_name or file.name).replace("\\", "/").rsplit("/", 1)[-1].strip()
        found.append(_Attachment(name, str(file.associated_file_relationship), file))
        if len(found) > MAX_ATTACHMENTS:
            break
    return found


def _open(path: Path, *, where: str) -> list[_Attachment]:
    try:
        reader = PdfReader(path, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise RefusedFile("the PDF is encrypted", where=where, remedy="drop it without a password")
        return _attachments(reader)
    except RefusedFile:
        raise
    # A broken or hostile file makes pypdf raise nearly anything (KeyError, RecursionError, its own errors).
    except Exception as error:
        raise RefusedFile(
            f"not a readable PDF: {error}", where=where, remedy="fetch or export the file again"
        ) from error


def _root(attachment: _Attachment, *, where: str) -> etree._Element | None:
    """The attachment's XML; None where it is no XML at all and has no name of an invoice."""
    inside = f"{where}, attachment {attachment.name}"
    try:
        data = attachment.file.content
    # as above: the stream is as foreign as the file
    except Exception as error:
        raise RefusedFile(f"the attachment cannot be read: {error}", where=inside, remedy=_REMEDY) from error
    if not attachment.is_known and not data[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
        return None
    if len(data) > MAX_BYTES:
        raise RefusedFile(
            "the embedded XML is too large", where=inside, valid=f"at most {MAX_BYTES} bytes", remedy=_REMEDY
        )
    root = parse(data, where=inside)
    if not is_invoice(root):
        raise foreign(root, where=inside)
    return root


def embedded_invoice(path: Path, *, where: str) -> tuple[etree._Element, Sequence[str]]:
    """The root of the invoice embedded in the PDF at `path`, and warnings.

    Attachments with a standard's name come first (case does not matter), then those the PDF calls its source or
    alternative; the first that is an invoice wins. Raises RefusedFile with the reason of the likeliest one.
    """
    if path.stat().st_size > MAX_PDF_BYTES:
        raise RefusedFile("the PDF is too large", where=where, valid=f"at most {MAX_PDF_BYTES} bytes", remedy=_REMEDY)
    attachments = sorted(_open(path, where=where), key=lambda a: a.rank)
    invoices: list[tuple[_Attachment, etree._Element]] = []
    refusals: list[RefusedFile] = []
    for attachment in attachments[:MAX_ATTACHMENTS]:
        try:
            root = _root(attachment, where=where)
        except RefusedFile as refusal:
            refusals.append(refusal)
            continue
        if root is not None:
            invoices.append((attachment, root))
    if invoices:
        names = ", ".join(attachment.name for attachment, _ in invoices)
        warnings = [f"the PDF holds several invoices ({names}); only the first is read"] if len(invoices) > 1 else []
        return invoices[0][1], warnings
    if refusals:
        raise refusals[0]
    raise RefusedFile(
        "the PDF holds no embedded invoice",
        where=where,
        value=", ".join(a.name for a in attachments[:5]) or "no attachment",
        valid=", ".join(_KNOWN_NAMES),
        remedy=_REMEDY,
    )
