"""Where each term of an e-invoice stands: EN 16931 business terms to paths, for UBL 2.1 and CII D16B.

Tables only. A syntax is known by its root's namespace and local name, never by the file's name; a term has the paths
in order of preference, the first that holds anything wins. Paths are those of CEN/TS 16931-3-2 (UBL) and -3-3 (CII).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.formats.invoices.walk import Form, Part

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


@dataclass(frozen=True, kw_only=True)
class Syntax:
    """The tables of one root element. Every syntax has the same names of terms, amounts and groups, where it has them.

    Groups: `seller`, `buyer` (with `registrations`), `orders`, `references` (BT-11 of a UBL credit note), `preceding`
    (BT-25), `items` (the lines, with `adjustments`), `adjustments` and `logistics` (of the whole document), `breakdown`
    (BG-23; in UBL inside `tax_totals`).
    """

    format: str
    root: str  # {namespace}local name
    root_path: str
    is_credit_note: bool
    part: Part
    form: Form = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "form", Form(self.part, NAMESPACES))

    def path(self, group: str) -> str:
        """Where the elements of a group stand, as `source_line` says it."""
        return f"{self.root_path}/{self.part.groups[group][0]}"


_UBL_PARTY = Part(
    text={
        "endpoint_id": "cbc:EndpointID",
        "legal_id": "cac:PartyLegalEntity/cbc:CompanyID",
        "name": ("cac:PartyLegalEntity/cbc:RegistrationName", "cac:PartyName/cbc:Name"),
        "trading_name": "cac:PartyName/cbc:Name",
    },
    groups={
        "registrations": (
            "cac:PartyTaxScheme",
            Part(text={"number": "cbc:CompanyID", "scheme": "cac:TaxScheme/cbc:ID"}),
        ),
    },
)

_UBL_ADJUSTMENT = Part(
    text={
        "is_charge": "cbc:ChargeIndicator",
        "reason": "cbc:AllowanceChargeReason",
        "tax_category": "cac:TaxCategory/cbc:ID",
        "tax_rate": "cac:TaxCategory/cbc:Percent",
    },
    amounts={"amount": "cbc:Amount"},
)

_UBL_TAX_TOTAL = Part(
    amounts={"tax": "cbc:TaxAmount"},
    groups={
        "breakdown": (
            "cac:TaxSubtotal",
            Part(
                text={"category": "cac:TaxCategory/cbc:ID", "rate": "cac:TaxCategory/cbc:Percent"},
                amounts={"taxable": "cbc:TaxableAmount", "tax": "cbc:TaxAmount"},
            ),
        ),
    },
)


def _ubl(document: str, *, line: str, quantity: str, due_date: str, project: Mapping[str, str]) -> Syntax:
    line_part = Part(
        text={
            "line_id": "cbc:ID",
            "quantity": f"cbc:{quantity}",
            "description": ("cac:Item/cbc:Name", "cac:Item/cbc:Description", "cbc:Note"),
            "accounting_reference": "cbc:AccountingCost",
            "order": "cac:OrderLineReference/cac:OrderReference/cbc:ID",
            "price": "cac:Price/cbc:PriceAmount",
            "base_quantity": "cac:Price/cbc:BaseQuantity",
            "tax_category": "cac:Item/cac:ClassifiedTaxCategory/cbc:ID",
            "tax_rate": "cac:Item/cac:ClassifiedTaxCategory/cbc:Percent",
        },
        amounts={"net": "cbc:LineExtensionAmount"},
        groups={"adjustments": ("cac:AllowanceCharge", _UBL_ADJUSTMENT)},
    )
    return Syntax(
        format="ubl",
        root=f"{{{_UBL}{document}-2}}{document}",
        root_path=f"/{document}",
        is_credit_note=document == "CreditNote",
        part=Part(
            text={
                "profile": "cbc:CustomizationID",
                "number": "cbc:ID",
                "type_code": f"cbc:{document}TypeCode",
                "issue_date": "cbc:IssueDate",
                "due_date": due_date,
                "currency": "cbc:DocumentCurrencyCode",
                "contract": "cac:ContractDocumentReference/cbc:ID",
                "accounting_reference": "cbc:AccountingCost",
                **project,
            },
            amounts={
                "lines": "cac:LegalMonetaryTotal/cbc:LineExtensionAmount",
                "allowances": "cac:LegalMonetaryTotal/cbc:AllowanceTotalAmount",
                "charges": "cac:LegalMonetaryTotal/cbc:ChargeTotalAmount",
                "net": "cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount",
                "gross": "cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount",
                "prepaid": "cac:LegalMonetaryTotal/cbc:PrepaidAmount",
                "rounding": "cac:LegalMonetaryTotal/cbc:PayableRoundingAmount",
                "payable": "cac:LegalMonetaryTotal/cbc:PayableAmount",
            },
            groups={
                "orders": ("cac:OrderReference", Part(text={"number": "cbc:ID", "sellers": "cbc:SalesOrderID"})),
                "references": (
                    "cac:AdditionalDocumentReference",
                    Part(text={"number": "cbc:ID", "type_code": "cbc:DocumentTypeCode"}),
                ),
                "preceding": ("cac:BillingReference/cac:InvoiceDocumentReference", Part(text={"number": "cbc:ID"})),
                "seller": ("cac:AccountingSupplierParty/cac:Party", _UBL_PARTY),
                "buyer": ("cac:AccountingCustomerParty/cac:Party", _UBL_PARTY),
                "tax_totals": ("cac:TaxTotal", _UBL_TAX_TOTAL),
                "items": (f"cac:{line}", line_part),
                "adjustments": ("cac:AllowanceCharge", _UBL_ADJUSTMENT),
            },
        ),
    )


_TRADE = "rsm:SupplyChainTradeTransaction"
_AGREEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeAgreement"
_SETTLEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeSettlement"
_SUMMATION = f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_LINE_SETTLEMENT = "ram:SpecifiedLineTradeSettlement"
_LINE_DOCUMENT = "ram:AssociatedDocumentLineDocument"

_CII_PARTY = Part(
    text={
        "endpoint_id": "ram:URIUniversalCommunication/ram:URIID",
        "legal_id": "ram:SpecifiedLegalOrganization/ram:ID",
        "name": ("ram:Name", "ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
        "trading_name": "ram:SpecifiedLegalOrganization/ram:TradingBusinessName",
    },
    groups={
        "registrations": (
            "ram:SpecifiedTaxRegistration",
            Part(text={"number": "ram:ID", "scheme": "ram:ID/@schemeID"}),
        ),
    },
)

_CII_ADJUSTMENT = Part(
    text={
        "is_charge": "ram:ChargeIndicator/udt:Indicator",
        "reason": "ram:Reason",
        "tax_category": "ram:CategoryTradeTax/ram:CategoryCode",
        "tax_rate": "ram:CategoryTradeTax/ram:RateApplicablePercent",
    },
    amounts={"amount": "ram:ActualAmount"},
)

_CII_LOGISTICS = Part(
    fixed={"is_charge": "true"},
    text={
        "reason": "ram:Description",
        "tax_category": "ram:AppliedTradeTax/ram:CategoryCode",
        "tax_rate": "ram:AppliedTradeTax/ram:RateApplicablePercent",
    },
    amounts={"amount": "ram:AppliedAmount"},
)

_CII_LINE = Part(
    text={
        "line_id": f"{_LINE_DOCUMENT}/ram:LineID",
        "quantity": "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity",
        "description": (
            "ram:SpecifiedTradeProduct/ram:Name",
            "ram:SpecifiedTradeProduct/ram:Description",
            f"{_LINE_DOCUMENT}/ram:IncludedNote/ram:Content",
        ),
        "accounting_reference": f"{_LINE_SETTLEMENT}/ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID",
        "order": "ram:SpecifiedLineTradeAgreement/ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID",
        "price": "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount",
        "base_quantity": "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:BasisQuantity",
        "tax_category": f"{_LINE_SETTLEMENT}/ram:ApplicableTradeTax/ram:CategoryCode",
        "tax_rate": f"{_LINE_SETTLEMENT}/ram:ApplicableTradeTax/ram:RateApplicablePercent",
        # Factur-X EXTENDED: GROUP and INFORMATION lines repeat or explain amounts of others.
        "status": f"{_LINE_DOCUMENT}/ram:LineStatusReasonCode",
    },
    amounts={"net": f"{_LINE_SETTLEMENT}/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"},
    groups={"adjustments": (f"{_LINE_SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge", _CII_ADJUSTMENT)},
)

_CII_INVOICE = Syntax(
    format="cii",
    root=f"{{{_CII}CrossIndustryInvoice:100}}CrossIndustryInvoice",
    root_path="/rsm:CrossIndustryInvoice",
    is_credit_note=False,
    part=Part(
        text={
            "profile": "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID",
            "number": "rsm:ExchangedDocument/ram:ID",
            "type_code": "rsm:ExchangedDocument/ram:TypeCode",
            "issue_date": "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString",
            "due_date": f"{_SETTLEMENT}/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString",
            "currency": f"{_SETTLEMENT}/ram:InvoiceCurrencyCode",
            "project": f"{_AGREEMENT}/ram:SpecifiedProcuringProject/ram:ID",
            "contract": f"{_AGREEMENT}/ram:ContractReferencedDocument/ram:IssuerAssignedID",
            "accounting_reference": f"{_SETTLEMENT}/ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID",
        },
        amounts={
            "lines": f"{_SUMMATION}/ram:LineTotalAmount",
            "allowances": f"{_SUMMATION}/ram:AllowanceTotalAmount",
            "charges": f"{_SUMMATION}/ram:ChargeTotalAmount",
            "net": f"{_SUMMATION}/ram:TaxBasisTotalAmount",
            "tax": f"{_SUMMATION}/ram:TaxTotalAmount",
            "gross": f"{_SUMMATION}/ram:GrandTotalAmount",
            "prepaid": f"{_SUMMATION}/ram:TotalPrepaidAmount",
            "rounding": f"{_SUMMATION}/ram:RoundingAmount",
            "payable": f"{_SUMMATION}/ram:DuePayableAmount",
        },
        groups={
            "orders": (f"{_AGREEMENT}/ram:BuyerOrderReferencedDocument", Part(text={"number": "ram:IssuerAssignedID"})),
            "preceding": (
                f"{_SETTLEMENT}/ram:InvoiceReferencedDocument",
                Part(text={"number": "ram:IssuerAssignedID"}),
            ),
            "seller": (f"{_AGREEMENT}/ram:SellerTradeParty", _CII_PARTY),
            "buyer": (f"{_AGREEMENT}/ram:BuyerTradeParty", _CII_PARTY),
            "breakdown": (
                f"{_SETTLEMENT}/ram:ApplicableTradeTax",
                Part(
                    text={"category": "ram:CategoryCode", "rate": "ram:RateApplicablePercent"},
                    amounts={"taxable": "ram:BasisAmount", "tax": "ram:CalculatedAmount"},
                ),
            ),
            "items": (f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem", _CII_LINE),
            "adjustments": (f"{_SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge", _CII_ADJUSTMENT),
            "logistics": (f"{_SETTLEMENT}/ram:SpecifiedLogisticsServiceCharge", _CII_LOGISTICS),
        },
    ),
)

SYNTAXES: Mapping[str, Syntax] = {
    syntax.root: syntax
    for syntax in (
        _ubl(
            "Invoice",
            line="InvoiceLine",
            quantity="InvoicedQuantity",
            due_date="cbc:DueDate",
            project={"project": "cac:ProjectReference/cbc:ID"},
        ),
        # the project of a credit note is one of its `references`
        _ubl(
            "CreditNote",
            line="CreditNoteLine",
            quantity="CreditedQuantity",
            due_date="cac:PaymentMeans/cbc:PaymentDueDate",
            project={},
        ),
        _CII_INVOICE,
    )
}
