"""NetSuite (SuiteAnalytics, Fivetran's netsuite2): projects, customers, accounts, and transactions as one joined query.

`transaction`, `transactionline` and `transactionaccountingline` say nothing alone; their join by the ERP is what is
taken. Amounts of the ledger view are signed: debit positive, so income is negative. Booleans are T and F.
"""

from __future__ import annotations

import polars as pl

from pipelines.contracts.iso4217 import CURRENCIES
from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, TableRead
from pipelines.formats.erp import options
from pipelines.formats.erp.balances import balance_read
from pipelines.formats.erp.cells import Cells
from pipelines.formats.erp.common import prefixed
from pipelines.formats.erp.spelling import looked_up

SYSTEM = "netsuite"
# kind of account -> class; what a cost is for is not in it, so costs are `other` unless [netsuite.accounts] says more
_CLASSES = {
    "income": "revenue", "othincome": "out_of_scope", "cogs": "other", "expense": "other", "othexpense": "other",
    "acctrec": "receivable", "acctpay": "payable",
    "deferrevenue": "contract_liability", "unbilledrec": "contract_asset",
    **dict.fromkeys(
        ("bank", "othcurrasset", "fixedasset", "othasset", "credcard", "othcurrliab", "longtermliab", "equity",
         "deferexpense"),
        "out_of_scope",
    ),
}  # fmt: skip
_COSTS = ("cogs", "expense", "othexpense")
_STATUSES = {
    "in progress": "execute", "awarded": "planned", "pending": "planned", "not started": "planned",
    "closed": "closed", "completed": "closed", "not awarded": "cancelled", "cancelled": "cancelled",
    "lost": "cancelled",
}  # fmt: skip
_OPEN = "execute"


def _start(cells: Cells, *, numbers: tuple[str, ...] = (), dates: tuple[str, ...] = ()) -> None:
    cells.declare(section="netsuite", numbers=numbers, dates=dates)
    cells.leave_out_deleted()


def _currency(cells: Cells, name: str, block: str, remedy: str) -> pl.Expr:
    """A currency as its code: as it stands, or by the internal number that `[netsuite.<block>]` explains.

    Raises RefusedFile where a number is not explained.
    """
    known = options.currencies(cells.context, SYSTEM, block)
    unknown = [value for value in cells.values(name) if value not in known and value.upper() not in CURRENCIES]
    if unknown or not cells.has(name):
        raise RefusedFile(
            "currencies are internal numbers that nothing explains" if unknown else "the table names no currency",
            where=cells.where,
            value=", ".join(unknown) or None,
            remedy=remedy,
        )
    text = cells.text(name)
    return pl.coalesce(looked_up(text, known), text.str.to_uppercase())


def job(cells: Cells) -> list[TableRead]:
    """job: projects, and what their internal numbers stand for."""
    _start(cells, dates=("startdate", "projectedenddate", "enddate", "calculatedenddate", "actualenddate"))
    number, name = cells.text("entityid", "id"), cells.text("companyname", "altname", "entityid")
    declared = options.block(cells.context, SYSTEM, "statuses", ("planned", "execute", "care", "closed", "cancelled"))
    statuses = {**_STATUSES, **{key.lower(): value for key, value in declared.items()}}
    status = looked_up(cells.text("entitystatus").str.to_lowercase(), statuses)
    presumed = status.is_null() & ~cells.flag("isinactive")
    count = cells.frame.select(presumed.sum()).collect(engine="streaming").item()
    if count:
        cells.warnings.append(
            f"{count} projects have no status that is known: they are taken as {_OPEN}; [netsuite.statuses] says what "
            "a status or its number means"
        )
    columns = {
        "project_id": number,
        "project_name": name,
        "customer_id": cells.text("customer", "parent"),
        "currency_code": _currency(
            cells,
            "currency",
            "currencies",
            'say what they stand for: [netsuite.currencies] 1 = "USD" in outturn.toml (table currency has them)',
        ),
        "status": pl.coalesce(pl.when(cells.flag("isinactive")).then(pl.lit("closed")), status, pl.lit(_OPEN)),
        "start_date": cells.date("startdate"),
        "planned_end_date": cells.date("projectedenddate", "calculatedenddate"),
        "actual_end_date": cells.date("actualenddate", "enddate"),
    }
    projects = cells.table(
        "project",
        columns,
        format="netsuite job",
        system=SYSTEM,
        mapping={
            "project_id": cells.named("entityid", "id"),
            "project_name": cells.named("companyname", "altname", "entityid"),
            "customer_id": cells.named("customer"),
            "currency_code": f"{cells.named('currency')} ([netsuite.currencies])",
            "status": f"{cells.named('isinactive')}, {cells.named('entitystatus')} ([netsuite.statuses])",
            "start_date": cells.named("startdate"),
        },
    )
    names = cells.frame.select(
        cells.text("id").alias("alias"), pl.lit(SYSTEM).alias("source_system"), number.alias("project_id"),
        "source_line", FAULT,
    )  # fmt: skip
    aliases = TableRead(
        format="netsuite job",
        table="project_alias",
        frame=names,
        mapping={"alias": cells.named("id"), "project_id": cells.named("entityid", "id")},
        source_system=SYSTEM,
    )
    return [projects, aliases]


