"""Arithmetic that EN 16931 and its rule sets demand of an invoice's amounts, checked exactly.

A broken rule is a finding with the rule's own id, never a refusal: the amounts are taken as the sender states them.
Rules as the standard's schematron has them (CEN/TC 434); one finding for each rule of a document, however many of its
lines break it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from pipelines.formats.base import Finding
from pipelines.formats.invoices.document import Document, Line, TaxGroup, number
from pipelines.formats.invoices.rulesets import PEPPOL, ruleset, severity

_CENT = Decimal("0.01")
_ZERO, _ONE = Decimal(0), Decimal(1)
_SHOWN = 5  # lines that a finding names
# BR-CO-17 and BR-S-08 as coded in the standard's own schematron: a difference below this is no fault
_TOLERANCE = Decimal(1)
_PEPPOL_SLACK = Decimal("0.02")

# BR-DEC: two decimals at most
_DECIMALS: Mapping[str, tuple[str, str]] = {
    "lines": ("BR-DEC-09", "BT-106"),
    "allowances": ("BR-DEC-10", "BT-107"),
    "charges": ("BR-DEC-11", "BT-108"),
    "net": ("BR-DEC-12", "BT-109"),
    "tax": ("BR-DEC-13", "BT-110"),
    "gross": ("BR-DEC-14", "BT-112"),
    "prepaid": ("BR-DEC-16", "BT-113"),
    "rounding": ("BR-DEC-17", "BT-114"),
    "payable": ("BR-DEC-18", "BT-115"),
}

# The rule that compares a VAT category's taxable amount with its lines (BT-118 -> rule). Categories with a rate of
# their own are compared rate by rate, and with the tolerance that the schematron gives them.
_CATEGORY_RULES: Mapping[str, str] = {
    "S": "BR-S-08",
    "L": "BR-AF-08",
    "M": "BR-AG-08",
    "Z": "BR-Z-08",
    "E": "BR-E-08",
    "AE": "BR-AE-08",
    "K": "BR-IC-08",
    "G": "BR-G-08",
    "O": "BR-O-08",
}
_BY_RATE = frozenset({"S", "L", "M"})

# rule, message, difference (found less what should be), where
_Broken = tuple[str, str, Decimal | None, str | None]


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)  # half away from zero


def _differs(rule: str, what: str, stated: Decimal, should: str, expected: Decimal) -> Iterator[_Broken]:
    expected = _rounded(expected)
    if stated != expected:
        message = f"{what} is stated as {stated:f}, {should} {expected:f}"
        yield rule, message, stated - expected, None


def _totals(document: Document) -> Iterator[_Broken]:
    """BR-CO-10 to 16: sums of the document. An absent sum of allowances or charges says that there are none."""
    stated = document.amounts
    a = {name: amount if amount is not None else _ZERO for name, amount in stated.items()}
    # Factur-X MINIMUM has neither a sum of lines nor a place for allowances and for what was prepaid
    if stated["lines"] is not None:
        if document.lines:
            found = sum((line.net for line in document.lines), _ZERO)
            yield from _differs("BR-CO-10", "the sum of lines (BT-106)", a["lines"], "the lines add up to", found)
        allowances = -sum((x.net for x in document.adjustments if x.line_id.startswith("allowance")), _ZERO)
        charges = sum((x.net for x in document.adjustments if x.line_id.startswith("charge")), _ZERO)
        what, should = "the sum of allowances (BT-107)", "the allowances add up to"
        yield from _differs("BR-CO-11", what, a["allowances"], should, allowances)
        yield from _differs("BR-CO-12", "the sum of charges (BT-108)", a["charges"], "the charges add up to", charges)
        net = a["lines"] - a["allowances"] + a["charges"]
        yield from _differs("BR-CO-13", "net (BT-109)", a["net"], "lines - allowances + charges is", net)
        if stated["payable"] is not None:
            payable = a["gross"] - a["prepaid"] + a["rounding"]
            should = "gross - prepaid + rounding is"
            yield from _differs("BR-CO-16", "payable (BT-115)", a["payable"], should, payable)
    if document.tax_totals > 1:
        message = f"the VAT total (BT-110) is stated {document.tax_totals} times in {document.currency}"
        yield "BR-CO-15", message, None, None
    else:
        yield from _differs("BR-CO-15", "gross (BT-112)", a["gross"], "net + VAT is", a["net"] + a["tax"])


def _breakdown(document: Document) -> Iterator[_Broken]:
    """BR-CO-14 and 17: the VAT breakdown."""
    groups = document.breakdown
    if groups and all(group.tax is not None for group in groups):
        tax = document.amounts["tax"]
        should = "the VAT breakdown adds up to"
        yield from _differs("BR-CO-14", "VAT (BT-110)", tax, should, sum((g.tax for g in groups), _ZERO))
    for group in groups:
        if group.taxable is None or group.tax is None:
            continue
        expected = _rounded(group.taxable * group.rate / 100) if group.rate else _ZERO
        off = group.tax - expected
        # without a rate nothing may be charged; with one, less than a whole unit may be rounding of many small amounts
        if abs(off) >= (_TOLERANCE if group.rate else Decimal("0.5")):
            message = (
                f"VAT of {_named(group)} is stated as {group.tax:f}, {group.taxable:f} at "
                f"{group.rate or _ZERO:f} % is {expected:f}"
            )
            yield "BR-CO-17", message, off, None


def _named(group: TaxGroup) -> str:
    return f"category {group.category or 'without a name'}" + (f" at {group.rate:f} %" if group.rate else "")


def _categories(document: Document) -> Iterator[_Broken]:
    """BR-S-08 and its sisters: a VAT category's taxable amount is what its lines, charges and allowances make."""
    if not document.lines or not document.breakdown:
        return
    as_written: dict[tuple[str | None, str | None], Decimal] = defaultdict(Decimal)
    for item in (*document.lines, *document.adjustments):
        as_written[item.tax_category, item.tax_rate] += item.net
    sums: dict[tuple[str, Decimal | None], Decimal] = defaultdict(Decimal)
    for (code, rate), amount in as_written.items():
        if code is None:
            return
        sums[_category(code, number(rate))] += amount
    stated: dict[tuple[str, Decimal | None], Decimal] = defaultdict(Decimal)
    for group in document.breakdown:
        if group.category is None or group.taxable is None:
            return
        stated[_category(group.category, group.rate)] += group.taxable
    for key, taxable in stated.items():
        category, rate = key
        rule = _CATEGORY_RULES.get(category)
        off = taxable - _rounded(sums[key])
        if rule is not None and abs(off) >= (_TOLERANCE if category in _BY_RATE else _CENT):
            at = f" at {rate:f} %" if rate else ""
            message = (
                f"the taxable amount of category {category}{at} (BT-116) is stated as {taxable:f}, "
                f"its lines, charges and allowances make {_rounded(sums[key]):f}"
            )
            yield rule, message, off, None


