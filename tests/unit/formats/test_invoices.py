"""E-invoices written by hand, one trap each: what the canonical rows must be."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipelines.errors import RefusedFile
from pipelines.formats import xml
from pipelines.formats.invoices import is_invoice, read_invoice
from pipelines.formats.invoices.syntaxes import NAMESPACES

OURS = ("DE111111111",)
SELLER = {"vat": "DE111111111", "name": "Our Works GmbH", "endpoint": "ours@example.test", "legal": "HRB 1"}
BUYER = {"vat": "FR222222222", "name": "Client SA", "endpoint": "client@example.test", "legal": "RCS 2"}
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


def element(tag: str, value: object, attributes: str = "") -> str:
    return "" if value is None else f"<{tag}{attributes}>{value}</{tag}>"


def ubl_party(role: str, party: dict[str, str]) -> str:
    vat = f"<cac:PartyTaxScheme>{element('cbc:CompanyID', party.get('vat'))}<cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
    return (
        f"<cac:{role}><cac:Party>{element('cbc:EndpointID', party.get('endpoint'))}"
        + f"{vat}</cac:TaxScheme></cac:PartyTaxScheme>"
        + f"<cac:PartyLegalEntity>{element('cbc:RegistrationName', party.get('name'))}"
        + f"{element('cbc:CompanyID', party.get('legal'))}</cac:PartyLegalEntity></cac:Party></cac:{role}>"
    )


def ubl(
    root: str = "Invoice",
    *,
    number: object = "R-1",
    type_code: object = "380",
    issued: object = "2026-03-31",
    currency: object = "EUR",
    header: str = "",
    seller: dict[str, str] = SELLER,
    buyer: dict[str, str] = BUYER,
    taxes: str = '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">19.00</cbc:TaxAmount></cac:TaxTotal>',
    lines: tuple[tuple[object, object, object, str], ...] = (("1", "8", "100.00", ""),),
    adjustments: tuple[tuple[str, str, str], ...] = (),
    total_lines: object = "100.00",
    allowances: object = None,
    charges: object = None,
    net: object = "100.00",
    gross: object = "119.00",
    prepaid: object = None,
    rounding: object = None,
    payable: object = "119.00",
    declaration: str = '<?xml version="1.0" encoding="UTF-8"?>\n',
) -> bytes:
    code = "CreditNoteTypeCode" if root == "CreditNote" else "InvoiceTypeCode"
    line, quantity = (
        ("CreditNoteLine", "CreditedQuantity") if root == "CreditNote" else ("InvoiceLine", "InvoicedQuantity")
    )
    money = ' currencyID="EUR"'
    return (
        f'{declaration}<{root} xmlns="{UBL}{root}-2" xmlns:cac="{UBL}CommonAggregateComponents-2"'
        f' xmlns:cbc="{UBL}CommonBasicComponents-2">'
        + element("cbc:ID", number)
        + element("cbc:IssueDate", issued)
        + element(f"cbc:{code}", type_code)
        + element("cbc:DocumentCurrencyCode", currency)
        + header
        + ubl_party("AccountingSupplierParty", seller)
        + ubl_party("AccountingCustomerParty", buyer)
        + "".join(
            f"<cac:AllowanceCharge><cbc:ChargeIndicator>{charge}</cbc:ChargeIndicator>"
            f"<cbc:AllowanceChargeReason>{reason}</cbc:AllowanceChargeReason><cbc:Amount{money}>{amount}</cbc:Amount>"
            "</cac:AllowanceCharge>"
            for charge, reason, amount in adjustments
        )
        + taxes
        + "<cac:LegalMonetaryTotal>"
        + element("cbc:LineExtensionAmount", total_lines, money)
        + element("cbc:TaxExclusiveAmount", net, money)
        + element("cbc:TaxInclusiveAmount", gross, money)
        + element("cbc:AllowanceTotalAmount", allowances, money)
        + element("cbc:ChargeTotalAmount", charges, money)
        + element("cbc:PrepaidAmount", prepaid, money)
        + element("cbc:PayableRoundingAmount", rounding, money)
        + element("cbc:PayableAmount", payable, money)
        + "</cac:LegalMonetaryTotal>"
        + "".join(
            f"<cac:{line}>{element('cbc:ID', line_id)}{element(f'cbc:{quantity}', pieces)}"
            f"{element('cbc:LineExtensionAmount', amount, money)}{extra}"
            f"<cac:Item><cbc:Name>Work</cbc:Name></cac:Item></cac:{line}>"
            for line_id, pieces, amount, extra in lines
        )
        + f"</{root}>"
    ).encode()


def cii_party(role: str, party: dict[str, str]) -> str:
    return (
        f"<ram:{role}>{element('ram:Name', party.get('name'))}<ram:SpecifiedLegalOrganization>"
        f"{element('ram:ID', party.get('legal'))}</ram:SpecifiedLegalOrganization><ram:URIUniversalCommunication>"
        f"{element('ram:URIID', party.get('endpoint'))}</ram:URIUniversalCommunication><ram:SpecifiedTaxRegistration>"
        f"{element('ram:ID', party.get('vat'), ' schemeID=' + chr(34) + 'VA' + chr(34))}</ram:SpecifiedTaxRegistration>"
        f"</ram:{role}>"
    )


def cii(
    *,
    number: object = "R-1",
    type_code: object = "380",
    issued: object = "20260331",
    agreement: str = "",
    settlement: str = "",
    lines: tuple[tuple[object, object, object, str], ...] = (("1", "8", "100.00", ""),),
    total_lines: object = "100.00",
    allowances: object = None,
    charges: object = None,
    net: object = "100.00",
    taxes: str = '<ram:TaxTotalAmount currencyID="EUR">19.00</ram:TaxTotalAmount>',
    gross: object = "119.00",
    payable: object = "119.00",
) -> bytes:
    return (
        "".join(f' xmlns:{p}="{uri}"' for p, uri in NAMESPACES.items() if p in ("rsm", "ram", "udt")).join(
            ("<rsm:CrossIndustryInvoice", ">")
        )
        + f"<rsm:ExchangedDocument>{element('ram:ID', number)}{element('ram:TypeCode', type_code)}<ram:IssueDateTime>"
        + f'<udt:DateTimeString format="102">{issued}</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>'
        + "<rsm:SupplyChainTradeTransaction>"
        + "".join(
            "<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument>"
            f"{element('ram:LineID', line_id)}{extra}</ram:AssociatedDocumentLineDocument>"
            "<ram:SpecifiedTradeProduct><ram:Name>Work</ram:Name></ram:SpecifiedTradeProduct>"
            f"<ram:SpecifiedLineTradeDelivery>{element('ram:BilledQuantity', quantity)}"
            "</ram:SpecifiedLineTradeDelivery>"
            "<ram:SpecifiedLineTradeSettlement><ram:SpecifiedTradeSettlementLineMonetarySummation>"
            f"{element('ram:LineTotalAmount', amount)}</ram:SpecifiedTradeSettlementLineMonetarySummation>"
            "</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>"
            for line_id, quantity, amount, extra in lines
        )
        + "<ram:ApplicableHeaderTradeAgreement>"
        + cii_party("SellerTradeParty", SELLER)
        + cii_party("BuyerTradeParty", BUYER)
        + agreement
        + "</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeSettlement>"
        + "<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>"
        + settlement
        + "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        + element("ram:LineTotalAmount", total_lines)
        + element("ram:ChargeTotalAmount", charges)
        + element("ram:AllowanceTotalAmount", allowances)
        + element("ram:TaxBasisTotalAmount", net)
        + taxes
        + element("ram:GrandTotalAmount", gross)
        + element("ram:DuePayableAmount", payable)
        + "</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>"
        + "</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
    ).encode()


def read(data: bytes, *, own: tuple[str, ...] = OURS):
    root = xml.parse(data, where="invoice.xml")
    assert is_invoice(root)
    return read_invoice(root, own_parties=own, where="invoice.xml")


def header(data: bytes, **options) -> dict[str, str | None]:
    return read(data, **options).rows["invoice"][0]


def amounts(data: bytes) -> tuple[str, str, str, list[str]]:
    rows = read(data).rows
    head = rows["invoice"][0]
    return head["net_amount"], head["tax_amount"], head["gross_amount"], [r["net_amount"] for r in rows["invoice_line"]]


REFERENCES = (
    "<cbc:DueDate>2026-04-30</cbc:DueDate><cbc:AccountingCost>4711</cbc:AccountingCost>"
    "<cac:OrderReference><cbc:ID>PO-7</cbc:ID></cac:OrderReference>"
    "<cac:ContractDocumentReference><cbc:ID>C-9</cbc:ID></cac:ContractDocumentReference>"
    "<cac:ProjectReference><cbc:ID>P-1</cbc:ID></cac:ProjectReference>"
)


def test_every_term_of_a_ubl_invoice_stands_in_its_column() -> None:
    found = read(ubl(header=REFERENCES))
    key = {"invoice_id": "R-1", "direction": "customer", "counterparty_id": "FR222222222"}
    assert found.format == "ubl"
    assert found.warnings == ()
    assert found.rows["invoice"] == [
        {
            **key,
            "issue_date": "2026-03-31",
            "due_date": "2026-04-30",
            "currency_code": "EUR",
            "type": "invoice",
            "project_id": "P-1",
            "contract_id": "C-9",
            "purchase_order_id": "PO-7",
            "net_amount": "100.00",
            "tax_amount": "19.00",
            "gross_amount": "119.00",
            "source_line": "/Invoice",
        }
    ]
    assert found.rows["invoice_line"] == [
        {
            **key,
            "line_id": "1",
            "project_id": "4711",
            "description": "Work",
            "quantity": "8",
            "net_amount": "100.00",
            "source_line": "/Invoice/cac:InvoiceLine[1]",
        }
    ]


def test_the_same_invoice_as_cii_gives_the_same_rows() -> None:
    agreement = (
        "<ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>PO-7</ram:IssuerAssignedID>"
        "</ram:BuyerOrderReferencedDocument><ram:ContractReferencedDocument>"
        "<ram:IssuerAssignedID>C-9</ram:IssuerAssignedID></ram:ContractReferencedDocument>"
        "<ram:SpecifiedProcuringProject><ram:ID>P-1</ram:ID></ram:SpecifiedProcuringProject>"
    )
    terms = (
        '<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20260430'
        "</udt:DateTimeString></ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>"
        "<ram:ReceivableSpecifiedTradeAccountingAccount><ram:ID>4711</ram:ID>"
        "</ram:ReceivableSpecifiedTradeAccountingAccount>"
    )
    one, other = read(ubl(header=REFERENCES)), read(cii(agreement=agreement, settlement=terms))
    assert other.format == "cii"
    assert other.warnings == ()
    for table in ("invoice", "invoice_line"):
        assert [{**row, "source_line": None} for row in one.rows[table]] == [
            {**row, "source_line": None} for row in other.rows[table]
        ]
    assert other.rows["invoice_line"][0]["source_line"] == (
        "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem[1]"
    )


def test_a_source_line_finds_its_element_again() -> None:
    data = ubl(lines=(("1", "1", "40.00", ""), ("2", "1", "60.00", "")), adjustments=(("true", "Freight", "0.00"),))
    root = etree.fromstring(data)
    for row in read(data).rows["invoice_line"]:
        path = row["source_line"].replace("/Invoice/", "/*/")
        (element_found,) = root.getroottree().xpath(path, namespaces=dict(NAMESPACES))
        amount = element_found.findtext("{*}LineExtensionAmount") or element_found.findtext("{*}Amount")
        assert amount == row["net_amount"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xef\xbb\xbf" + ubl(), id="byte order mark"),
        pytest.param(ubl(declaration=""), id="no declaration"),
        pytest.param(ubl(declaration="<!-- made by hand --><?style none?>"), id="comment before the root"),
        pytest.param(ubl(declaration='<?xml version="1.0"?>').decode().encode("utf-16"), id="UTF-16"),
        pytest.param(
            ubl().replace(b"<Invoice xmlns=", b"<x:Invoice xmlns:x=").replace(b"</Invoice>", b"</x:Invoice>"),
            id="prefixed root",
        ),
        pytest.param(ubl().replace(b"cbc:", b"b:").replace(b"xmlns:cbc", b"xmlns:b"), id="other prefixes"),
        pytest.param(ubl(number="\n   R-1\t"), id="blanks around a text"),
        pytest.param(ubl(number="R<!-- hidden -->-1"), id="comment inside a text"),
        pytest.param(ubl(net="\n 100.00 ", gross=" +119.00"), id="blanks around a number"),
        pytest.param(ubl(net="100", gross="119.0000"), id="fewer and more decimals"),
        pytest.param(ubl(issued="2026-03-31+02:00"), id="date with a zone"),
    ],
)
def test_the_way_it_is_written_does_not_matter(data: bytes) -> None:
    row = header(data)
    assert (row["invoice_id"], row["issue_date"]) == ("R-1", "2026-03-31")
    assert amounts(data) == ("100.00", "19.00", "119.00", ["100.00"])


def negative(data: bytes) -> bytes:
    return data.replace(b">100.00<", b">-100.00<").replace(b">19.00<", b">-19.00<").replace(b">119.00<", b">-119.00<")


CREDITED = ("-100.00", "-19.00", "-119.00", ["-100.00"])
CHARGED = ("100.00", "19.00", "119.00", ["100.00"])


@pytest.mark.parametrize(
    ("data", "kind", "expected"),
    [
        pytest.param(ubl("CreditNote", type_code="381"), "credit_note", CREDITED, id="UBL credit note"),
        pytest.param(cii(type_code="381"), "credit_note", CREDITED, id="CII type 381"),
        pytest.param(ubl(type_code="381"), "credit_note", CREDITED, id="type 381 under the root Invoice"),
        pytest.param(cii(type_code="261"), "credit_note", CREDITED, id="self-billed credit note"),
        pytest.param(negative(ubl()), "invoice", CREDITED, id="negative 380 is not turned again"),
        pytest.param(negative(cii(type_code="384")), "invoice", CREDITED, id="negative 384 keeps its sign"),
        pytest.param(cii(type_code="384"), "invoice", CHARGED, id="positive 384 keeps its sign"),
        pytest.param(negative(ubl("CreditNote", type_code="381")), "credit_note", CHARGED, id="negative credit note"),
        pytest.param(ubl(prepaid="648.00", payable="-529.00"), "invoice", CHARGED, id="overpaid: negative payable"),
        pytest.param(ubl(rounding="0.50", payable="119.50"), "invoice", CHARGED, id="rounded payable"),
    ],
)
def test_signs(data: bytes, kind: str, expected: tuple) -> None:
    assert header(data)["type"] == kind
    assert amounts(data) == expected


def test_nothing_is_minus_zero() -> None:
    data = ubl(
        "CreditNote",
        type_code="381",
        lines=(("1", "0", "0.00", ""),),
        total_lines="0",
        net="0.00",
        gross="0.00",
        taxes="",
    )
    assert amounts(data) == ("0.00", "0.00", "0.00", ["0.00"])
    assert read(data).rows["invoice_line"][0]["quantity"] == "0"


def test_a_negative_credit_note_is_pointed_out() -> None:
    (warning,) = read(negative(ubl("CreditNote", type_code="381"))).warnings
    assert warning == "a credit note with a negative total (-119.00): loaded as a positive amount, please verify"


def test_information_for_accounting_is_marked() -> None:
    (warning,) = read(ubl(type_code="751")).warnings
    assert warning == "type 751: information for accounting purposes; loaded like an invoice"


def test_the_places_of_a_credit_note_differ() -> None:
    references = (
        "<cac:AdditionalDocumentReference><cbc:ID>no project</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode>"
        "</cac:AdditionalDocumentReference><cac:AdditionalDocumentReference><cbc:ID>P-1</cbc:ID>"
        "<cbc:DocumentTypeCode>50</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>"
        "<cac:PaymentMeans><cbc:PaymentDueDate>2026-05-01</cbc:PaymentDueDate></cac:PaymentMeans>"
    )
    rows = read(ubl("CreditNote", type_code="381", header=references)).rows
    assert (rows["invoice"][0]["project_id"], rows["invoice"][0]["due_date"]) == ("P-1", "2026-05-01")
    assert rows["invoice_line"][0]["quantity"] == "-8"


def test_the_tax_in_the_invoice_s_own_currency_is_taken() -> None:
    other = '<cac:TaxTotal><cbc:TaxAmount currencyID="SEK">205.85</cbc:TaxAmount></cac:TaxTotal>'
    own = '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">19.00</cbc:TaxAmount></cac:TaxTotal>'
    assert header(ubl(taxes=other + own))["tax_amount"] == "19.00"
    sums = '<ram:TaxTotalAmount currencyID="SEK">205.85</ram:TaxTotalAmount><ram:TaxTotalAmount currencyID="EUR">19.00'
    assert header(cii(taxes=f"{sums}</ram:TaxTotalAmount>"))["tax_amount"] == "19.00"
    with pytest.raises(RefusedFile, match=r"amount tax \(BT-110\) is not stated in the invoice's currency .*SEK.*EUR"):
        read(ubl(taxes=other))


def test_an_invoice_without_tax_may_leave_the_tax_out() -> None:
    assert header(ubl(taxes="", gross="100.00", payable="100.00"))["tax_amount"] == "0.00"
    with pytest.raises(RefusedFile, match=r"amount tax \(BT-110\) is missing"):
        read(ubl(taxes=""))


def test_allowances_and_charges_are_lines_so_that_lines_sum_to_net() -> None:
    data = ubl(
        lines=(("1", "1", "70.00", ""), ("2", "1", "50.00", "")),
        adjustments=(("false", "Discount", "25.00"), ("true", "Freight", "5.00"), ("false", "Bonus", "0.00")),
        total_lines="120.00",
        allowances="25.00",
        charges="5.00",
    )
    found = read(data)
    assert found.warnings == ()
    assert [(r["line_id"], r["description"], r["net_amount"]) for r in found.rows["invoice_line"]] == [
        ("1", "Work", "70.00"),
        ("2", "Work", "50.00"),
        ("allowance-1", "Discount", "-25.00"),
        ("charge-1", "Freight", "5.00"),
        ("allowance-2", "Bonus", "0.00"),
    ]
    assert sum(Decimal(r["net_amount"]) for r in found.rows["invoice_line"]) == Decimal("100.00")


def test_a_logistics_charge_of_cii_is_a_charge() -> None:
    freight = (
        "<ram:SpecifiedLogisticsServiceCharge><ram:Description>Freight</ram:Description>"
        "<ram:AppliedAmount>10.00</ram:AppliedAmount></ram:SpecifiedLogisticsServiceCharge>"
    )
    found = read(cii(lines=(("1", "1", "90.00", ""),), total_lines="90.00", charges="10.00", settlement=freight))
    assert found.warnings == ()
    assert [(r["line_id"], r["net_amount"]) for r in found.rows["invoice_line"]] == [
        ("1", "90.00"),
        ("charge-1", "10.00"),
    ]


def test_prices_and_base_quantities_are_never_multiplied_out() -> None:
    price = "<cac:Price><cbc:PriceAmount>1250</cbc:PriceAmount><cbc:BaseQuantity>100</cbc:BaseQuantity></cac:Price>"
    assert amounts(ubl(lines=(("1", "8", "100.00", price),))) == CHARGED


def test_a_profile_without_lines_is_a_header_alone() -> None:
    allowance = (
        "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator>"
        "<ram:ActualAmount>5.00</ram:ActualAmount></ram:SpecifiedTradeAllowanceCharge>"
    )
    found = read(cii(lines=(), settlement=allowance, total_lines="105.00", allowances="5.00"))
    assert (found.rows["invoice_line"], found.warnings) == ([], ())
    # MINIMUM: no sum of lines and no prepaid amount, so what is payable proves nothing
    found = read(cii(lines=(), total_lines=None, payable="50.00"))
    assert (found.rows["invoice_line"], found.warnings) == ([], ())


def test_lines_that_group_others_are_left_out_and_named() -> None:
    status = "<ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode>"
    found = read(cii(lines=(("0", "1", "100.00", status), ("1", "1", "100.00", ""))))
    assert [r["line_id"] for r in found.rows["invoice_line"]] == ["1"]
    assert found.rows["invoice_line"][0]["source_line"].endswith("LineItem[2]")
    assert found.warnings == ("line 0 only groups or explains others: left out",)


def test_sums_are_rounded_half_away_from_zero_before_they_are_compared() -> None:
    data = ubl(lines=(("1", "1", "33.335", ""), ("2", "1", "66.66", "")), total_lines="100.00")
    assert read(data).warnings == ()  # 99.995
    assert [r["net_amount"] for r in read(data).rows["invoice_line"]] == ["33.335", "66.66"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (ubl(number=None), r"number \(BT-1\) is missing"),
        (ubl(number="  "), r"number \(BT-1\) is missing"),
        (ubl(issued=None), r"issue date \(BT-2\) is missing"),
        (ubl(issued="2026-02-30"), r"issue date \(BT-2\) is not usable .*2026-02-30"),
        (cii(issued="202603"), r"issue date \(BT-2\) is not usable .*202603"),
        (ubl(currency=None), r"currency \(BT-5\) is missing"),
        (ubl(net=None), r"amount net \(BT-109\) is missing"),
        (ubl(gross=None), r"amount gross \(BT-112\) is missing"),
        (ubl(net="NaN"), r"amount net \(BT-109\) is not usable .*NaN"),
        (ubl(net="1E3"), r"amount net \(BT-109\) is not usable .*1E3"),
        (ubl(net="1" + "0" * 18), r"amount net \(BT-109\) is not usable .*1000000000000000000"),
        (ubl(net="١٠٠"), r"amount net \(BT-109\) is not usable"),
        (ubl(net="1.000,00"), r"amount net \(BT-109\) is not usable .*1.000,00"),
        (ubl(lines=(("1", "1", None, ""),)), "net amount of line 1 is missing"),
        (ubl(adjustments=(("perhaps", "Discount", "1.00"),)), "charge indicator .*perhaps"),
        (ubl(currency="USD"), "is not stated in the invoice's currency .*EUR.*USD"),
    ],
)
def test_without_a_mandatory_term_the_document_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(RefusedFile, match=reason) as refusal:
        read(data)
    assert refusal.value.remedy
    assert "invoice.xml" in str(refusal.value)


def test_a_due_date_that_is_none_is_left_empty_and_named() -> None:
    found = read(ubl(header="<cbc:DueDate>end of month</cbc:DueDate>"))
    assert found.rows["invoice"][0]["due_date"] is None
    assert found.warnings == ("the due date 'end of month' is not a date; it is left empty",)


@pytest.mark.parametrize("own", ["de 111.111.111", "OURS@example.test", "HRB-1", "our works gmbh", "Our  Works GmbH."])
def test_we_are_known_by_any_of_our_identifiers(own: str) -> None:
    row = header(ubl(), own=("someone else", own))
    assert (row["direction"], row["counterparty_id"]) == ("customer", "FR222222222")


def test_as_the_buyer_we_have_a_supplier() -> None:
    row = header(ubl(), own=("Client SA",))
    assert (row["direction"], row["counterparty_id"]) == ("supplier", "DE111111111")


def test_self_billing_keeps_the_roles_of_the_file() -> None:
    row = header(ubl(type_code="389"))
    assert (row["direction"], row["net_amount"]) == ("customer", "100.00")


@pytest.mark.parametrize(
    ("dropped", "expected"),
    [
        ((), "FR222222222"),
        # never by the electronic address: it may be somebody's e-mail, and this name is published
        (("vat",), "RCS 2"),
        (("vat", "endpoint", "legal"), "Client SA"),
        (("vat", "legal", "name"), "unnamed party"),
    ],
)
def test_the_counterparty_is_named_by_the_surest_identifier(dropped: tuple[str, ...], expected: str) -> None:
    buyer = {key: value for key, value in BUYER.items() if key not in dropped}
    assert header(ubl(buyer=buyer))["counterparty_id"] == expected


def test_it_must_be_clear_whose_invoice_it_is() -> None:
    with pytest.raises(RefusedFile, match="neither seller Our Works GmbH DE111111111 nor buyer Client SA") as refusal:
        read(ubl(), own=())
    assert "own_parties in outturn.toml" in refusal.value.remedy
    with pytest.raises(RefusedFile, match="neither seller"):
        read(ubl(), own=("DE11111111", "", "..."))
    with pytest.raises(RefusedFile, match=r"both seller .* our own parties: an internal invoice"):
        read(ubl(), own=("DE111111111", "FR222222222"))
    with pytest.raises(RefusedFile, match="the buyer is not named"):
        read(ubl(buyer={}))


def line_projects(data: bytes) -> list[str | None]:
    return [row["project_id"] for row in read(data).rows["invoice_line"]]


def test_a_line_carries_its_own_reference_or_that_of_the_document() -> None:
    cost = "<cbc:AccountingCost>WP-3</cbc:AccountingCost>"
    order = "<cac:OrderLineReference><cac:OrderReference><cbc:ID>PO-8</cbc:ID></cac:OrderReference>"
    lines = (
        ("1", "1", "50.00", cost),
        ("2", "1", "30.00", f"{order}</cac:OrderLineReference>"),
        ("3", "1", "20.00", ""),
    )
    assert line_projects(ubl(lines=lines)) == ["WP-3", "PO-8", None]
    # whether it counts is decided where contracts and orders are known
    assert line_projects(ubl(lines=lines, header=REFERENCES)) == ["WP-3", "PO-8", "4711"]
    header_cost = "<cbc:AccountingCost>4711</cbc:AccountingCost>"
    assert line_projects(ubl(lines=lines, header=header_cost)) == ["WP-3", "PO-8", "4711"]
    contract = "<cac:ContractDocumentReference><cbc:ID>C-9</cbc:ID></cac:ContractDocumentReference>"
    assert line_projects(ubl(lines=lines, header=header_cost + contract)) == ["WP-3", "PO-8", "4711"]


def test_an_order_number_that_is_not_available_is_none() -> None:
    reference = "<cac:OrderReference><cbc:ID>NA</cbc:ID><cbc:SalesOrderID>S-1</cbc:SalesOrderID></cac:OrderReference>"
    assert header(ubl(header=reference))["purchase_order_id"] is None
    assert header(ubl(header=reference.replace(">NA<", ">PO-1<")))["purchase_order_id"] == "PO-1"


def test_two_lines_with_one_number_stay_two_lines() -> None:
    found = read(ubl(lines=(("1", "1", "60.00", ""), ("1", "1", "30.00", ""), (None, "1", "10.00", ""))))
    assert [r["line_id"] for r in found.rows["invoice_line"]] == ["1", "1#2", "3"]
    assert found.warnings == ("line numbers that occur more than once were made unique: 1",)


def test_noise_behind_the_sixth_decimal_is_rounded_and_named() -> None:
    found = read(ubl(net="99.99999999999999"))
    assert found.rows["invoice"][0]["net_amount"] == "100.00"
    assert found.warnings == ("amount net (BT-109) is stated as 99.99999999999999: rounded to six decimals",)


def test_a_quantity_has_no_more_digits_than_the_contract_holds() -> None:
    rows = read(
        ubl(lines=(("1", "0.33333333", "60.00", ""), ("2", "30.000", "30.00", ""), ("3", "many", "10.00", "")))
    ).rows["invoice_line"]
    assert [row["quantity"] for row in rows] == ["0.333333", "30", None]


@given(
    position=st.integers(0, 10_000),
    rubbish=st.sampled_from([b"", b"<", b">", b"</", b"&amp;", b"&x;", b"\xff", b"9" * 40, b"-", b"e9", b"NaN", b"\0"]),
    length=st.integers(0, 60),
    is_cii=st.booleans(),
)
def test_a_damaged_invoice_is_read_or_refused_but_never_crashes(
    position: int, rubbish: bytes, length: int, is_cii: bool
) -> None:
    data = cii() if is_cii else ubl(header=REFERENCES)
    position %= len(data)
    try:
        root = xml.parse(data[:position] + rubbish + data[position + length :], where="invoice.xml")
        found = read_invoice(root, own_parties=OURS, where="invoice.xml") if is_invoice(root) else None
    except RefusedFile:
        return
    if found is not None:
        assert all(row["invoice_id"] and row["source_line"] for rows in found.rows.values() for row in rows)