def customer(cells: Cells) -> list[TableRead]:
    """customer: by internal number, which projects and invoices name."""
    _start(cells)
    columns = {
        "customer_id": cells.text("id"),
        "customer_name": cells.text("companyname", "altname", "entityid"),
        "vat_id": cells.text("vatregnumber", "defaulttaxreg"),
    }
    mapping = {
        "customer_id": cells.named("id"),
        "customer_name": cells.named("companyname", "altname", "entityid"),
        "vat_id": cells.named("vatregnumber", "defaulttaxreg"),
    }
    return [cells.table("customer", columns, format="netsuite customer", system=SYSTEM, mapping=mapping)]


def account(cells: Cells) -> list[TableRead]:
    """account: by number (by internal number where it has none), classed by its kind and `[netsuite.accounts]`."""
    _start(cells)
    kind = cells.text("accttype").str.to_lowercase()
    cells.leave_out(
        kind.is_in(["nonposting", "stat"]).fill_null(False), "accounts that nothing is posted to (NonPosting, Stat)"
    )
    code = cells.text("acctnumber", "id")
    declared = prefixed(code, options.classes(cells.context, SYSTEM))
    class_ = pl.coalesce(declared, looked_up(kind, _CLASSES))
    fault = pl.when(class_.is_null()).then(
        pl.lit("no class for this kind of account: add its first digits to [netsuite.accounts] in outturn.toml")
    )
    columns = {
        "account_code": code,
        "account_name": cells.text("displaynamewithhierarchy", "accountsearchdisplayname", "fullname"),
        "class": class_,
    }
    cells.warnings.append(
        "what a cost account is for is not in the table: costs are classed other unless [netsuite.accounts] says more"
    )
    mapping = {
        "account_code": cells.named("acctnumber", "id"),
        "account_name": cells.named("displaynamewithhierarchy", "accountsearchdisplayname", "fullname"),
        "class": f"{cells.named('accttype')} ([netsuite.accounts])",
    }
    return [cells.table("account", columns, format="netsuite account", system=SYSTEM, mapping=mapping, fault=fault)]


def transactions(cells: Cells) -> list[TableRead]:
    """The joined query: gl_balance of every posting of one book, cost_line of those with a project."""
    _start(cells, numbers=("amount", "quantity"), dates=("trandate",))
    cells.demand(
        ("acctnumber", "account"),
        ("posting",),
        ("project", "job", "projectnumber", "entityproject"),
        ("subsidiary",),
        remedy="add the columns to the query: acctnumber, accttype, posting, project (the project's internal number), "
        "subsidiary, basecurrency",
    )
    book = options.text(cells.context, SYSTEM, "accounting_book")
    cells.only("accountingbook", "[netsuite] accounting_book", book, of="accounting book", what="lines of other books")
    amount = cells.number("amount")
    posted = cells.flag("posting")
    cells.leave_out(~posted, "lines that are not posted (posting F)", amount=amount)
    currency = _company_currency(cells)
    code = cells.text("acctnumber", "account")
    project = cells.text("project", "job", "projectnumber", "entityproject")
    kind = cells.text("accttype").str.to_lowercase()
    costs = project.is_not_null() & (kind.is_in(_COSTS).fill_null(False) if cells.has("accttype") else pl.lit(True))
    lines = cells.frame.filter(costs & pl.col(FAULT).is_null())
    columns = {
        "cost_line_id": pl.concat_str(
            [cells.text("transaction"), cells.text("transactionline"), cells.text("accountingbook")], separator="/"
        ),
        "project_id": project,
        "posting_date": cells.date("trandate"),
        "account_code": code,
        "amount": amount,
        "currency_code": currency,
        "quantity": cells.number("quantity") if cells.has("quantity") else pl.lit(None, dtype=pl.String),
        "supplier_id": cells.text("vendor"),
        "document_number": cells.text("tranid", "transaction"),
        "is_billable": pl.when(cells.flag("isbillable")).then(pl.lit("true")).otherwise(pl.lit("false")),
        "description": cells.text("memo"),
    }
    mapping = {
        "cost_line_id": "transaction / transactionline / accountingbook",
        "project_id": cells.named("project", "job", "projectnumber", "entityproject"),
        "posting_date": cells.named("trandate"),
        "account_code": cells.named("acctnumber", "account"),
        "amount": cells.named("amount"),
    }
    balances = balance_read(
        cells,
        company=cells.text("subsidiary"),
        account=code,
        date=cells.date("trandate"),
        amount=amount,
        currency=currency,
        format="netsuite transactions",
        system=SYSTEM,
    )
    if not cells.has("accttype"):
        cells.warnings.append(
            "the query lacks accttype: every line with a project is taken as a cost, and lines on accounts that are "
            "none are named in ops.exceptions"
        )
    cost = cells.table(
        "cost_line", columns, format="netsuite transactions", system=SYSTEM, frame=lines, mapping=mapping
    )
    return [cost, balances]


def _company_currency(cells: Cells) -> pl.Expr:
    """The currency of amounts of the ledger view: that of the subsidiary, never the transaction's own."""
    if cells.has("basecurrency"):
        return _currency(
            cells, "basecurrency", "currencies", 'say what they stand for: [netsuite.currencies] 1 = "USD"'
        )
    known = options.currencies(cells.context, SYSTEM, "subsidiaries")
    unknown = [value for value in cells.values("subsidiary") if value not in known]
    if unknown:
        raise RefusedFile(
            "amounts are in the subsidiary's currency, which the query does not name",
            where=cells.where,
            value=f"subsidiaries {', '.join(unknown)}",
            remedy='add basecurrency to the query, or say which: [netsuite.subsidiaries] 1 = "USD" in outturn.toml',
        )
    return looked_up(cells.text("subsidiary"), known)
