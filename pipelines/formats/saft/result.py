"""What was walked through of a SAF-T file, as canonical tables with control totals and findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import polars as pl

from pipelines.contracts.iso4217 import CURRENCIES
from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, Finding, Replacement, Source, TableRead
from pipelines.formats.decimals import shown
from pipelines.formats.saft.charts import standard_class
from pipelines.formats.saft.controls import Controls, few
from pipelines.formats.saft.ledger import balances, costs, rates
from pipelines.formats.saft.options import Options
from pipelines.formats.saft.walk import Walk

_FORMAT, _SYSTEM = "saft", "saft"
# sections that no canonical table is made of
_UNREAD_NAMES = {
    "StockMovement": "stock movements",
    "WorkDocument": "working documents",
    "Payment": "payments",
    "Supplier": "suppliers",
    "Owner": "owners",
    "Asset": "assets",
    "PhysicalStockEntry": "stock entries",
}
# summing accounts of Portugal's chart: they hold no posting of their own
_SUMMING = frozenset({"GR", "GA", "AR", "AA"})


class Result:
    """From what was walked to canonical tables."""

    def __init__(self, source: Source, options: Options, walk: Walk, namespace: str) -> None:
        self.source, self.options, self.walk, self.namespace = source, options, walk, namespace
        header = walk.header
        self.country = _country(namespace, header)
        self.company = header.get("company", "")
        self.currency = options.currency or header.get("currency", "").upper()
        self.controls = Controls()
        self.warnings: list[str] = []

    def tables(self) -> list[TableRead]:
        self._check_header()
        walk = self.walk
        found = [*self._ledger(), *self._sales(), *self._masters()]
        if not found:
            raise RefusedFile(
                "a SAF-T file without ledger entries, sales invoices and accounts",
                where=self.source.name,
                remedy="export it with general ledger entries",
            )
        self.controls.enforce(where=self.source.name, reports=self.options.reports)
        self._currencies()
        unread = [f"{count} {_UNREAD_NAMES[name]}" for name, count in sorted(walk.unread.items())]
        if unread:
            self.warnings.append(f"not read, since no table holds them: {', '.join(unread)}")
        warnings = (*self.warnings, *walk.sales.remarks())
        first = replace(
            found[0],
            warnings=warnings,
            controls=tuple(self.controls.totals),
            findings=(*self.controls.findings, *self._of_sales()),
        )
        return [first, *found[1:]]

    def _table(self, table: str, frame: pl.LazyFrame, mapping: Mapping[str, str]) -> TableRead:
        return TableRead(
            format=_FORMAT,
            table=table,
            frame=frame,
            mapping=mapping,
            dialect=f"SAF-T {self.country or 'OECD'} {self.walk.header.get('version', '')[:10]}".strip(),
            source_system=_SYSTEM,
        )

    # -- header ------------------------------------------------------------------------------------------------------

    def _check_header(self) -> None:
        where = self.source.name
        if not self.walk.header:
            raise RefusedFile("a SAF-T file without Header", where=where, remedy="export it again")
        if not self.namespace:
            self.warnings.append("the file has no namespace; its elements were told by their names alone")
        if self.currency not in CURRENCIES:
            raise RefusedFile(
                "the currency of the file is no currency of ISO 4217",
                where=where,
                value=self.currency or "nothing",
                remedy='correct DefaultCurrencyCode, or set currency = "NOK" under [saft] in outturn.toml',
            )
        if self.walk.lines.count and not self.company:
            raise RefusedFile(
                "the file does not say which company it is of",
                where=where,
                valid="Company/RegistrationNumber or TaxRegistrationNumber in Header",
                remedy="export it again with the company's number",
            )
        start = self.walk.header.get("start", "")
        if self.walk.lines.count and len(start) >= 10 and start[8:10] != "01":
            self.controls.find(
                "saft-part-month",
                f"the file starts on {start[:10]}, within a month: the movement of that month is only what this file "
                "holds; export whole months",
            )

    def _currencies(self) -> None:
        every = sum(self.walk.currencies.values())
        for code, count in sorted(self.walk.currencies.items()):
            if code.upper() not in CURRENCIES:
                name = repr(code) if code.isalpha() and len(code) <= 4 else "something else than a code"
                self.controls.find(
                    "saft-currency",
                    f"CurrencyCode is {name}, no currency of ISO 4217, in {count} of {every} places; amounts are taken "
                    f"in {self.currency}",
                )

    # -- ledger ------------------------------------------------------------------------------------------------------

    def _classes(self) -> dict[str, str | None]:
        return {
            account["AccountID"]: self.options.classes.of(account["AccountID"])
            or standard_class(
                country=self.country,
                account=account["AccountID"],
                standard=account["StandardAccountID"],
                grouping=account["GroupingCode"],
                taxonomy=self.walk.taxonomy,
                account_type=account["AccountType"],
            )
            for account in self.walk.accounts
        }

    def _ledger(self) -> Iterator[TableRead]:
        walk, stated = self.walk, self.walk.stated.get("GeneralLedgerEntries", {})
        if not walk.lines.count and not walk.transactions and not stated:
            return
        found = balances(walk.lines, company=self.company, currency=self.currency)
        self.controls.compare(
            stated,
            section="GeneralLedgerEntries",
            debit=found.debit,
            credit=found.credit,
            entries=walk.transactions,
            lines=walk.lines.count,
            unit=self.currency,
        )
        posting = [a for a in walk.accounts if a["GroupingCategory"] not in _SUMMING]
        self.controls.closing_balances(posting, found.by_account, unit=self.currency)
        if found.debit != found.credit:
            self.controls.find(
                "saft-unbalanced",
                f"debit {shown(found.debit)} and credit {shown(found.credit)} of the ledger are not equal",
                amount=found.debit - found.credit,
                unit=self.currency,
            )
        if walk.other_period:
            self.warnings.append(
                f"{walk.other_period} transactions have an accounting period that is not the month of their "
                f"{self.options.posting_date}; they count in the month of the date"
            )
        if walk.lines.count:
            yield replace(
                self._table(
                    "gl_balance",
                    found.frame,
                    {
                        "company_id": "Header company number",
                        "account_code": "Line/AccountID",
                        "month": f"Transaction/{self.options.posting_date}",
                        "amount": "Line/DebitAmount - Line/CreditAmount, summed",
                        "currency_code": "Header/DefaultCurrencyCode",
                    },
                ),
                replaces=Replacement(period="month", within=("company_id",)),
            )
            yield from self._costs()
        if walk.foreign.count:
            frame, without = rates(walk.foreign, currency=self.currency)
            if without:
                self.warnings.append(f"{without} days and currencies have no single rate that fits their amounts")
            yield self._table("exchange_rate", frame, {"rate": "Line amount/ExchangeRate"})

    def _costs(self) -> Iterator[TableRead]:
        walk = self.walk
        if walk.project_by_name:
            self.warnings.append(
                f"analysis type {walk.project_type} was taken as the project, because the file describes it so; "
                "project_analysis_type under [saft] in outturn.toml decides it"
            )
        if not walk.projects.count:
            if walk.analyses:
                types = [
                    f"{t} ({walk.analysis_types.get(t) or 'not described'}): {n}"
                    for t, n in sorted(walk.analyses.items())
                ]
                self.controls.find(
                    "saft-project",
                    f"no ledger line carries a project; analyses of the lines by type: {few(types)}. Name the type of "
                    "projects as project_analysis_type under [saft] in outturn.toml and deliver the file again",
                )
            return
        classes = self._classes()
        for account in self._used_only_on_lines():
            classes.setdefault(account, self.options.classes.of(account))
        found = costs(walk.projects, company=self.company, currency=self.currency, classes=classes)
        for left in found.left_out:
            self.warnings.append(
                f"{left.lines} lines with a project on accounts of class {left.account_class} are no cost and stand in "
                f"gl_balance alone: {shown(left.amount)} {self.currency}"
            )
        for account, lines, amount in found.unclassified:
            self.controls.find(
                "saft-account-class",
                f"account {account[:40]} has no class: its {lines} lines with a project count as no cost until "
                "account_classes under [saft] in outturn.toml, or the table account, gives it one",
                entity=account[:40],
                amount=amount,
                unit=self.currency,
            )
        if found.over_allocated:
            self.controls.find(
                "saft-analysis", f"on {found.over_allocated} lines the projects take more than the amount of the line"
            )
        yield self._table(
            "cost_line",
            found.frame,
            {
                "cost_line_id": "company / JournalID / year / TransactionID / RecordID",
                "project_id": f"Line/Analysis[AnalysisType={walk.project_type}]/AnalysisID",
                "posting_date": f"Transaction/{self.options.posting_date}",
                "account_code": "Line/AccountID",
                "amount": "Line/Analysis amount, else Line/DebitAmount - Line/CreditAmount",
                "currency_code": "Header/DefaultCurrencyCode",
                "quantity": "Line/Quantity",
                "supplier_id": "SupplierID of the line or its transaction",
                "document_number": "ReferenceNumber of the transaction, else SourceDocumentID",
                "description": "Line/Description",
            },
        )

    def _used_only_on_lines(self) -> list[str]:
        """Accounts with a project that master data do not have; only the configuration can class them."""
        used = self.walk.projects.scan().select(pl.col("account").str.strip_chars().unique()).collect()
        return [account for account in used["account"] if account]

    # -- sales -------------------------------------------------------------------------------------------------------

    def _sales(self) -> Iterator[TableRead]:
        sales = self.walk.sales
        for name, section in sales.sections.items():
            self.controls.compare(
                self.walk.stated.get(name, {}),
                section=name,
                debit=section.debit,
                credit=section.credit,
                entries=section.entries,
                lines=section.lines,
                unit=self.currency,
            )
        if "SalesInvoices" in self.walk.stated and "SalesInvoices" not in sales.sections:
            self.controls.compare(
                self.walk.stated["SalesInvoices"], section="SalesInvoices", debit=Decimal(0), credit=Decimal(0),
                entries=0, lines=0, unit=self.currency,
            )  # fmt: skip
        extra = [pl.lit(None, dtype=pl.String).alias(FAULT)]
        if sales.invoices.count:
            frame = sales.invoices.scan().with_columns(pl.lit(self.currency).alias("currency_code"), *extra)
            yield self._table(
                "invoice",
                frame,
                {
                    "invoice_id": "Invoice/InvoiceNo",
                    "counterparty_id": "Invoice/CustomerID",
                    "issue_date": "Invoice/InvoiceDate",
                    "type": "Invoice/InvoiceType",
                    "net_amount": "DocumentTotals/NetTotal",
                    "tax_amount": "DocumentTotals/TaxPayable",
                    "gross_amount": "DocumentTotals/GrossTotal",
                },
            )
        if sales.lines.count:
            yield self._table(
                "invoice_line",
                sales.lines.scan().with_columns(*extra),
                {"line_id": "Line/LineNumber", "net_amount": "Line/CreditAmount - Line/DebitAmount"},
            )

    def _of_sales(self) -> Iterator[Finding]:
        self.walk.sales.judge_series()
        for finding in self.walk.sales.findings:
            yield finding if finding.amount is None else replace(finding, unit=self.currency)

    # -- master data -------------------------------------------------------------------------------------------------

    def _masters(self) -> Iterator[TableRead]:
        walk, options = self.walk, self.options
        if walk.accounts and options.accounts:
            mapping = {"account_code": "AccountID", "account_name": "AccountDescription", "class": "standard account"}
            yield replace(self._table("account", self._accounts(), mapping), yields=True)
        if walk.customers and options.customers:
            yield replace(
                self._table("customer", _customers(walk.customers), {"customer_id": "CustomerID"}), yields=True
            )

    def _accounts(self) -> pl.LazyFrame:
        classes = self._classes()
        rows, seen, unclassed, summing = [], set(), [], 0
        for position, account in enumerate(self.walk.accounts, 1):
            code, name = account["AccountID"], account["AccountDescription"]
            if account["GroupingCategory"] in _SUMMING:
                summing += 1
                continue
            if (code, name) in seen:
                continue
            seen.add((code, name))
            if classes[code] is None:
                unclassed.append(code)
            path = f"/AuditFile/MasterFiles/GeneralLedgerAccounts/Account[{position}]"
            rows.append((code, name, classes[code] or "out_of_scope", path))
        if summing:
            self.warnings.append(
                f"{summing} summing accounts (GroupingCategory GR, GA, AR, AA) are no accounts of their own"
            )
        if unclassed:
            self.warnings.append(
                f"{len(unclassed)} accounts became out_of_scope, since neither the file nor account_classes under "
                f"[saft] in outturn.toml gives them a class: {few(unclassed)}"
            )
        schema = dict.fromkeys(("account_code", "account_name", "class", "source_line"), pl.String)
        return pl.LazyFrame(rows, schema=schema, orient="row").with_columns(pl.lit(None, dtype=pl.String).alias(FAULT))


def _country(namespace: str, header: Mapping[str, str]) -> str:
    for country, part in (("NO", ":NO"), ("PT", ":PT_"), ("AO", ":AO_")):
        if part in namespace:
            return country
    country = header.get("country", "")[:2].upper()
    if not country and header.get("version", "").startswith("1.0") and "_" in header.get("version", ""):
        return "PT"
    return country


def _customers(customers: Sequence[Mapping[str, str]]) -> pl.LazyFrame:
    """Portugal's 999999990 and Desconhecido say that something is not known."""
    names = ("customer_id", "customer_name", "country_code", "vat_id", "payment_terms_days")
    unknown = {"desconhecido", "999999990"}
    rows = [
        (
            *(None if not c[name] or c[name].lower() in unknown else c[name] for name in names),
            f"/AuditFile/MasterFiles/Customer[{position}]",
        )
        for position, c in enumerate(customers, 1)
    ]
    schema = dict.fromkeys((*names, "source_line"), pl.String)
    return pl.LazyFrame(rows, schema=schema, orient="row").with_columns(pl.lit(None, dtype=pl.String).alias(FAULT))