def _category(code: str, rate: Decimal | None) -> tuple[str, Decimal | None]:
    return code, (rate or _ZERO) if code in _BY_RATE else None


def _has_more_decimals(amount: Decimal | None) -> bool:
    """More than two decimals; zeros behind them are not held against a sender."""
    return amount is not None and amount.as_tuple().exponent < -2 and amount != _rounded(amount)


def _may_have_more_decimals(document: Document) -> bool:
    """A sum has as many decimals as the longest of its parts, so that most documents need no look at each amount."""
    total = sum((line.net for line in document.lines), _ZERO)
    for amount in document.amounts.values():
        if amount is not None:
            total += amount
    for item in (*document.lines, *document.adjustments):
        if item.adjustments:
            total += sum(item.adjustments)
    for adjustment in document.adjustments:
        total += adjustment.net
    for group in document.breakdown:
        total += (group.taxable or _ZERO) + (group.tax or _ZERO)
    return total.as_tuple().exponent < -2


def _decimals(document: Document) -> Iterator[_Broken]:
    """BR-DEC: amounts have two decimals at most."""
    if not _may_have_more_decimals(document):
        return
    for name, (rule, term) in _DECIMALS.items():
        amount = document.amounts[name]
        if _has_more_decimals(amount):
            yield rule, f"{name} ({term}) has more than two decimals: {amount:f}", None, None
    for rule, term, kind in (("BR-DEC-01", "BT-92", "allowance"), ("BR-DEC-05", "BT-99", "charge")):
        found = [x for x in document.adjustments if x.line_id.startswith(kind) and _has_more_decimals(x.net)]
        yield from _of_lines(rule, f"an amount of the document's {kind}s ({term}) has more than two decimals", found)
    found = [line for line in document.lines if _has_more_decimals(line.net)]
    yield from _of_lines("BR-DEC-23", "net amounts of lines (BT-131) have more than two decimals", found)
    adjusted = [line for line in document.lines if line.adjustments]
    for rule, term, kind, sign in (("BR-DEC-24", "BT-136", "allowances", -1), ("BR-DEC-27", "BT-141", "charges", 1)):
        found = [x for x in adjusted if any(sign * y > 0 and _has_more_decimals(y) for y in x.adjustments)]
        yield from _of_lines(rule, f"{kind} of lines ({term}) have more than two decimals", found)
    for rule, term, name in (("BR-DEC-19", "BT-116", "taxable"), ("BR-DEC-20", "BT-117", "tax")):
        amounts = [getattr(group, name) for group in document.breakdown]
        if any(map(_has_more_decimals, amounts)):
            yield rule, f"an amount of the VAT breakdown ({term}) has more than two decimals", None, None


def _of_lines(rule: str, what: str, lines: Sequence[Line], off: Decimal | None = None) -> Iterator[_Broken]:
    if lines:
        names = ", ".join(line.line_id or line.path for line in lines[:_SHOWN])
        more = f" and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
        yield rule, f"{what}: {names}{more}", off, lines[0].path


def _peppol(document: Document) -> Iterator[_Broken]:
    """PEPPOL-EN16931-R120: a line's net is quantity x price / base quantity + charges - allowances, to two cents."""
    broken: list[Line] = []
    off, first = _ZERO, ""
    for line in document.lines:
        quantity = _ONE if line.quantity is None else line.quantity
        expected = quantity * (number(line.price) or _ZERO)
        if line.base_quantity is not None and (base := number(line.base_quantity)):
            expected /= base
        if line.adjustments:
            expected += sum(line.adjustments)
        if expected == line.net:
            continue
        difference = line.net - expected
        if difference > _PEPPOL_SLACK or difference < -_PEPPOL_SLACK:
            if not broken:
                first = f" ({line.net:f} is stated, {_rounded(expected):f} comes out)"
            broken.append(line)
            off += difference
    what = f"net amounts of lines are not quantity x price + charges - allowances{first}"
    yield from _of_lines("PEPPOL-EN16931-R120", what, broken, _rounded(off))


def findings(document: Document) -> Iterator[Finding]:
    """One finding for each broken rule: what was stated, what it should be, and the difference as the amount."""
    profile = ruleset(document.profile_id)
    checks = [_totals(document), _breakdown(document), _categories(document), _decimals(document)]
    if profile == PEPPOL:
        checks.append(_peppol(document))
    for check in checks:
        for rule, message, off, path in check:
            yield Finding(
                rule=rule,
                severity=severity(rule, profile),
                message=message,
                profile=profile,
                entity=document.number,
                source_line=path or document.path,
                amount=off,
                unit=document.currency,
            )
