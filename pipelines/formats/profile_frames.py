"""A profile applied to a file: vectorised expressions from the file's text columns to canonical text columns.

A value that does not fit its rule stays as it stands in the file, so that landing rejects the row and shows it. Where
a rule allows several spellings (date formats, decimal signs) one is chosen for the whole file, never per value:
04/05 next to 13/05 would otherwise be April in one row and May in the other.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.contracts import contracts
from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, RawTable, TableRead
from pipelines.formats.headers import by_normalised
from pipelines.formats.profiles import DECIMALS, UNITS, ColumnRule, LeftOut, Profile

_MILLION = 1_000_000
# Decimal(38) still holds the products below: 18 digits before the point, 6 after, times 3600
_EXACT = pl.Decimal(30, 6)
# chrono reads the year of 9/16/11 under %Y as the year 11
_FIRST_YEAR = 1900
# thousands sign -> its class in a pattern; a blank may be a protected or a narrow one
_GROUPS = {".": "[.]", ",": "[,]", "'": "['’]", " ": "[ \u00a0\u202f]"}


def _filled(expr: pl.Expr) -> pl.Expr:
    """Text without blanks around it; null where nothing is left."""
    stripped = expr.str.strip_chars()
    return pl.when(stripped != "").then(stripped)


def _source(rule: ColumnRule, columns: Mapping[str, str]) -> pl.Expr | None:
    """The file's text that a rule starts from; None where the file has none of its columns."""
    present = [_filled(pl.col(columns[source])) for source in rule.sources if source in columns]
    if not present:
        return None
    if rule.take == "first":
        return pl.coalesce(present)
    if len(present) == 1:
        return present[0]
    return _filled(pl.concat_str(present, separator=rule.join, ignore_nulls=True))


def _mapped(text: pl.Expr, values: Mapping[str, str]) -> pl.Expr:
    """Declared values replaced whatever their case; others stay."""
    known = text.str.to_lowercase().replace_strict(dict(values), default=None, return_dtype=pl.String)
    return pl.coalesce(known, text)


def _decimal_text(text: pl.Expr, decimal: str, thousands: str | None) -> pl.Expr:
    """A number's text with a point and a leading minus; null where it does not have the declared shape.

    Taken too: the minus behind (SAP: 1.234,56-) and parentheses (978) for a negative number.
    """
    mark = DECIMALS[decimal]
    group = _GROUPS[thousands if thousands is not None else ("." if mark == "," else ",")]
    number = rf"(?:\d+|\d{{1,3}}(?:{group}\d{{3}})+)(?:[{mark}]\d+)?"
    shape = rf"^(?:[+-]?{number}|{number}-|\({number}\))$"
    digits = text.str.replace_all(rf"[^\d{mark}]", "").str.replace(mark, ".", literal=True)
    negative = text.str.contains(r"[-(]")
    signed = pl.when(negative).then(pl.lit("-") + digits).otherwise(digits)
    return pl.when(text.str.contains(shape)).then(signed)


def _clock_seconds(text: pl.Expr) -> pl.Expr:
    """h:mm or h:mm:ss as a number of seconds, as text; null for anything else."""
    parts = text.str.extract_groups(r"^(-?)(\d{1,6}):([0-5]\d)(?::([0-5]\d))?$").struct
    hours, minutes, seconds = (parts.field(str(i)).cast(pl.Int64, strict=False) for i in (2, 3, 4))
    total = hours * 3600 + minutes * 60 + seconds.fill_null(0)
    return parts.field("1") + total.cast(pl.String)


