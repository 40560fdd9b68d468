"""Hand-made SAF-T files: Norway with and without namespace, Portugal's sales and ledger, the OECD's skeleton."""

from __future__ import annotations

NORWAY = "urn:StandardAuditFile-Taxation-Financial:NO"
PORTUGAL = "urn:OECD:StandardAuditFile-Tax:PT_1.04_01"


def line(record: str, account: str, *, debit: str = "", credit: str = "", inside: str = "") -> str:
    """A ledger line as Norway writes it. `inside`: further elements."""
    side, amount = ("Debit", debit) if debit else ("Credit", credit)
    return (
        f"<Line><RecordID>{record}</RecordID><AccountID>{account}</AccountID>{inside}"
        f"<{side}Amount><Amount>{amount}</Amount></{side}Amount></Line>"
    )


def analysis(kind: str, value: str, amount: str = "") -> str:
    """An analysis. `amount`: an element within it, as the version of the schema has it."""
    return f"<Analysis><AnalysisType>{kind}</AnalysisType><AnalysisID>{value}</AnalysisID>{amount}</Analysis>"


def transaction(number: str, lines: str, *, day: str = "2025-03-31", extra: str = "") -> str:
    return (
        f"<Transaction><TransactionID>{number}</TransactionID><Period>{int(day[5:7])}</Period><PeriodYear>{day[:4]}"
        f"</PeriodYear><TransactionDate>{day}</TransactionDate><SystemEntryDate>{day}</SystemEntryDate>"
        f"<GLPostingDate>{day}</GLPostingDate>{extra}{lines}</Transaction>"
    )


ACCOUNTS = (
    ("1920", "19", "1000.00", "700.00"),
    ("2400", "24", "", ""),
    ("3000", "30", "", ""),
    ("4000", "43", "", ""),
    ("5000", "50", "", ""),
    ("9999", "", "", ""),
)
PROJECT = analysis("P", "P-1")
LINES = (
    transaction(
        "1",
        line("1", "4000", debit="100.50", inside=PROJECT + analysis("A", "10"))
        + line("2", "2740", debit="25.13")
        + line(
            "3",
            "2400",
            credit="125.63",
            inside="<SupplierID>S-7</SupplierID><ReferenceNumber>INV-9</ReferenceNumber>",
        ),
    ),
    transaction(
        "2",
        # half to each of two projects, the credit side of a 1.30 file says so itself
        line(
            "1",
            "5000",
            debit="300.00",
            inside=analysis("P", "P-1", "<DebitAnalysisAmount><Amount>200</Amount></DebitAnalysisAmount>")
            + analysis("P", "P-2", "<AnalysisAmount><Amount>100</Amount></AnalysisAmount>"),
        )
        + line("2", "1920", credit="300.00"),
        day="2025-04-30",
    ),
    transaction(
        "3",
        line("1", "3000", credit="50.00", inside=PROJECT)
        + line("2", "9999", debit="40.00", inside=PROJECT)
        + line("3", "4000", debit="10.00"),
        day="2025-04-02",
    ),
    # the cost is taken back: credit on a cost account
    transaction("4", line("1", "4000", credit="20.50", inside=PROJECT) + line("2", "2400", debit="20.50")),
)


