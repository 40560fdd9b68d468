"""One e-invoice as its file states it, whatever the syntax: terms by name, amounts exact, nothing turned or mapped.

Signs, directions and canonical columns belong to `rows`; arithmetic between the amounts belongs to `rules`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from pipelines.errors import RefusedFile
from pipelines.formats.invoices.syntaxes import SYNTAXES, Syntax
from pipelines.formats.invoices.walk import Record

# xs:decimal, and nothing else that Python would take (NaN, 1E3, 1_000, other scripts' digits); the contracts hold 18
# digits before the point
_NUMBER = re.compile(r"[+-]?0*([0-9]{1,18}(\.[0-9]{0,60})?|\.[0-9]{1,60})")
# the same without blanks and with few enough decimals to be held as it is
_PLAIN = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,6})?")
_MILLIONTH = Decimal("0.000001")
# ISO 8601 in UBL, format 102 (and longer ones that begin like it) in CII; a zone or a time may follow
_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})([TZ+-].*|\d{4,6}.*)?", re.ASCII)
# Lines of Factur-X EXTENDED that carry no amount of their own
_NOT_COUNTED = frozenset({"GROUP", "INFORMATION"})
# UNTDID 1001: the additional document that names the project of a UBL credit note, which has no ProjectReference
_PROJECT_REFERENCE = "50"
_ZERO = Decimal(0)


class Party(NamedTuple):
    vat_id: str | None
    endpoint_id: str | None
    legal_id: str | None
    name: str | None
    trading_name: str | None

    @property
    def identifiers(self) -> tuple[str, ...]:
        """Everything that the party can be recognised by, the surest first."""
        return tuple(value for value in self if value)

    @property
    def key(self) -> str:
        """What the party is called in keys and published tables: an electronic address may be somebody's e-mail."""
        return next((value for value in self.identifiers if "@" not in value), "unnamed party")

    @property
    def shown(self) -> str:
        names = [value for value in (self.name or self.trading_name, self.vat_id) if value]
        return " ".join(names) or next(iter(self.identifiers), "that is not named")


class Line(NamedTuple):
    """A line of the document, or an allowance or charge on the whole of it (then already with its sign).

    `price`, `base_quantity`, `adjustments` (charges of the line, and allowances with a minus) and the tax terms are
    only there to check; those that are text are read as numbers where a check needs them.
    """

    line_id: str | None
    net: Decimal
    path: str
    quantity: Decimal | None = None
    description: str | None = None
    accounting_reference: str | None = None
    order: str | None = None
    tax_category: str | None = None
    tax_rate: str | None = None
    price: str | None = None
    base_quantity: str | None = None
    adjustments: tuple[Decimal, ...] = ()


class TaxGroup(NamedTuple):
    """One entry of the VAT breakdown: BT-118, BT-119, BT-116, BT-117."""

    category: str | None
    rate: Decimal | None
    taxable: Decimal | None
    tax: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Document:
    """`amounts`: lines (BT-106), allowances (107), charges (108), net (109), tax (110), gross (112), prepaid (113),
    rounding (114), payable (115); None where the file has none. `tax_totals`: how often BT-110 stands there."""

    format: str
    path: str
    is_credit_note: bool  # by its root element
    profile_id: str | None
    type_code: str | None
    number: str
    issue_date: date
    due_date: date | None
    currency: str
    project: str | None
    contract: str | None
    order: str | None
    accounting_reference: str | None
    preceding: tuple[str, ...]
    seller: Party
    buyer: Party
    amounts: Mapping[str, Decimal | None]
    tax_totals: int
    breakdown: Sequence[TaxGroup]
    lines: Sequence[Line]
    adjustments: Sequence[Line]
    warnings: tuple[str, ...]


# Amounts of the document as messages call them. BT-110 is read apart: it may stand there twice, in two currencies.
_AMOUNTS: Mapping[str, str] = {
    "lines": "amount lines (BT-106)",
    "allowances": "amount allowances (BT-107)",
    "charges": "amount charges (BT-108)",
    "net": "amount net (BT-109)",
    "gross": "amount gross (BT-112)",
    "prepaid": "amount prepaid (BT-113)",
    "rounding": "amount rounding (BT-114)",
    "payable": "amount payable (BT-115)",
}


@lru_cache(maxsize=4096)  # rates, prices and small quantities come again and again
def number(text: str | None) -> Decimal | None:
    """The number of an element's text, blanks inside it removed; None where there is no number."""
    if text is None:
        return None
    if _NUMBER.fullmatch(text) is None:
        text = "".join(text.split())
        if _NUMBER.fullmatch(text) is None:
            return None
    return Decimal(text)


