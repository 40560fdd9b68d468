"""How a file writes its numbers and dates, decided once from all of its values; never per value, never guessed.

`1.234` is 1234 in a file that elsewhere writes `5,50`, and 1.234 in one that writes `5.50`; where nothing in the file
decides, it is refused with both readings. Which columns hold numbers is the caller's knowledge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.errors import RefusedFile

COMMA, POINT = "comma", "point"
DAY_FIRST, MONTH_FIRST = "day_first", "month_first"

# Of the values that speak for one spelling so many may be strays of the other: their rows are rejected. Beyond it the
# file is two files.
_STRAYS = 0.01

_BLANKS = r"[\s\u00a0\u2007\u202f'’]"  # thousands signs that decide nothing; never a decimal sign
_GROUPED = {
    # Indian lakh grouping (1,23,456.00) has groups of two before the last one
    POINT: r"(?:\d+|\d{1,3}(?:,\d{2,3})*,\d{3})(?:\.\d*)?|\.\d+",
    COMMA: r"(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d*)?|,\d+",
}
_SHAPE = {
    spelling: rf"^(?:[+-]?(?:{body})|(?:{body})[-+]|\((?:{body})\))$" for spelling, body in _GROUPED.items()
}  # fmt: skip
# one separator, three digits after it, one to three before: a thousand in one spelling, a fraction in the other
_EITHER = r"^[+(-]?[1-9]\d{0,2}[.,]\d{3}[)+-]?$"

_ISO = r"^(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[ T].*)?$"
_COMPACT = r"^((?:19|20|21)\d{2})(\d{2})(\d{2})$"
_DOTTED = r"^(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})(?: .*)?$"
_SLASHED = r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?: .*)?$"
_WORDED = r"^(\d{1,2})[ .-]+([A-Za-zÀ-ž]{3,9})\.?[ -]+(\d{4}|\d{2})$"
_SERIAL = r"^([2-7]\d{4})(?:\.\d+)?$"  # days of Excel: 1954 to 2119
_NO_DATE = r"^[0 .:/-]+$"
_MONTHS = {
    1: ("jan",), 2: ("feb", "fév", "fev"), 3: ("mar", "mär", "mrz"), 4: ("apr", "avr", "abr"),
    5: ("may", "mai", "maj", "mei"), 6: ("jun", "juin"), 7: ("jul", "juil"), 8: ("aug", "aoû", "ago"),
    9: ("sep",), 10: ("oct", "okt", "out"), 11: ("nov",), 12: ("dec", "dez", "déc", "dic"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Spelling:
    """How numbers and slashed dates of one file are written."""

    decimal: str = POINT
    order: str = DAY_FIRST

    def described(self) -> str:
        return f"decimal {self.decimal}"


def filled(text: pl.Expr) -> pl.Expr:
    """The cell without blanks around it (protected ones too); null where nothing is left."""
    stripped = text.str.strip_chars(" \t\r\n\u00a0\u202f\u2007")
    return pl.when(stripped != "").then(stripped)


def _plain(text: pl.Expr) -> pl.Expr:
    """Without thousands blanks, with one kind of minus."""
    return text.str.replace_all(_BLANKS, "").str.replace_all("[−–]", "-")


def number(text: pl.Expr, spelling: Spelling) -> pl.Expr:
    """A number's canonical text; a value that is none in this spelling stays as it is, so that landing rejects it.

    Taken: thousands signs, the minus in front or behind (`1.234,56-`), parentheses for a negative number.
    """
    plain = _plain(text)
    mark = "," if spelling.decimal == COMMA else "."
    digits = plain.str.replace_all(rf"[^\d{mark}]", "").str.replace(mark, ".", literal=True)
    digits = digits.str.replace(r"\.$", "").str.replace(r"^\.", "0.")
    signed = pl.when(plain.str.contains(r"[-(]")).then(pl.lit("-") + digits).otherwise(digits)
    return pl.when(plain.str.contains(_SHAPE[spelling.decimal])).then(signed).otherwise(filled(text))


def _made(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    full = pl.when(year.str.len_chars() == 2).then(pl.lit("20") + year).otherwise(year)
    text = full + "-" + month.str.zfill(2) + "-" + day.str.zfill(2)
    return text.str.to_date("%Y-%m-%d", strict=False).dt.to_string("%Y-%m-%d")


def _month_number(word: pl.Expr) -> pl.Expr:
    lower = word.str.to_lowercase()
    found = pl.lit(None, dtype=pl.String)
    for value, starts in _MONTHS.items():
        hit = pl.any_horizontal(lower.str.starts_with(start) for start in starts)
        found = pl.when(hit).then(pl.lit(f"{value:02}")).otherwise(found)
    return found


def date(text: pl.Expr, spelling: Spelling) -> pl.Expr:
    """A date as YYYY-MM-DD; null for 00000000 and the like; a value that is no date stays as it is."""
    plain = filled(text)

    def parts(pattern: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
        groups = plain.str.extract_groups(pattern).struct
        return groups.field("1"), groups.field("2"), groups.field("3")

    iso, compact, dotted, slashed, worded = (
        parts(pattern) for pattern in (_ISO, _COMPACT, _DOTTED, _SLASHED, _WORDED)
    )
    day, month = (slashed[0], slashed[1]) if spelling.order == DAY_FIRST else (slashed[1], slashed[0])
    serial = plain.str.extract(_SERIAL).cast(pl.Int32, strict=False)
    from_serial = (pl.date(1899, 12, 30) + pl.duration(days=serial)).dt.to_string("%Y-%m-%d")
    read = pl.coalesce(
        _made(*iso),
        _made(*compact),
        _made(dotted[2], dotted[1], dotted[0]),
        _made(slashed[2], month, day),
        _made(worded[2], _month_number(worded[1]), worded[0]),
        from_serial,
    )
    return pl.when(~plain.str.contains(_NO_DATE)).then(pl.coalesce(read, plain))


def _first(where: pl.Expr, text: pl.Expr) -> pl.Expr:
    return text.filter(where).first()


def _evidence(name: str) -> list[pl.Expr]:
    """How many values of a column speak for which spelling, and the first of each kind."""
    text = pl.col(name)
    plain = _plain(text)
    as_comma, as_point = (plain.str.contains(_SHAPE[spelling]).fill_null(False) for spelling in (COMMA, POINT))
    kinds = {
        "comma": as_comma & ~as_point,
        "point": as_point & ~as_comma,
        "either": as_comma & as_point & plain.str.contains(_EITHER).fill_null(False),
    }
    return [
        expression
        for kind, hit in kinds.items()
        for expression in (hit.sum().alias(f"{name}:{kind}"), _first(hit, text).alias(f"{name}:{kind}:first"))
    ]


def _order_evidence(name: str) -> list[pl.Expr]:
    text = filled(pl.col(name))
    groups = text.str.extract_groups(_SLASHED).struct
    first, second = (groups.field(i).cast(pl.Int16, strict=False) for i in ("1", "2"))
    kinds = {
        "day": (first > 12).fill_null(False),
        "month": (second > 12).fill_null(False),
        "open": ((first <= 12) & (second <= 12) & (first != second)).fill_null(False),
    }
    return [
        expression
        for kind, hit in kinds.items()
        for expression in (hit.sum().alias(f"{name}:{kind}"), _first(hit, text).alias(f"{name}:{kind}:first"))
    ]


class _Found:
    """Sums of evidence over columns."""

    def __init__(self, row: dict[str, object], names: Sequence[str]) -> None:
        self.row, self.names = row, names

    def count(self, kind: str) -> int:
        return sum(int(self.row[f"{name}:{kind}"] or 0) for name in self.names)  # type: ignore[call-overload]

    def first(self, kind: str) -> str:
        return next((str(v) for name in self.names if (v := self.row[f"{name}:{kind}:first"]) is not None), "")



def _decided(decisive: dict[str, int], firsts: dict[str, str], *, what: str, where: str, setting: str) -> str | None:
    """The spelling that the values speak for; None where none speaks. Raises RefusedFile where both do."""
    (one, ones), (other, others) = sorted(decisive.items(), key=lambda item: -item[1])
    if not ones:
        return None
    if others > ones * _STRAYS:
        raise RefusedFile(
            f"{what} are written in two ways",
            where=where,
            value=f"{firsts[one]} ({one}, {ones} values) and {firsts[other]} ({other}, {others} values)",
            remedy=f"export the file again in one format, or say which one holds: {setting}; "
            "rows in the other one are then rejected",
        )
    return one


def decide(
    frame: pl.LazyFrame,
    *,
    numbers: Sequence[str],
    dates: Sequence[str],
    where: str,
    decimal: str | None = None,
    order: str | None = None,
    section: str = "sap",
) -> Spelling:
    """The spelling of a file, from every value of its number and date columns.

    `decimal`, `order`: settings that decide. Raises RefusedFile where the file speaks for both, or for neither while
    values can be read in two ways.
    """
    expressions = [e for name in numbers for e in _evidence(name)] if decimal is None else []
    expressions += [e for name in dates for e in _order_evidence(name)] if order is None else []
    row = frame.select(expressions).collect(engine="streaming").row(0, named=True) if expressions else {}
    if decimal is None:
        decimal = _decimal_of(_Found(row, numbers), where=where, section=section)
    if order is None:
        order = _order_of(_Found(row, dates), where=where, section=section)
    return Spelling(decimal=decimal, order=order)


def _decimal_of(found: _Found, *, where: str, section: str) -> str:
    setting = f'[{section}] decimal = "comma" or "point" in outturn.toml'
    decided = _decided(
        {COMMA: found.count("comma"), POINT: found.count("point")},
        {COMMA: found.first("comma"), POINT: found.first("point")},
        what="numbers",
        where=where,
        setting=setting,
    )
    if decided is None and found.count("either"):
        value = found.first("either")
        readings = [_read_number(value, spelling) for spelling in (COMMA, POINT)]
        raise RefusedFile(
            f"numbers can be read in two ways: {value} is {readings[0]} with a decimal comma and {readings[1]} with a "
            "decimal point",
            where=where,
            value=value,
            remedy=f"say which: {setting}",
        )
    return decided or POINT


def _read_number(value: str, decimal: str) -> str:
    return pl.select(number(pl.lit(value), Spelling(decimal=decimal))).item()


def _order_of(found: _Found, *, where: str, section: str) -> str:
    setting = f'[{section}] date_order = "day_first" or "month_first" in outturn.toml'
    decided = _decided(
        {DAY_FIRST: found.count("day"), MONTH_FIRST: found.count("month")},
        {DAY_FIRST: found.first("day"), MONTH_FIRST: found.first("month")},
        what="dates",
        where=where,
        setting=setting,
    )
    if decided is None and found.count("open"):
        value = found.first("open")
        readings = [
            pl.select(date(pl.lit(value), Spelling(order=order))).item() for order in (DAY_FIRST, MONTH_FIRST)
        ]
        raise RefusedFile(
            f"dates can be read in two ways: {value} is {readings[0]} with the day first and {readings[1]} with the "
            "month first",
            where=where,
            value=value,
            remedy=f"say which: {setting}",
        )
    return decided or DAY_FIRST
