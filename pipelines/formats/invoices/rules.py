"""Arithmetic that EN 16931 demands of an invoice's amounts, checked exactly.

A broken rule is a finding with the rule's own id, never a refusal: the amounts are taken as the sender states them.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from pipelines.formats.invoices.document import Document

_CENT = Decimal("0.01")
_ZERO = Decimal(0)


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)  # half away from zero


def findings(document: Document) -> Iterator[str]:
    """One sentence for each broken rule: its id, what was stated, what it should be."""
    a = {term: amount if amount is not None else _ZERO for term, amount in document.amounts.items()}
    has_lines, stated = bool(document.lines), document.amounts
    allowances = -sum((x.net for x in document.adjustments if x.line_id.startswith("allowance")), _ZERO)
    charges = sum((x.net for x in document.adjustments if x.line_id.startswith("charge")), _ZERO)
    line_sum = sum((line.net for line in document.lines), _ZERO)

    # (rule, applies, what is stated, amount stated, what it should be, amount it should be)
    checks = (
        (
            "BR-CO-10",
            has_lines and stated["lines"] is not None,
            "sum of lines",
            a["lines"],
            "the lines add up to",
            line_sum,
        ),
        ("BR-CO-11", has_lines, "sum of allowances", a["allowances"], "the allowances add up to", allowances),
        ("BR-CO-12", has_lines, "sum of charges", a["charges"], "the charges add up to", charges),
        (
            "BR-CO-13",
            stated["lines"] is not None,
            "net",
            a["net"],
            "lines - allowances + charges is",
            a["lines"] - a["allowances"] + a["charges"],
        ),
        ("BR-CO-15", True, "gross", a["gross"], "net + tax is", a["net"] + a["tax"]),
        (
            "BR-CO-16",
            # Factur-X MINIMUM states what is payable but has no place for what was prepaid
            stated["payable"] is not None and stated["lines"] is not None,
            "payable",
            a["payable"],
            "gross - prepaid + rounding is",
            a["gross"] - a["prepaid"] + a["rounding"],
        ),
    )
    for rule, applies, what, found, should, expected in checks:
        if applies and found != _rounded(expected):
            yield f"{rule}: {what} is stated as {found:f}, {should} {_rounded(expected):f}"
