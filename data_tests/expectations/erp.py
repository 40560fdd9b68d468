"""The door of the feed `erp`: master data, contracts, plans, postings, rates."""

from __future__ import annotations

from collections.abc import Iterator

from data_tests.expectations.door import feed_checks, rule
from pipelines.quality.checks import Check, SuiteContext

EVENTS = {
    "cost_line": "posting_date",
    "gl_balance": "month",
    "payment": "paid_on",
    "progress": "observed_on",
    "purchase_order_line": "ordered_on",
}

# Rates are published with 4 to 6 digits, so a rate times its inverse misses 1 by rounding; a rate the wrong way round
# or a slipped decimal point misses it by far more than this.
INVERSE_TOLERANCE = "0.005"
# No currency of the euro's reference rates lost half its value from one delivered day to the next.
JUMP = "0.5"


def checks(context: SuiteContext) -> Iterator[Check]:
    yield from feed_checks("erp", events=EVENTS, as_of=context.as_of)
    yield from _master_data()
    yield from _postings()
    yield from _exchange_rates()
    yield _rates_in_force("cost_rate", who=("employee_id", "role_id"))
    yield _rates_in_force("bill_rate", who=("contract_line_id", "role_id", "employee_id"))


def _master_data() -> Iterator[Check]:
    yield rule(
        "customer",
        "vat_id_names_one_customer",
        breaks="vat_id in (select vat_id from {batch} where vat_id is not null group by vat_id having count(*) > 1)",
        holds="no two customers have the same vat_id",
        remedy="join the two customers, or correct vat_id: the buyer of an e-invoice is found by it",
        column="vat_id",
    )
    yield rule(
        "wbs_element",
        "parent_is_in_the_same_project",
        breaks=(
            "parent_wbs_id is not null and (project_id, parent_wbs_id) not in "
            "(select (project_id, wbs_id) from raw.wbs_element)"
        ),
        holds="a parent is an element of the same project",
        remedy="deliver the parent, or correct parent_wbs_id",
        column="parent_wbs_id",
    )
    yield rule(
        "plan_line",
        "plan_version_is_known",
        breaks="(project_id, plan_version_id) not in (select (project_id, plan_version_id) from raw.plan_version)",
        holds="a plan line belongs to a delivered plan version",
        remedy="deliver the plan_version; without its kind and its day the plan is in force for nothing",
        column="plan_version_id",
        reads=("plan_version",),
    )


def _postings() -> Iterator[Check]:
    yield rule(
        "cost_line",
        "cost_has_a_category",
        breaks=(
            "category is null and (account_code is null or account_code not in (select account_code from raw.account))"
        ),
        holds="a cost line has a category, or an account that has a class",
        remedy="deliver the account, or give category; until then the cost counts as other",
        column="category",
        reads=("account",),
    )
    yield rule(
        "payment",
        "invoice_is_known",
        breaks="(invoice_id, direction) not in (select (invoice_id, direction) from raw.invoice)",
        holds="a payment belongs to a delivered invoice",
        remedy="deliver the invoice, or correct invoice_id; until then the payment settles nothing",
        column="invoice_id",
        reads=("invoice",),
    )
    # Control totals may be a part of the ledger, which need not balance; with these classes it is the whole of it.
    whole = " and ".join(
        "company_id in (select g.company_id from {batch} as g inner join raw.account as a "
        f"on g.account_code = a.account_code where a.class = '{kind}')"
        for kind in ("receivable", "payable", "out_of_scope")
    )
    yield rule(
        "gl_balance",
        "ledger_balances",
        breaks=(
            "(company_id, month, currency_code) in (select (company_id, month, currency_code) from {batch} "
            f"group by company_id, month, currency_code having sum(amount) <> 0) and {whole}"
        ),
        holds="debits and credits of a month sum to zero, where the whole ledger of a company is delivered",
        remedy="deliver all accounts of the month with debit positive and credit negative",
        column="amount",
        reads=("account",),
    )


def _exchange_rates() -> Iterator[Check]:
    yield rule(
        "exchange_rate",
        "inverse_agrees",
        breaks=(
            "exists (select 1 from raw.exchange_rate as back where back.from_currency = b.to_currency "
            "and back.to_currency = b.from_currency and back.rate_date = b.rate_date "
            "and back.rate_type = b.rate_type and back.from_currency <> back.to_currency "
            f"and abs(cast(back.rate as double) * b.rate - 1) > {INVERSE_TOLERANCE})"
        ),
        holds="a rate and the rate of the other direction are each other's inverse",
        remedy="1 unit of from_currency = rate units of to_currency: correct the direction that is wrong",
        column="rate",
    )
    yield rule(
        "exchange_rate",
        "rate_does_not_jump",
        breaks=(
            "(from_currency, to_currency, rate_type, rate_date) in ("
            "select (from_currency, to_currency, rate_type, rate_date) from ("
            "select from_currency, to_currency, rate_type, rate_date, rate, lag(rate) over "
            "(partition by from_currency, to_currency, rate_type order by rate_date) as before from {batch}) as moves "
            f"where rate_type = 'daily' and abs(rate - before) > {JUMP} * least(rate, before))"
        ),
        holds="a daily rate differs by less than half from the one before it",
        remedy="look for a slipped decimal point, a rate for 100 units, or a pair the wrong way round",
        column="rate",
    )
    yield rule(
        "exchange_rate",
        "same_currency_is_one",
        breaks="from_currency = to_currency and rate <> 1",
        holds="a currency is worth 1 of itself",
        remedy="correct from_currency or to_currency, or leave the row out",
        column="rate",
    )


def _rates_in_force(table: str, *, who: tuple[str, ...]) -> Check:
    """An open rate that a later one follows is how effective dates are kept; closed periods that overlap are not."""
    return Check(
        name="rates_do_not_overlap",
        schema_name="raw",
        model_name=table,
        column_name="valid_to",
        severity="warning",
        holds="a rate with a last day ends before the next one of the same kind begins",
        remedy="end the earlier rate the day before the later one begins; until then the later one is taken",
        rows=(
            "select source_file_id, source_line from (select source_file_id, source_line, valid_to, "
            f"lead(valid_from) over (partition by {', '.join(who)} order by valid_from) as next_from "
            "from {batch}) as periods where valid_to >= next_from"
        ),
    )
