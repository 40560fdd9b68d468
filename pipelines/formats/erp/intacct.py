"""Sage Intacct (its API objects, Fivetran's sage_intacct): ledger, bills, invoices, projects, customers, time.

Costs come from the ledger (gl_detail) or from the lines of bills (ap_bill_item), never from both.
"""

from __future__ import annotations

import polars as pl

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, Exclusion, TableRead
from pipelines.formats.erp import options
from pipelines.formats.erp.balances import balance_read
from pipelines.formats.erp.cells import Cells
from pipelines.formats.erp.common import decimal, prefixed
from pipelines.formats.erp.spelling import looked_up

SYSTEM = "intacct"
ACTUALS = ("gl_detail", "ap_bill_item")
_STATUSES = {
    "in progress": "execute", "active": "execute", "not started": "planned", "planned": "planned",
    "completed": "closed", "complete": "closed", "closed": "closed", "canceled": "cancelled", "cancelled": "cancelled",
    "on hold": "execute",
}  # fmt: skip
_DRAFTS = ("draft", "d", "declined", "r", "submitted", "s")


def _start(cells: Cells, *, numbers: tuple[str, ...] = (), dates: tuple[str, ...] = ()) -> None:
    cells.declare(section=SYSTEM, numbers=numbers, dates=dates)
    cells.leave_out_deleted()


def _base_currency(cells: Cells, *names: str) -> pl.Expr:
    """The currency of AMOUNT and of the totals without trx_ in front: the entity's. Raises RefusedFile without."""
    stated = options.currency(cells.context, SYSTEM, "base_currency")
    if stated is None and not any(cells.has(name) for name in names):
        raise RefusedFile(
            "the table does not say in which currency its amounts are",
            where=cells.where,
            remedy='export BASECURR with it, or set [intacct] base_currency = "USD" in outturn.toml',
        )
    return pl.coalesce(cells.text(*names).str.to_uppercase(), pl.lit(stated, dtype=pl.String))


def _chosen(cells: Cells, kind: str) -> tuple[bool, Exclusion]:
    """Whether costs are taken from `kind`, and what it excludes."""
    chosen = options.chosen(cells.context, SYSTEM, "actuals", ACTUALS)
    exclusion = Exclusion(
        formats=tuple(f"intacct {other}" for other in ACTUALS if other != kind),
        setting=f'[intacct] actuals = "{kind}"',
        takes_over=chosen == kind,
    )
    return chosen in (None, kind), exclusion


def gl_account(cells: Cells) -> list[TableRead]:
    """gl_account: income statement accounts by their normal balance, the others out of scope."""
    _start(cells)
    code = cells.text("accountno")
    declared = prefixed(code, options.classes(cells.context, SYSTEM))
    statement = cells.text("accounttype").str.to_lowercase().str.contains("income")
    credit = cells.text("normalbalance").str.to_lowercase() == "credit"
    told = (
        pl.when(statement & credit)
        .then(pl.lit("revenue"))
        .when(statement)
        .then(pl.lit("other"))
        .when(statement.is_not_null())
        .then(pl.lit("out_of_scope"))
    )
    cells.warnings.append(
        "what an account is for is not in the table: income statement accounts with a credit balance are taken for "
        "revenue, the others for other cost, balance sheet accounts are out of scope; [intacct.accounts] says more"
    )
    columns = {"account_code": code, "account_name": cells.text("title"), "class": pl.coalesce(declared, told)}
    mapping = {
        "account_code": cells.named("accountno"),
        "account_name": cells.named("title"),
        "class": "accounttype, normalbalance ([intacct.accounts])",
    }
    return [cells.table("account", columns, format="intacct gl_account", system=SYSTEM, mapping=mapping)]


