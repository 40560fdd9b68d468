"""General ledger lines of a SAF-T file to `gl_balance` and `cost_line`, vectorised over the spools.

Every line goes into the movement of its account and month; those that carry a project go into `cost_line` as well,
unless their account is known to be no cost. The two are never added up: gl_balance is a control total.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from pipelines.formats.accounts import COST_CLASSES
from pipelines.formats.base import FAULT
from pipelines.formats.decimals import AMOUNT, day, exact, plain, written
from pipelines.formats.saft.spool import Spool

_ZERO = pl.lit(0, dtype=AMOUNT)
_NO_FAULT = pl.lit(None, dtype=pl.String).alias(FAULT)


@dataclass(frozen=True)
class Balances:
    frame: pl.LazyFrame  # rows of gl_balance
    debit: Decimal  # of the lines whose amount is a number
    credit: Decimal
    unreadable: int  # lines without account, day or amount
    by_account: Mapping[str, Decimal]


def _signed(debit: pl.Expr, credit: pl.Expr) -> pl.Expr:
    return debit.fill_null(_ZERO) - credit.fill_null(_ZERO)


def _side(name: str) -> tuple[pl.Expr, pl.Expr]:
    """The amount of a side and whether something stands there that is no number."""
    text = plain(name)
    return exact(text), text.is_not_null() & exact(text).is_null()


def _amounts(lines: pl.LazyFrame) -> pl.LazyFrame:
    """With `debit_amount`, `credit_amount` and `amount` (debit positive); null where the line has none."""
    (debit, bad_debit), (credit, bad_credit) = _side("debit"), _side("credit")
    has_one = plain("debit").is_not_null() | plain("credit").is_not_null()
    return lines.with_columns(
        debit.alias("debit_amount"),
        credit.alias("credit_amount"),
        pl.when(has_one & ~bad_debit & ~bad_credit).then(_signed(debit, credit)).alias("amount"),
        # what a reject shows: the text that is no number
        pl.when(bad_debit).then(plain("debit")).when(bad_credit).then(plain("credit")).alias("as_written"),
        day("date").alias("day"),
    )


def balances(lines: Spool, *, company: str, currency: str) -> Balances:
    """Movements by account and month; a line that lacks something stands alone, to be rejected with its amount."""
    account = pl.col("account").str.strip_chars()
    sound = (
        pl.col("amount").is_not_null()
        & (account.str.len_chars() > 0).fill_null(False)
        & pl.col("day").str.to_date("%Y-%m-%d", strict=False).is_not_null()
    ).alias("sound")
    all_lines = _amounts(lines.scan()).with_columns(sound, account.alias("account"))
    good = all_lines.filter("sound").with_columns(pl.col("day").str.slice(0, 7).alias("month"))
    summed, totals = pl.collect_all(
        [
            good.group_by("account", "month").agg(pl.col("amount").sum(), pl.col("n").min(), pl.len().alias("lines")),
            all_lines.select(
                pl.col("debit_amount").sum(), pl.col("credit_amount").sum(), (~pl.col("sound")).sum().alias("bad")
            ),
        ],
        engine="streaming",
    )
    summed = summed.sort("n")
    first = (
        lines.scan().select("n", "path").join(summed.lazy().select("n"), on="n", how="semi").collect(engine="streaming")
    )
    months = (
        summed.join(first, on="n", how="left", maintain_order="left")
        .lazy()
        .select(
            pl.col("account").alias("account_code"),
            "month",
            written(pl.col("amount")).alias("amount"),
            pl.col("path").alias("source_line"),
        )
    )
    bad = all_lines.filter(~pl.col("sound")).select(
        pl.col("account").alias("account_code"),
        pl.col("day").alias("month"),
        pl.coalesce(written(pl.col("amount")), "as_written").alias("amount"),
        pl.col("path").alias("source_line"),
    )
    frame = pl.concat([months, bad]) if totals["bad"].item() else months
    by_account = summed.group_by("account").agg(pl.col("amount").sum())
    return Balances(
        frame=frame.with_columns(
            pl.lit(company).alias("company_id"), pl.lit(currency).alias("currency_code"), _NO_FAULT
        ),
        debit=totals["debit_amount"].item() or Decimal(0),
        credit=totals["credit_amount"].item() or Decimal(0),
        unreadable=totals["bad"].item() or 0,
        by_account=dict(by_account.iter_rows()),
    )


@dataclass(frozen=True)
class LeftOut:
    """Lines with a project on accounts of a class that is no cost."""

    account_class: str
    lines: int
    amount: Decimal


@dataclass(frozen=True)
class Costs:
    frame: pl.LazyFrame  # rows of cost_line
    left_out: tuple[LeftOut, ...]
    unclassified: tuple[tuple[str, int, Decimal], ...]  # account, lines with a project, amount
    over_allocated: int  # lines whose analyses add up to more than the line


def _of_project() -> tuple[pl.Expr, pl.Expr]:
    """Amount of the analysis (debit positive) and the text in it that is no number.

    An amount of a 1.x file has no side: it has that of its line, unless it already bears the sign of the credit.
    """
    (debit, bad_debit), (credit, bad_credit) = _side("of_project_debit"), _side("of_project_credit")
    (unsided, bad_unsided) = _side("of_project")
    on_credit = plain("debit").is_null() & plain("credit").is_not_null()
    line = pl.col("credit_amount")
    opposite = ((line > 0) & (unsided < 0)) | ((line < 0) & (unsided > 0))
    value = (
        pl.when(plain("of_project_debit").is_not_null() | plain("of_project_credit").is_not_null())
        .then(pl.when(~bad_debit & ~bad_credit).then(_signed(debit, credit)))
        .when(plain("of_project").is_not_null())
        .then(pl.when(on_credit & ~opposite.fill_null(False)).then(-unsided).otherwise(unsided))
        .when(pl.col("projects") == 1)
        .then(pl.col("amount"))
    )
    wrong = (
        pl.when(bad_debit)
        .then(plain("of_project_debit"))
        .when(bad_credit)
        .then(plain("of_project_credit"))
        .when(bad_unsided)
        .then(plain("of_project"))
        .otherwise(pl.col("as_written"))
    )
    return value, wrong


def costs(projects: Spool, *, company: str, currency: str, classes: Mapping[str, str | None]) -> Costs:
    """Lines that carry a project, by what `classes` says of their account (None: nobody knows).

    Taken are cost accounts and accounts of no known class, which `account` may still be told; revenue, receivables and
    the like are left out and counted.
    """
    value, wrong = _of_project()
    known = pl.LazyFrame(
        {"account": list(classes), "class": list(classes.values())}, schema={"account": pl.String, "class": pl.String}
    )
    every = (
        _amounts(projects.scan())
        .with_columns(value.alias("cost"), wrong.alias("wrong"), pl.col("account").str.strip_chars())
        .join(known, on="account", how="left")
    )
    is_cost = pl.col("class").is_null() | pl.col("class").is_in(COST_CLASSES)
    by_class, by_account, over = pl.collect_all(
        [
            every.filter(~is_cost).group_by("class").agg(pl.len(), pl.col("cost").sum()).sort("class"),
            every.filter(pl.col("class").is_null())
            .group_by("account")
            .agg(pl.len(), pl.col("cost").sum())
            .sort("account"),
            every.filter(pl.col("projects") > 1)
            .group_by("path")
            .agg(pl.col("cost").sum(), pl.col("amount").first())
            .filter(pl.col("cost").abs() > pl.col("amount").abs())
            .select(pl.len()),
        ],
        engine="streaming",
    )
    several = pl.col("projects") > 1
    undivided = several & pl.col("cost").is_null() & pl.col("wrong").is_null()
    # one line's shares are told apart by project and place
    share = pl.when(several).then(pl.format("/{}.{}", pl.col("project").fill_null(""), "nth")).otherwise(pl.lit(""))
    frame = every.filter(is_cost).select(
        pl.format("{}/{}{}", pl.lit(company), "key", share).alias("cost_line_id"),
        pl.col("project").str.strip_chars().alias("project_id"),
        pl.col("day").alias("posting_date"),
        pl.col("account").alias("account_code"),
        pl.coalesce(written(pl.col("cost")), "wrong").alias("amount"),
        pl.lit(currency).alias("currency_code"),
        plain("quantity").alias("quantity"),
        pl.col("supplier").str.strip_chars().alias("supplier_id"),
        pl.col("document").str.strip_chars().alias("document_number"),
        pl.col("description").str.strip_chars().alias("description"),
        pl.col("path").alias("source_line"),
        pl.when(undivided)
        .then(pl.lit("the line names several projects and no amount for this one: it cannot be divided"))
        .alias(FAULT),
    )
    return Costs(
        frame=frame,
        left_out=tuple(LeftOut(name, lines, amount or Decimal(0)) for name, lines, amount in by_class.iter_rows()),
        unclassified=tuple(
            (account or "", lines, amount or Decimal(0)) for account, lines, amount in by_account.iter_rows()
        ),
        over_allocated=over.item(),
    )


def rates(foreign: Spool, *, currency: str) -> tuple[pl.LazyFrame, int]:
    """Rows of `exchange_rate` from the rates of the lines, and how many pairs of currency and day have none.

    A rate counts where amount = currency amount x rate holds to the cent; of a day with several rates none is taken,
    since nobody can say which.
    """
    lines = _amounts(foreign.scan()).with_columns(
        exact(plain("currency_amount")).cast(pl.Float64).alias("foreign"),
        exact(plain("rate")).alias("exact_rate"),
        pl.col("amount").cast(pl.Float64).abs().alias("home"),
        pl.col("currency").str.strip_chars(),
    )
    rate = pl.col("exact_rate").cast(pl.Float64)
    direct = (pl.col("foreign").abs() * rate - pl.col("home")).abs() <= 0.01
    counted = (
        lines.filter(pl.col("currency") != currency)
        .with_columns(pl.when(direct).then(pl.col("exact_rate")).alias("found"))
        .group_by("currency", "day")
        .agg(pl.col("found").drop_nulls().unique().alias("rates"))
        .collect(engine="streaming")
    )
    one = counted.filter(pl.col("rates").list.len() == 1)
    frame = one.lazy().select(
        pl.col("currency").alias("from_currency"),
        pl.lit(currency).alias("to_currency"),
        pl.col("day").alias("rate_date"),
        pl.lit("daily").alias("rate_type"),
        written(pl.col("rates").list.first()).alias("rate"),
        pl.format("/AuditFile/GeneralLedgerEntries[{} {}]", "currency", "day").alias("source_line"),
        _NO_FAULT,
    )
    return frame, counted.height - one.height
