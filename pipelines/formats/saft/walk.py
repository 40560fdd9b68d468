"""One pass through a SAF-T file: its elements to rows of text in spools, as they stand there. Nothing is judged here.

All countries of the family share the skeleton of the OECD (SAF-T 2.0); elements are told by their local names. What
differs: an amount is an element with `Amount` (Norway, OECD) or a number (Portugal); a line is `Line`, or `DebitLine`
and `CreditLine` within `Lines` (Portugal, Angola).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
from lxml import etree

from pipelines.formats.base import Source
from pipelines.formats.saft.sales import Sales
from pipelines.formats.saft.spool import Spool
from pipelines.formats.xml_stream import LOCAL, elements

_TEXT, _WHOLE = pl.String(), pl.Int64()
LINES: dict[str, pl.DataType] = {**dict.fromkeys(("path", "account", "date", "debit", "credit"), _TEXT), "n": _WHOLE}
PROJECTS: dict[str, pl.DataType] = {
    "path": _TEXT,
    "key": _TEXT,
    "account": _TEXT,
    "date": _TEXT,
    "debit": _TEXT,
    "credit": _TEXT,
    "project": _TEXT,
    "of_project_debit": _TEXT,
    "of_project_credit": _TEXT,
    "of_project": _TEXT,
    "supplier": _TEXT,
    "document": _TEXT,
    "quantity": _TEXT,
    "description": _TEXT,
    "projects": _WHOLE,  # analyses of the type on the line
    "nth": _WHOLE,
}
FOREIGN: dict[str, pl.DataType] = dict.fromkeys(
    ("date", "currency", "currency_amount", "rate", "debit", "credit"), _TEXT
)
_SUPPLIER, _DOCUMENT = (list(PROJECTS).index(name) for name in ("supplier", "document"))

_LEDGER_LINES = frozenset({"Line", "DebitLine", "CreditLine"})
_TOTALS = frozenset({"NumberOfEntries", "TotalDebit", "TotalCredit"})
_UNREAD = frozenset({"StockMovement", "WorkDocument", "Payment", "Supplier", "Owner", "Asset", "PhysicalStockEntry"})
_WHOLE_ELEMENTS = frozenset({"Header", "Account", "Customer", "AnalysisTypeTableEntry", "Transaction", "Invoice"})
_WANTED = (
    _WHOLE_ELEMENTS | _LEDGER_LINES | _TOTALS | _UNREAD | {"JournalID", "Journal", "TaxonomyReference", "CurrencyCode"}
)
# how files describe the analysis type of projects: Norwegian, English, German and others, Portuguese, French, Spanish,
# Romanian, Lithuanian
_PROJECT = frozenset(
    {"prosjekt", "project", "projekt", "projeto", "projecto", "projet", "proyecto", "proiect", "projektas"}
)
# within a voucher of more lines than this, none gets its supplier from another
_VOUCHER_HELD = 20_000


def text(element: etree._Element, *names: str) -> str:
    """The text at the first path of `names` (A/B) that holds one; empty where none does."""
    for name in names:
        node: etree._Element | None = element
        for step in name.split("/"):
            node = next((child for child in node if LOCAL[child.tag] == step), None) if node is not None else None
        if node is not None and node.text and node.text.strip():
            return node.text.strip()
    return ""


@dataclass
class Amount:
    """An amount with what it was in the currency of the transaction."""

    value: str | None
    currency: str | None = None
    currency_amount: str | None = None
    rate: str | None = None


def amount(element: etree._Element) -> Amount:
    if not len(element):
        return Amount(element.text)
    found = Amount(None)
    for child in element:
        name = LOCAL[child.tag]
        if name == "Amount":
            found.value = child.text
        elif name == "CurrencyCode":
            found.currency = child.text
        elif name == "CurrencyAmount":
            found.currency_amount = child.text
        elif name == "ExchangeRate":
            found.rate = child.text
    return found


@dataclass
class _Voucher:
    """A transaction that is being read: what its lines share."""

    element: etree._Element
    prefix: str  # of its lines' paths
    key: str
    date: str | None
    supplier: str | None
    lines: Counter[str] = field(default_factory=Counter)
    records: set[str] = field(default_factory=set)
    held: list[list[Any]] = field(default_factory=list)  # rows of PROJECTS that wait for supplier and document
    suppliers: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)


class Walk:
    """What a file holds, after `run`."""

    def __init__(self, *, folder: Path, project_type: str | None, posting_date: str, keeps_foreign: bool) -> None:
        self.project_type, self.keeps_foreign = project_type, keeps_foreign
        self.project_by_name = False  # the type of projects was told by its description in the file
        usual = ("GLPostingDate", "TransactionDate", "SystemEntryDate")
        self.dates = (posting_date, *(name for name in usual if name != posting_date))
        self.header: dict[str, str] = {}
        self.taxonomy = ""
        self.accounts: list[dict[str, str]] = []
        self.customers: list[dict[str, str]] = []
        self.analysis_types: dict[str, str] = {}
        self.stated: dict[str, dict[str, str]] = defaultdict(dict)  # section -> total -> as written
        self.currencies: Counter[str] = Counter()
        self.unread: Counter[str] = Counter()
        self.analyses: Counter[str] = Counter()  # type -> analyses on ledger lines
        self.transactions = 0
        self.other_period = 0  # transactions whose period is not the month of their date
        self.lines = Spool(folder, "lines", LINES)
        self.projects = Spool(folder, "projects", PROJECTS)
        self.foreign = Spool(folder, "foreign", FOREIGN)
        self.sales = Sales(folder)
        self._journal, self._transaction, self._journal_id = 1, 0, ""
        self._voucher: _Voucher | None = None

    def run(self, source: Source) -> None:
        """Raises RefusedFile for XML that cannot be parsed."""
        for name, element in elements(
            source, wanted=_WANTED, whole=_WHOLE_ELEMENTS, rolling={"Transaction": _LEDGER_LINES}
        ):
            if name in _LEDGER_LINES:
                self._line(name, element)
            elif name == "Transaction":
                self._end_of_transaction(element)
            elif name == "Invoice":
                self.sales.add(element, _parent(element))
            elif name == "CurrencyCode":
                self.currencies[(element.text or "").strip()] += 1
            else:
                self._other(name, element)

    def _other(self, name: str, element: etree._Element) -> None:
        parent = _parent(element)
        if name == "Header":
            self.header = dict(_header(element))
        elif name == "Account" and parent in ("GeneralLedgerAccounts", "Accounts"):
            self.accounts.append(_account(element))
        elif name == "Customer" and parent in ("Customers", "MasterFiles"):
            self.customers.append(_customer(element))
        elif name == "AnalysisTypeTableEntry":
            self._analysis_type(text(element, "AnalysisType"), text(element, "AnalysisTypeDescription"))
        elif name == "TaxonomyReference":
            self.taxonomy = (element.text or "").strip()
        elif name in _TOTALS:
            self.stated[parent].setdefault(name, (element.text or "").strip())
        elif name == "JournalID":
            self._journal_id = (element.text or "").strip()
        elif name == "Journal" and parent == "GeneralLedgerEntries":
            self._journal, self._transaction, self._journal_id = self._journal + 1, 0, ""
        elif name in _UNREAD and parent not in ("DocumentTotals", "InvoiceDocumentTotals"):
            self.unread[name] += 1

    def _analysis_type(self, kind: str, described: str) -> None:
        self.analysis_types.setdefault(kind, described)
        if self.project_type is None and described.lower() in _PROJECT:
            self.project_type, self.project_by_name = kind, True

    # -- the ledger --------------------------------------------------------------------------------------------------

    def _begin(self, transaction: etree._Element) -> _Voucher:
        self._transaction += 1
        self.transactions += 1
        header: dict[str, str] = {}
        for child in transaction:
            name = LOCAL[child.tag]
            if name in _LEDGER_LINES or name == "Lines":
                break
            if child.text:
                header.setdefault(name, child.text.strip())
        date = next((header[name] for name in self.dates if header.get(name)), "")
        period, year = header.get("Period", ""), header.get("PeriodYear", "")
        if period.isdigit() and year and date[:7] != f"{year}-{int(period):02}":
            self.other_period += 1
        identity = header.get("TransactionID") or f"{self._journal}.{self._transaction}"
        year = year or header.get("TransactionDate", "")[:4] or date[:4]
        return _Voucher(
            element=transaction,
            prefix=f"/AuditFile/GeneralLedgerEntries/Journal[{self._journal}]/Transaction[{self._transaction}]",
            key="/".join(filter(None, (self._journal_id, year, identity))),
            date=date or None,
            supplier=header.get("SupplierID"),
        )

    def _line(self, name: str, element: etree._Element) -> None:
        parent = element.getparent()
        inside = ""
        if parent is not None and LOCAL[parent.tag] == "Lines":
            parent, inside = parent.getparent(), "/Lines"
        if parent is None or LOCAL[parent.tag] != "Transaction":
            return  # a line of an invoice, which is read as a whole
        voucher = self._voucher
        if voucher is None or voucher.element is not parent:
            voucher = self._voucher = self._begin(parent)
        voucher.lines[name] += 1
        path = f"{voucher.prefix}{inside}/{name}[{voucher.lines[name]}]"

        values: dict[str, str | None] = {}
        debit = credit = _NOTHING
        projects: list[etree._Element] = []
        for child in element:
            field_name = LOCAL[child.tag]
            if field_name == "DebitAmount":
                debit = amount(child)
            elif field_name == "CreditAmount":
                credit = amount(child)
            elif field_name == "Analysis":
                kind = (child[0].text or "").strip() if len(child) else ""  # AnalysisType is the first of its children
                self.analyses[kind] += 1
                if kind == self.project_type:
                    projects.append(child)
            else:
                values[field_name] = child.text

        account = values.get("AccountID")
        self.lines.add((path, account, voucher.date, debit.value, credit.value, self.lines.count))
        supplier, document = values.get("SupplierID"), values.get("ReferenceNumber")
        if supplier:
            voucher.suppliers.add(supplier)
        if document:
            voucher.documents.add(document)
        if projects:
            self._projects(voucher, path, values, debit, credit, projects)
        if self.keeps_foreign and (debit.rate or credit.rate):
            other = debit if debit.rate else credit
            self.foreign.add(
                (voucher.date, other.currency, other.currency_amount, other.rate, debit.value, credit.value)
            )

    def _projects(
        self,
        voucher: _Voucher,
        path: str,
        values: dict[str, str | None],
        debit: Amount,
        credit: Amount,
        projects: list[etree._Element],
    ) -> None:
        record = (values.get("RecordID") or "").strip()
        if not record or record in voucher.records:
            record = f"line {sum(voucher.lines.values())}"
        voucher.records.add(record)
        for nth, analysis in enumerate(projects, 1):
            parts = {LOCAL[child.tag]: amount(child).value for child in analysis}
            voucher.held.append(
                [
                    path,
                    f"{voucher.key}/{record}",
                    values.get("AccountID"),
                    voucher.date,
                    debit.value,
                    credit.value,
                    parts.get("AnalysisID"),
                    parts.get("DebitAnalysisAmount"),
                    parts.get("CreditAnalysisAmount"),
                    parts.get("AnalysisAmount", parts.get("Amount")),
                    values.get("SupplierID"),
                    values.get("ReferenceNumber") or values.get("SourceDocumentID"),
                    values.get("Quantity"),
                    values.get("Description"),
                    len(projects),
                    nth,
                ]
            )
        if len(voucher.held) > _VOUCHER_HELD:
            self.projects.extend(voucher.held)
            voucher.held = []

    def _end_of_transaction(self, element: etree._Element) -> None:
        voucher = self._voucher
        if voucher is None or voucher.element is not element:
            voucher = self._begin(element)  # one without lines counts as an entry all the same
        self._voucher = None
        # the expense line of a voucher seldom repeats what its payable line says
        supplier = next(iter(voucher.suppliers)) if len(voucher.suppliers) == 1 else voucher.supplier
        document = next(iter(voucher.documents)) if len(voucher.documents) == 1 else None
        for row in voucher.held:
            row[_SUPPLIER] = row[_SUPPLIER] or supplier
            row[_DOCUMENT] = document or row[_DOCUMENT]
        self.projects.extend(voucher.held)


_NOTHING = Amount(None)


def _parent(element: etree._Element) -> str:
    parent = element.getparent()
    return LOCAL[parent.tag] if parent is not None else ""


def _header(element: etree._Element) -> Iterator[tuple[str, str]]:
    for name, paths in {
        "version": ("AuditFileVersion",),
        "country": ("AuditFileCountry", "CompanyAddress/Country", "Company/Address/Country"),
        "currency": ("DefaultCurrencyCode", "CurrencyCode"),
        "company": (
            "Company/RegistrationNumber", "Company/CompanyID", "TaxRegistrationNumber",
            "Company/TaxRegistration/TaxRegistrationNumber", "CompanyID",
        ),
        "start": ("StartDate", "SelectionCriteria/SelectionStartDate"),
        "end": ("EndDate", "SelectionCriteria/SelectionEndDate"),
    }.items():  # fmt: skip
        yield name, text(element, *paths)


def _account(element: etree._Element) -> dict[str, str]:
    names = (
        "AccountID", "AccountDescription", "StandardAccountID", "GroupingCategory", "GroupingCode", "TaxonomyCode",
        "AccountType", "OpeningDebitBalance", "OpeningCreditBalance", "ClosingDebitBalance", "ClosingCreditBalance",
    )  # fmt: skip
    return {name: text(element, name) for name in names}


def _customer(element: etree._Element) -> dict[str, str]:
    return {
        "customer_id": text(element, "CustomerID"),
        "customer_name": text(element, "CompanyName", "Name", "CompanyStructure/Name"),
        "country_code": text(element, "BillingAddress/Country", "Address/Country"),
        "vat_id": text(element, "CustomerTaxID", "TaxRegistration/TaxRegistrationNumber", "RegistrationNumber"),
        "payment_terms_days": text(element, "PartyInfo/PaymentTerms/Days", "PaymentTerms/Days"),
    }