def _hours(number: pl.Expr, unit: str) -> pl.Expr:
    """A number of units as hours, exact, rounded half away from zero at six decimals; as text.

    In integers, because the rounding of a division of decimals is not ours to choose.
    """
    numerator, denominator = UNITS[unit]
    millionths = number.cast(_EXACT, strict=False).to_physical()
    rounded = (millionths.abs() * (2 * numerator) + denominator) // (2 * denominator)
    sign = pl.when(number.str.starts_with("-") & (rounded > 0)).then(pl.lit("-")).otherwise(pl.lit(""))
    fraction = (rounded % _MILLION).cast(pl.String).str.zfill(6)
    return sign + (rounded // _MILLION).cast(pl.String) + pl.lit(".") + fraction


def _negated(number: pl.Expr) -> pl.Expr:
    return (
        pl.when(number.str.starts_with("-"))
        .then(number.str.slice(1))
        .when(number.str.contains("[1-9]"))
        .then(pl.lit("-") + number)
        .otherwise(number)
    )


def _is_one_of(column: str, values: tuple[str, ...], columns: Mapping[str, str]) -> pl.Expr:
    cell = pl.col(columns[column]).str.strip_chars().str.to_lowercase().fill_null("")
    return cell.is_in(list(values))


def _number(text: pl.Expr, rule: ColumnRule, decimal: str, columns: Mapping[str, str]) -> pl.Expr:
    number = _clock_seconds(text) if rule.unit == "clock" else _decimal_text(text, decimal, rule.thousands)
    if rule.unit not in (None, "hours"):
        number = _hours(number, rule.unit)
    if rule.reverse is not None:
        turned = _negated(number)
        if rule.reverse.column is not None:
            turned = (
                pl.when(_is_one_of(rule.reverse.column, rule.reverse.values, columns)).then(turned).otherwise(number)
            )
        number = turned
    return number


def _date(text: pl.Expr, form: str) -> pl.Expr:
    moment = (
        text.str.to_datetime(form, strict=False)
        if "%H" in form or "%I" in form
        else text.str.to_date(form, strict=False)
    )
    return pl.when(moment.dt.year() >= _FIRST_YEAR).then(moment.dt.strftime("%Y-%m-%d"))


def _alternatives(text: pl.Expr, rule: ColumnRule, columns: Mapping[str, str]) -> dict[str, pl.Expr]:
    """Each spelling that a rule allows -> the canonical text under it, null where a value does not have it."""
    if rule.formats:
        return {form: _date(text, form) for form in rule.formats}
    if rule.decimals:
        return {f"decimal {decimal}": _number(text, rule, decimal, columns) for decimal in rule.decimals}
    return {}


def _chosen(raw: RawTable, rule: ColumnRule, text: pl.Expr, alternatives: dict[str, pl.Expr], *, where: str) -> pl.Expr:
    """The spelling in which most of the file's values can be read; refused where two would read them differently."""
    if len(alternatives) == 1:
        return next(iter(alternatives.values()))
    names = list(alternatives)
    values = raw.frame.select(text.alias("text"), *(e.alias(n) for n, e in alternatives.items()))
    distinct = values.filter(pl.col("text").is_not_null()).unique().collect(engine="streaming")
    fitting = {name: distinct.height - distinct[name].null_count() for name in names}
    best = max(fitting.values())
    equals = [name for name in names if fitting[name] == best]
    for other in equals[1:]:
        differing = distinct.filter(pl.col(equals[0]).ne_missing(pl.col(other)))
        if differing.height:
            raise RefusedFile(
                f"the column for {rule.column} can be read in two ways ({equals[0]} and {other})",
                where=where,
                value=differing["text"].sort()[0],
                remedy="put a profile with one of the two into the data home's profiles folder",
            )
    return alternatives[equals[0]]


def _expression(raw: RawTable, rule: ColumnRule, columns: Mapping[str, str], *, where: str) -> pl.Expr | None:
    if rule.const is not None:
        return pl.lit(rule.const).alias(rule.column)
    text = _source(rule, columns)
    if text is None:
        return pl.lit(rule.default).alias(rule.column) if rule.default is not None else None
    if rule.values:
        text = _mapped(text, rule.values)
    alternatives = _alternatives(text, rule, columns)
    value = text
    if alternatives:
        value = pl.coalesce(_chosen(raw, rule, text, alternatives, where=where), text)
    if rule.default is not None:
        value = value.fill_null(rule.default)
    if rule.prefix:
        value = pl.lit(rule.prefix) + value
    return value.alias(rule.column)


def _described(rule: ColumnRule, columns: Mapping[str, str]) -> str:
    """Where a canonical column comes from, for people."""
    if rule.const is not None:
        return f"always {rule.const}"
    present = [columns[source] for source in rule.sources if source in columns]
    shown = (" or " if rule.take == "first" else " + ").join(present) or f"always {rule.default}"
    return f"{shown} ({rule.unit})" if rule.unit not in (None, "hours") else shown


def _without(
    raw: RawTable, rules: tuple[LeftOut, ...], columns: Mapping[str, str]
) -> tuple[pl.LazyFrame, tuple[str, ...]]:
    """The rows that are taken, and for each rule how many it left out. Rows with a fault always stay."""
    frame, warnings = raw.frame, []
    for rule in rules:
        hit = _is_one_of(rule.column, rule.values, columns)
        hit = (~hit if rule.negated else hit) & pl.col(FAULT).is_null()
        count = frame.select(hit.sum()).collect(engine="streaming").item()
        frame = frame.filter(~hit)
        if count:
            relation = "is not" if rule.negated else "is"
            warnings.append(
                f"{count} rows left out, where {columns[rule.column]} {relation} {' or '.join(rule.values)}"
            )
    return frame, tuple(warnings)


def apply_profile(profile: Profile, raw: RawTable, *, where: str) -> TableRead:
    """The canonical table that `profile` makes of `raw`, whose header it fits.

    Raises RefusedFile where a spelling cannot be decided.
    """
    columns = by_normalised(raw.header, where=where)
    frame, warnings = _without(raw, profile.leave_out, columns)
    order = {name: place for place, name in enumerate(contracts()[profile.table].column_names)}
    made: dict[str, pl.Expr] = {}
    mapping: dict[str, str] = {}
    for rule in sorted(profile.columns, key=lambda rule: order[rule.column]):
        expression = _expression(raw, rule, columns, where=where)
        if expression is not None:
            made[rule.column] = expression
            mapping[rule.column] = _described(rule, columns)
    return TableRead(
        format=f"{raw.format} ({profile.name})",
        table=profile.table,
        frame=frame.select(*made.values(), "source_line", FAULT),
        warnings=(*raw.warnings, *warnings),
        mapping=mapping,
    )


def preview(profile: Profile, raw: RawTable, n: int = 5) -> pl.DataFrame:
    """The first `n` canonical rows that `profile` makes of `raw`: a look before the file is dropped."""
    return apply_profile(profile, raw, where=raw.name).frame.head(n).collect()
