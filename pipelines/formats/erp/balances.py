"""Ledger lines added up to gl_balance."""

from __future__ import annotations

import polars as pl

from pipelines.formats.base import FAULT, Replacement, TableRead
from pipelines.formats.erp.cells import Cells
from pipelines.formats.erp.common import decimal


def balance_read(
    cells: Cells,
    *,
    company: pl.Expr,
    account: pl.Expr,
    date: pl.Expr,
    amount: pl.Expr,
    currency: pl.Expr,
    format: str,
    system: str,
) -> TableRead:
    """gl_balance: movements by company, account and month of the rows that can be added up; the others stay one by
    one and are rejected."""
    rows = cells.frame.select(
        company.alias("company_id"),
        account.alias("account_code"),
        date.str.slice(0, 7).alias("month"),
        currency.alias("currency_code"),
        amount.alias("text"),
        decimal(amount).alias("amount"),
        "source_line",
        FAULT,
    )
    month = pl.col("month").str.contains(r"^\d{4}-\d{2}$").fill_null(False)
    usable = pl.col(FAULT).is_null() & pl.col("amount").is_not_null() & month
    key = ["company_id", "account_code", "month", "currency_code"]
    summed = (
        rows.filter(usable)
        .group_by(key, maintain_order=True)
        .agg(pl.col("amount").sum().cast(pl.String), pl.col("source_line").first())
        .select(*key, "amount", "source_line", pl.lit(None, dtype=pl.String).alias(FAULT))
    )
    others = rows.filter(~usable).select(*key, pl.col("text").alias("amount"), "source_line", FAULT)
    return TableRead(
        format=format,
        table="gl_balance",
        frame=pl.concat([summed, others]),
        warnings=(
            *cells.warnings,
            "gl_balance holds the sums of this file by company, account and month: deliver whole months, a later file "
            "replaces the months and companies it holds",
        ),
        mapping={"amount": "sum of the postings", "month": "month of the posting date"},
        dialect=cells.raw.dialect,
        source_system=system,
        replaces=Replacement(period="month", within=("company_id",)),
    )
