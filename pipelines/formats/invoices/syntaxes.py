"""Where each term of an e-invoice stands: EN 16931 business terms to XPath, for UBL 2.1 and CII D16B.

Tables only. A syntax is known by its root's namespace and local name, never by the file's name; a term has the paths
in order of preference, the first that holds anything wins. Paths are those of CEN/TS 16931-3-2 (UBL) and -3-3 (CII).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_CII = "urn:un:unece:uncefact:data:standard:"

# The prefixes that every `source_line` is written with, whatever prefixes the document itself uses.
NAMESPACES: Mapping[str, str] = {
    "cac": f"{_UBL}CommonAggregateComponents-2",
    "cbc": f"{_UBL}CommonBasicComponents-2",
    "rsm": f"{_CII}CrossIndustryInvoice:100",
    "ram": f"{_CII}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_CII}UnqualifiedDataType:100",
}

Terms = Mapping[str, tuple[etree.XPath, ...]]


@dataclass(frozen=True, kw_only=True)
class Syntax:
    """The tables of one root element. `text` terms are read as text, `amounts` as elements chosen by their currency."""

    format: str
    root: str  # {namespace}local name
    root_path: str
    is_credit_note: bool
    text: Terms
    preceding: etree.XPath  # BT-25, any number of them
    amounts: Terms
    seller: etree.XPath
    buyer: etree.XPath
    party: Terms  # from the party's element
    line_path: str
    lines: etree.XPath
    line: Terms  # from the line's element
    line_net: etree.XPath
    adjustments: tuple[Adjustment, ...]


@dataclass(frozen=True, kw_only=True)
class Adjustment:
    """Allowances and charges of the whole document: the elements, and where their terms stand in them."""

    path: str
    elements: etree.XPath
    is_charge: etree.XPath | None  # None: always a charge
    amount: etree.XPath
    reason: etree.XPath


def _path(path: str) -> etree.XPath:
    return etree.XPath(path, namespaces=dict(NAMESPACES), smart_strings=False)


def _text(path: str) -> etree.XPath:
    # The first occurrence that holds anything: empty elements are common and mean nothing.
    return _path(f"normalize-space(({path})[normalize-space()])")


def _texts(**terms: str | tuple[str, ...]) -> Terms:
    return {
        term: tuple(_text(p) for p in ((paths,) if isinstance(paths, str) else paths)) for term, paths in terms.items()
    }


def _elements(**terms: str) -> Terms:
    return {term: (_path(path),) for term, path in terms.items()}


_UBL_PARTY = _texts(
    vat_id="cac:PartyTaxScheme[translate(normalize-space(cac:TaxScheme/cbc:ID),'vat','VAT')='VAT']/cbc:CompanyID",
    endpoint_id="cbc:EndpointID",
    legal_id="cac:PartyLegalEntity/cbc:CompanyID",
    name=("cac:PartyLegalEntity/cbc:RegistrationName", "cac:PartyName/cbc:Name"),
    trading_name="cac:PartyName/cbc:Name",
)

_UBL_AMOUNTS = _elements(
    lines="cac:LegalMonetaryTotal/cbc:LineExtensionAmount",
    allowances="cac:LegalMonetaryTotal/cbc:AllowanceTotalAmount",
    charges="cac:LegalMonetaryTotal/cbc:ChargeTotalAmount",
    net="cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount",
    tax="cac:TaxTotal/cbc:TaxAmount",
    gross="cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount",
    prepaid="cac:LegalMonetaryTotal/cbc:PrepaidAmount",
    rounding="cac:LegalMonetaryTotal/cbc:PayableRoundingAmount",
    payable="cac:LegalMonetaryTotal/cbc:PayableAmount",
)


def _ubl(document: str, *, type_code: str, line: str, quantity: str, due_date: str, project: str) -> Syntax:
    return Syntax(
        format="ubl",
        root=f"{{{_UBL}{document}-2}}{document}",
        root_path=f"/{document}",
        is_credit_note=document == "CreditNote",
        text=_texts(
            number="cbc:ID",
            type_code=f"cbc:{type_code}",
            issue_date="cbc:IssueDate",
            due_date=due_date,
            currency="cbc:DocumentCurrencyCode",
            project=project,
            contract="cac:ContractDocumentReference/cbc:ID",
            # Peppol wants NA here where only the seller's own order number is known.
            order="cac:OrderReference[not(cbc:SalesOrderID and normalize-space(cbc:ID)='NA')]/cbc:ID",
            accounting_reference="cbc:AccountingCost",
        ),
        preceding=_path("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
        amounts=_UBL_AMOUNTS,
        seller=_path("cac:AccountingSupplierParty/cac:Party"),
        buyer=_path("cac:AccountingCustomerParty/cac:Party"),
        party=_UBL_PARTY,
        line_path=f"cac:{line}",
        lines=_path(f"cac:{line}"),
        line=_texts(
            line_id="cbc:ID",
            quantity=f"cbc:{quantity}",
            description=("cac:Item/cbc:Name", "cac:Item/cbc:Description", "cbc:Note"),
            accounting_reference="cbc:AccountingCost",
            order="cac:OrderLineReference/cac:OrderReference/cbc:ID",
        ),
        line_net=_path("cbc:LineExtensionAmount"),
        adjustments=(
            Adjustment(
                path="cac:AllowanceCharge",
                elements=_path("cac:AllowanceCharge"),
                is_charge=_text("cbc:ChargeIndicator"),
                amount=_path("cbc:Amount"),
                reason=_text("cbc:AllowanceChargeReason"),
            ),
        ),
    )


_TRADE = "rsm:SupplyChainTradeTransaction"
_AGREEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeAgreement"
_SETTLEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeSettlement"
_SUMMATION = f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_CII_ADJUSTMENT = f"{_SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge"
_CII_LOGISTICS = f"{_SETTLEMENT}/ram:SpecifiedLogisticsServiceCharge"
_CII_LINE = f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem"

_CII_INVOICE = Syntax(
    format="cii",
    root=f"{{{_CII}CrossIndustryInvoice:100}}CrossIndustryInvoice",
    root_path="/rsm:CrossIndustryInvoice",
    is_credit_note=False,
    text=_texts(
        number="rsm:ExchangedDocument/ram:ID",
        type_code="rsm:ExchangedDocument/ram:TypeCode",
        issue_date="rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString",
        due_date=f"{_SETTLEMENT}/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString",
        currency=f"{_SETTLEMENT}/ram:InvoiceCurrencyCode",
        project=f"{_AGREEMENT}/ram:SpecifiedProcuringProject/ram:ID",
        contract=f"{_AGREEMENT}/ram:ContractReferencedDocument/ram:IssuerAssignedID",
        order=f"{_AGREEMENT}/ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID",
        accounting_reference=f"{_SETTLEMENT}/ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID",
    ),
    preceding=_path(f"{_SETTLEMENT}/ram:InvoiceReferencedDocument/ram:IssuerAssignedID"),
    amounts=_elements(
        lines=f"{_SUMMATION}/ram:LineTotalAmount",
        allowances=f"{_SUMMATION}/ram:AllowanceTotalAmount",
        charges=f"{_SUMMATION}/ram:ChargeTotalAmount",
        net=f"{_SUMMATION}/ram:TaxBasisTotalAmount",
        tax=f"{_SUMMATION}/ram:TaxTotalAmount",
        gross=f"{_SUMMATION}/ram:GrandTotalAmount",
        prepaid=f"{_SUMMATION}/ram:TotalPrepaidAmount",
        rounding=f"{_SUMMATION}/ram:RoundingAmount",
        payable=f"{_SUMMATION}/ram:DuePayableAmount",
    ),
    seller=_path(f"{_AGREEMENT}/ram:SellerTradeParty"),
    buyer=_path(f"{_AGREEMENT}/ram:BuyerTradeParty"),
    party=_texts(
        vat_id="ram:SpecifiedTaxRegistration/ram:ID[starts-with(@schemeID,'VA')]",
        endpoint_id="ram:URIUniversalCommunication/ram:URIID",
        legal_id="ram:SpecifiedLegalOrganization/ram:ID",
        name=("ram:Name", "ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
        trading_name="ram:SpecifiedLegalOrganization/ram:TradingBusinessName",
    ),
    line_path=_CII_LINE,
    lines=_path(_CII_LINE),
    line=_texts(
        line_id="ram:AssociatedDocumentLineDocument/ram:LineID",
        quantity="ram:SpecifiedLineTradeDelivery/ram:BilledQuantity",
        description=(
            "ram:SpecifiedTradeProduct/ram:Name",
            "ram:SpecifiedTradeProduct/ram:Description",
            "ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content",
        ),
        accounting_reference="ram:SpecifiedLineTradeSettlement/ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID",
        order="ram:SpecifiedLineTradeAgreement/ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID",
        # Factur-X EXTENDED: GROUP and INFORMATION lines repeat or explain amounts of others.
        status="ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode",
    ),
    line_net=_path(
        "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    ),
    adjustments=(
        Adjustment(
            path=_CII_ADJUSTMENT,
            elements=_path(_CII_ADJUSTMENT),
            is_charge=_text("ram:ChargeIndicator/udt:Indicator"),
            amount=_path("ram:ActualAmount"),
            reason=_text("ram:Reason"),
        ),
        Adjustment(
            path=_CII_LOGISTICS,
            elements=_path(_CII_LOGISTICS),
            is_charge=None,
            amount=_path("ram:AppliedAmount"),
            reason=_text("ram:Description"),
        ),
    ),
)

SYNTAXES: Mapping[str, Syntax] = {
    syntax.root: syntax
    for syntax in (
        _ubl(
            "Invoice",
            type_code="InvoiceTypeCode",
            line="InvoiceLine",
            quantity="InvoicedQuantity",
            due_date="cbc:DueDate",
            project="cac:ProjectReference/cbc:ID",
        ),
        _ubl(
            "CreditNote",
            type_code="CreditNoteTypeCode",
            line="CreditNoteLine",
            quantity="CreditedQuantity",
            due_date="cac:PaymentMeans/cbc:PaymentDueDate",
            project="cac:AdditionalDocumentReference[normalize-space(cbc:DocumentTypeCode)='50']/cbc:ID",
        ),
        _CII_INVOICE,
    )
}
