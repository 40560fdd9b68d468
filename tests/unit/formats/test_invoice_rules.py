"""Arithmetic rules of EN 16931 and Peppol: the published examples, and each rule broken by hand.

The examples are figures of the official test files and unit tests (CEN/TC 434, OpenPEPPOL, KoSIT), written down here as
numbers and fed in both syntaxes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest

from pipelines.formats import xml
from pipelines.formats.base import DocumentRead, Finding
from pipelines.formats.invoices import read_invoice
from pipelines.formats.invoices.rulesets import ruleset, severity
from tests.unit.formats.seeds.invoices import (
    PEPPOL,
    Adjustment,
    Bill,
    Item,
    added_up,
    cii,
    rich,
    ubl,
)

SYNTAXES = pytest.mark.parametrize("written", [ubl, cii])
Written = Callable[[Bill], bytes]


def read(data: bytes) -> DocumentRead:
    return read_invoice(xml.parse(data, where="invoice"), own_parties=("DE111111111",), where="invoice")


def found(data: bytes) -> dict[str, Finding]:
    findings = read(data).findings
    assert len({f.rule for f in findings}) == len(findings)
    return {f.rule: f for f in findings}


# -- the published examples --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Example:
    """Lines: quantity, price, base quantity, allowances, charges, net, category, rate."""

    lines: Sequence[tuple[str, str, str | None, tuple[str, ...], tuple[str, ...], str, str, str]]
    adjustments: Sequence[tuple[bool, str, str, str]] = ()
    prepaid: str | None = None
    rounding: str | None = None
    totals: Mapping[str, str]
    breakdown: Sequence[tuple[str, str, str, str]]
    currency: str = "EUR"
    is_credit_note: bool = False
    fails: tuple[str, ...] = ()

    def bill(self) -> Bill:
        items = tuple(
            Item(
                net=net,
                quantity=quantity,
                price=price,
                base_quantity=base,
                adjustments=(
                    *(Adjustment(amount=amount) for amount in allowances),
                    *(Adjustment(amount=amount, is_charge=True) for amount in charges),
                ),
                category=category,
                rate=rate,
            )
            for quantity, price, base, allowances, charges, net, category, rate in self.lines
        )
        adjustments = tuple(
            Adjustment(is_charge=is_charge, amount=amount, category=category, rate=rate)
            for is_charge, amount, category, rate in self.adjustments
        )
        return Bill(
            is_credit_note=self.is_credit_note,
            type_code="381" if self.is_credit_note else "380",
            currency=self.currency,
            profile=PEPPOL,
            items=items,
            adjustments=adjustments,
            breakdown=self.breakdown,
            totals={**self.totals, "prepaid": self.prepaid, "rounding": self.rounding},
        )


def totals(lines: str, net: str, tax: str, gross: str, payable: str, **more: str) -> dict[str, str]:
    return {"lines": lines, "net": net, "tax": tax, "gross": gross, "payable": payable, **more}


_NONE: tuple[str, ...] = ()
_BASE = Example(
    lines=(
        ("7", "400", None, _NONE, _NONE, "2800", "S", "25.0"),
        ("-3", "500", None, _NONE, _NONE, "-1500", "S", "25.0"),
    ),
    adjustments=((True, "25", "S", "25.0"),),
    totals=totals("1300", "1325", "331.25", "1656.25", "1656.25", charges="25"),
    breakdown=(("S", "25.0", "1325", "331.25"),),
)
_LARGE, _LARGER = "804878.94", "543758.89"
EXAMPLES = {
    "base-example": _BASE,
    "Allowance-example": Example(
        lines=(
            ("10", "410", "1", ("101",), ("1",), "4000.00", "S", "25.0"),
            ("10", "200", "2", _NONE, _NONE, "1000.00", "E", "0.0"),
            ("10", "100", None, ("101",), ("1",), "900.00", "S", "25.0"),
        ),
        adjustments=((False, "200", "S", "25"), (True, "200", "S", "25")),
        prepaid="1000",
        totals=totals("5900", "5900", "1225.00", "7125", "6125.00", allowances="200", charges="200"),
        breakdown=(("S", "25", "4900.0", "1225"), ("E", "0", "1000.0", "0")),
    ),
    "ubl-tc434-example5": Example(
        currency="DKK",
        lines=(
            ("1000", "1.00", "1", ("100.00",), ("100.00",), "1000.00", "S", "25"),
            ("100", "5.00", None, _NONE, _NONE, "500.00", "S", "25"),
            ("500", "5.00", None, _NONE, _NONE, "2500.00", "S", "12"),
        ),
        adjustments=((False, "150.00", "S", "25"), (True, "150.00", "S", "25")),
        prepaid="2337.50",
        totals=totals("4000.00", "4000.00", "675.00", "4675.00", "2337.50", allowances="150.00", charges="150.00"),
        breakdown=(("S", "25", "1500.00", "375.00"), ("S", "12", "2500.00", "300.00")),
    ),
    "sample-discount-price": Example(
        lines=(("100.000", "0.1212", "1", _NONE, _NONE, "12.12", "S", "25"),),
        totals=totals("12.12", "12.12", "3.03", "15.15", "15.15"),
        breakdown=(("S", "25", "12.12", "3.03"),),
    ),
    "01.17a": Example(
        lines=(
            ("1", "288.79", None, _NONE, _NONE, "288.79", "S", "7"),
            ("1", "26.07", None, _NONE, _NONE, "26.07", "S", "7"),
        ),
        rounding="0.01",
        totals=totals("314.86", "314.86", "22.04", "336.9", "336.91"),
        breakdown=(("S", "7", "314.86", "22.04"),),
    ),
    "base-creditnote-correction": replace(_BASE, is_credit_note=True),
    "03.04a": Example(
        lines=(
            (_LARGE, "0.0258", None, _NONE, _NONE, "20765.88", "S", "19"),
            (_LARGE, "0.01146", None, _NONE, _NONE, "9223.92", "S", "19"),
            (_LARGE, "0.0003", None, _NONE, _NONE, "241.47", "S", "19"),
            ("1", "29.51", None, _NONE, _NONE, "29.51", "S", "19"),
            ("1", "17.73", None, _NONE, _NONE, "17.73", "S", "19"),
            ("1", "1.7", None, _NONE, _NONE, "1.7", "S", "19"),
            ("1", "14.77", None, _NONE, _NONE, "14.77", "S", "19"),
            (_LARGER, "0.0008", None, _NONE, _NONE, "435.01", "S", "19"),
            (_LARGE, "0.0055", None, _NONE, _NONE, "4426.83", "S", "19"),
        ),
        prepaid="39839",
        totals=totals("35156.82", "35156.82", "6679.8", "41836.62", "1997.62"),
        breakdown=(("S", "19", "35156.82", "6679.8"),),
    ),
    "02.03a": Example(
        lines=(
            ("33", "143.75", None, _NONE, _NONE, "4743.75", "S", "19"),
            ("42", "143.75", None, _NONE, _NONE, "6037.5", "S", "19"),
        ),
        adjustments=((False, "0", "E", "0"), (True, "0", "E", "0")),
        prepaid="12829.69",
        totals=totals("10781.25", "10781.25", "2048.44", "12829.69", "0", allowances="0", charges="0"),
        breakdown=(("S", "19", "10781.25", "2048.44"), ("E", "0", "0", "0")),
    ),
    "03.07a": Example(
        lines=(
            ("30", "158125", "1", ("20000", "20000"), ("20000", "20000"), "4743750", "S", "19"),
            ("42", "143750", None, _NONE, _NONE, "6037500", "S", "19"),
        ),
        adjustments=(
            (False, "10000", "E", "0"),
            (False, "10000", "E", "0"),
            (True, "10000", "E", "0"),
            (True, "10000", "E", "0"),
        ),
        prepaid="0",
        totals=totals(
            "10781250", "10781250", "2048437.50", "12829687.50", "12829687.50", allowances="20000", charges="20000"
        ),
        breakdown=(("S", "19", "10781250", "2048437.50"), ("E", "0", "0", "0")),
    ),
    "ubl-tc434-example2": Example(
        currency="NOK",
        lines=(
            ("2", "1273.00", "1", ("12.00",), ("12.00",), "1273.00", "S", "25"),
            ("-1", "3.96", "1", _NONE, _NONE, "-3.96", "S", "15"),
            ("2", "2.48", "1", _NONE, _NONE, "4.96", "S", "15"),
            ("-1", "25.00", "1", _NONE, _NONE, "-25.00", "E", "0"),
            ("250", "0.75", "1", _NONE, _NONE, "187.50", "S", "25"),
        ),
        adjustments=((False, "100.00", "S", "25"), (True, "100.00", "S", "25")),
        prepaid="1000.00",
        totals=totals("1436.50", "1436.50", "365.28", "1801.78", "801.78", allowances="100.00", charges="100.00"),
        breakdown=(("S", "25", "1460.50", "365.13"), ("S", "15", "1.00", "0.15"), ("E", "0", "-25.00", "0.00")),
        fails=("PEPPOL-EN16931-R120",),
    ),
}


@SYNTAXES
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_published_totals(name: str, written: Written) -> None:
    example = EXAMPLES[name]
    result = read(written(example.bill()))
    assert tuple(f.rule for f in result.findings) == example.fails
    (header,) = result.rows["invoice"]
    sign = -1 if example.is_credit_note else 1
    for column, term in (("net_amount", "net"), ("tax_amount", "tax"), ("gross_amount", "gross")):
        assert Decimal(header[column] or 0) == sign * Decimal(example.totals[term])
    lines = sum(Decimal(line["net_amount"] or 0) for line in result.rows["invoice_line"])
    assert lines == sign * Decimal(example.totals["net"])


def plain(**changes: object) -> Bill:
    return replace(added_up(Bill(items=(Item(net="100.00"),))), **changes)  # type: ignore[arg-type]


def with_totals(bill: Bill, **changes: str | None) -> Bill:
    return replace(bill, totals={**bill.totals, **changes})


# Unit tests of the schematron: what is stated, what stands there, whether the rule holds.
BR_CO_10 = (
    ("100", ("100.00",), True),
    ("0", ("0.00",), True),
    ("0", ("0",), True),
    ("200", ("110.00", "90.00"), True),
    ("20", ("110.00", "-90.00"), True),
    ("-20", ("-110.00", "90.00"), True),
    ("-100", ("-100.00",), True),
    ("200.01", ("110.00", "90.00"), False),
    ("-91", ("-90.00",), False),
)
BR_CO_12 = (
    ("100", ((True, "100"),), True),
    ("100", ((False, "100"), (True, "100")), True),
    (".00", ((True, "0"), (False, "100")), True),
    ("1100.00", ((True, "100"), (True, "1000.0")), True),
    ("1000.00", ((True, "100"), (True, "1000.0")), False),
    ("1000.00", ((False, "1000"), (True, "0.0")), False),
)
BR_CO_13 = (
    ("1000", "1000", "100", "100", True),
    ("1000", "900", "100", None, True),
    ("1000", "1100", None, "100", True),
    ("1000", "1000", None, None, True),
    ("-100", "00", None, "100", True),
    ("-1000", "-1000", "100", "100", True),
    ("0", "-100", "100", None, True),
    ("100.00", "00.0", "100", None, True),
    ("1000", "1000", "100", "200", False),
    ("-100", "100", "100", "200", False),
    ("1100", "1000.01", "100", None, False),
    ("1000", "1001", "0", "0", False),
    ("-1000", "-1000", "100", None, False),
    ("1000", "1000", "0", "0", True),
    ("1000", "1000", "0.0", "0.00", True),
)
BR_CO_17 = (
    ("1000", "250", "25", True),
    ("-6491.34", "-1622.84", "25", True),
    ("2141.05", "299.75", "14", True),
    ("2141.05", ".00", None, True),
    ("2141.19", "44.96", "2.1", True),
    ("2141.19", "0.0", "0", True),
    ("-2141.19", "-117.77", "5.5", True),
    ("-25.00", "0.00", "0", True),
    ("1000", "251", "25", False),
    ("2141.19", "43.91", "2.1", False),
    ("-2141.19", "-117.77", "5.5", True),
    ("6491.34", "1622.84", "25", True),
)


@SYNTAXES
@pytest.mark.parametrize(("stated", "nets", "holds"), BR_CO_10)
def test_br_co_10(stated: str, nets: Sequence[str], holds: bool, written: Written) -> None:
    bill = with_totals(plain(items=tuple(Item(net=net) for net in nets)), lines=stated)
    assert ("BR-CO-10" not in found(written(bill))) == holds


@SYNTAXES
@pytest.mark.parametrize(("stated", "adjustments", "holds"), BR_CO_12)
def test_br_co_12(stated: str, adjustments: Sequence[tuple[bool, str]], holds: bool, written: Written) -> None:
    parts = tuple(Adjustment(is_charge=is_charge, amount=amount) for is_charge, amount in adjustments)
    assert ("BR-CO-12" not in found(written(with_totals(plain(adjustments=parts), charges=stated)))) == holds


@SYNTAXES
@pytest.mark.parametrize(("lines", "net", "allowances", "charges", "holds"), BR_CO_13)
def test_br_co_13(
    lines: str, net: str, allowances: str | None, charges: str | None, holds: bool, written: Written
) -> None:
    bill = with_totals(plain(), lines=lines, net=net, allowances=allowances, charges=charges)
    assert ("BR-CO-13" not in found(written(bill))) == holds


@SYNTAXES
@pytest.mark.parametrize(("taxable", "tax", "rate", "holds"), BR_CO_17)
def test_br_co_17(taxable: str, tax: str, rate: str | None, holds: bool, written: Written) -> None:
    assert ("BR-CO-17" not in found(written(plain(breakdown=(("S", rate, taxable, tax),))))) == holds


# -- each rule broken by hand ------------------------------------------------------------------------------------------


@SYNTAXES
@pytest.mark.parametrize(
    ("bill", "rule", "message", "amount"),
    [
        (
            with_totals(plain(), lines="101.00", net="101.00", gross="120.00", payable="120.00"),
            "BR-CO-10",
            "the sum of lines (BT-106) is stated as 101.00, the lines add up to 100.00",
            "1.00",
        ),
        (
            plain(adjustments=(Adjustment(amount="7.50"),)),
            "BR-CO-11",
            "the sum of allowances (BT-107) is stated as 0, the allowances add up to 7.50",
            "-7.50",
        ),
        (
            plain(adjustments=(Adjustment(amount="7.50", is_charge=True),)),
            "BR-CO-12",
            "the sum of charges (BT-108) is stated as 0, the charges add up to 7.50",
            "-7.50",
        ),
        (
            with_totals(plain(), allowances="1.00"),
            "BR-CO-13",
            "net (BT-109) is stated as 100.00, lines - allowances + charges is 99.00",
            "1.00",
        ),
        (
            with_totals(plain(), tax="19.01", gross="119.01", payable="119.01"),
            "BR-CO-14",
            "VAT (BT-110) is stated as 19.01, the VAT breakdown adds up to 19.00",
            "0.01",
        ),
        (
            with_totals(plain(), gross="119.01", payable="119.01"),
            "BR-CO-15",
            "gross (BT-112) is stated as 119.01, net + VAT is 119.00",
            "0.01",
        ),
        (
            with_totals(plain(), prepaid="19.00"),
            "BR-CO-16",
            "payable (BT-115) is stated as 119.00, gross - prepaid + rounding is 100.00",
            "19.00",
        ),
        (
            plain(breakdown=(("S", "19", "100.00", "20.00"),)),
            "BR-CO-17",
            "VAT of category S at 19 % is stated as 20.00, 100.00 at 19 % is 19.00",
            "1.00",
        ),
        (
            plain(items=(Item(net="98.99"), Item(net="1.01", rate="7"))),
            "BR-S-08",
            "the taxable amount of category S at 19 % (BT-116) is stated as 100.00, its lines, charges and allowances "
            "make 98.99",
            "1.01",
        ),
        (
            plain(items=(Item(net="100.00", category="E", rate="0"),), breakdown=(("E", "0", "100.01", "0"),)),
            "BR-E-08",
            "the taxable amount of category E (BT-116) is stated as 100.01, its lines, charges and allowances "
            "make 100.00",
            "0.01",
        ),
        (
            with_totals(plain(), prepaid="0.005", rounding="0.005"),
            "BR-DEC-16",
            "prepaid (BT-113) has more than two decimals: 0.005",
            None,
        ),
        (
            plain(items=(Item(net="33.333"), Item(net="66.667", number="b"))),
            "BR-DEC-23",
            "net amounts of lines (BT-131) have more than two decimals: 1, b",
            None,
        ),
        (
            plain(items=(Item(net="100.00", adjustments=(Adjustment(amount="0.001"),)),)),
            "BR-DEC-24",
            "allowances of lines (BT-136) have more than two decimals: 1",
            None,
        ),
        (
            plain(profile=PEPPOL, items=(Item(net="100.00", quantity="2", price="50.02"),)),
            "PEPPOL-EN16931-R120",
            "net amounts of lines are not quantity x price + charges - allowances "
            "(100.00 is stated, 100.04 comes out): 1",
            "-0.04",
        ),
    ],
)
def test_a_broken_rule_is_a_finding_with_its_figures(
    bill: Bill, rule: str, message: str, amount: str | None, written: Written
) -> None:
    finding = found(written(bill))[rule]
    assert finding.message == message
    assert finding.amount == (None if amount is None else Decimal(amount))
    assert (finding.entity, finding.unit) == ("R-1", "EUR")
    (row,) = read(written(bill)).rows["invoice"]
    assert Decimal(row["net_amount"] or 0) == Decimal(bill.totals["net"] or 0)  # as stated, all the same


@SYNTAXES
@pytest.mark.parametrize(
    "bill",
    [
        plain(),
        rich(),
        rich(profile=PEPPOL),
        # half a cent is rounded away from zero before it is compared
        with_totals(plain(items=(Item(net="33.335"), Item(net="66.66"))), lines="100.00"),
        # zeros behind the second decimal are no fault
        with_totals(plain(), net="100.0000"),
        # what is not known cannot be compared
        plain(items=(Item(net="100.00", category=None),)),
        plain(breakdown=()),
        # less than one unit off, at a rate
        plain(breakdown=(("S", "19", "100.99", "19.00"),)),
        # two cents may be rounding of the price
        plain(profile=PEPPOL, items=(Item(net="100.00", quantity="3", price="33.34"),)),
        plain(profile=PEPPOL, items=(Item(net="100.00", quantity="25", price="400", base_quantity="100"),)),
        # not Peppol: prices are not looked at
        plain(items=(Item(net="100.00", quantity="2", price="1"),)),
    ],
)
def test_what_breaks_no_rule(bill: Bill, written: Written) -> None:
    assert {rule for rule in found(written(bill)) if rule != "BR-DEC-23"} == set()


def test_one_finding_names_many_lines() -> None:
    items = tuple(Item(net="1.001", number=f"n{n}") for n in range(1, 9))
    finding = found(ubl(plain(items=items)))["BR-DEC-23"]
    assert finding.message.endswith(": n1, n2, n3, n4, n5 and 3 more")
    assert finding.source_line == "/Invoice/cac:InvoiceLine[1]"


def test_two_vat_totals_in_one_currency_break_a_rule() -> None:
    data = ubl(plain()).replace(b"<cac:LegalMonetaryTotal>", b'<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">19.00'
        b"</cbc:TaxAmount></cac:TaxTotal><cac:LegalMonetaryTotal>")  # fmt: skip
    finding = found(data)["BR-CO-15"]
    assert finding.message == "the VAT total (BT-110) is stated 2 times in EUR"


# -- rule sets ---------------------------------------------------------------------------------------------------------

_EN, _XR = "urn:cen.eu:en16931:2017", "urn:xeinkauf.de:kosit"


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (None, "en16931"),
        ("", "en16931"),
        (_EN, "en16931"),
        ("something of our own", "en16931"),
        (f"{_EN}#compliant#urn:another.example:cius:1.0", "en16931"),
        (PEPPOL, "peppol"),
        (f"{_EN}#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0", "peppol"),
        (f"{_EN}#compliant#{_XR}:xrechnung_3.0", "xrechnung"),
        (f"{_EN}#compliant#urn:xoev-de:kosit:standard:xrechnung_1.2", "xrechnung"),
        (f"{_EN}#compliant#{_XR}:xrechnung_9.9", "xrechnung"),
        (f"{_EN}#compliant#{_XR}:xrechnung_3.0#conformant#{_XR}:extension:xrechnung_3.0", "xrechnung-extension"),
        ("urn:factur-x.eu:1p0:minimum", "factur-x-minimum"),
        ("urn:zugferd.de:2p0:minimum", "factur-x-minimum"),
        ("urn:factur-x.eu:1p0:basicwl", "factur-x-basic-wl"),
        (f"{_EN}#compliant#urn:factur-x.eu:1p0:basic", "factur-x-basic"),
        (f"{_EN}:compliant:factur-x.eu:1p0:en16931", "en16931"),
        (f"{_EN}#conformant#urn:factur-x.eu:1p0:extended", "factur-x-extended"),
        (f"{_EN}#conformant#urn:zugferd.de:2p0:EXTENDED ", "factur-x-extended"),
        (f"{_EN}#conformant#urn:another.example:extension", "en16931-extension"),
    ],
)
def test_the_rule_set_is_told_by_its_family(profile: str | None, expected: str) -> None:
    assert ruleset(profile) == expected


@pytest.mark.parametrize(
    ("rule", "profile", "expected"),
    [
        ("BR-CO-10", "en16931", "critical"),
        ("BR-CO-16", "peppol", "critical"),
        ("BR-CO-16", "xrechnung", "critical"),
        ("BR-CO-16", "xrechnung-extension", "notice"),
        ("BR-CO-15", "xrechnung-extension", "critical"),
        ("BR-CO-10", "factur-x-extended", "warning"),
        ("BR-CO-14", "factur-x-extended", "critical"),
        ("BR-S-08", "en16931", "warning"),
        ("BR-DEC-12", "en16931", "warning"),
        ("PEPPOL-EN16931-R120", "peppol", "warning"),
    ],
)
def test_how_serious_a_broken_rule_is(rule: str, profile: str, expected: str) -> None:
    assert severity(rule, profile) == expected


def test_payments_for_third_parties_are_only_noted() -> None:
    profile = f"{_EN}#compliant#{_XR}:xrechnung_3.0#conformant#{_XR}:extension:xrechnung_3.0"
    finding = found(ubl(with_totals(plain(profile=profile), payable="150.00")))["BR-CO-16"]
    assert (finding.severity, finding.profile, finding.amount) == ("notice", "xrechnung-extension", Decimal("31.00"))


def test_minimum_has_nothing_to_compare() -> None:
    bill = plain(profile="urn:factur-x.eu:1p0:minimum", items=(), breakdown=())
    bill = replace(bill, totals={"net": "100.00", "tax": "19.00", "gross": "119.00", "payable": "50.00"})
    assert found(cii(bill)) == {}
    broken = with_totals(bill, gross="119.01")
    assert list(found(cii(broken))) == ["BR-CO-15"]


@SYNTAXES
def test_a_corrected_invoice_names_the_invoices_that_it_replaces(written: Written) -> None:
    findings = read(written(rich(type_code="384", preceding=("R-0", "R-00")))).findings
    assert [(f.rule, f.severity, f.entity, f.amount, f.unit) for f in findings] == [
        ("corrected-invoice", "notice", "R-0", Decimal("1114.95"), "EUR"),
        ("corrected-invoice", "notice", "R-00", Decimal("1114.95"), "EUR"),
    ]
    assert findings[0].message == "R-1 (type 384) replaces R-0; both count until that one is credited"
    (finding,) = read(written(rich(type_code="384"))).findings
    assert (finding.entity, "an invoice that it does not name" in finding.message) == (None, True)
    negative = added_up(Bill(type_code="384", preceding=("R-0",), items=(Item(net="-8.79"),)))
    (finding,) = read(written(negative)).findings
    assert finding.message == "R-1 (type 384) corrects R-0 by the difference; the sign is kept"
