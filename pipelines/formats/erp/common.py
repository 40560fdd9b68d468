"""What the ERP readers share: numbers without their leading zeros, rows left out by a rule, keys made of content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import polars as pl

from pipelines.formats.base import FAULT

# Rows of a scratch file that are written and read at once: larger groups take memory by the size of the file.
ROW_GROUP = 10_000
_AMOUNT = pl.Decimal(38, 6)
_NUMBER = r"^-?\d{1,18}(?:\.\d{1,6}0*)?$"


def alpha(text: pl.Expr) -> pl.Expr:
    """A number as SAP shows it: 0000400000 is 400000. What holds anything but digits stays as it is. Spreadsheets
    lose the zeros, tables keep them; so that both meet, nobody has them."""
    return (
        pl.when(text.str.contains(r"^0+\d*$"))
        .then(pl.when(text.str.contains(r"[1-9]")).then(text.str.strip_chars_start("0")))
        .otherwise(text)
    )


def decimal(text: pl.Expr) -> pl.Expr:
    """The exact value of a canonical number's text; null where it is none."""
    return pl.when(text.str.contains(_NUMBER)).then(text).cast(_AMOUNT, strict=False)


def prefixed(code: pl.Expr, values: Mapping[str, str]) -> pl.Expr:
    """What the longest beginning of `code` among `values` stands for; null where none fits."""
    found = pl.lit(None, dtype=pl.String)
    for start, value in sorted(values.items(), key=lambda item: len(item[0])):
        found = pl.when(code.str.starts_with(start)).then(pl.lit(value)).otherwise(found)
    return found


def shown(value: Decimal | None) -> str:
    """An amount as a person writes it: 25, not 25.000000."""
    return f"{(value or Decimal(0)).normalize():f}"


def left_out(
    frame: pl.LazyFrame, condition: pl.Expr, what: str, *, amount: pl.Expr | None = None
) -> tuple[pl.LazyFrame, list[str]]:
    """The rows without those of `condition`, and how many of `what` with which amount were left out. Faulty rows
    stay: nothing in them can be trusted."""
    hit = condition.fill_null(False) & pl.col(FAULT).is_null()
    value = decimal(amount).filter(hit).sum() if amount is not None else pl.lit(None, dtype=_AMOUNT)
    count, total = frame.select(hit.sum(), value.alias("total")).collect(engine="streaming").row(0)
    if not count:
        return frame, []
    money = f", amounts of {shown(total)}" if amount is not None else ""
    return frame.filter(~hit), [f"{count} {what} left out{money}"]


def occurrence(frame: pl.LazyFrame, column: str, *, prefix: str, parts: Sequence[str]) -> pl.LazyFrame:
    """A key made of a row's content and of how often it stood before: identical rows are legal."""
    number = (pl.int_range(pl.len()).over(list(parts)) + 1).cast(pl.String)
    content = pl.concat_str([pl.lit(prefix), *(pl.col(part).fill_null("") for part in parts), number], separator="/")
    return frame.with_columns(content.alias(column))
