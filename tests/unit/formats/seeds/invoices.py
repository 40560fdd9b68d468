"""One invoice, described once, as UBL, CII and PDF: to test that they mean the same, and as seeds for mutations."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from pypdf import PdfWriter

from pipelines.formats.invoices.syntaxes import NAMESPACES

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
OURS = {"vat": "DE111111111", "name": "Our Works GmbH", "endpoint": "ours@example.test", "legal": "HRB 1"}
CLIENT = {"vat": "FR222222222", "name": "Client SA", "endpoint": "client@example.test", "legal": "RCS 2"}
PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"


@dataclass(frozen=True, kw_only=True)
class Adjustment:
    """An allowance or charge, of the document or of a line."""

    amount: str
    is_charge: bool = False
    reason: str = "Rebate"
    category: str | None = None
    rate: str | None = None


@dataclass(frozen=True, kw_only=True)
class Item:
    net: str
    number: str | None = None
    quantity: str | None = "1"
    price: str | None = None
    base_quantity: str | None = None
    adjustments: Sequence[Adjustment] = ()
    category: str | None = "S"
    rate: str | None = "19"
    name: str = "Work"
    cost: str | None = None
    order: str | None = None


@dataclass(frozen=True, kw_only=True)
class Bill:
    """An invoice. `totals`: BT-106 lines, 107 allowances, 108 charges, 109 net, 110 tax, 112 gross, 113 prepaid, 114
    rounding, 115 payable; `breakdown`: category, rate, taxable, tax."""

    number: str = "R-1"
    type_code: str = "380"
    is_credit_note: bool = False  # its root, in UBL
    issued: str = "2026-03-31"
    due: str | None = "2026-04-30"
    currency: str = "EUR"
    profile: str | None = "urn:cen.eu:en16931:2017"
    seller: Mapping[str, str] = field(default_factory=lambda: OURS)
    buyer: Mapping[str, str] = field(default_factory=lambda: CLIENT)
    project: str | None = None
    contract: str | None = None
    order: str | None = None
    cost: str | None = None
    preceding: Sequence[str] = ()
    items: Sequence[Item] = ()
    adjustments: Sequence[Adjustment] = ()
    totals: Mapping[str, str | None] = field(default_factory=dict)
    breakdown: Sequence[tuple[str, str | None, str, str]] = ()
    other_tax: tuple[str, str] | None = None  # currency and VAT in it (BT-6, BT-111)
    attachment: str | None = None  # base64


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def added_up(bill: Bill, *, prepaid: str | None = None, rounding: str | None = None) -> Bill:
    """The bill with the totals and the breakdown that its lines and adjustments make."""
    groups: dict[tuple[str, str], Decimal] = {}
    parts = [(item.category, item.rate, Decimal(item.net)) for item in bill.items]
    parts += [(a.category, a.rate, Decimal(a.amount) * (1 if a.is_charge else -1)) for a in bill.adjustments]
    for category, rate, amount in parts:
        key = (category or "S", f"{Decimal(rate or 0).normalize():f}")
        groups[key] = groups.get(key, Decimal(0)) + amount
    breakdown = tuple((c, r, f"{_cents(n)}", f"{_cents(n * Decimal(r) / 100)}") for (c, r), n in groups.items())
    lines = sum((Decimal(item.net) for item in bill.items), Decimal(0))
    allowances = sum((Decimal(a.amount) for a in bill.adjustments if not a.is_charge), Decimal(0))
    charges = sum((Decimal(a.amount) for a in bill.adjustments if a.is_charge), Decimal(0))
    net = _cents(lines) - allowances + charges
    tax = sum((Decimal(group[3]) for group in breakdown), Decimal(0))
    payable = net + tax - Decimal(prepaid or 0) + Decimal(rounding or 0)
    totals = {
        "lines": f"{_cents(lines)}",
        "allowances": f"{allowances}" if allowances else None,
        "charges": f"{charges}" if charges else None,
        "net": f"{net}",
        "tax": f"{tax}",
        "gross": f"{net + tax}",
        "prepaid": prepaid,
        "rounding": rounding,
        "payable": f"{payable}",
    }
    return replace(bill, totals=totals, breakdown=breakdown)


def _tag(name: str, value: object, attributes: str = "") -> str:
    return "" if value is None else f"<{name}{attributes}>{value}</{name}>"


def _in(name: str, *parts: str) -> str:
    """An element around others; nothing where they are nothing."""
    inside = "".join(parts)
    return f"<{name}>{inside}</{name}>" if inside else ""


# -- UBL ---------------------------------------------------------------------------------------------------------------

_UBL_TOTALS = {
    "lines": "LineExtensionAmount",
    "net": "TaxExclusiveAmount",
    "gross": "TaxInclusiveAmount",
    "allowances": "AllowanceTotalAmount",
    "charges": "ChargeTotalAmount",
    "prepaid": "PrepaidAmount",
    "rounding": "PayableRoundingAmount",
    "payable": "PayableAmount",
}


def _ubl_party(role: str, party: Mapping[str, str]) -> str:
    vat = _in(
        "cac:PartyTaxScheme", _tag("cbc:CompanyID", party.get("vat")), _in("cac:TaxScheme", _tag("cbc:ID", "VAT"))
    )
    legal = _in(
        "cac:PartyLegalEntity",
        _tag("cbc:RegistrationName", party.get("name")),
        _tag("cbc:CompanyID", party.get("legal")),
    )
    return _in(f"cac:{role}", _in("cac:Party", _tag("cbc:EndpointID", party.get("endpoint")), vat, legal))


def _ubl_category(name: str, category: str | None, rate: str | None) -> str:
    if category is None:
        return ""
    scheme = _in("cac:TaxScheme", _tag("cbc:ID", "VAT"))
    return _in(name, _tag("cbc:ID", category), _tag("cbc:Percent", rate), scheme)


def _ubl_adjustment(adjustment: Adjustment, money: str) -> str:
    return _in(
        "cac:AllowanceCharge",
        _tag("cbc:ChargeIndicator", str(adjustment.is_charge).lower()),
        _tag("cbc:AllowanceChargeReason", adjustment.reason),
        _tag("cbc:Amount", adjustment.amount, money),
        _ubl_category("cac:TaxCategory", adjustment.category, adjustment.rate),
    )


def _ubl_tax(bill: Bill, money: str) -> str:
    subtotals = [
        _in(
            "cac:TaxSubtotal",
            _tag("cbc:TaxableAmount", taxable, money),
            _tag("cbc:TaxAmount", tax, money),
            _ubl_category("cac:TaxCategory", category, rate),
        )
        for category, rate, taxable, tax in bill.breakdown
    ]
    own = _in("cac:TaxTotal", _tag("cbc:TaxAmount", bill.totals.get("tax"), money), *subtotals)
    if bill.other_tax is None:
        return own
    currency, amount = bill.other_tax
    # the other one first: whoever takes the first one is wrong
    return _in("cac:TaxTotal", _tag("cbc:TaxAmount", amount, f' currencyID="{currency}"')) + own


def _ubl_item(item: Item, position: int, kind: str, money: str) -> str:
    price = _in("cac:Price", _tag("cbc:PriceAmount", item.price, money), _tag("cbc:BaseQuantity", item.base_quantity))
    quantity = "CreditedQuantity" if kind == "CreditNote" else "InvoicedQuantity"
    return _in(
        f"cac:{kind}Line",
        _tag("cbc:ID", item.number or position),
        _tag(f"cbc:{quantity}", item.quantity, ' unitCode="HUR"'),
        _tag("cbc:LineExtensionAmount", item.net, money),
        _tag("cbc:AccountingCost", item.cost),
        _in("cac:OrderLineReference", _in("cac:OrderReference", _tag("cbc:ID", item.order))),
        *(_ubl_adjustment(adjustment, money) for adjustment in item.adjustments),
        _in(
            "cac:Item",
            _tag("cbc:Name", item.name),
            _ubl_category("cac:ClassifiedTaxCategory", item.category, item.rate),
        ),
        price,
    )


def ubl(bill: Bill) -> bytes:
    kind = "CreditNote" if bill.is_credit_note else "Invoice"
    money = f' currencyID="{bill.currency}"'
    document = "cac:AdditionalDocumentReference"
    project = (
        _in(document, _tag("cbc:ID", bill.project), _tag("cbc:DocumentTypeCode", bill.project and "50"))
        if bill.is_credit_note
        else _in("cac:ProjectReference", _tag("cbc:ID", bill.project))
    )
    attached = _in(document, _tag("cbc:ID", "A-1"), _in("cac:Attachment", _tag(
        "cbc:EmbeddedDocumentBinaryObject", bill.attachment, ' mimeCode="text/csv" filename="a.csv"'
    ))) if bill.attachment else ""  # fmt: skip
    inside = "".join(
        [
            _tag("cbc:CustomizationID", bill.profile),
            _tag("cbc:ID", bill.number),
            _tag("cbc:IssueDate", bill.issued),
            "" if bill.is_credit_note else _tag("cbc:DueDate", bill.due),
            _tag(f"cbc:{kind}TypeCode", bill.type_code),
            _tag("cbc:DocumentCurrencyCode", bill.currency),
            _tag("cbc:TaxCurrencyCode", bill.other_tax and bill.other_tax[0]),
            _tag("cbc:AccountingCost", bill.cost),
            _in("cac:OrderReference", _tag("cbc:ID", bill.order)),
            *(
                _in("cac:BillingReference", _in("cac:InvoiceDocumentReference", _tag("cbc:ID", each)))
                for each in bill.preceding
            ),
            _in("cac:ContractDocumentReference", _tag("cbc:ID", bill.contract)),
            attached,
            project,
            _ubl_party("AccountingSupplierParty", bill.seller),
            _ubl_party("AccountingCustomerParty", bill.buyer),
            _in("cac:PaymentMeans", _tag("cbc:PaymentDueDate", bill.due)) if bill.is_credit_note else "",
            *(_ubl_adjustment(adjustment, money) for adjustment in bill.adjustments),
            _ubl_tax(bill, money),
            _in(
                "cac:LegalMonetaryTotal",
                *(_tag(f"cbc:{name}", bill.totals.get(term), money) for term, name in _UBL_TOTALS.items()),
            ),
            *(_ubl_item(item, position, kind, money) for position, item in enumerate(bill.items, start=1)),
        ]
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="{_UBL}{kind}-2" '
        f'xmlns:cac="{NAMESPACES["cac"]}" xmlns:cbc="{NAMESPACES["cbc"]}">{inside}</{kind}>'
    ).encode()


# -- CII ---------------------------------------------------------------------------------------------------------------


def _cii_date(name: str, day: str | None) -> str:
    return _in(name, _tag("udt:DateTimeString", day and day.replace("-", ""), ' format="102"'))


def _cii_party(role: str, party: Mapping[str, str]) -> str:
    return _in(
        f"ram:{role}",
        _tag("ram:Name", party.get("name")),
        _in("ram:SpecifiedLegalOrganization", _tag("ram:ID", party.get("legal"))),
        _in("ram:URIUniversalCommunication", _tag("ram:URIID", party.get("endpoint"), ' schemeID="EM"')),
        # a tax office's number before the VAT number: whoever takes the first one is wrong
        _in("ram:SpecifiedTaxRegistration", _tag("ram:ID", party.get("vat") and "37/111/22222", ' schemeID="FC"')),
        _in("ram:SpecifiedTaxRegistration", _tag("ram:ID", party.get("vat"), ' schemeID="VA"')),
    )


def _cii_category(name: str, category: str | None, rate: str | None, before: str = "") -> str:
    if category is None:
        return ""
    return _in(
        name,
        before,
        _tag("ram:TypeCode", "VAT"),
        _tag("ram:CategoryCode", category),
        _tag("ram:RateApplicablePercent", rate),
    )


def _cii_adjustment(adjustment: Adjustment) -> str:
    return _in(
        "ram:SpecifiedTradeAllowanceCharge",
        _in("ram:ChargeIndicator", _tag("udt:Indicator", str(adjustment.is_charge).lower())),
        _tag("ram:ActualAmount", adjustment.amount),
        _tag("ram:Reason", adjustment.reason),
        _cii_category("ram:CategoryTradeTax", adjustment.category, adjustment.rate),
    )


def _cii_item(item: Item, position: int) -> str:
    return _in(
        "ram:IncludedSupplyChainTradeLineItem",
        _in("ram:AssociatedDocumentLineDocument", _tag("ram:LineID", item.number or position)),
        _in("ram:SpecifiedTradeProduct", _tag("ram:Name", item.name)),
        _in(
            "ram:SpecifiedLineTradeAgreement",
            _in("ram:BuyerOrderReferencedDocument", _tag("ram:IssuerAssignedID", item.order)),
            _in(
                "ram:NetPriceProductTradePrice",
                _tag("ram:ChargeAmount", item.price),
                _tag("ram:BasisQuantity", item.base_quantity),
            ),
        ),
        _in("ram:SpecifiedLineTradeDelivery", _tag("ram:BilledQuantity", item.quantity, ' unitCode="HUR"')),
        _in(
            "ram:SpecifiedLineTradeSettlement",
            _cii_category("ram:ApplicableTradeTax", item.category, item.rate),
            *(_cii_adjustment(adjustment) for adjustment in item.adjustments),
            _in("ram:SpecifiedTradeSettlementLineMonetarySummation", _tag("ram:LineTotalAmount", item.net)),
            _in("ram:ReceivableSpecifiedTradeAccountingAccount", _tag("ram:ID", item.cost)),
        ),
    )


def _cii_summation(bill: Bill) -> str:
    totals = bill.totals
    taxes = _tag("ram:TaxTotalAmount", totals.get("tax"), f' currencyID="{bill.currency}"')
    if bill.other_tax is not None:
        taxes = _tag("ram:TaxTotalAmount", bill.other_tax[1], f' currencyID="{bill.other_tax[0]}"') + taxes
    return _in(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        _tag("ram:LineTotalAmount", totals.get("lines")),
        _tag("ram:ChargeTotalAmount", totals.get("charges")),
        _tag("ram:AllowanceTotalAmount", totals.get("allowances")),
        _tag("ram:TaxBasisTotalAmount", totals.get("net")),
        taxes,
        _tag("ram:RoundingAmount", totals.get("rounding")),
        _tag("ram:GrandTotalAmount", totals.get("gross")),
        _tag("ram:TotalPrepaidAmount", totals.get("prepaid")),
        _tag("ram:DuePayableAmount", totals.get("payable")),
    )


def cii(bill: Bill) -> bytes:
    agreement = _in(
        "ram:ApplicableHeaderTradeAgreement",
        _cii_party("SellerTradeParty", bill.seller),
        _cii_party("BuyerTradeParty", bill.buyer),
        _in("ram:BuyerOrderReferencedDocument", _tag("ram:IssuerAssignedID", bill.order)),
        _in("ram:ContractReferencedDocument", _tag("ram:IssuerAssignedID", bill.contract)),
        _in("ram:AdditionalReferencedDocument", _tag("ram:AttachmentBinaryObject", bill.attachment)),
        _in("ram:SpecifiedProcuringProject", _tag("ram:ID", bill.project)),
    )
    settlement = _in(
        "ram:ApplicableHeaderTradeSettlement",
        _tag("ram:TaxCurrencyCode", bill.other_tax and bill.other_tax[0]),
        _tag("ram:InvoiceCurrencyCode", bill.currency),
        *(
            _cii_category(
                "ram:ApplicableTradeTax",
                category,
                rate,
                _tag("ram:CalculatedAmount", tax) + _tag("ram:BasisAmount", taxable),
            )
            for category, rate, taxable, tax in bill.breakdown
        ),
        *(_cii_adjustment(adjustment) for adjustment in bill.adjustments),
        _in("ram:SpecifiedTradePaymentTerms", _cii_date("ram:DueDateDateTime", bill.due)),
        _cii_summation(bill),
        *(_in("ram:InvoiceReferencedDocument", _tag("ram:IssuerAssignedID", each)) for each in bill.preceding),
        _in("ram:ReceivableSpecifiedTradeAccountingAccount", _tag("ram:ID", bill.cost)),
    )
    guideline = _in("ram:GuidelineSpecifiedDocumentContextParameter", _tag("ram:ID", bill.profile))
    prefixes = " ".join(f'xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in ("rsm", "ram", "udt"))
    inside = (
        _in("rsm:ExchangedDocumentContext", guideline)
        + _in(
            "rsm:ExchangedDocument",
            _tag("ram:ID", bill.number),
            _tag("ram:TypeCode", bill.type_code),
            _cii_date("ram:IssueDateTime", bill.issued),
        )
        + _in(
            "rsm:SupplyChainTradeTransaction",
            *(_cii_item(item, position) for position, item in enumerate(bill.items, start=1)),
            agreement,
            settlement,
        )
    )
    return f"<rsm:CrossIndustryInvoice {prefixes}>{inside}</rsm:CrossIndustryInvoice>".encode()


# -- PDF ---------------------------------------------------------------------------------------------------------------


def pdf(bill: Bill, *, name: str = "factur-x.xml") -> bytes:
    """A page with the invoice as CII attached, as Factur-X and ZUGFeRD have it."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment(name, cii(bill))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