def norway(
    body: str | None = None,
    *,
    namespace: str | None = NORWAY,
    entries: str = "4",
    debit: str = "496.13",
    credit: str = "496.13",
    currency: str = "NOK",
    start: str = "2025-01-01",
    described: str = "Prosjekt",
    masters: str = "",
    tail: str = "",
) -> bytes:
    """A ledger of four transactions; the parts that tests change are arguments."""
    accounts = "".join(
        f"<Account><AccountID>{code}</AccountID><AccountDescription>Account {code}</AccountDescription>"
        + (f"<StandardAccountID>{standard}</StandardAccountID>" if standard else "")
        + "<AccountType>GL</AccountType>"
        + (f"<OpeningDebitBalance>{opening}</OpeningDebitBalance>" if opening else "")
        + (f"<ClosingDebitBalance>{closing}</ClosingDebitBalance>" if closing else "")
        + "</Account>"
        for code, standard, opening, closing in ACCOUNTS
    )
    space = f' xmlns="{namespace}"' if namespace else ""
    totals = f"<NumberOfEntries>{entries}</NumberOfEntries><TotalDebit>{debit}</TotalDebit>" if entries else ""
    totals += f"<TotalCredit>{credit}</TotalCredit>" if credit else ""
    return (
        '\ufeff<?xml version="1.0" encoding="UTF-8"?>'
        f"<AuditFile{space}><Header><AuditFileVersion>1.30</AuditFileVersion>"
        "<AuditFileCountry>NO</AuditFileCountry><Company><RegistrationNumber>999999999</RegistrationNumber>"
        f"<Name>Firma AS</Name></Company><DefaultCurrencyCode>{currency}</DefaultCurrencyCode><SelectionCriteria>"
        f"<SelectionStartDate>{start}</SelectionStartDate><SelectionEndDate>2025-12-31</SelectionEndDate>"
        f"</SelectionCriteria></Header><MasterFiles><GeneralLedgerAccounts>{accounts}</GeneralLedgerAccounts>"
        "<Customers><Customer><Name>Kunden AS</Name><CustomerID>12000</CustomerID></Customer></Customers>"
        "<AnalysisTypeTable><AnalysisTypeTableEntry><AnalysisType>P</AnalysisType>"
        f"<AnalysisTypeDescription>{described}</AnalysisTypeDescription></AnalysisTypeTableEntry></AnalysisTypeTable>"
        f"{masters}</MasterFiles><GeneralLedgerEntries>{totals}<Journal><JournalID>GL</JournalID>"
        f"{''.join(LINES) if body is None else body}</Journal></GeneralLedgerEntries>{tail}</AuditFile>"
    ).encode()


def invoice(
    number: str, kind: str, amounts: list[str], net: str, *, status: str = "N", customer: str = "C-1", tax: str = "0"
) -> str:
    """A sale as Portugal writes it: amounts positive, on the debit side for a credit note."""
    side = "DebitAmount" if kind == "NC" else "CreditAmount"
    lines = "".join(
        f"<Line><LineNumber>{place}</LineNumber><Quantity>2</Quantity><Description>Serviço</Description>"
        + ("<References><Reference>FT A/1</Reference></References>" if kind == "NC" else "")
        + f"<{side}>{amount}</{side}></Line>"
        for place, amount in enumerate(amounts, 1)
    )
    return (
        f"<Invoice><InvoiceNo>{number}</InvoiceNo><DocumentStatus><InvoiceStatus>{status}</InvoiceStatus>"
        f"</DocumentStatus><InvoiceDate>2025-05-06</InvoiceDate><InvoiceType>{kind}</InvoiceType>"
        f"<CustomerID>{customer}</CustomerID>{lines}<DocumentTotals><TaxPayable>{tax}</TaxPayable>"
        f"<NetTotal>{net}</NetTotal><GrossTotal>{net}</GrossTotal></DocumentTotals></Invoice>"
    )


SALES = (
    invoice("FT A/1", "FT", ["23.3938", "100"], "123.39"),
    invoice("FR B/1", "FR", ["10"], "10.00"),
    invoice("FT A/2", "FT", ["999"], "999.00", status="A"),
    invoice("NC C/1", "NC", ["23.3938"], "23.39"),
    invoice("ND D/1", "ND", ["7"], "7.00", status="S"),
)


def portugal(
    sales: str | None = None, *, entries: str = "5", debit: str = "23.3938", credit: str = "140.3938", ledger: str = ""
) -> bytes:
    """Sales of five documents, one of them annulled; `ledger`: what stands before SourceDocuments."""
    return (
        '<?xml version="1.0" encoding="Windows-1252"?>'
        f'<AuditFile xmlns="{PORTUGAL}"><Header><AuditFileVersion>1.04_01</AuditFileVersion>'
        "<CompanyID>Conservatória 1</CompanyID><TaxRegistrationNumber>599999993</TaxRegistrationNumber>"
        "<StartDate>2025-01-01</StartDate><EndDate>2025-12-31</EndDate><CurrencyCode>EUR</CurrencyCode></Header>"
        "<MasterFiles><Customer><CustomerID>C-1</CustomerID><CustomerTaxID>999999990</CustomerTaxID>"
        "<CompanyName>Consumidor final</CompanyName><BillingAddress><Country>Desconhecido</Country></BillingAddress>"
        "</Customer><Customer><CustomerID>C-2</CustomerID><CustomerTaxID>508650704</CustomerTaxID>"
        "<CompanyName>Açores, Lda.</CompanyName><BillingAddress><Country>PT</Country></BillingAddress></Customer>"
        f"</MasterFiles>{ledger}<SourceDocuments><SalesInvoices><NumberOfEntries>{entries}</NumberOfEntries>"
        f"<TotalDebit>{debit}</TotalDebit><TotalCredit>{credit}</TotalCredit>"
        f"{''.join(SALES) if sales is None else sales}</SalesInvoices></SourceDocuments></AuditFile>"
    ).encode("cp1252")


