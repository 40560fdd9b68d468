"""Parsing of XML that a stranger wrote: no entity, no network, no document type, capped size and depth.

Only parsing and the naming of foreign documents belong here; what an invoice means belongs to `formats.invoices`.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from lxml import etree

from pipelines.errors import RefusedFile

# The largest invoice seen has 3.3 MB, nearly all of it attachments; Peppol stops at 100 MB on the wire.
MAX_BYTES = 64 * 1024 * 1024
# Refused by libxml2 itself as long as huge_tree is off; named here for the message.
MAX_DEPTH = 256
# Start and end tags, or attributes: a node takes up to 120 bytes, and text around each tag as much again.
MAX_TAGS = 1_500_000
_BLOCK = 4096
_ROOT_WITHIN = 1024 * 1024
MAX_TEXT = "10 MB"

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_USE = "ask the sender for EN 16931 as UBL 2.1, CII D16B or Factur-X"
_UNPACK = "drop the invoice itself, taken out of its envelope"

# (namespace or None, local name) -> (what it is, what to do): documents that are known and not read.
_FOREIGN: Mapping[tuple[str | None, str], tuple[str, str]] = {
    ("urn:ferd:CrossIndustryDocument:invoice:1p0", "CrossIndustryDocument"): ("a ZUGFeRD 1.0 invoice", _USE),
    ("urn:un:unece:uncefact:data:standard:CBFBUY:5", "Invoice"): ("a ZUGFeRD draft from before 1.0", _USE),
    ("http://difi.no/xsd/vefa/validator/1.0", "testSet"): (
        "a test set of validation rules (testSet), not one invoice",
        "drop whole invoices only",
    ),
    (None, "M_INVOIC"): ("an EDIFACT INVOIC message written as XML", _USE),
    ("http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader", "StandardBusinessDocument"): (
        "an SBDH envelope",
        _UNPACK,
    ),
    ("http://schemas.xmlsoap.org/soap/envelope/", "Envelope"): ("a SOAP envelope", _UNPACK),
}
# The same for a family whose namespace changes with country or release: by local name alone.
_FOREIGN_NAMES: Mapping[str, tuple[str, str]] = {
    "FatturaElettronica": ("an Italian FatturaPA invoice", _USE),
    "auditfile": (
        "a SAF-T Cash Register or XAF audit file (auditfile), which holds no project",
        "export SAF-T Financial (AuditFile) from the ledger",
    ),
    "JPK": ("a Polish JPK file", "export SAF-T Financial (AuditFile), or the postings as cost_line.csv"),
    "StandardAccounts": ("a list of Norwegian standard accounts, not one company's accounts", "drop data files only"),
    "StandardTaxCodes": ("a list of Norwegian standard tax codes, not data", "drop data files only"),
    "schema": ("an XML schema (XSD), not data", "drop data files only"),
    "html": ("an HTML page, probably a log-in or error page saved in place of the file", "download the file again"),
}


def root_name(path: Path) -> etree.QName | None:
    """The name of the root element, without reading further; None where the start is no XML (`parse` says why)."""
    parser = etree.XMLPullParser(
        events=("start",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    with path.open("rb") as stream:
        read = 0
        # a root that comes later than this hides behind a document type or a comment of that size
        while read < _ROOT_WITHIN and (block := stream.read(_BLOCK)):
            read += len(block)
            with suppress(etree.XMLSyntaxError):  # the root may have been read before the fault
                parser.feed(block)
            for _, element in parser.read_events():
                with suppress(ValueError):  # a prefix that is not declared: `parse` says so
                    return etree.QName(element)
                return None
    return None


# One for all documents of a thread: making one costs a fifth of reading an invoice.
_PARSERS = threading.local()


def _parser() -> etree.XMLParser:
    parser = getattr(_PARSERS, "parser", None)
    if parser is None:
        parser = _PARSERS.parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            # between elements; a fifth of the nodes of an indented document
            remove_blank_text=True,
            collect_ids=False,
        )
    return parser


def parse(data: bytes, *, where: str) -> etree._Element:
    """The root element of `data`. Comments and processing instructions are gone, so that texts are whole, and blanks
    between elements.

    Raises RefusedFile for anything malformed, too large, too deep, of too many elements, or with a document type
    declaration.
    """
    if len(data) > MAX_BYTES:
        raise too_large(len(data), where=where)
    # 64 MB of empty elements would become 2 GB of tree; what is small cannot hold that many
    if len(data) > 2 * MAX_TAGS and max(data.count(b"<"), data.count(b"=")) > MAX_TAGS:
        raise RefusedFile(
            "the XML has too many elements or attributes",
            where=where,
            valid=f"at most {MAX_TAGS} tags",
            remedy="have it written as several documents",
        )
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise unreadable(error, data, where=where) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise document_type(where)
    return root


def too_large(size: int, *, where: str) -> RefusedFile:
    """Why XML of `size` bytes is refused, so that a caller need not read it first."""
    return RefusedFile(
        "the XML is too large",
        where=where,
        value=f"{size} bytes",
        valid=f"at most {MAX_BYTES} bytes",
        remedy="leave out its embedded attachments",
    )


def document_type(where: str) -> RefusedFile:
    """Why XML with a document type declaration is refused."""
    return RefusedFile(
        "the XML declares a document type (DOCTYPE), which may hide entities",
        where=where,
        remedy="have it written without DOCTYPE; no business document needs one",
    )


def unreadable_file(error: Exception, path: Path, *, where: str) -> RefusedFile:
    """The same for XML that was read as a stream from `path`."""
    with path.open("rb") as stream:
        return unreadable(error, stream.read(4096), where=where)


def unreadable(error: Exception, data: bytes, *, where: str) -> RefusedFile:
    """Why XML that libxml2 does not parse is refused. `data`: its first bytes, as far as they are at hand."""
    text = str(error)
    if "<!DOCTYPE" in data[:4096].decode("latin-1").replace("\0", ""):
        return document_type(where)
    if "Excessive depth" in text:
        what, remedy = f"the XML is nested more than {MAX_DEPTH} levels deep", "have it written again"
    elif "Text node too long" in text or "huge text node" in text:
        what, remedy = f"one element holds more than {MAX_TEXT} of text", "leave out its embedded attachments"
    else:
        what, remedy = f"not well-formed XML: {text.split(' (<string>')[0]}", "fetch or export the file again"
    return RefusedFile(what, where=where, remedy=remedy)


def foreign(root: etree._Element, *, where: str) -> RefusedFile:
    """Why a document that no reader takes is refused: what it is, as far as it is known, and what to do."""
    name = etree.QName(root)
    known = _FOREIGN.get((name.namespace, name.localname)) or _FOREIGN_NAMES.get(name.localname)
    if known is None and (name.namespace or "").startswith(_UBL):
        known = (f"a UBL document of type {name.localname}", "drop invoices and credit notes only")
    if known is None:
        shown = f"{{{name.namespace}}}{name.localname}" if name.namespace else name.localname
        return RefusedFile(
            "an XML document of an unknown kind",
            where=where,
            value=shown,
            valid="UBL 2.1 Invoice and CreditNote, CII D16B CrossIndustryInvoice",
            remedy=_USE,
        )
    return RefusedFile(f"unsupported document: {known[0]}", where=where, remedy=known[1])