# -- seeds -------------------------------------------------------------------------------------------------------------


def rich(**changes: object) -> Bill:
    """An invoice with a bit of everything: allowances, charges, a negative line, two rates, an advance, references."""
    bill = Bill(
        project="P-1",
        contract="C-9",
        order="PO-7",
        cost="4711",
        items=(
            Item(net="1000.00", quantity="8", price="1250", base_quantity="10", name="Engineering"),
            Item(
                net="-200.00",
                quantity="-2",
                price="100",
                name="Deduction",
                category="E",
                rate="0",
                cost="WP-3",
            ),
            Item(
                net="95.00",
                quantity="1",
                price="100",
                order="PO-8",
                adjustments=(Adjustment(amount="10.00"), Adjustment(amount="5.00", is_charge=True, reason="Tools")),
            ),
        ),
        adjustments=(
            Adjustment(amount="45.00", reason="Discount", category="S", rate="19"),
            Adjustment(amount="50.00", is_charge=True, reason="Freight", category="S", rate="19"),
            Adjustment(amount="5.00", is_charge=True, reason="Packing", category="S", rate="19"),
        ),
        other_tax=("SEK", "2178.50"),
    )
    return added_up(replace(bill, **changes), prepaid="500.00", rounding="0.05")  # type: ignore[arg-type]


def seeds() -> dict[str, bytes]:
    """Whole files of every syntax, by name."""
    credit = rich(is_credit_note=True, type_code="381", number="G-1", preceding=("R-0",))
    correction = rich(type_code="384", number="R-2", preceding=("R-1",))
    whole = rich()
    header_only = replace(
        whole,
        profile="urn:factur-x.eu:1p0:minimum",
        items=(),
        adjustments=(),
        breakdown=(),
        totals={name: whole.totals[name] for name in ("net", "tax", "gross", "payable")},
    )
    return {
        "invoice.ubl.xml": ubl(rich()),
        "credit.ubl.xml": ubl(credit),
        "corrected.ubl.xml": ubl(correction),
        "peppol.ubl.xml": ubl(rich(profile=PEPPOL)),
        "invoice.cii.xml": cii(rich()),
        "credit.cii.xml": cii(credit),
        "minimum.cii.xml": cii(header_only),
        "factur-x.pdf": pdf(rich()),
    }
