"""From canonical text to typed columns, and the reasons where that is not possible.

Vectorised: one strict shape per type, checked before the cast, because a cast alone takes `1,234.56` for 1.23456 or
rounds a seventh decimal away. Nothing is guessed here; foreign forms are the business of `pipelines.formats`. Rules
over several columns, keys and what is in the warehouse already belong to `load`.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from pipelines.contracts import Column, Contract
from pipelines.contracts.frames import polars_schema
from pipelines.contracts.iso4217 import CURRENCIES
from pipelines.formats.base import FAULT

ROW = "__n"  # number of a row within everything that is loaded together
_VALUE, _BAD = "__value_", "__bad"
AMOUNT = pl.Decimal(38, 6)

_DECIMAL = r"^-?[0-9]{1,18}(\.[0-9]{1,6}0*)?$"
_FRACTION = r"^-?[0-9]{1,6}(\.[0-9]{1,12}0*)?$"
_INTEGER = r"^-?[0-9]{1,18}(\.0+)?$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_MONTH = r"^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$"
_FIRST, _LAST = date(1900, 1, 1), date(2200, 12, 31)
_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no")
_SHEET_ERROR = r"^#(REF!|DIV/0!|N/A|NAME\?|NULL!|NUM!|VALUE!|SPILL!|CALC!|GETTING_DATA|ERROR!|WERT!|BEZUG!|NV)$"
# A key with an invisible character in it never meets its partner; elsewhere only NUL is unfit for a text.
_CONTROL, _NUL = r"[\x00-\x1f\x7f]", r"\x00"
_SHOWN = 500  # characters of an offending value that the ledger keeps


def stripped(name: str) -> pl.Expr:
    """The cell without blanks around it, null where nothing is left."""
    text = pl.col(name).str.strip_chars()
    return pl.when(text != "").then(text).alias(name)


def as_text(frame: pl.LazyFrame, contract: Contract) -> pl.LazyFrame:
    """Every column of the contract as stripped text, then source_file_id, source_line and FAULT as they came."""
    present = set(frame.collect_schema().names())
    return frame.select(
        *(
            stripped(name) if name in present else pl.lit(None, dtype=pl.String).alias(name)
            for name in contract.column_names
        ),
        "source_file_id",
        "source_line",
        FAULT,
    )


def _days(text: pl.Expr, shape: str) -> pl.Expr:
    day = pl.when(text.str.contains(shape)).then(text).str.to_date("%Y-%m-%d", strict=False)
    return pl.when(day.is_between(_FIRST, _LAST)).then(day)


def _is_unfit(column: Column, text: pl.Expr) -> pl.Expr:
    control = _CONTROL if column.key or column.references else _NUL
    return text.str.contains(control) | text.str.contains(_SHEET_ERROR)


def typed(column: Column) -> pl.Expr:
    """The typed value of a stripped cell; null where the cell is empty, or not readable as the column's type."""
    text = pl.col(column.name)
    if column.default is not None:
        text = text.fill_null(column.default)
    match column.type:
        case "text":
            value = pl.when(~_is_unfit(column, text)).then(text)
        case "decimal":
            value = pl.when(text.str.contains(_DECIMAL)).then(text).cast(pl.Decimal(24, 6), strict=False)
        case "fraction":
            number = pl.when(text.str.contains(_FRACTION)).then(text).cast(pl.Decimal(18, 12), strict=False)
            value = pl.when(number.is_between(0, 1)).then(number)
        case "integer":
            whole = text.str.replace(r"\.0+$", "")
            value = pl.when(text.str.contains(_INTEGER)).then(whole).cast(pl.Int64, strict=False)
        case "date":
            value = _days(text, _DATE)
        case "month":
            day = pl.when(text.str.len_chars() == 7).then(text + "-01").otherwise(text)
            value = pl.when(text.str.contains(_MONTH)).then(_days(day, _DATE)).dt.month_start()
        case "boolean":
            lower = text.str.to_lowercase()
            value = pl.when(lower.is_in(_TRUE)).then(True).when(lower.is_in(_FALSE)).then(False)
        case "code":
            # case alone never tells two codes apart
            lower = text.str.to_lowercase()
            value = pl.when(lower.is_in(column.codes)).then(lower)
        case "currency":
            upper = text.str.to_uppercase()
            value = pl.when(upper.is_in(sorted(CURRENCIES))).then(upper)
        case _:
            raise ValueError(f"unknown type {column.type}")
    return value.alias(column.name)


