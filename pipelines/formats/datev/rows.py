"""Rows of a Buchungsstapel made sound: amounts, days, accounts and currencies, or the reason why one cannot be.

Vectorised; nothing is booked here.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from pipelines.formats.base import FAULT
from pipelines.formats.datev.header import Header

NAMES = {
    "umsatz": ("umsatzohnesollhabenkz", "umsatzohnesollhabenkennzeichen", "umsatz"),
    "side": ("sollhabenkennzeichen", "sollhabenkz", "sollhaben"),
    "currency": ("wkzumsatz",),
    "kurs": ("kurs",),
    "base": ("basisumsatz",),
    "base_currency": ("wkzbasisumsatz",),
    "konto": ("konto",),
    "gegenkonto": ("gegenkontoohnebuschluessel", "gegenkonto"),
    "key": ("buschluessel",),
    "day": ("belegdatum",),
    "document": ("belegfeld1",),
    "text": ("buchungstext",),
    "kost1": ("kost1kostenstelle", "kost1"),
    "kost2": ("kost2kostenstelle", "kost2kostentraeger", "kost2"),
    "reversal": ("generalumkehrgu", "generalumkehr"),
    "tax_rate": ("steuersatz",),
    "supplied": ("leistungsdatum",),
}
REQUIRED = ("umsatz", "side", "konto", "gegenkonto", "day")
# euros and cents, with or without points between thousands; a number with a point alone may be either
_AMOUNT = r"^-?(\d{1,12}|\d{1,3}(\.\d{3}){1,3})(,\d{1,2})?$"
_PLAIN_WHOLE = r"^-?\d{1,3}(\.\d{3})+$"
_RATE = r"^\d{1,5}(,\d{1,6})?$"
_MONEY = pl.Decimal(38, 6)


def _number(column: str, pattern: str) -> pl.Expr:
    text = pl.col(column)
    plain = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    return pl.when(text.str.contains(pattern) & ~text.str.contains(_PLAIN_WHOLE)).then(plain).cast(_MONEY, strict=False)


def _day(column: str, header: Header) -> pl.Expr:
    """A day without a year (TTMM, its zero in front lost: 102 is 1 February) in the file's fiscal year; null elsewhere.

    Of the two calendar years of a fiscal year the one in which the day lies within the file's own period goes first.
    A year that is there (TTMMJJJJ, TT.MM.JJJJ) counts.
    """
    digits = pl.col(column).str.replace_all(".", "", literal=True)
    short = pl.when(digits.str.contains(r"^\d{3,4}$")).then(digits.str.zfill(4))
    whole = pl.when(digits.str.contains(r"^\d{7,8}$")).then(digits.str.zfill(8))
    start, end = header.year_start or header.first, header.year_end or header.last
    found = [whole.str.to_date("%d%m%Y", strict=False)]
    if start is not None and end is not None:
        candidates = [
            (short + pl.lit(str(year))).str.to_date("%d%m%Y", strict=False) for year in range(start.year, end.year + 1)
        ]
        if header.first is not None and header.last is not None:
            found += [pl.when(day.is_between(header.first, header.last)).then(day) for day in candidates]
        found += [pl.when(day.is_between(start, end)).then(day) for day in candidates]
    return pl.coalesce(found)


def _account(column: str) -> pl.Expr:
    text = pl.col(column)
    return pl.when(text.str.contains(r"^\d{1,9}$")).then(text.str.strip_chars_start("0")).replace("", None)


def sound(rows: pl.LazyFrame, header: Header, *, foreign_per_base: bool | None) -> pl.LazyFrame:
    """With `amount` (in the file's currency, positive), `booked` (a day), `from_account`, `to_account` and FAULT."""
    is_foreign = pl.col("currency").is_not_null() & (pl.col("currency").str.to_uppercase() != header.currency)
    umsatz, base, kurs = _number("umsatz", _AMOUNT), _number("base", _AMOUNT), _number("kurs", _RATE)
    # cents by whole numbers: a division of decimals would round on its own
    micro, rate = (umsatz * 1_000_000).cast(pl.Int128), (kurs * 1_000_000).cast(pl.Int128)
    rate = pl.when(rate > 0).then(rate)
    if foreign_per_base is None:
        converted = pl.lit(None, dtype=_MONEY)
    elif foreign_per_base:
        converted = _cents(2 * micro * 100 + rate, 2 * rate)
    else:
        converted = _cents(2 * micro * rate * 100 + 10**12, pl.lit(2 * 10**12, dtype=pl.Int128))
    amount = pl.when(~is_foreign).then(umsatz).when(base.is_not_null()).then(base).otherwise(converted)
    days = [_day("day", header).alias("booked"), _day("supplied", header).alias("supplied_on")]
    fault = (
        pl.when(pl.col(FAULT).is_not_null())
        .then(pl.col(FAULT))
        .when(umsatz.is_null())
        .then(pl.lit("the amount (Umsatz) is no number such as 1234,56"))
        .when(~pl.coalesce("side", pl.lit("S")).str.to_uppercase().is_in(["S", "H"]))
        .then(pl.lit("Soll/Haben-Kennzeichen is neither S nor H"))
        .when(pl.col("from_account").is_null() | pl.col("to_account").is_null())
        .then(pl.lit("Konto or Gegenkonto is no account number"))
        .when(pl.col("booked").is_null())
        .then(pl.lit(f"Belegdatum is no day of the fiscal year {_span(header)}"))
        .when(is_foreign & pl.col("amount").is_null())
        .then(_undecided(kurs))
        .when(is_foreign & pl.col("base_currency").is_not_null() & (pl.col("base_currency") != header.currency))
        .then(pl.lit(f"WKZ Basisumsatz is not {header.currency}, the currency of the file"))
    )
    return rows.with_columns(
        amount.alias("amount"),
        *days,
        _account("konto").alias("from_account"),
        _account("gegenkonto").alias("to_account"),
        is_foreign.fill_null(False).alias("is_foreign"),
    ).with_columns(fault.alias(FAULT))


def _cents(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """A positive fraction of cents, its half already added, as an amount: half away from zero."""
    return ((numerator // denominator).cast(pl.Int64).cast(_MONEY) * pl.lit("0.01").cast(_MONEY)).cast(_MONEY)


def _undecided(kurs: pl.Expr) -> pl.Expr:
    """Why a foreign amount has no value here, with both readings of its rate side by side."""
    umsatz = _number("umsatz", _AMOUNT).cast(pl.Float64)
    rate = kurs.cast(pl.Float64)
    both = pl.format(
        "Basisumsatz is empty, and Kurs {} reads two ways: {} or {}; set rate under [datev] in outturn.toml",
        "kurs",
        (umsatz / rate).round(2),
        (umsatz * rate).round(2),
    )
    return (
        pl.when(kurs.is_null() | (kurs == 0))
        .then(pl.lit("a foreign amount without Basisumsatz or Kurs"))
        .otherwise(both)
    )


def rate_direction(rows: pl.LazyFrame) -> bool | None:
    """Whether Kurs is foreign currency per unit of the file's own: by the rows that give both, if all say the same."""
    umsatz, base = _number("umsatz", _AMOUNT).cast(pl.Float64), _number("base", _AMOUNT).cast(pl.Float64)
    kurs = _number("kurs", _RATE).cast(pl.Float64)
    near = 0.01
    votes = (
        rows.filter(kurs.is_not_null() & base.is_not_null() & (kurs != 1))
        .select(
            (((umsatz / kurs - base).abs() <= near) & ((umsatz * kurs - base).abs() > near)).sum().alias("per_base"),
            (((umsatz * kurs - base).abs() <= near) & ((umsatz / kurs - base).abs() > near)).sum().alias("per_foreign"),
        )
        .collect(engine="streaming")
        .row(0)
    )
    if bool(votes[0]) == bool(votes[1]):
        return None
    return bool(votes[0])


def _span(header: Header) -> str:
    def shown(day: date | None) -> str:
        return day.isoformat() if day is not None else "?"

    return f"{shown(header.year_start or header.first)} to {shown(header.year_end or header.last)}"
