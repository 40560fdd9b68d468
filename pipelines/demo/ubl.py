"""Customer invoices and credit notes as UBL 2.1 XML in the terms of EN 16931. Only the writing; figures come in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape

from pipelines.demo import firm
from pipelines.demo.billing import Invoice, Line
from pipelines.demo.costs import money

_NS = "urn:oasis:names:specification:ubl:schema:xsd:"
_PROFILE = "urn:cen.eu:en16931:2017"
# VAT category by the buyer's country: standard, reverse charge within the union, export
_CATEGORY = {"DE": "S", "NL": "AE"}
_EXEMPT = {"AE": "Reverse charge", "G": "Export outside the union"}


@dataclass(frozen=True)
class Party:
    name: str
    vat_id: str
    country: str
    city: str


OURS = Party(firm.FIRM_NAME, firm.FIRM_VAT_ID, "DE", "Oderbruck")


def buyer(customer_id: str) -> Party:
    customer = firm.CUSTOMER[customer_id]
    return Party(customer.name, customer.vat_id, customer.country, customer.name.split()[0])


def _tag(name: str, value: object, attributes: str = "") -> str:
    return f"<cbc:{name}{attributes}>{escape(str(value))}</cbc:{name}>"


def _party(role: str, party: Party) -> str:
    return (
        f"<cac:{role}><cac:Party>"
        f"<cac:PostalAddress>{_tag('CityName', party.city)}"
        f"<cac:Country>{_tag('IdentificationCode', party.country)}</cac:Country></cac:PostalAddress>"
        f"<cac:PartyTaxScheme>{_tag('CompanyID', party.vat_id)}<cac:TaxScheme>{_tag('ID', 'VAT')}</cac:TaxScheme>"
        f"</cac:PartyTaxScheme><cac:PartyLegalEntity>{_tag('RegistrationName', party.name)}</cac:PartyLegalEntity>"
        f"</cac:Party></cac:{role}>\n"
    )


def _line(number: int, line: Line, invoice: Invoice, category: str, percent: int) -> str:
    kind, quantity = ("CreditNote", "Credited") if invoice.credit_for else ("Invoice", "Invoiced")
    currency = f' currencyID="{invoice.currency}"'
    count = line.quantity.copy_sign(line.net)  # EN 16931 wants the price positive: a deduction has a negative quantity
    price = (line.net / count).quantize(Decimal("0.0001"))
    return (
        f"<cac:{kind}Line>{_tag('ID', number)}"
        + _tag(f"{quantity}Quantity", count, f' unitCode="{line.unit}"')
        + _tag("LineExtensionAmount", line.net, currency)
        + f"<cac:Item>{_tag('Name', line.text)}<cac:ClassifiedTaxCategory>{_tag('ID', category)}"
        + f"{_tag('Percent', percent)}<cac:TaxScheme>{_tag('ID', 'VAT')}</cac:TaxScheme></cac:ClassifiedTaxCategory>"
        + f"</cac:Item><cac:Price>{_tag('PriceAmount', price, currency)}</cac:Price></cac:{kind}Line>\n"
    )


def document(invoice: Invoice, *, seller: Party = OURS, to: Party | None = None, vat: int | None = None) -> str:
    """The XML text of one document. `to` and `vat` only where the buyer is no customer of the firm."""
    credit = bool(invoice.credit_for)
    root = "CreditNote" if credit else "Invoice"
    party = to or buyer(invoice.customer)
    percent = firm.CUSTOMER[invoice.customer].tax if vat is None else vat
    category = _CATEGORY.get(party.country, "G")
    tax = money(invoice.net * percent / 100)
    currency = f' currencyID="{invoice.currency}"'
    project, contract = invoice.named_project, invoice.contract
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        f'<{root} xmlns="{_NS}{root}-2" xmlns:cac="{_NS}CommonAggregateComponents-2" '
        f'xmlns:cbc="{_NS}CommonBasicComponents-2">\n',
        _tag("CustomizationID", _PROFILE),
        _tag("ID", invoice.number),
        _tag("IssueDate", invoice.issued),
        "" if credit else _tag("DueDate", invoice.due),
        _tag(f"{root}TypeCode", 381 if credit else 380),
        _tag("DocumentCurrencyCode", invoice.currency),
        "\n",
        f"<cac:OrderReference>{_tag('ID', invoice.order)}</cac:OrderReference>" if invoice.order else "",
    ]
    if credit:
        parts.append(
            f"<cac:BillingReference><cac:InvoiceDocumentReference>{_tag('ID', invoice.credit_for)}"
            "</cac:InvoiceDocumentReference></cac:BillingReference>"
        )
    if contract and not invoice.order:
        parts.append(f"<cac:ContractDocumentReference>{_tag('ID', contract)}</cac:ContractDocumentReference>")
    if project and credit:
        parts.append(
            f"<cac:AdditionalDocumentReference>{_tag('ID', project)}{_tag('DocumentTypeCode', 50)}"
            "</cac:AdditionalDocumentReference>"
        )
    elif project:
        parts.append(f"<cac:ProjectReference>{_tag('ID', project)}</cac:ProjectReference>")
    parts += [
        "\n",
        _party("AccountingSupplierParty", seller),
        _party("AccountingCustomerParty", party),
        f"<cac:PaymentMeans>{_tag('PaymentMeansCode', 30)}"
        f"{_tag('PaymentDueDate', invoice.due) if credit else ''}</cac:PaymentMeans>\n",
        f"<cac:TaxTotal>{_tag('TaxAmount', tax, currency)}<cac:TaxSubtotal>",
        _tag("TaxableAmount", invoice.net, currency),
        _tag("TaxAmount", tax, currency),
        f"<cac:TaxCategory>{_tag('ID', category)}{_tag('Percent', percent)}",
        _tag("TaxExemptionReason", _EXEMPT[category]) if category in _EXEMPT else "",
        f"<cac:TaxScheme>{_tag('ID', 'VAT')}</cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>\n",
        f"<cac:LegalMonetaryTotal>{_tag('LineExtensionAmount', invoice.net, currency)}",
        _tag("TaxExclusiveAmount", invoice.net, currency),
        _tag("TaxInclusiveAmount", invoice.net + tax, currency),
        _tag("PayableAmount", invoice.net + tax, currency),
        "</cac:LegalMonetaryTotal>\n",
        *(_line(n, line, invoice, category, percent) for n, line in enumerate(invoice.lines, start=1)),
        f"</{root}>\n",
    ]
    return "".join(parts)
