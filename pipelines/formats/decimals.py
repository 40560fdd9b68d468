"""Decimals and days as XML writes them (xs:decimal, xs:date): text, Decimal and Polars expressions, never guessed."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

AMOUNT = pl.Decimal(38, 6)
_DECIMAL = re.compile(r"^[-+]?(\d{1,18}(\.\d*)?|\.\d+)$")
_CANONICAL = r"^-?\d{1,18}(\.\d{1,6}0*)?$"


def number(text: str | None) -> Decimal | None:
    """A number as xs:decimal has it; None where it is empty or none."""
    text = (text or "").strip()
    return Decimal(text) if _DECIMAL.match(text) else None


def shown(value: Decimal) -> str:
    """At least two decimals, more only where there are more; never -0.00."""
    whole, _, decimals = f"{value if value else abs(value):f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def places(text: str) -> int:
    """Decimals as written."""
    return len(text.strip().partition(".")[2])


def plain(column: str) -> pl.Expr:
    """A column's numbers in the canonical form; what is none stays as it is, an empty text becomes null."""
    text = (
        pl.col(column).str.strip_chars().str.strip_prefix("+").str.replace(r"^(-?)\.", "${1}0.").str.replace(r"\.$", "")
    )
    return pl.when(text != "").then(text)


def exact(text: pl.Expr) -> pl.Expr:
    """Canonical numbers as decimals; null for everything else."""
    return pl.when(text.str.contains(_CANONICAL)).then(text).cast(AMOUNT, strict=False)


def written(value: pl.Expr) -> pl.Expr:
    """Decimals as text with at least two decimals: 12.50, 0.000001."""
    return value.cast(pl.String).str.replace(r"(\.\d{2}\d*?)0+$", "$1")


def day(column: str) -> pl.Expr:
    """The day of an xs:date or xs:dateTime (a time or a zone behind it does not matter); what is none stays."""
    text = pl.col(column).str.strip_chars()
    return (
        pl.when(text.str.contains(r"^\d{4}-\d{2}-\d{2}(T.*|Z|[-+]\d{2}:\d{2})?$"))
        .then(text.str.slice(0, 10))
        .otherwise(text)
    )