def _is_faulty(column: Column, value: pl.Expr) -> pl.Expr:
    """Whether a stripped cell cannot be taken in, given its typed value."""
    if column.required or column.default is not None:
        return value.is_null()
    return value.is_null() & pl.col(column.name).is_not_null()


def examined(text: pl.LazyFrame, contract: Contract) -> pl.LazyFrame:
    """Rows of stripped text with their typed values beside them and whether the row cannot be taken in.

    One frame, so that the values are computed once for the good rows and the bad ones (1.6 s instead of 2.4 s for a
    million time entries).
    """
    values = text.with_columns(typed(column).alias(_VALUE + column.name) for column in contract.columns)
    return values.with_columns(
        pl.any_horizontal(
            pl.col(FAULT).is_not_null(),
            *(_is_faulty(column, pl.col(_VALUE + column.name)) for column in contract.columns),
        ).alias(_BAD)
    )


def good_rows(rows: pl.LazyFrame, contract: Contract) -> pl.LazyFrame:
    """Of examined rows those in which every cell is readable, typed."""
    schema = polars_schema(contract)
    return rows.filter(~pl.col(_BAD)).select(
        ROW,
        *(pl.col(_VALUE + name).cast(schema[name]).alias(name) for name in contract.column_names),
        "source_file_id",
        "source_line",
    )


def bad_rows(rows: pl.LazyFrame, contract: Contract) -> pl.LazyFrame:
    """The other ones, as text."""
    return rows.filter(pl.col(_BAD)).select(ROW, *contract.column_names, "source_file_id", "source_line", FAULT)


def readable_amount(name: str) -> pl.Expr:
    """The control amount of a row of stripped text, null where it is not a number of the canonical form.

    Where the row is wrong as a whole, its cells may stand under other columns' names: nothing in it is an amount.
    """
    text = pl.col(name)
    readable = text.str.contains(_DECIMAL) & pl.col(FAULT).is_null()
    return pl.when(readable).then(text).cast(pl.Decimal(24, 6), strict=False).cast(AMOUNT)


def totals(text: pl.LazyFrame, contract: Contract) -> pl.LazyFrame:
    """Rows, amounts and unreadable amounts of each file, counted on the text before it is split."""
    control = contract.control_column
    amount, unreadable = pl.lit(None, dtype=AMOUNT), pl.lit(0)
    if control:
        amount = readable_amount(control).sum()
        is_something = pl.col(control).is_not_null() | pl.col(FAULT).is_not_null()
        unreadable = (readable_amount(control).is_null() & is_something).sum()
    return text.group_by("source_file_id").agg(
        pl.len().cast(pl.Int64).alias("rows_read"),
        amount.alias("amount_read"),
        unreadable.cast(pl.Int64).alias("amounts_unreadable"),
    )