def gl_detail(cells: Cells) -> list[TableRead]:
    """gl_detail: gl_balance of every posted line of one book, cost_line of those with a project."""
    _start(
        cells,
        numbers=("amount", "debitamount", "creditamount"),
        dates=("entry_date", "batch_date"),
    )
    book = options.text(cells.context, SYSTEM, "book")
    if book is None and "ACCRUAL" in [value.upper() for value in cells.values("bookid")]:
        book = next(value for value in cells.values("bookid") if value.upper() == "ACCRUAL")
    cells.only("bookid", "[intacct] book", book, of="book", what=f"lines of books other than {book}")
    signed = _signed(cells)
    state = cells.text("entry_state", "state").str.to_lowercase()
    if cells.has("entry_state") or cells.has("state"):
        cells.leave_out(~state.is_in(["p", "posted"]).fill_null(False), "lines that are not posted", amount=signed)
    currency = _base_currency(cells, "basecurr", "base_currency")
    wanted, exclusion = _chosen(cells, "gl_detail")
    project = cells.text("projectid")
    date = cells.date("entry_date", "batch_date")
    columns = {
        "cost_line_id": pl.lit("gl/") + cells.text("recordno"),
        "project_id": project,
        "posting_date": date,
        "account_code": cells.text("accountno"),
        "amount": signed,
        "currency_code": currency,
        "supplier_id": cells.text("vendorid"),
        "document_number": cells.text("recordid", "docnumber", "document"),
        "is_billable": pl.when(cells.flag("billable")).then(pl.lit("true")).otherwise(pl.lit("false")),
        "description": cells.text("entrydescription", "description"),
    }
    mapping = {
        "cost_line_id": cells.named("recordno"),
        "project_id": cells.named("projectid"),
        "posting_date": cells.named("entry_date", "batch_date"),
        "account_code": cells.named("accountno"),
        "amount": "debit less credit" if cells.has("debitamount") else "amount × tr_type",
        "document_number": cells.named("recordid", "docnumber", "document"),
    }
    company = options.text(cells.context, SYSTEM, "company") or "intacct"
    balances = balance_read(
        cells,
        company=pl.coalesce(cells.text("megaentityid", "locationid"), pl.lit(company)),
        account=cells.text("accountno"),
        date=date,
        amount=signed,
        currency=currency,
        format="intacct gl_detail",
        system=SYSTEM,
    )
    if not wanted or not cells.has("projectid"):
        return [balances]
    kept = cells.frame.filter(project.is_not_null() & pl.col(FAULT).is_null())
    cells.warnings[:] = []
    lines = cells.table(
        "cost_line", columns, format="intacct gl_detail", system=SYSTEM, frame=kept, mapping=mapping, excludes=exclusion
    )
    return [lines, balances]


def _signed(cells: Cells) -> pl.Expr:
    """The amount of a ledger line, debit positive. Raises RefusedFile where the table has no sign."""
    if cells.has("debitamount") and cells.has("creditamount"):
        debit, credit = (decimal(cells.number(name)).fill_null(0) for name in ("debitamount", "creditamount"))
        either = cells.text("debitamount", "creditamount").is_not_null()
        readable = pl.all_horizontal(
            cells.text(name).is_null() | decimal(cells.number(name)).is_not_null()
            for name in ("debitamount", "creditamount")
        )
        return pl.when(either & readable).then((debit - credit).cast(pl.String)).otherwise(cells.text("amount"))
    if not cells.has("tr_type"):
        raise RefusedFile(
            "the table does not say which amounts are debit and which credit",
            where=cells.where,
            remedy="export TR_TYPE (1 debit, -1 credit), or DEBITAMOUNT and CREDITAMOUNT, with it",
        )
    amount, side = cells.number("amount"), cells.text("tr_type")
    turned = pl.when(amount.str.starts_with("-")).then(amount.str.slice(1)).otherwise(pl.lit("-") + amount)
    cells.frame = cells.frame.with_columns(
        pl.coalesce(
            FAULT,
            pl.when(~side.is_in(["1", "-1"]).fill_null(False)).then(
                pl.lit("TR_TYPE is neither 1 (debit) nor -1 (credit): the amount has no sign")
            ),
        ).alias(FAULT)
    )
    return pl.when(side == "-1").then(turned).otherwise(amount)


