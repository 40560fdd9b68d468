"""An e-invoice as canonical rows: whose invoice it is, which sign its amounts have, which lines make up its net.

Signs (docs/formats.md): customer invoices and supplier invoices are positive, credits negative.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from pipelines.errors import RefusedFile
from pipelines.formats.base import DocumentRead, Finding
from pipelines.formats.invoices.document import Document, Line, Party
from pipelines.formats.invoices.rules import findings
from pipelines.formats.invoices.rulesets import ruleset

# Code list of CreditNoteTypeCode in EN 16931 (rule BR-CL-01), a subset of UNTDID 1001
CREDIT_TYPES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
CORRECTED_INVOICE = "384"
# Types that say themselves that they may not be a claim
_MARKED: Mapping[str, str] = {
    "325": "a pro-forma invoice",
    "751": "information for accounting purposes",
}

Row = Mapping[str, str | None]


@lru_cache(maxsize=4096)
def _squeezed(text: str) -> str:
    """What two spellings of an identifier or a name have in common."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


@lru_cache(maxsize=16)
def _own(parties: tuple[str, ...]) -> frozenset[str]:
    return frozenset(filter(None, map(_squeezed, parties)))


def _is_own(party: Party, own: frozenset[str]) -> bool:
    return any(_squeezed(identifier) in own for identifier in party.identifiers)


def _direction(document: Document, own_parties: tuple[str, ...], *, where: str) -> tuple[str, Party]:
    """`customer` where we are the seller, `supplier` where we are the buyer, and who the other one is."""
    own = _own(own_parties)
    sold, bought = _is_own(document.seller, own), _is_own(document.buyer, own)
    if sold == bought:
        both = f"seller {document.seller.shown} and buyer {document.buyer.shown}"
        raise RefusedFile(
            f"both {both} are our own parties: an internal invoice"
            if sold
            else f"neither seller {document.seller.shown} nor buyer {document.buyer.shown} is one of our own parties",
            where=where,
            remedy="keep in own_parties (outturn.toml) only the side that this warehouse reports on"
            if sold
            else "add our VAT number, electronic address or name to own_parties in outturn.toml",
        )
    direction, other = ("customer", document.buyer) if sold else ("supplier", document.seller)
    if not other.identifiers:
        raise RefusedFile(
            f"the {'buyer' if sold else 'seller'} is not named",
            where=where,
            remedy="ask the sender for a whole invoice",
        )
    return direction, other


def _amount(value: Decimal) -> str:
    """At least two decimals, more only where the file has more; never -0.00."""
    shown = f"{value:f}" if value else "0"
    if shown[-3:-2] == ".":
        return shown
    whole, _, decimals = shown.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


@lru_cache(maxsize=4096)
def _quantity(value: Decimal | None, factor: int) -> str | None:
    """Without zeros at the end: 3.0000 and 3 are one quantity."""
    if value is None:
        return None
    shown = f"{factor * value:f}" if value else "0"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _line_ids(lines: Sequence[Line]) -> list[str]:
    """The lines' own numbers, made unique: two lines with one number are two lines all the same."""
    ids = [line.line_id or str(position) for position, line in enumerate(lines, start=1)]
    if len(set(ids)) == len(ids):
        return ids
    seen: Counter[str] = Counter()
    taken = set(ids)
    for position, line_id in enumerate(ids):
        seen[line_id] += 1
        if seen[line_id] > 1:
            count = seen[line_id]
            while f"{line_id}#{count}" in taken:
                count += 1
            ids[position] = f"{line_id}#{count}"
            taken.add(ids[position])
    return ids


def _weak_project(document: Document) -> str | None:
    """BT-19, for a document without lines that could carry it and without anything better."""
    return document.accounting_reference if document.contract is None and document.order is None else None


def _remarks(document: Document, *, is_credit: bool) -> Iterator[str]:
    gross = document.amounts["gross"]
    if is_credit and gross < 0:
        yield f"a credit note with a negative total ({gross:f}): loaded as a positive amount, please verify"
    if document.type_code in _MARKED:
        yield f"type {document.type_code}: {_MARKED[document.type_code]}; loaded like an invoice"
    numbers = [line.line_id for line in document.lines if line.line_id]
    if len(set(numbers)) < len(numbers):
        repeated = [line_id for line_id, count in Counter(numbers).items() if count > 1]
        yield f"line numbers that occur more than once were made unique: {', '.join(repeated[:5])}"


def _corrections(document: Document) -> Iterator[Finding]:
    """One for each invoice that a corrected one (384) names (BT-25), so that the warehouse sees whether both count."""
    if document.type_code != CORRECTED_INVOICE:
        return
    gross = document.amounts["gross"]
    for number in document.preceding or (None,):
        named = number or "an invoice that it does not name"
        yield Finding(
            rule="corrected-invoice",
            severity="notice",
            message=f"{document.number} (type 384) replaces {named}; both count until that one is credited"
            if gross >= 0
            else f"{document.number} (type 384) corrects {named} by the difference; the sign is kept",
            profile=ruleset(document.profile_id),
            entity=number,
            source_line=document.path,
            amount=gross,
            unit=document.currency,
        )


def canonical(document: Document, *, own_parties: tuple[str, ...], where: str) -> DocumentRead:
    """The rows of `invoice` and `invoice_line`. Raises RefusedFile where it is not clear whose invoice it is."""
    direction, other = _direction(document, own_parties, where=where)
    is_credit = document.is_credit_note or document.type_code in CREDIT_TYPES
    factor = -1 if is_credit else 1
    counterparty = other.key

    header: Row = {
        "invoice_id": document.number,
        "direction": direction,
        "counterparty_id": counterparty,
        "issue_date": document.issue_date.isoformat(),
        "due_date": document.due_date.isoformat() if document.due_date else None,
        "currency_code": document.currency,
        "type": "credit_note" if is_credit else "invoice",
        "project_id": document.project or (None if document.lines else _weak_project(document)),
        "contract_id": document.contract,
        "purchase_order_id": document.order,
        "net_amount": _amount(factor * document.amounts["net"]),
        "tax_amount": _amount(factor * document.amounts["tax"]),
        "gross_amount": _amount(factor * document.amounts["gross"]),
        "source_line": document.path,
    }
    # A profile without lines (Factur-X MINIMUM, BASIC WL) has its net in the header alone; allowances by themselves
    # would be lines that add up to something else.
    every = [*document.lines, *document.adjustments] if document.lines else []
    # What a line may be assigned by where neither BT-11 nor contract nor order of the document do (int_invoices__*):
    # its accounting reference (BT-133), its order, the accounting reference of the document (BT-19)
    weakest = document.accounting_reference
    lines: list[Row] = [
        {
            "invoice_id": document.number,
            "direction": direction,
            "counterparty_id": counterparty,
            "line_id": line_id,
            "project_id": line.accounting_reference or line.order or weakest,
            "description": line.description,
            "quantity": _quantity(line.quantity, factor),
            "net_amount": _amount(factor * line.net),
            "source_line": line.path,
        }
        for line, line_id in zip(every, _line_ids(every), strict=True)
    ]
    return DocumentRead(
        format=document.format,
        rows={"invoice": [header], "invoice_line": lines},
        warnings=(*document.warnings, *_remarks(document, is_credit=is_credit)),
        findings=(*findings(document), *_corrections(document)),
    )
