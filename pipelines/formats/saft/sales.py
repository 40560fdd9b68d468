"""Sales invoices of a SAF-T file: one Invoice element to one row of `invoice` and its lines, in spools.

Portugal (Portaria 302/2016) and Angola give lines with DebitAmount or CreditAmount and a status; the OECD's skeleton
gives InvoiceLineAmount with DebitCreditIndicator. All totals are positive in both: the sign comes from the kind of
document. Purchase invoices are not read, since their cost is in the general ledger.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import polars as pl
from lxml import etree

from pipelines.formats.base import Finding
from pipelines.formats.decimals import number, shown
from pipelines.formats.saft.spool import Spool
from pipelines.formats.xml_stream import LOCAL

INVOICES = dict.fromkeys(
    (
        "invoice_id", "direction", "counterparty_id", "issue_date", "due_date", "type", "purchase_order_id",
        "net_amount", "tax_amount", "gross_amount", "source_line",
    ),
    pl.String(),
)  # fmt: skip
INVOICE_LINES = dict.fromkeys(
    (
        "invoice_id", "direction", "counterparty_id", "line_id", "description", "quantity", "net_amount", "source_line",
    ),
    pl.String(),
)  # fmt: skip
# credit note, return of a sale, return of an asset; of insurers the refunded premium
CREDIT_TYPES = frozenset({"NC", "TD", "DA", "RE"})
# annulled, and replaced by an invoice: in the file, in no total of it (Portaria 302/2016, 4.1.2 and 4.1.3)
LEFT_OUT = {"A": "annulled", "F": "replaced by an invoice"}
_STATUSES = frozenset({"", "N", "R", "S"})
_CENT = Decimal("0.01")
_NAMED = 10


@dataclass
class Section:
    """What was found in SalesInvoices or PurchaseInvoices, for its control totals."""

    entries: int = 0
    debit: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)
    lines: int = 0
    left_out: dict[str, list[str]] = field(default_factory=dict)  # status -> numbers
    left_out_amount: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))  # net of their lines


class Sales:
    """Invoices as they come; `sections` has their totals by the name of the section."""

    def __init__(self, folder: Path) -> None:
        self.invoices = Spool(folder, "invoices", INVOICES)
        self.lines = Spool(folder, "invoice-lines", INVOICE_LINES)
        self.sections: dict[str, Section] = {}
        self.references: list[str] = []
        self.series: dict[str, tuple[int, int, int]] = {}  # series -> lowest and highest number, documents
        self.findings: list[Finding] = []

    def add(self, element: etree._Element, section_name: str) -> None:
        section = self.sections.setdefault(section_name, Section())
        section.entries += 1
        values = _values(element)
        lines = [_values(child) for child in element if LOCAL[child.tag] == "Line"]
        sides = [_sides(line) for line in lines]
        debit = sum((debit or Decimal(0) for debit, _ in sides), Decimal(0))
        credit = sum((credit or Decimal(0) for _, credit in sides), Decimal(0))
        invoice_id = values.get("InvoiceNo", "")
        status = values.get("DocumentStatus/InvoiceStatus", "")
        series, slash, place = invoice_id.rpartition("/")
        if slash and place.isdigit() and len(place) < 16 and section_name == "SalesInvoices":
            low, high, count = self.series.get(series, (int(place), int(place), 0))
            self.series[series] = min(low, int(place)), max(high, int(place)), count + 1
        if status in LEFT_OUT:
            section.left_out.setdefault(status, []).append(invoice_id)
            section.left_out_amount[status] += credit - debit
            return
        section.debit, section.credit = section.debit + debit, section.credit + credit
        section.lines += len(lines)
        if section_name == "SalesInvoices":
            references = sorted({r.text.strip() for r in element.iter("{*}Reference") if r.text and r.text.strip()})
            path = f"/AuditFile/SourceDocuments/SalesInvoices/Invoice[{section.entries}]"
            self._sale(values, lines, sides, credit - debit, path, references)

    def _sale(
        self,
        values: dict[str, str],
        lines: list[dict[str, str]],
        sides: list[tuple[Decimal | None, Decimal | None]],
        of_lines: Decimal,
        path: str,
        references: list[str],
    ) -> None:
        kind = values.get("InvoiceType", "")
        invoice_id = values.get("InvoiceNo", "")
        totals = {name.rpartition("/")[2]: value for name, value in values.items() if "DocumentTotals/" in name}
        net, gross = (number(totals.get(name)) for name in ("NetTotal", "GrossTotal"))
        tax = number(totals.get("TaxPayable"))
        if tax is None and net is not None and gross is not None:
            tax = gross - net
        is_credit = kind in CREDIT_TYPES or (kind not in ("FT", "FS", "FR", "ND") and of_lines < 0)
        factor = -1 if is_credit and net is not None and net > 0 else 1
        key = (
            invoice_id or None,
            "customer",
            values.get("CustomerID") or values.get("CustomerInfo/CustomerID") or None,
        )
        orders = {line["OrderReferences/OriginatingON"] for line in lines if "OrderReferences/OriginatingON" in line}
        self.invoices.add(
            (
                *key,
                values.get("InvoiceDate", "")[:10] or None,
                values.get("PaymentTerms/DueDate") or None,
                "credit_note" if is_credit else "invoice",
                next(iter(orders)) if len(orders) == 1 else None,
                *(
                    shown(factor * value) if value is not None else totals.get(name)
                    for name, value in (("NetTotal", net), ("TaxPayable", tax), ("GrossTotal", gross))
                ),
                path,
            )
        )
        self._lines(key, lines, sides, path)
        stated = None if net is None else factor * net
        self._judge(invoice_id, values, lines, of_lines, stated, path, is_credit=is_credit, references=references)

    def _lines(
        self,
        key: tuple[str | None, str, str | None],
        lines: list[dict[str, str]],
        sides: list[tuple[Decimal | None, Decimal | None]],
        path: str,
    ) -> None:
        seen: Counter[str] = Counter()
        for position, (line, (debit, credit)) in enumerate(zip(lines, sides, strict=True), 1):
            line_id = line.get("LineNumber") or str(position)
            seen[line_id] += 1
            quantity = number(line.get("Quantity"))
            net = None if debit is None and credit is None else (credit or Decimal(0)) - (debit or Decimal(0))
            self.lines.add(
                (
                    *key,
                    line_id if seen[line_id] == 1 else f"{line_id}#{seen[line_id]}",
                    line.get("Description") or line.get("ProductDescription"),
                    None if quantity is None else f"{-quantity if net and net < 0 < quantity else quantity:f}",
                    # what is no number goes on as it stands, so that the row is rejected and shows it
                    shown(net) if net is not None else _written(line),
                    f"{path}/Line[{position}]",
                )
            )

    def _judge(
        self,
        invoice_id: str,
        values: dict[str, str],
        lines: list[dict[str, str]],
        of_lines: Decimal,
        net: Decimal | None,
        path: str,
        *,
        is_credit: bool,
        references: list[str],
    ) -> None:
        status = values.get("DocumentStatus/InvoiceStatus", "")
        if is_credit and references:
            self.references.append(f"{invoice_id} credits {', '.join(references)}")
        if status not in _STATUSES:
            self._find(
                "saft-status", f"status {status[:20]!r} is none of N, R, S, A, F; the document counts", invoice_id, path
            )
        # lines have three or four decimals, totals two: each document rounds once
        if net is not None and lines and abs(of_lines - net) > _CENT:
            self._find(
                "saft-net-total",
                f"the lines add up to {shown(of_lines)}, NetTotal says {shown(net)}; the document counts with NetTotal",
                invoice_id,
                path,
                amount=of_lines - net,
            )

    def judge_series(self) -> None:
        """Numbers of a Portuguese series follow one another without a gap, annulled documents included."""
        for series, (low, high, count) in sorted(self.series.items()):
            if high - low + 1 > count:
                self.findings.append(
                    Finding(
                        rule="saft-series",
                        severity="warning",
                        profile="saft",
                        entity=series,
                        message=f"the series runs from {low} to {high}, "
                        f"and {high - low + 1 - count} of its documents are not in the file",
                    )
                )

    def _find(self, rule: str, message: str, entity: str, path: str, *, amount: Decimal | None = None) -> None:
        self.findings.append(
            Finding(
                rule=rule, severity="warning", profile="saft", entity=entity, source_line=path, message=message,
                amount=amount,
            )
        )  # fmt: skip

    def remarks(self) -> list[str]:
        """What was left out by a rule, with numbers and amounts, and what refers to what."""
        found = []
        for name, section in self.sections.items():
            for status, numbers in section.left_out.items():
                found.append(
                    f"{len(numbers)} documents of {name} with status {status} ({LEFT_OUT[status]}) are left out: "
                    f"{_few(numbers)}; their lines add up to {shown(section.left_out_amount[status])}"
                )
            if name != "SalesInvoices":
                found.append(
                    f"{section.entries} documents of {name} are not read, since their cost is in the general ledger: "
                    f"debit {shown(section.debit)}, credit {shown(section.credit)}"
                )
        if self.references:
            found.append(f"credit notes name the invoices that they correct: {_few(self.references, '; ')}")
        return found


def _few(names: list[str], between: str = ", ") -> str:
    more = f"{between}and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return between.join(names[:_NAMED]) + more


def _values(element: etree._Element, prefix: str = "", depth: int = 3) -> dict[str, str]:
    """Texts by path below an element, the first of each; lines are not entered."""
    found: dict[str, str] = {}
    for child in element:
        name = LOCAL[child.tag]
        if len(child):
            if name != "Line" and depth:
                for inner, value in _values(child, f"{prefix}{name}/", depth - 1).items():
                    found.setdefault(inner, value)
        elif child.text and (value := child.text.strip()):
            found.setdefault(f"{prefix}{name}", value)
    return found


_AMOUNTS = ("DebitAmount", "DebitAmount/Amount"), ("CreditAmount", "CreditAmount/Amount")
_OF_LINE = ("InvoiceLineAmount/Amount", "InvoiceLineAmount")


def _sides(line: dict[str, str]) -> tuple[Decimal | None, Decimal | None]:
    """Debit and credit of a line; both None where neither is a number."""
    debit, credit = (next((number(line[name]) for name in names if name in line), None) for names in _AMOUNTS)
    if debit is None and credit is None:
        amount = next((number(line[name]) for name in _OF_LINE if name in line), None)
        return (amount, None) if line.get("DebitCreditIndicator") == "D" else (None, amount)
    return debit, credit


def _written(line: dict[str, str]) -> str | None:
    names = (*_AMOUNTS[0], *_AMOUNTS[1], *_OF_LINE)
    return next((line[name] for name in names if name in line), None)
