"""How a file writes its numbers and dates, decided once from all of its values; never per value, never guessed.

`1.234` is 1234 in a file that elsewhere writes `5,50`, and 1.234 in one that writes `5.50`; where nothing in the file
decides, it is refused with both readings. Which columns hold numbers is the caller's knowledge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from pipelines.errors import RefusedFile

COMMA, POINT = "comma", "point"
DAY_FIRST, MONTH_FIRST = "day_first", "month_first"

# Of the values that speak for one spelling so many may be strays of the other: their rows are rejected. Beyond it the
# file is two files.
_STRAYS = 0.01
# Days are few even in long lists: each is read once and looked up. Beyond this many they are read one by one.
_MOST_DAYS = 100_000

_BLANK = "[\\s\u00a0\u2007\u202f'’]"  # thousands signs that decide nothing; never a decimal sign
_BODY = {
    # Indian lakh grouping (1,23,456.00) has groups of two before the last one
    POINT: rf"(?:\d+|[1-9]\d{{0,2}}(?:(?:,|{_BLANK})\d{{2,3}})*(?:,|{_BLANK})\d{{3}})(?:\.\d*)?|\.\d+",
    COMMA: rf"(?:\d+|[1-9]\d{{0,2}}(?:(?:\.|{_BLANK})\d{{3}})+)(?:,\d*)?|,\d+",
}
_SHAPE = {
    spelling: rf"^(?:[+−–-]?(?:{body})|(?:{body})[−–+-]|\((?:{body})\))$" for spelling, body in _BODY.items()
}  # fmt: skip
# one separator, three digits after it, one to three before: a thousand in one spelling, a fraction in the other
_EITHER = r"^[+(−–-]?[1-9]\d{0,2}[.,]\d{3}[)+−–-]?$"
# what makes a number's text more than digits, separators and signs
_ODD = rf"{_BLANK}|[−–]|^[^0-9]*[.,]|[.,][^0-9]*$"

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
    odd: bool = True  # numbers may hold blanks, typographic signs, or nothing before or after the decimal sign
    days: Mapping[str, str | None] | None = None  # every date of the file -> YYYY-MM-DD

    def described(self) -> str:
        return f"decimal {self.decimal}"


def filled(text: pl.Expr) -> pl.Expr:
    """The cell without blanks around it (protected ones too); null where nothing is left."""
    stripped = text.str.strip_chars(" \t\r\n\u00a0\u202f\u2007")
    return pl.when(stripped != "").then(stripped)


def looked_up(
    text: pl.Expr, values: Mapping[str, Any], *, dtype: Any = pl.String, keep: bool = False, default: Any = None
) -> pl.Expr:
    """What each value stands for; others stay (`keep`) or become `default`.

    Batch by batch: replace_strict alone holds the whole column in memory (Polars 2.1, streaming).
    """
    known = list(values)
    old, new = pl.Series(known, dtype=pl.String), pl.Series([values[value] for value in known], dtype=dtype)

    def replaced(batch: pl.Series) -> pl.Series:
        return batch.replace_strict(old, new, default=batch if keep else default, return_dtype=dtype)

    return text.map_batches(replaced, return_dtype=dtype, is_elementwise=True)


def number(text: pl.Expr, spelling: Spelling) -> pl.Expr:
    """A number's canonical text; a value that is none in this spelling stays as it is, so that landing rejects it.

    Taken: thousands signs, the minus in front or behind (`1.234,56-`), parentheses for a negative number.
    """
    digits = text
    if spelling.odd:
        digits = digits.str.replace_all(_BLANK, "").str.replace_all("[−–]", "-")
    negative = digits.str.contains("[-(]")
    if spelling.decimal == COMMA:
        digits = digits.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    else:
        digits = digits.str.replace_all(",", "", literal=True)
    digits = digits.str.strip_chars("+-()")
    if spelling.odd:
        digits = digits.str.replace(r"\.$", "").str.replace(r"^\.", "0.")
    signed = pl.when(negative).then(pl.lit("-") + digits).otherwise(digits)
    return pl.when(text.str.contains(_SHAPE[spelling.decimal])).then(signed).otherwise(text)


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
    if spelling.days is not None:
        return looked_up(text, spelling.days, keep=True)
    plain = filled(text)

    def parts(pattern: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
        groups = plain.str.extract_groups(pattern).struct
        return groups.field("1"), groups.field("2"), groups.field("3")

    iso, compact, dotted, slashed, worded = (parts(pattern) for pattern in (_ISO, _COMPACT, _DOTTED, _SLASHED, _WORDED))
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


_KINDS = ("comma", "point", "either")


def _hits(text: pl.Expr) -> dict[str, pl.Expr]:
    """For each kind of evidence, whether a value of a number column is one."""
    comma, point = (text.str.contains(_SHAPE[spelling]) for spelling in (COMMA, POINT))
    return {"comma": comma & ~point, "point": point & ~comma, "either": text.str.contains(_EITHER)}


class _Found:
    """How many values of some columns speak for what; the first of a kind is looked for when it is needed."""

    def __init__(self, frame: pl.LazyFrame, counts: Mapping[str, int], hits: Mapping[str, dict[str, pl.Expr]]) -> None:
        self.frame, self.counts, self.hits = frame, counts, hits

    def count(self, kind: str) -> int:
        return self.counts.get(kind, 0)

    def first(self, kind: str) -> str:
        for name, hits in self.hits.items():
            value = self.frame.filter(hits[kind]).select(pl.col(name).first()).collect(engine="streaming")
            if value.height and value.item() is not None:
                return value.item()
        return ""


def _decided(found: _Found, kinds: Mapping[str, str], *, what: str, where: str, setting: str) -> str | None:
    """The spelling that the values speak for (`kinds`: spelling -> evidence); None where none speaks.

    Raises RefusedFile where both do.
    """
    (one, ones), (other, others) = sorted(
        ((spelling, found.count(kind)) for spelling, kind in kinds.items()), key=lambda item: -item[1]
    )
    if not ones:
        return None
    if others > ones * _STRAYS:
        raise RefusedFile(
            f"{what} are written in two ways",
            where=where,
            value=f"{found.first(kinds[one])} ({ones} values) and {found.first(kinds[other])} ({others} values)",
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
    evidence: list[pl.Expr] = [_odd(name) for name in numbers] + [
        hit.sum().alias(f"{name}:{kind}") for name in numbers for kind, hit in _hits(pl.col(name)).items()
    ]
    counted, days = pl.collect_all([frame.select(evidence or [pl.lit(0)]), _distinct(frame, dates)], engine="streaming")
    row = counted.row(0, named=True)
    if decimal is None:
        counts = {kind: sum(row[f"{name}:{kind}"] or 0 for name in numbers) for kind in _KINDS}
        hits = {name: _hits(pl.col(name)) for name in numbers}
        decimal = _decimal_of(_Found(frame, counts, hits), where=where, section=section)
    if order is None:
        order = _order_of(days, where=where, section=section)
    spelled = Spelling(decimal=decimal, order=order, odd=any(row[f"{name}:odd"] for name in numbers))
    if days.height > _MOST_DAYS:
        return spelled
    read = days.select("day", date(pl.col("day"), spelled).alias("read"))
    return replace(spelled, days=dict(read.iter_rows()))


def _odd(name: str) -> pl.Expr:
    return pl.col(name).str.contains(_ODD).any().alias(f"{name}:odd")


def _distinct(frame: pl.LazyFrame, dates: Sequence[str]) -> pl.LazyFrame:
    """The different values of all date columns."""
    if not dates:
        return pl.LazyFrame({"day": []}, schema={"day": pl.String})
    parts = [frame.select(pl.col(name).alias("day")).unique() for name in dates]
    return pl.concat(parts).filter(pl.col("day").is_not_null()).unique().sort("day").head(_MOST_DAYS + 1)


def _decimal_of(found: _Found, *, where: str, section: str) -> str:
    setting = f'[{section}] decimal = "comma" or "point" in outturn.toml'
    decided = _decided(found, {COMMA: "comma", POINT: "point"}, what="numbers", where=where, setting=setting)
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


def _order_hits() -> dict[str, pl.Expr]:
    groups = filled(pl.col("day")).str.extract_groups(_SLASHED).struct
    first, second = (groups.field(i).cast(pl.Int16, strict=False) for i in ("1", "2"))
    return {
        "day": (first > 12).fill_null(False),
        "month": (second > 12).fill_null(False),
        "open": ((first <= 12) & (second <= 12) & (first != second)).fill_null(False),
    }


def _order_of(days: pl.DataFrame, *, where: str, section: str) -> str:
    setting = f'[{section}] date_order = "day_first" or "month_first" in outturn.toml'
    hits = _order_hits()
    counts = days.select(hit.sum().alias(kind) for kind, hit in hits.items()).row(0, named=True)
    found = _Found(days.lazy(), counts, {"day": hits})
    decided = _decided(found, {DAY_FIRST: "day", MONTH_FIRST: "month"}, what="dates", where=where, setting=setting)
    if decided is None and found.count("open"):
        value = found.first("open")
        readings = [pl.select(date(pl.lit(value), Spelling(order=order))).item() for order in (DAY_FIRST, MONTH_FIRST)]
        raise RefusedFile(
            f"dates can be read in two ways: {value} is {readings[0]} with the day first and {readings[1]} with the "
            "month first",
            where=where,
            value=value,
            remedy=f"say which: {setting}",
        )
    return decided or DAY_FIRST
