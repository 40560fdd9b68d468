"""An e-invoice as canonical rows: whose invoice it is, which sign its amounts have, which lines make up its net.

Signs (docs/formats.md): customer invoices and supplier invoices are positive, credits negative.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

from pipelines.errors import RefusedFile
from pipelines.formats.base import DocumentRead
from pipelines.formats.invoices.document import Document, Line, Party
from pipelines.formats.invoices.rules import findings

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
    whole, _, decimals = shown.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def _quantity(value: Decimal | None, factor: int) -> str | None:
    """Without zeros at the end: 3.0000 and 3 are one quantity."""
    if value is None:
        return None
    shown = f"{factor * value:f}" if value else "0"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _line_ids(lines: Iterable[Line]) -> Iterator[str]:
    """The lines' own numbers, made unique: two lines with one number are two lines all the same."""
    seen: Counter[str] = Counter()
    for position, line in enumerate(lines, start=1):
        line_id = line.line_id or str(position)
        seen[line_id] += 1
        yield line_id if seen[line_id] == 1 else f"{line_id}#{seen[line_id]}"


def _reference(document: Document, line: Line) -> str | None:
    """What a line may be assigned by where the document names no project (BT-11).

    The buyer's accounting reference of the whole document (BT-19) is the weakest and would only hide the contract
    (BT-12) or the order (BT-13) of the header.
    """
    if document.project is not None:
        return None
    reference = line.accounting_reference or line.order
    if reference is None and document.contract is None and document.order is None:
        reference = document.accounting_reference
    return reference


def _remarks(document: Document, *, is_credit: bool) -> Iterator[str]:
    gross = document.amounts["gross"]
    if is_credit and gross < 0:
        yield f"a credit note with a negative total ({gross:f}): loaded as a positive amount, please verify"
    if document.type_code == CORRECTED_INVOICE:
        replaced = ", ".join(document.preceding) or "an invoice it does not name"
        if gross >= 0:
            yield f"type 384 replaces {replaced}: counted twice if that one is not credited"
        else:
            yield f"type 384 corrects {replaced} by the difference; the sign is kept"
    if document.type_code in _MARKED:
        yield f"type {document.type_code}: {_MARKED[document.type_code]}; loaded like an invoice"
    repeated = [i for i, n in Counter(line.line_id for line in document.lines if line.line_id).items() if n > 1]
    if repeated:
        yield f"line numbers that occur more than once were made unique: {', '.join(repeated[:5])}"


def canonical(document: Document, *, own_parties: tuple[str, ...], where: str) -> DocumentRead:
    """The rows of `invoice` and `invoice_line`. Raises RefusedFile where it is not clear whose invoice it is."""
    direction, other = _direction(document, own_parties, where=where)
    is_credit = document.is_credit_note or document.type_code in CREDIT_TYPES
    factor = -1 if is_credit else 1
    key = {"invoice_id": document.number, "direction": direction, "counterparty_id": other.key}

    header: Row = {
        **key,
        "issue_date": document.issue_date.isoformat(),
        "due_date": document.due_date.isoformat() if document.due_date else None,
        "currency_code": document.currency,
        "type": "credit_note" if is_credit else "invoice",
        "project_id": document.project,
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
    lines: list[Row] = [
        {
            **key,
            "line_id": line_id,
            "project_id": _reference(document, line),
            "wbs_id": None,
            "contract_line_id": None,
            "category": None,
            "description": line.description,
            "quantity": _quantity(line.quantity, factor),
            "net_amount": _amount(factor * line.net),
            "source_line": line.path,
        }
        for line_id, line in zip(_line_ids(every), every, strict=True)
    ]
    return DocumentRead(
        format=document.format,
        rows={"invoice": [header], "invoice_line": lines},
        warnings=(*document.warnings, *_remarks(document, is_credit=is_credit), *findings(document)),
    )