def _held(value: Decimal) -> Decimal:
    """The number in the six decimals that the contracts hold, rounded half away from zero."""
    return value.quantize(_MILLIONTH, rounding=ROUND_HALF_UP) if value.as_tuple().exponent < -6 else value


@lru_cache(maxsize=4096)
def _quantity(text: str | None) -> Decimal | None:
    value = number(text)
    return None if value is None else _held(value)


def _date(text: str | None) -> date | None:
    match = _DATE.fullmatch(text or "")
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _is_charge(stated: str | None) -> bool | None:
    """None where the indicator says neither."""
    return {"true": True, "1": True, "false": False, "0": False}.get((stated or "").lower())


class _Reader:
    """Reads one document; a class only because every step needs the same things."""

    def __init__(self, root: etree._Element, syntax: Syntax, where: str) -> None:
        self.syntax, self.where = syntax, where
        self.found = syntax.form.read(root)
        self.warnings: list[str] = []
        self.currency = ""

    def missing(self, what: str, *, value: str | None = None) -> RefusedFile:
        state = "is not usable" if value else "is missing"
        return RefusedFile(
            f"the invoice's {what} {state}", where=self.where, value=value, remedy="ask the sender for a whole invoice"
        )

    def chosen(self, elements: Sequence[etree._Element], *, what: str) -> list[etree._Element]:
        """Those in the invoice's own currency (BT-5): a second one may be in the currency of the VAT return."""
        own = [e for e in elements if e.get("currencyID", "").strip().upper() == self.currency]
        fitting = own or [e for e in elements if not e.get("currencyID", "").strip()]
        if elements and not fitting:
            raise RefusedFile(
                f"the invoice's {what} is not stated in the invoice's currency",
                where=self.where,
                value=elements[0].get("currencyID"),
                valid=self.currency,
                remedy="ask the sender to correct the currency",
            )
        if len({(e.text or "").strip() for e in fitting}) > 1:
            self.warnings.append(f"{what} is stated {len(fitting)} times in {self.currency}; the first one is taken")
        return fitting

    def amount(self, elements: Sequence[etree._Element] | None, what: str, item: object = "") -> Decimal | None:
        """The amount that stands in one of the elements; `what` and `item` name it where it cannot be used."""
        if not elements:
            return None
        element = elements[0]
        # nearly always: a single plain number in the invoice's currency, or (CII) without one
        if len(elements) == 1 and element.get("currencyID", self.currency) == self.currency:
            text = element.text
            if _PLAIN.fullmatch(text) is not None:
                return Decimal(text)
        what = f"{what}{item}"
        element = self.chosen(elements, what=what)[0]
        value = number(element.text)
        if value is None:
            raise self.missing(what, value=element.text.strip())
        held = _held(value)
        if held != value:
            self.warnings.append(f"{what} is stated as {value:f}: rounded to six decimals")
        return held

    def party(self, group: str) -> Party:
        record = next(iter(self.found.get(group, ())), {})
        # VAT in UBL, VA in CII; another register's number (tax office) is no VAT number
        vat_ids = [
            r["number"]
            for r in record.get("registrations", ())
            if r.get("number") and r.get("scheme", "").upper().startswith("VA")
        ]
        others = (record.get(term) for term in ("endpoint_id", "legal_id", "name", "trading_name"))
        return Party(vat_ids[0] if vat_ids else None, *others)

    def lines(self) -> list[Line]:
        lines: list[Line] = []
        path = self.syntax.path("items")
        for position, record in enumerate(self.found.get("items", ()), start=1):
            get = record.get
            line_id = get("line_id")
            if get("status") in _NOT_COUNTED:
                self.warnings.append(f"line {line_id or position} only groups or explains others: left out")
                continue
            net = self.amount(get("net"), "net amount of line ", line_id or position)
            if net is None:
                raise self.missing(f"net amount of line {line_id or position}")
            lines.append(
                Line(
                    line_id,
                    net,
                    f"{path}[{position}]",
                    _quantity(get("quantity")),
                    get("description"),
                    get("accounting_reference"),
                    get("order"),
                    get("tax_category"),
                    get("tax_rate"),
                    get("price"),
                    get("base_quantity"),
                    self.line_adjustments(record["adjustments"]) if "adjustments" in record else (),
                )
            )
        return lines

    def line_adjustments(self, records: Sequence[Record]) -> tuple[Decimal, ...]:
        """Charges, and allowances with a minus. Part of the line's net already, so only there to check: what cannot be
        read is passed by."""
        found = []
        for record in records:
            charge = _is_charge(record.get("is_charge"))
            value = number(record["amount"][0].text) if record.get("amount") else None
            if charge is not None and value is not None:
                found.append(value if charge else -value)
        return tuple(found)

    def adjustments(self) -> list[Line]:
        found: list[Line] = []
        counts = {"allowance": 0, "charge": 0}
        for group in ("adjustments", "logistics"):
            for position, record in enumerate(self.found.get(group, ()), start=1):
                stated = record.get("is_charge")
                charge = _is_charge(stated)
                if charge is None:
                    raise self.missing("charge indicator of an allowance or charge", value=stated)
                kind = "charge" if charge else "allowance"
                counts[kind] += 1
                amount = self.amount(record.get("amount"), f"{kind} ", counts[kind])
                if amount is None:
                    raise self.missing(f"{kind} {counts[kind]}")
                found.append(
                    Line(
                        line_id=f"{kind}-{counts[kind]}",
                        net=amount if charge else -amount,
                        path=f"{self.syntax.path(group)}[{position}]",
                        description=record.get("reason") or kind,
                        tax_category=record.get("tax_category"),
                        tax_rate=record.get("tax_rate"),
                    )
                )
        return found

    def project(self) -> str | None:
        """BT-11; of a UBL credit note an additional document of its own type."""
        if "project" in self.found:
            return self.found["project"]
        for record in self.found.get("references", ()):
            if record.get("type_code") == _PROJECT_REFERENCE and record.get("number"):
                return record["number"]
        return None

    def order(self) -> str | None:
        """BT-13. Peppol wants NA here where only the seller's own order number is known."""
        for record in self.found.get("orders", ()):
            order = record.get("number")
            if order and not (order == "NA" and "sellers" in record):
                return order
        return None

    def tax(self, amounts: Mapping[str, Decimal | None]) -> tuple[Decimal, int, list[TaxGroup]]:
        """BT-110, how often it is stated, and the breakdown. It may be absent (0..1 in EN 16931), but then only because
        nothing is charged."""
        elements = list(self.found.get("tax", ()))
        totals = self.found.get("tax_totals", ())
        for total in totals:
            elements += total.get("tax", ())
        what = "amount tax (BT-110)"
        own = self.chosen(elements, what=what)
        tax = self.amount(own[:1], what)
        if tax is None and amounts["net"] != amounts["gross"]:
            raise self.missing(what)
        records = self.found.get("breakdown", ())
        # in UBL the breakdown belongs to one of the totals; a second total in another currency has none of its own
        for total in totals:
            if not records and (not elements or any(e in own for e in total.get("tax", ()))):
                records = total.get("breakdown", ())
        return _ZERO if tax is None else tax, len(own), [self.tax_group(record) for record in records]

    def tax_group(self, record: Record) -> TaxGroup:
        taxable, tax = (number(record[name][0].text) if record.get(name) else None for name in ("taxable", "tax"))
        return TaxGroup(record.get("category"), number(record.get("rate")), taxable, tax)

    def read(self) -> Document:
        get = self.found.get
        invoice_id, issued, currency = get("number"), get("issue_date"), get("currency")
        for what, value in (
            ("number (BT-1)", invoice_id),
            ("issue date (BT-2)", issued),
            ("currency (BT-5)", currency),
        ):
            if value is None:
                raise self.missing(what)
        issue_date = _date(issued)
        if issue_date is None:
            raise self.missing("issue date (BT-2)", value=issued)
        self.currency = currency.upper()
        due = get("due_date")
        due_date = _date(due)
        if due is not None and due_date is None:
            self.warnings.append(f"the due date {due!r} is not a date; it is left empty")

        amounts = {name: self.amount(get(name), term) for name, term in _AMOUNTS.items()}
        for name in ("net", "gross"):
            if amounts[name] is None:
                raise self.missing(_AMOUNTS[name])
        amounts["tax"], tax_totals, breakdown = self.tax(amounts)
        return Document(
            format=self.syntax.format,
            path=self.syntax.root_path,
            is_credit_note=self.syntax.is_credit_note,
            profile_id=get("profile"),
            type_code=get("type_code"),
            number=invoice_id,
            issue_date=issue_date,
            due_date=due_date,
            currency=self.currency,
            project=self.project(),
            contract=get("contract"),
            order=self.order(),
            accounting_reference=get("accounting_reference"),
            preceding=tuple(record["number"] for record in get("preceding", ()) if record.get("number")),
            seller=self.party("seller"),
            buyer=self.party("buyer"),
            amounts=amounts,
            tax_totals=tax_totals,
            breakdown=breakdown,
            lines=self.lines(),
            adjustments=self.adjustments(),
            warnings=tuple(self.warnings),
        )


def is_invoice(root: etree._Element) -> bool:
    """Whether a document with this root is read here."""
    return root.tag in SYNTAXES


def read_document(root: etree._Element, *, where: str) -> Document:
    """The document under `root`, which `is_invoice` accepts. Raises RefusedFile where a mandatory term is missing."""
    return _Reader(root, SYNTAXES[root.tag], where).read()
