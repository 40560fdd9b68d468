"""One e-invoice as its file states it, whatever the syntax: terms by name, amounts exact, nothing turned or mapped.

Signs, directions and canonical columns belong to `rows`; arithmetic between the amounts belongs to `rules`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from lxml import etree

from pipelines.errors import RefusedFile
from pipelines.formats.invoices.syntaxes import SYNTAXES, Adjustment, Syntax, Terms

# xs:decimal, and nothing else that Python would take (NaN, 1E3, 1_000, other scripts' digits); the contracts hold 18
# digits before the point
_NUMBER = re.compile(r"[+-]?0*([0-9]{1,18}(\.[0-9]{0,60})?|\.[0-9]{1,60})")
_MILLIONTH = Decimal("0.000001")
# ISO 8601 in UBL, format 102 (and longer ones that begin like it) in CII; a zone or a time may follow
_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})([TZ+-].*|\d{4,6}.*)?", re.ASCII)
# Lines of Factur-X EXTENDED that carry no amount of their own
_NOT_COUNTED = frozenset({"GROUP", "INFORMATION"})


@dataclass(frozen=True, kw_only=True)
class Party:
    vat_id: str | None
    endpoint_id: str | None
    legal_id: str | None
    name: str | None
    trading_name: str | None

    @property
    def identifiers(self) -> tuple[str, ...]:
        """Everything that the party can be recognised by, the surest first."""
        found = (self.vat_id, self.endpoint_id, self.legal_id, self.name, self.trading_name)
        return tuple(value for value in found if value)

    @property
    def key(self) -> str:
        """What the party is called in keys and published tables: an electronic address may be somebody's e-mail."""
        return next((value for value in self.identifiers if "@" not in value), "unnamed party")

    @property
    def shown(self) -> str:
        names = [value for value in (self.name or self.trading_name, self.vat_id) if value]
        return " ".join(names) or next(iter(self.identifiers), "that is not named")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the document, or an allowance or charge on the whole of it (then already with its sign)."""

    line_id: str | None
    net: Decimal
    path: str
    quantity: Decimal | None = None
    description: str | None = None
    accounting_reference: str | None = None
    order: str | None = None


@dataclass(frozen=True, kw_only=True)
class Document:
    """`amounts`: lines (BT-106), allowances (107), charges (108), net (109), tax (110), gross (112), prepaid (113),
    rounding (114), payable (115); None where the file has none."""

    format: str
    path: str
    is_credit_note: bool  # by its root element
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
    lines: Sequence[Line]
    adjustments: Sequence[Line]
    warnings: tuple[str, ...]


def _first(element: etree._Element, terms: Terms, term: str) -> str | None:
    for path in terms.get(term, ()):
        value = path(element).strip()
        if value:
            return value
    return None


def _number(text: str | None) -> Decimal | None:
    """The number of an element's text, blanks inside it removed; None where there is no number."""
    squeezed = "".join((text or "").split())
    return Decimal(squeezed) if _NUMBER.fullmatch(squeezed) else None


def _held(number: Decimal) -> Decimal:
    """The number in the six decimals that the contracts hold, rounded half away from zero."""
    return number.quantize(_MILLIONTH, rounding=ROUND_HALF_UP) if number.as_tuple().exponent < -6 else number


def _date(text: str | None) -> date | None:
    match = _DATE.fullmatch(text or "")
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


