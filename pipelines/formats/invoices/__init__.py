"""E-invoices of EN 16931 (UBL 2.1 Invoice and CreditNote, CII D16B): an XML root in, canonical rows out."""

from __future__ import annotations

from lxml import etree

from pipelines.formats.base import DocumentRead
from pipelines.formats.invoices.document import is_invoice, read_document
from pipelines.formats.invoices.rows import canonical

__all__ = ["is_invoice", "read_invoice"]


def read_invoice(root: etree._Element, *, own_parties: tuple[str, ...], where: str) -> DocumentRead:
    """The canonical rows of the invoice under `root`, which `is_invoice` accepts.

    Raises RefusedFile where a mandatory term is missing or neither party, or both, are ours.
    """
    return canonical(read_document(root, where=where), own_parties=own_parties, where=where)
