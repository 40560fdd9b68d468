"""Which reader takes which foreign format: one line each. The readers are imported when a file of theirs arrives.

A reader is a function `read(source: Source, context: Context) -> Read` that raises RefusedFile. It is chosen by what
the bytes say, never by the file's name: an XML document by its root element, a text by its first characters.
E-invoices, tabular profiles and canonical tables are chosen by `detect` itself.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.formats.base import Context, Read, Source

Reader = Callable[[Source, Context], Read]


@dataclass(frozen=True)
class XmlFormat:
    """An XML format: its root's local name, what its namespace holds ("" fits any, also none), where its reader is."""

    name: str
    local_name: str
    namespace_part: str
    reader: str  # module:function


@dataclass(frozen=True)
class TextFormat:
    """A format of text, JSON or HTML: the module that holds `sniff(head: str) -> bool` and `read`.

    `head`: the first 64 K characters, byte order mark and leading blanks gone.
    """

    name: str
    module: str


XML_FORMATS: tuple[XmlFormat, ...] = (
    XmlFormat("saft", "AuditFile", "", "pipelines.formats.saft:read"),
    XmlFormat("mspdi", "Project", "", "pipelines.formats.schedules.mspdi:read"),
    XmlFormat("pmxml", "APIBusinessObjects", "", "pipelines.formats.schedules.mpxj:read_pmxml"),
    XmlFormat("3gpp", "measCollecFile", "", "pipelines.formats.kpi.performance:read"),
    XmlFormat("3gpp", "measDataFile", "", "pipelines.formats.kpi.performance:read"),
    # the rates of the European Central Bank, in an envelope of SDMX
    XmlFormat("ecb", "Envelope", "gesmes", "pipelines.formats.kpi.ecb:read_xml"),
    # the .xls of SAP that is XML
    XmlFormat("sap", "Workbook", "office:spreadsheet", "pipelines.formats.erp.sap_lists:read_spreadsheet_xml"),
)

TEXT_FORMATS: tuple[TextFormat, ...] = (
    TextFormat("datev", "pipelines.formats.datev"),
    TextFormat("xer", "pipelines.formats.schedules.xer"),
    TextFormat("mpx", "pipelines.formats.schedules.mpx"),
    TextFormat("sap", "pipelines.formats.erp.sap_lists"),
)


def _function(path: str) -> Reader:
    module, _, function = path.partition(":")
    return getattr(importlib.import_module(module), function)


def xml_reader(namespace: str | None, local_name: str) -> Reader | None:
    """The reader of documents with this root; None where no one takes it."""
    for known in XML_FORMATS:
        if known.local_name == local_name and known.namespace_part in (namespace or ""):
            return _function(known.reader)
    return None


def text_reader(head: str) -> Reader | None:
    """The reader of a text that starts like this; None where it may be a table."""
    for known in TEXT_FORMATS:
        module = importlib.import_module(known.module)
        if module.sniff(head):
            return module.read
    return None