class _Reader:
    """Reads one document; a class only because every step needs the same three things."""

    def __init__(self, root: etree._Element, syntax: Syntax, where: str) -> None:
        self.root, self.syntax, self.where = root, syntax, where
        self.warnings: list[str] = []
        self.currency = ""

    def missing(self, what: str, *, value: str | None = None) -> RefusedFile:
        state = "is not usable" if value else "is missing"
        return RefusedFile(
            f"the invoice's {what} {state}", where=self.where, value=value, remedy="ask the sender for a whole invoice"
        )

    def text(self, term: str) -> str | None:
        return _first(self.root, self.syntax.text, term)

    def chosen(self, elements: Sequence[etree._Element], *, what: str) -> etree._Element | None:
        """The element in the invoice's own currency (BT-5): a second one may be in the currency of the VAT return."""
        filled = [e for e in elements if (e.text or "").strip()]
        own = [e for e in filled if e.get("currencyID", "").strip().upper() == self.currency]
        fitting = own or [e for e in filled if not e.get("currencyID", "").strip()]
        if filled and not fitting:
            raise RefusedFile(
                f"the invoice's {what} is not stated in the invoice's currency",
                where=self.where,
                value=filled[0].get("currencyID"),
                valid=self.currency,
                remedy="ask the sender to correct the currency",
            )
        if len({(e.text or "").strip() for e in fitting}) > 1:
            self.warnings.append(f"{what} is stated {len(fitting)} times in {self.currency}; the first one is taken")
        return fitting[0] if fitting else None

    def amount(self, elements: Sequence[etree._Element], *, what: str) -> Decimal | None:
        element = self.chosen(elements, what=what)
        if element is None:
            return None
        number = _number(element.text)
        if number is None:
            raise self.missing(what, value=(element.text or "").strip())
        if _held(number) != number:
            self.warnings.append(f"{what} is stated as {number:f}: rounded to six decimals")
        return _held(number)

    def party(self, path: etree.XPath) -> Party:
        found = path(self.root)
        terms = self.syntax.party
        return Party(**{term: _first(found[0], terms, term) if found else None for term in terms})

    def lines(self) -> list[Line]:
        lines: list[Line] = []
        for position, element in enumerate(self.syntax.lines(self.root), start=1):
            texts = {term: _first(element, self.syntax.line, term) for term in self.syntax.line}
            if texts.pop("status", None) in _NOT_COUNTED:
                self.warnings.append(f"line {texts['line_id'] or position} only groups or explains others: left out")
                continue
            net = self.amount(self.syntax.line_net(element), what=f"net amount of line {texts['line_id'] or position}")
            if net is None:
                raise self.missing(f"net amount of line {texts['line_id'] or position}")
            path = f"{self.syntax.root_path}/{self.syntax.line_path}[{position}]"
            quantity = _number(texts.pop("quantity"))
            held = None if quantity is None else _held(quantity)
            lines.append(Line(net=net, path=path, quantity=held, **texts))
        return lines

    def adjustments(self) -> list[Line]:
        found: list[Line] = []
        counts = {"allowance": 0, "charge": 0}
        for spec in self.syntax.adjustments:
            for position, element in enumerate(spec.elements(self.root), start=1):
                kind = self.kind(spec, element)
                counts[kind] += 1
                amount = self.amount(spec.amount(element), what=f"{kind} {counts[kind]}")
                if amount is None:
                    raise self.missing(f"{kind} {counts[kind]}")
                found.append(
                    Line(
                        line_id=f"{kind}-{counts[kind]}",
                        net=amount if kind == "charge" else -amount,
                        path=f"{self.syntax.root_path}/{spec.path}[{position}]",
                        description=spec.reason(element).strip() or kind,
                    )
                )
        return found

    def kind(self, spec: Adjustment, element: etree._Element) -> str:
        if spec.is_charge is None:
            return "charge"
        stated = spec.is_charge(element).strip().lower()
        if stated not in ("true", "false", "1", "0"):
            raise self.missing("charge indicator of an allowance or charge", value=stated or None)
        return "charge" if stated in ("true", "1") else "allowance"

    def read(self) -> Document:
        number, issued, currency = self.text("number"), self.text("issue_date"), self.text("currency")
        for what, value in (("number (BT-1)", number), ("issue date (BT-2)", issued), ("currency (BT-5)", currency)):
            if value is None:
                raise self.missing(what)
        issue_date = _date(issued)
        if issue_date is None:
            raise self.missing("issue date (BT-2)", value=issued)
        self.currency = currency.upper()
        due = self.text("due_date")
        if due is not None and _date(due) is None:
            self.warnings.append(f"the due date {due!r} is not a date; it is left empty")

        amounts = {
            term: self.amount(paths[0](self.root), what=f"amount {term} ({_BUSINESS_TERMS[term]})")
            for term, paths in self.syntax.amounts.items()
            if term != "tax"
        }
        for term in ("net", "gross"):
            if amounts[term] is None:
                raise self.missing(f"amount {term} ({_BUSINESS_TERMS[term]})")
        amounts["tax"] = self.tax(amounts)
        return Document(
            format=self.syntax.format,
            path=self.syntax.root_path,
            is_credit_note=self.syntax.is_credit_note,
            type_code=self.text("type_code"),
            number=number,
            issue_date=issue_date,
            due_date=_date(due),
            currency=self.currency,
            project=self.text("project"),
            contract=self.text("contract"),
            order=self.text("order"),
            accounting_reference=self.text("accounting_reference"),
            preceding=tuple(filter(None, ((e.text or "").strip() for e in self.syntax.preceding(self.root)))),
            seller=self.party(self.syntax.seller),
            buyer=self.party(self.syntax.buyer),
            amounts=amounts,
            lines=self.lines(),
            adjustments=self.adjustments(),
            warnings=tuple(self.warnings),
        )

    def tax(self, amounts: Mapping[str, Decimal | None]) -> Decimal:
        """BT-110. It may be absent (0..1 in EN 16931), but then only because nothing is charged."""
        tax = self.amount(self.syntax.amounts["tax"][0](self.root), what="amount tax (BT-110)")
        if tax is None and amounts["net"] != amounts["gross"]:
            raise self.missing("amount tax (BT-110)")
        return Decimal(0) if tax is None else tax


_BUSINESS_TERMS: Mapping[str, str] = {
    "lines": "BT-106",
    "allowances": "BT-107",
    "charges": "BT-108",
    "net": "BT-109",
    "tax": "BT-110",
    "gross": "BT-112",
    "prepaid": "BT-113",
    "rounding": "BT-114",
    "payable": "BT-115",
}


def is_invoice(root: etree._Element) -> bool:
    """Whether a document with this root is read here."""
    return root.tag in SYNTAXES


def read_document(root: etree._Element, *, where: str) -> Document:
    """The document under `root`, which `is_invoice` accepts. Raises RefusedFile where a mandatory term is missing."""
    return _Reader(root, SYNTAXES[root.tag], where).read()
