"""A sound row is two postings, or three where tax is taken out: vectorised, exact to the cent, zero in sum."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from pipelines.formats.accounts import COST_CLASSES
from pipelines.formats.datev.charts import Standard
from pipelines.formats.datev.header import Header
from pipelines.formats.datev.options import Options
from pipelines.formats.datev.taxes import CUT_FROM, CUT_TO, Automatic, on_day, read_key, tax_account

_MONEY = pl.Decimal(38, 6)
_SCALE = 10_000  # rates in ten thousandths
_PROFIT_AND_LOSS = (*COST_CLASSES, "revenue")
_ACCOUNTS = {
    "account": pl.String,
    "class": pl.String,
    "taxable": pl.Int8,
    "automatic": pl.Int64,
    "automatic_cut": pl.Int64,
    "automatic_side": pl.String,
}
_KEYS = {
    "key": pl.String,
    "rate": pl.Int64,
    "rate_cut": pl.Int64,
    "key_side": pl.String,
    "reverses": pl.Boolean,
    "no_automatic": pl.Boolean,
    "is_empty": pl.Boolean,
}


@dataclass(frozen=True)
class Books:
    """What accounts and keys of one file mean."""

    header: Header
    options: Options
    standard: Standard | None

    def is_personal(self, account: str) -> bool:
        """Customers and suppliers have one digit more than ledger accounts."""
        return len(account) > self.header.account_length

    def _taxable(self, account: str, account_class: str | None, *, is_automatic: bool) -> int:
        """How likely tax is taken out of an account: never a partner or money, rather profit and loss than assets, and
        most of all one that does so by itself."""
        if is_automatic:
            return 3
        if self.is_personal(account) or account_class in ("receivable", "payable"):
            return 0
        first = account.zfill(self.header.account_length)[:4]
        if self.standard is not None and any(low <= first <= high for low, high in self.standard.money):
            return 0
        return 2 if account_class in _PROFIT_AND_LOSS else 1

    def accounts(self, codes: pl.Series) -> pl.LazyFrame:
        automatic = Automatic(self.options, self.standard, self.header.account_length)
        rows = []
        for code in codes:
            known = None if self.is_personal(code) else self.options.class_of(
                code, length=self.header.account_length, standard=self.standard
            )  # fmt: skip
            found = automatic.of(code)
            rate, side = found if found is not None else (None, None)
            rows.append(
                (
                    code,
                    known,
                    self._taxable(code, known, is_automatic=found is not None),
                    None if rate is None else int(rate * _SCALE),
                    None if rate is None else int((on_day(rate, is_cut=True) if side else rate) * _SCALE),
                    side,
                )
            )
        return pl.LazyFrame(rows, schema=_ACCOUNTS, orient="row")

    def keys(self, keys: pl.Series) -> pl.LazyFrame:
        rows = []
        for text in keys:
            key = read_key(text, self.options)
            cut = key.rate if key.rate is None or key.is_fixed else on_day(key.rate, is_cut=True)
            rows.append(
                (
                    text,
                    None if key.rate is None else int(key.rate * _SCALE),
                    None if cut is None else int(cut * _SCALE),
                    key.side,
                    key.reverses,
                    key.no_automatic,
                    key.is_empty,
                )
            )
        return pl.LazyFrame(rows, schema=_KEYS, orient="row")


def _cents(amount: pl.Expr) -> pl.Expr:
    return (amount * 100).cast(pl.Int64)


def _money(cents: pl.Expr) -> pl.Expr:
    return (cents.cast(_MONEY) * pl.lit("0.01").cast(_MONEY)).cast(_MONEY)


def booked(rows: pl.LazyFrame, books: Books) -> pl.LazyFrame:
    """Sound rows with what they move, in cents: `gross` (debit of Konto positive), `tax` of it, and whose tax it is.

    Tax is taken out of the account that can have some: a cost or revenue account before any other, Gegenkonto (to
    which DATEV's key belongs) where both or neither are.
    """
    uniques = rows.select(
        pl.col("from_account").unique().implode().alias("from"),
        pl.col("to_account").unique().implode().alias("to"),
        pl.col("key").fill_null("").unique().implode().alias("keys"),
    ).collect(engine="streaming")
    codes = pl.concat([uniques["from"].explode(), uniques["to"].explode()]).unique().drop_nulls().sort()
    accounts, keys = books.accounts(codes), books.keys(uniques["keys"].explode().drop_nulls().sort())
    joined = (
        rows.with_columns(pl.col("key").fill_null(""))
        .join(accounts.rename(lambda name: f"from_{name}"), on="from_account", how="left")
        .join(accounts.rename(lambda name: f"to_{name}"), on="to_account", how="left")
        .join(keys, on="key", how="left")
    )
    is_taxed_from = pl.col("from_taxable") > pl.col("to_taxable")

    def of_taxed(name: str) -> pl.Expr:
        return pl.when(is_taxed_from).then(pl.col(f"from_{name}")).otherwise(pl.col(f"to_{name}"))

    is_cut = pl.coalesce("supplied_on", "booked").is_between(CUT_FROM, CUT_TO)
    uses_automatic = pl.col("is_empty") & ~pl.col("no_automatic") & of_taxed("automatic").is_not_null()
    stated = pl.when(pl.col("tax_rate").str.contains(r"^\d{1,2}(,\d{1,2})?$")).then(
        pl.col("tax_rate").str.replace(",", ".", literal=True).cast(_MONEY) * 100
    )
    by_key = pl.when(is_cut).then(pl.col("rate_cut")).otherwise(pl.col("rate"))
    by_account = pl.when(is_cut).then(of_taxed("automatic_cut")).otherwise(of_taxed("automatic"))
    rate = pl.when(uses_automatic).then(by_account).otherwise(pl.coalesce(by_key, stated.cast(pl.Int64)))
    reverses = pl.col("reverses") | pl.coalesce(pl.col("reversal").str.to_uppercase(), pl.lit("0")).is_in(
        ["1", "G", "GU"]
    )
    sign = (
        pl.when(pl.coalesce(pl.col("side").str.to_uppercase(), pl.lit("S")) == "S").then(1).otherwise(-1)
        * pl.when(reverses).then(-1).otherwise(1)
    ).cast(pl.Int64)
    cents = _cents(pl.col("amount"))
    magnitude, share = cents.abs(), pl.coalesce("rate_used", pl.lit(0, dtype=pl.Int64))
    # net half away from zero, the tax is what remains
    net = (2 * magnitude * _SCALE + _SCALE + share) // (2 * (_SCALE + share))
    tax = pl.when(share > 0).then(magnitude - net).otherwise(0) * cents.sign()
    taxed_class = of_taxed("class")
    is_debit = pl.when(is_taxed_from).then(sign * cents.sign() > 0).otherwise(sign * cents.sign() < 0)
    side = pl.coalesce(
        pl.when(uses_automatic).then(of_taxed("automatic_side")).otherwise(pl.col("key_side")),
        pl.when(taxed_class == "revenue").then(pl.lit("output")),
        pl.when(taxed_class.is_in(COST_CLASSES)).then(pl.lit("input")),
        pl.when(is_debit).then(pl.lit("input")).otherwise(pl.lit("output")),
    )
    return (
        joined.with_columns(rate.alias("rate_used"), is_taxed_from.alias("is_taxed_from"))
        .with_columns((sign * cents).alias("gross"), (sign * tax).alias("tax"), side.alias("tax_side"))
        .with_columns((pl.col("rate_used").is_null() & ~pl.col("is_empty")).alias("is_key_unknown"))
    )


def postings(rows: pl.LazyFrame, books: Books) -> pl.LazyFrame:
    """account, class, amount (debit positive), other_account and what the row says; one row a posting."""
    shared = ["booked", "document", "text", "project", "source_line"]
    own_tax = pl.when(pl.col("is_taxed_from")).then(pl.col("tax")).otherwise(0)
    other_tax = pl.when(pl.col("is_taxed_from")).then(0).otherwise(pl.col("tax"))

    def side(account: str, account_class: pl.Expr, cents: pl.Expr, other: str) -> pl.LazyFrame:
        return rows.select(
            pl.col(account).alias("account"),
            account_class.alias("class"),
            _money(cents).alias("amount"),
            pl.col(other).alias("other_account"),
            *shared,
        )

    taxed = rows.filter(pl.col("tax") != 0)
    named = taxed.select(pl.col("key"), "tax_side", "rate_used").unique().collect(engine="streaming")
    names = pl.LazyFrame(
        [
            (*row, tax_account(row[0].lstrip("0"), row[1], _rate(row[2]), books.options, books.standard,
                               books.header.account_length))
            for row in named.iter_rows()
        ],
        schema={"key": pl.String, "tax_side": pl.String, "rate_used": pl.Int64, "tax_account": pl.String},
        orient="row",
    )  # fmt: skip
    of_tax = taxed.join(names, on=["key", "tax_side", "rate_used"], how="left").select(
        pl.col("tax_account").alias("account"),
        pl.lit("out_of_scope").alias("class"),
        # the tax moves the way its account moves
        _money(pl.when(pl.col("is_taxed_from")).then(pl.col("tax")).otherwise(-pl.col("tax"))).alias("amount"),
        pl.lit(None, dtype=pl.String).alias("other_account"),
        *shared,
    )
    return pl.concat(
        [
            side("from_account", pl.col("from_class"), pl.col("gross") - own_tax, "to_account"),
            side("to_account", pl.col("to_class"), other_tax - pl.col("gross"), "from_account"),
            of_tax,
        ]
    )


def _rate(ten_thousandths: int) -> Decimal:
    return Decimal(ten_thousandths) / _SCALE


def identified(costs: pl.LazyFrame, prefix: str) -> pl.LazyFrame:
    """With `cost_line_id`, made of what the posting says and its occurrence in the file: rows have no numbers."""
    content = pl.concat_str(
        [
            pl.col("booked").cast(pl.String),
            "account",
            pl.col("other_account").fill_null(""),
            pl.col("amount").cast(pl.String),
            pl.col("document").fill_null(""),
            pl.col("text").fill_null(""),
            pl.col("project").fill_null(""),
        ],
        separator="\x1f",
    )
    digest = content.map_elements(
        lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:16], return_dtype=pl.String
    )
    return (
        costs.with_columns(digest.alias("digest"))
        .with_columns(pl.int_range(1, pl.len() + 1).over("digest").alias("nth"))
        .with_columns(pl.format("{}/{}.{}", pl.lit(prefix), "digest", "nth").alias("cost_line_id"))
    )