def ap_bill_item(cells: Cells) -> list[TableRead]:
    """ap_bill_item: lines of bills on projects, as costs."""
    _start(cells, numbers=("amount",), dates=("entry_date",))
    wanted, exclusion = _chosen(cells, "ap_bill_item")
    if not wanted:
        raise RefusedFile(
            "lines of bills would count a second time: outturn.toml takes costs from gl_detail",
            where=cells.where,
            remedy='leave it out, or set [intacct] actuals = "ap_bill_item"; what gl_detail gave is then withdrawn',
        )
    amount = cells.number("amount")
    state = cells.text("state").str.to_lowercase()
    cells.leave_out(state.is_in(_DRAFTS).fill_null(False), "lines of bills that are not posted", amount=amount)
    project = cells.text("projectid")
    cells.leave_out(project.is_null(), "lines without a project", amount=amount)
    columns = {
        "cost_line_id": pl.lit("ap/") + cells.text("recordno"),
        "project_id": project,
        "wbs_id": cells.text("taskid"),
        "posting_date": cells.date("entry_date"),
        "account_code": cells.text("accountno"),
        "amount": amount,
        "currency_code": _base_currency(cells, "basecurr"),
        "supplier_id": cells.text("vendorid"),
        "document_number": cells.text("recordid", "docnumber", "recordkey"),
        "is_billable": pl.when(cells.flag("billable")).then(pl.lit("true")).otherwise(pl.lit("false")),
        "description": cells.text("entrydescription"),
    }
    mapping = {
        "cost_line_id": cells.named("recordno"),
        "project_id": cells.named("projectid"),
        "posting_date": cells.named("entry_date"),
        "account_code": cells.named("accountno"),
        "amount": cells.named("amount"),
        "currency_code": cells.named("basecurr"),
        "document_number": cells.named("recordid", "docnumber", "recordkey"),
        "is_billable": cells.named("billable"),
    }
    return [
        cells.table(
            "cost_line", columns, format="intacct ap_bill_item", system=SYSTEM, mapping=mapping, excludes=exclusion
        )
    ]


def ap_bill(cells: Cells) -> list[TableRead]:
    """ap_bill: supplier invoices."""
    return _invoices(cells, direction="supplier", party="vendorid", format="intacct ap_bill")


def ar_invoice(cells: Cells) -> list[TableRead]:
    """ar_invoice: customer invoices."""
    return _invoices(cells, direction="customer", party="customerid", format="intacct ar_invoice")


def _invoices(cells: Cells, *, direction: str, party: str, format: str) -> list[TableRead]:
    _start(cells, numbers=("totalentered", "totaltax"), dates=("whencreated", "whendue"))
    gross = cells.number("totalentered")
    state = cells.text("state", "rawstate").str.to_lowercase()
    cells.leave_out(state.is_in(_DRAFTS).fill_null(False), "drafts", amount=gross)
    tax = cells.number("totaltax") if cells.has("totaltax") else pl.lit("0")
    if not cells.has("totaltax"):
        cells.warnings.append("the table has no tax: its totals are taken as net, tax as 0")
    net = (decimal(gross) - decimal(tax).fill_null(0)).cast(pl.String)
    columns = {
        "invoice_id": cells.text("recordid", "recordno"),
        "direction": pl.lit(direction),
        "counterparty_id": cells.text(party),
        "issue_date": cells.date("whencreated"),
        "due_date": cells.date("whendue"),
        "currency_code": _base_currency(cells, "basecurr"),
        "type": pl.when(gross.str.starts_with("-")).then(pl.lit("credit_note")).otherwise(pl.lit("invoice")),
        "project_id": cells.text("projectid"),
        "contract_id": cells.text("contractid"),
        "net_amount": pl.coalesce(net, gross),
        "tax_amount": pl.coalesce(tax, pl.lit("0")),
        "gross_amount": gross,
    }
    mapping = {
        "invoice_id": cells.named("recordid", "recordno"),
        "direction": f"always {direction}",
        "counterparty_id": cells.named(party),
        "issue_date": cells.named("whencreated"),
        "due_date": cells.named("whendue"),
        "currency_code": cells.named("basecurr"),
        "gross_amount": cells.named("totalentered"),
    }
    return [cells.table("invoice", columns, format=format, system=SYSTEM, mapping=mapping)]