PORTUGUESE_LEDGER = (
    "<GeneralLedgerEntries><NumberOfEntries>1</NumberOfEntries><TotalDebit>123</TotalDebit>"
    "<TotalCredit>123</TotalCredit><Journal><JournalID>D</JournalID><Transaction>"
    "<TransactionID>2025-05-06 D 1</TransactionID><Period>5</Period><TransactionDate>2025-05-06</TransactionDate>"
    "<GLPostingDate>2025-05-07</GLPostingDate><Lines>"
    "<DebitLine><RecordID>1</RecordID><AccountID>6221</AccountID><DebitAmount>100</DebitAmount></DebitLine>"
    "<DebitLine><RecordID>2</RecordID><AccountID>2432</AccountID><DebitAmount>23</DebitAmount></DebitLine>"
    "<CreditLine><RecordID>3</RecordID><AccountID>2211</AccountID><CreditAmount>123</CreditAmount></CreditLine>"
    "</Lines></Transaction></Journal></GeneralLedgerEntries>"
)


def oecd_sales() -> bytes:
    """An invoice and a credit note of the OECD's skeleton, and a purchase that is not read."""

    def document(number: str, side: str, amount: str, party: str) -> str:
        return (
            f"<Invoice><InvoiceNo>{number}</InvoiceNo><{party}Info><{party}ID>X-1</{party}ID></{party}Info>"
            "<InvoiceDate>2025-06-01</InvoiceDate><Line><LineNumber>1</LineNumber><InvoiceLineAmount>"
            f"<Amount>{amount}</Amount><CurrencyCode>RON</CurrencyCode></InvoiceLineAmount><DebitCreditIndicator>{side}"
            f"</DebitCreditIndicator></Line><InvoiceDocumentTotals><NetTotal>{amount}</NetTotal><GrossTotal>"
            f"{amount}</GrossTotal></InvoiceDocumentTotals></Invoice>"
        )

    return (
        '<n:AuditFile xmlns:n="mfp:anaf:dgti:d406:declaratie:v1" xmlns="mfp:anaf:dgti:d406:declaratie:v1"><Header>'
        "<AuditFileVersion>2.0</AuditFileVersion><AuditFileCountry>RO</AuditFileCountry><Company><RegistrationNumber>"
        "RO1</RegistrationNumber></Company><DefaultCurrencyCode>RON</DefaultCurrencyCode></Header><SourceDocuments>"
        "<SalesInvoices><NumberOfEntries>2</NumberOfEntries><TotalDebit>30</TotalDebit><TotalCredit>80</TotalCredit>"
        f"{document('S-1', 'C', '80', 'Customer')}{document('S-2', 'D', '30', 'Customer')}</SalesInvoices>"
        "<PurchaseInvoices><NumberOfEntries>1</NumberOfEntries><TotalDebit>55</TotalDebit><TotalCredit>0</TotalCredit>"
        f"{document('E-1', 'D', '55', 'Supplier')}</PurchaseInvoices></SourceDocuments></n:AuditFile>"
    ).encode()


def seeds() -> dict[str, bytes]:
    """Small files of the format by name."""
    return {
        "norway.xml": norway(),
        "norway without namespace.xml": norway(namespace=None),
        "portugal.xml": portugal(ledger=PORTUGUESE_LEDGER),
        "oecd.xml": oecd_sales(),
    }