def _explained(column: Column) -> tuple[pl.Expr, pl.Expr]:
    """Reason and remedy for a faulty cell."""
    text = pl.col(column.name)
    give = f"give {column.valid}"
    cases: list[tuple[pl.Expr, str, str]] = [
        (text.is_null(), "required, but empty", give),
        (text.str.contains(_SHEET_ERROR), "an error of the spreadsheet, not a value", "repair the formula"),
    ]
    wordless = text.str.to_lowercase().is_in(["null", "none", "n/a", "na", "nan", "-", "--", "nil"])
    leave = give if column.required else "leave the cell empty where there is no value"
    match column.type:
        case "text":
            last = ("holds control characters", "remove characters that cannot be seen")
        case "decimal":
            cases += [
                (wordless, "a word for nothing, not a number", leave),
                (text.str.contains(r"^-?[0-9]{1,18}\.[0-9]{7,}$"), "more than 6 decimals", "round it to 6 decimals"),
                (text.str.contains(r"^-?[0-9]{19,}(\.[0-9]+)?$"), "more than 18 digits before the point", give),
                (
                    text.str.contains(r"^[-+(]?[0-9.,' \u{a0}\u{202f}]*[0-9][0-9.,' \u{a0}\u{202f}]*[-)]?$"),
                    "not the canonical form of a number",
                    "write it as 1234.56: a point before the decimals, nothing between thousands, a minus in front; "
                    "or declare the file's form in a profile (outturn profile new)",
                ),
            ]
            last = ("not a number", give)
        case "fraction":
            cases += [
                (wordless, "a word for nothing, not a number", leave),
                (text.str.contains(_FRACTION), "not between 0 and 1", "write 25 % as 0.25"),
                (text.str.contains(r"[0-9]\s*%$"), "a percentage, not a fraction", "write 25 % as 0.25"),
            ]
            last = ("not a fraction", give)
        case "integer":
            cases += [(wordless, "a word for nothing, not a number", leave)]
            last = ("not a whole number", give)
        case "date" | "month":
            real = pl.when(text.str.contains(_DATE)).then(text).str.to_date("%Y-%m-%d", strict=False)
            cases += [
                (wordless, "a word for nothing, not a date", leave),
                (real.is_not_null(), "not a plausible date", "give a date from 1900 to 2200"),
                (text.str.contains(_DATE), "no such day in the calendar", give),
                (
                    text.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]"),
                    "a date with a time of day",
                    "give the date alone",
                ),
                (
                    text.str.contains(r"^[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}$"),
                    "not the canonical form of a date",
                    f"write it as {'YYYY-MM-DD' if column.type == 'date' else 'YYYY-MM'}; or declare the file's form "
                    "in a profile (outturn profile new)",
                ),
            ]
            last = ("not a date" if column.type == "date" else "not a month", give)
        case "boolean":
            last = ("not a yes or no", give)
        case "code":
            last = ("unknown code", give)
        case _:
            last = ("no currency of ISO 4217", give)
    reason, remedy = pl.lit(last[0]), pl.lit(last[1])
    for condition, what, todo in reversed(cases):
        reason = pl.when(condition).then(pl.lit(what)).otherwise(reason)
        remedy = pl.when(condition).then(pl.lit(todo)).otherwise(remedy)
    return reason, remedy


def faults(bad: pl.LazyFrame, contract: Contract) -> pl.LazyFrame:
    """One row per unreadable cell of the bad rows, or per row that is wrong as a whole.

    Columns: ROW, source_file_id, source_line, column_name, value, reason, remedy.
    """
    place = [ROW, "source_file_id", "source_line"]
    whole = bad.filter(pl.col(FAULT).is_not_null()).select(
        *place,
        pl.lit(None, dtype=pl.String).alias("column_name"),
        pl.lit(None, dtype=pl.String).alias("value"),
        pl.col(FAULT).alias("reason"),
        pl.lit("correct the row where it was made and deliver the file again").alias("remedy"),
    )
    cells = []
    for column in contract.columns:
        reason, remedy = _explained(column)
        cells.append(
            bad.filter(pl.col(FAULT).is_null() & _is_faulty(column, typed(column))).select(
                *place,
                pl.lit(column.name).alias("column_name"),
                pl.col(column.name).str.slice(0, _SHOWN).str.replace_all("\0", "\u2400", literal=True).alias("value"),
                reason.alias("reason"),
                remedy.alias("remedy"),
            )
        )
    return pl.concat([whole, *cells])