def ar_invoice_item(cells: Cells) -> list[TableRead]:
    """ar_invoice_item joined with the number of its invoice: lines of customer invoices."""
    _start(cells, numbers=("amount",), dates=("entry_date",))
    cells.demand(
        ("recordid",),
        remedy="the line names its invoice by an internal key only: export it with RECORDID of ar_invoice joined",
    )
    columns = {
        "invoice_id": cells.text("recordid"),
        "direction": pl.lit("customer"),
        "counterparty_id": cells.text("customerid"),
        "line_id": cells.text("line_no", "recordno"),
        "project_id": cells.text("projectid"),
        "description": cells.text("entrydescription"),
        "net_amount": cells.number("amount"),
    }
    mapping = {
        "invoice_id": cells.named("recordid"),
        "line_id": cells.named("line_no", "recordno"),
        "project_id": cells.named("projectid"),
        "net_amount": cells.named("amount"),
    }
    return [cells.table("invoice_line", columns, format="intacct ar_invoice_item", system=SYSTEM, mapping=mapping)]


def project(cells: Cells) -> list[TableRead]:
    """project: projects by their number."""
    _start(cells, dates=("begindate", "enddate"))
    declared = options.block(cells.context, SYSTEM, "statuses", ("planned", "execute", "care", "closed", "cancelled"))
    statuses = {**_STATUSES, **{key.lower(): value for key, value in declared.items()}}
    status = looked_up(cells.text("projectstatus").str.to_lowercase(), statuses)
    columns = {
        "project_id": cells.text("projectid"),
        "project_name": cells.text("name"),
        "customer_id": cells.text("customerid"),
        "business_group": cells.text("departmentname", "departmentid"),
        "currency_code": _base_currency(cells, "currency", "basecurr"),
        "status": pl.coalesce(status, cells.text("projectstatus")),
        "start_date": cells.date("begindate"),
        "planned_end_date": cells.date("enddate"),
    }
    mapping = {
        "project_id": cells.named("projectid"),
        "project_name": cells.named("name"),
        "customer_id": cells.named("customerid"),
        "currency_code": cells.named("currency", "basecurr"),
        "status": f"{cells.named('projectstatus')} ([intacct.statuses])",
        "start_date": cells.named("begindate"),
    }
    return [cells.table("project", columns, format="intacct project", system=SYSTEM, mapping=mapping)]


def customer(cells: Cells) -> list[TableRead]:
    """customer: customers by their number."""
    _start(cells)
    columns = {
        "customer_id": cells.text("customerid"),
        "customer_name": cells.text("name"),
        "vat_id": cells.text("taxid"),
    }
    mapping = {"customer_id": cells.named("customerid"), "customer_name": cells.named("name")}
    return [cells.table("customer", columns, format="intacct customer", system=SYSTEM, mapping=mapping)]


def timesheet_entry(cells: Cells) -> list[TableRead]:
    """timesheetentry: hours by person, project and day."""
    _start(cells, numbers=("qty",), dates=("entrydate",))
    states = {
        "approved": "approved", "posted": "approved", "draft": "draft", "saved": "draft", "submitted": "submitted",
        "declined": "rejected", "rejected": "rejected", "partially approved": "submitted",
    }  # fmt: skip
    state = cells.text("state").str.to_lowercase()
    columns = {
        "entry_id": cells.text("recordno"),
        "employee_id": cells.text("employeeid"),
        "project_id": cells.text("projectid"),
        "wbs_id": cells.text("taskid"),
        "work_date": cells.date("entrydate"),
        "hours": cells.number("qty"),
        "activity": cells.text("timetype", "itemid"),
        "is_billable": pl.when(cells.flag("billable")).then(pl.lit("true")).otherwise(pl.lit("false")),
        "approval_status": pl.coalesce(looked_up(state, states), cells.text("state")),
        "description": cells.text("description", "notes"),
    }
    mapping = {
        "entry_id": cells.named("recordno"),
        "employee_id": cells.named("employeeid"),
        "project_id": cells.named("projectid"),
        "work_date": cells.named("entrydate"),
        "hours": cells.named("qty"),
        "approval_status": cells.named("state"),
    }
    return [cells.table("time_entry", columns, format="intacct timesheetentry", system=SYSTEM, mapping=mapping)]
