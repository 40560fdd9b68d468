"""How the cells of foreign files may be written: dates, numbers, durations and times of day, one `Form` each.

A form says which cells it fits and what they mean. Where the same cell means different things in different files
(04/05/2026, 1.234) the forms carry a `reading`, and `profile_choice` decides on one for the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

Kind = Literal["date", "number"]

# reading -> how a person calls it
READINGS: Mapping[str, str] = {
    "dmy": "day first",
    "mdy": "month first",
    "ymd": "year first",
    "point": "the point before the decimals",
    "comma": "the comma before the decimals",
}
DECIMALS: Mapping[str, str] = {"point": ".", "comma": ","}
# locale -> order of day and month, decimal sign; `file`: decided from the file
LOCALES: Mapping[str, tuple[str | None, str | None]] = {
    "file": (None, None), "en-us": ("mdy", "point"), "en-gb": ("dmy", "point"), "de": ("dmy", "comma"),
    "de-ch": ("dmy", "point"), "fr": ("dmy", "comma"), "es": ("dmy", "comma"), "it": ("dmy", "comma"),
    "pt": ("dmy", "comma"), "nl": ("dmy", "comma"), "pl": ("dmy", "comma"), "da": ("dmy", "comma"),
    "nb": ("dmy", "comma"), "sv": ("dmy", "comma"), "fi": ("dmy", "comma"), "cs": ("dmy", "comma"),
    "ru": ("dmy", "comma"),
}  # fmt: skip

_MONTHS: tuple[str, ...] = (
    "jan january januar janvier janv enero ene gennaio gen janeiro januari styczeń",
    "feb february februar février fevrier févr fév febrero febbraio fevereiro fev februari luty",
    "mar march märz maerz mär mrz mars marzo março marco maart mrt marzec",
    "apr april avril avr abril abr aprile kwiecień",
    "may mai mayo maggio mag maio mei maj",
    "jun june juni juin junio giugno giu junho czerwiec",
    "jul july juli juillet juil julio luglio lug julho lipiec",
    "aug august août aout aoû agosto ago augustus augusti sierpień",
    "sep sept september septembre septiembre settembre set setembro wrzesień",
    "oct october oktober okt octobre octubre ottobre ott outubro out październik",
    "nov november novembre noviembre novembro listopad",
    "dec december dezember dez décembre decembre déc diciembre dic dicembre dezembro grudzień",
)
_MONTH_NUMBERS = {name: f"{number:02}" for number, names in enumerate(_MONTHS, start=1) for name in names.split()}

_REST = r"(?:[ ,T].*)?$"
_INSTANT = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:Z|[+-]00:?00)$"
_ISO = rf"^\d{{4}}-\d{{2}}-\d{{2}}{_REST}"
_YEAR_FIRST = rf"^(\d{{4}})[-/. ]\s?(\d{{1,2}})[-/. ]\s?(\d{{1,2}})\.?{_REST}"
_COMPACT = r"^(?:19|20)\d{6}$"
_DOTTED = rf"^(\d{{1,2}})\.\s?(\d{{1,2}})\.\s?(\d{{4}}|\d{{2}}){_REST}"
_SLASHED = rf"^(\d{{1,2}})[/-](\d{{1,2}})[/-](\d{{4}}|\d{{2}}){_REST}"
_NAMED = rf"^(\d{{1,2}})[. /-]*(?:de )?(\p{{L}}{{3,10}})\.?[ ,/-]*(?:de )?(\d{{4}}|\d{{2}}){_REST}"
_NAME_FIRST = rf"^(\p{{L}}{{3,10}})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}}){_REST}"
# Excel's durations and times of day are days since this one
_SHEET_TIME = r"^(1899-12-3[01]|1900-0[1-9]-\d{2}) (\d{2}):(\d{2}):(\d{2})"
# chrono reads the year of 9/16/11 under %Y as the year 11
_FIRST_YEAR = 1900
_CENTURY = 70  # 70 is 1970, 69 is 2069

# thousands sign -> its class in a pattern; a blank may be a protected or a narrow one
GROUPS = {".": "[.]", ",": "[,]", "'": "['’]", " ": "[ \u00a0\u202f]"}
_GROUP = {"point": "[,'’ \u00a0\u202f]", "comma": "[.'’ \u00a0\u202f]"}

_CLOCK = r"^(-?)(\d{1,6}):([0-5]\d)(?::([0-5]\d)(?:[.,](\d{1,6})\d*)?)?(?:\s*h)?$"
_MINUTE_CLOCK = r"^(-?)(\d{1,6}):([0-5]\d)\s*min$"
_NUMBER = r"(\d+(?:[.,]\d+)?)"
_WORDS = (
    rf"^(-?)(?:{_NUMBER}\s*w(?:eeks?|k|ks)?)?[ ,]*(?:{_NUMBER}\s*d(?:ays?)?)?[ ,]*"
    rf"(?:{_NUMBER}\s*(?:h|hours?|hrs?|std\.?|stunden?))?[ ,]*(?:{_NUMBER}\s*m(?:in|ins|inutes?|inuten)?\.?)?[ ,]*"
    rf"(?:{_NUMBER}\s*s(?:ec|ecs|econds?|ek\.?|ekunden)?)?$"
)
_WORDLIKE = r"^-?\d[\d.,]*\s*[a-z]"
_ISO_DURATION = rf"^(-?)P(?:{_NUMBER}W)?(?:{_NUMBER}D)?(?:T(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?$"
_SECOND = 1_000_000  # durations and times of day are whole microseconds


@dataclass(frozen=True, kw_only=True)
class Form:
    """One way to write a cell: `fits` (never null) says whether a cell is written so, `value` what it means.

    `value`: a date for dates, canonical text for numbers. `is_exact`: durations that say their seconds.
    """

    name: str
    fits: pl.Expr
    value: pl.Expr
    reading: str | None = None
    is_exact: bool = False


def _shape(text: pl.Expr, pattern: str) -> pl.Expr:
    return text.str.contains(pattern).fill_null(False)


# -- dates -----------------------------------------------------------------------------------------------------------


def _year(text: pl.Expr) -> pl.Expr:
    short = text.str.len_bytes() == 2
    century = pl.when(text.cast(pl.Int32, strict=False) >= _CENTURY).then(pl.lit("19")).otherwise(pl.lit("20"))
    return pl.when(short).then(century + text).otherwise(text)


def _day(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    written = pl.concat_str(_year(year), month.str.zfill(2), day.str.zfill(2), separator="-")
    found = written.str.to_date("%Y-%m-%d", strict=False)
    return pl.when(found.dt.year() >= _FIRST_YEAR).then(found)


def _groups(text: pl.Expr, pattern: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    parts = text.str.extract_groups(pattern).struct
    return parts.field("1"), parts.field("2"), parts.field("3")


def _at_most(part: pl.Expr, most: int) -> pl.Expr:
    return part.cast(pl.Int32, strict=False).is_between(1, most)


def _instant(text: pl.Expr, zone: str) -> pl.Expr:
    """The local day of an instant in UTC."""
    minute = text.str.slice(0, 16).str.replace("T", " ", literal=True).str.to_datetime("%Y-%m-%d %H:%M", strict=False)
    return minute.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.date()


def date_token(text: pl.Expr) -> pl.Expr:
    """What of a cell says the day: all but its time of day; an instant in UTC keeps its minute."""
    return (
        pl.when(text.str.contains(_INSTANT))
        .then(text.str.slice(0, 16) + pl.lit("Z"))
        .otherwise(text.str.replace(r"[ T,]\s*\d{1,2}[:.h]\d{2}.*$", ""))
    )


def any_date(text: pl.Expr, *, zone: str) -> list[Form]:
    """Every shape of a date that is known, with or without a time of day behind it.

    Dots always stand between day, month and year; slashes and dashes say nothing about the order. An instant in UTC
    belongs to the day of `zone`; one with another offset, like one without, to the day that it states.
    """
    first, second, year = _groups(text, _SLASHED)
    slashed = _shape(text, _SLASHED)
    day, month, dotted_year = _groups(text, _DOTTED)
    loose_year, loose_month, loose_day = _groups(text, _YEAR_FIRST)
    named_day, name, named_year = _groups(text, _NAMED)
    name_first, day_second, year_last = _groups(text, _NAME_FIRST)
    is_instant, is_iso = _shape(text, _INSTANT), _shape(text, _ISO)
    return [
        Form(name="instant", fits=is_instant, value=_instant(text, zone)),
        Form(
            name="year-month-day",
            fits=is_iso & ~is_instant,
            value=text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False),
        ),
        Form(
            name="year/month/day",
            fits=_shape(text, _YEAR_FIRST) & ~is_iso,
            value=_day(loose_year, loose_month, loose_day),
        ),
        Form(name="yyyymmdd", fits=_shape(text, _COMPACT), value=text.str.to_date("%Y%m%d", strict=False)),
        Form(name="day.month.year", fits=_shape(text, _DOTTED), value=_day(dotted_year, month, day)),
        Form(
            name="day/month/year",
            fits=slashed & _at_most(first, 31) & _at_most(second, 12),
            value=_day(year, second, first),
            reading="dmy",
        ),
        Form(
            name="month/day/year",
            fits=slashed & _at_most(first, 12) & _at_most(second, 31),
            value=_day(year, first, second),
            reading="mdy",
        ),
        Form(name="day month-name year", fits=_shape(text, _NAMED), value=_day(named_year, _month(name), named_day)),
        Form(
            name="month-name day year",
            fits=_shape(text, _NAME_FIRST),
            value=_day(year_last, _month(name_first), day_second),
        ),
    ]


def _month(name: pl.Expr) -> pl.Expr:
    return name.str.to_lowercase().replace_strict(_MONTH_NUMBERS, default=None, return_dtype=pl.String)


def _order(form: str) -> str | None:
    """The order that a declared format fixes; None where nothing else can be read from such a cell."""
    if "%b" in form or "%B" in form or form.startswith("%Y"):
        return None
    order = "".join(letter for letter in re.findall(r"%([a-zA-Z])", form.replace("-", "")) if letter in "dmYy")[:3]
    return order.lower() or None


def declared_date(text: pl.Expr, forms: tuple[str, ...]) -> list[Form]:
    """Dates in the formats of strftime that a profile declares."""
    found = []
    for form in forms:
        has_time = any(sign in form for sign in ("%H", "%I", "%T", "%R"))
        moment = text.str.to_datetime(form, strict=False) if has_time else text.str.to_date(form, strict=False)
        value = pl.when(moment.dt.year() >= _FIRST_YEAR).then(moment.dt.date() if has_time else moment)
        found.append(Form(name=form, fits=value.is_not_null(), value=value, reading=_order(form)))
    return found


# -- numbers ---------------------------------------------------------------------------------------------------------


def number(text: pl.Expr, decimal: str, thousands: str | None) -> Form:
    """A number with this decimal sign, as text with a point and a leading minus.

    Taken too: the minus behind (SAP: 1.234,56-) and parentheses (978) for a negative number.
    """
    mark = DECIMALS[decimal]
    group = GROUPS[thousands] if thousands is not None else _GROUP[decimal]
    figure = rf"(?:\d+|\d{{1,3}}(?:{group}\d{{3}})+)(?:[{mark}]\d+)?"
    shape = rf"^(?:[+-]?{figure}|{figure}-|\({figure}\))$"
    digits = text.str.replace_all(rf"[^\d{mark}]", "").str.replace(mark, ".", literal=True)
    signed = pl.when(text.str.contains(r"[-(]")).then(pl.lit("-") + digits).otherwise(digits)
    fits = _shape(text, shape)
    return Form(name=f"decimal {decimal}", fits=fits, value=pl.when(fits).then(signed), reading=decimal)


# -- durations -------------------------------------------------------------------------------------------------------


def hours_text(microseconds: pl.Expr) -> pl.Expr:
    """Hours as text, exact, rounded half away from zero at six decimals."""
    rounded = (2 * microseconds.abs() + 3600) // 7200
    sign = pl.when((microseconds < 0) & (rounded > 0)).then(pl.lit("-")).otherwise(pl.lit(""))
    whole, fraction = rounded // 1_000_000, rounded % 1_000_000
    return sign + whole.cast(pl.String) + pl.lit(".") + fraction.cast(pl.String).str.zfill(6)


def _signed(sign: pl.Expr, magnitude: pl.Expr) -> pl.Expr:
    return pl.when(sign == "-").then(-magnitude).otherwise(magnitude)


def _whole(part: pl.Expr) -> pl.Expr:
    return part.cast(pl.Int64, strict=False)


def clock(text: pl.Expr) -> Form:
    """h:mm, or h:mm:ss which is exact; hours as text."""
    parts = text.str.extract_groups(_CLOCK).struct
    fraction = parts.field("5").str.pad_end(6, "0")
    total = (
        _whole(parts.field("2")) * 3600 + _whole(parts.field("3")) * 60 + _whole(parts.field("4")).fill_null(0)
    ) * _SECOND + _whole(fraction).fill_null(0)
    return Form(name="h:mm", fits=_shape(text, _CLOCK), value=hours_text(_signed(parts.field("1"), total)))


def _measured(part: pl.Expr, seconds: int) -> pl.Expr:
    """So many units of `seconds`, in microseconds; decimals of either sign."""
    figure = part.str.replace(",", ".", literal=True).cast(pl.Decimal(18, 6), strict=False).to_physical()
    return (figure * seconds).fill_null(0).cast(pl.Int64)


def _in_units(text: pl.Expr, pattern: str, units: tuple[int, int, int, int, int]) -> pl.Expr:
    parts = text.str.extract_groups(pattern).struct
    total = sum(
        (_measured(parts.field(str(at)), seconds) for at, seconds in enumerate(units, start=2)), start=pl.lit(0)
    )
    return hours_text(_signed(parts.field("1"), total))


def duration(
    text: pl.Expr, *, decimals: tuple[str, ...], thousands: str | None, hours_per_day: int, days_per_week: int
) -> list[Form]:
    """Every shape of a duration that is known: 1:30, 00:00:02, 18:25 min, 1w 2d 3h, PT7H30M, 1.5 or 1,5 (hours).

    A day of a duration in words has `hours_per_day`, a week `days_per_week`; a day of ISO 8601 has 24 hours.
    """
    lower = text.str.to_lowercase()
    day = hours_per_day * 3600
    minute_parts = lower.str.extract_groups(_MINUTE_CLOCK).struct
    minutes = (_whole(minute_parts.field("2")) * 60 + _whole(minute_parts.field("3"))) * _SECOND
    sheet = text.str.extract_groups(_SHEET_TIME).struct
    # day 0 of such a cell is 1899-12-31, as fastexcel writes it
    days = (sheet.field("1").str.to_date("%Y-%m-%d", strict=False) - pl.date(1899, 12, 31)).dt.total_days()
    sheet_time = _whole(sheet.field("2")) * 3600 + _whole(sheet.field("3")) * 60 + _whole(sheet.field("4"))
    plain = clock(text)
    has_seconds = _shape(text, r":\d{2}:\d{2}")
    is_iso = _shape(text, r"^-?P\w")
    is_words = _shape(lower, _WORDLIKE) & _shape(lower, _WORDS)
    return [
        Form(name="h:mm:ss", fits=plain.fits & has_seconds, value=plain.value, is_exact=True),
        Form(name="h:mm", fits=plain.fits & ~has_seconds, value=plain.value),
        Form(
            name="mm:ss min",
            fits=_shape(lower, _MINUTE_CLOCK),
            value=hours_text(_signed(minute_parts.field("1"), minutes)),
            is_exact=True,
        ),
        Form(
            name="1d 2h 30m",
            fits=is_words,
            value=_in_units(lower, _WORDS, (days_per_week * day, day, 3600, 60, 1)),
        ),
        Form(
            name="PT7H30M",
            fits=is_iso & _shape(text, _ISO_DURATION),
            value=_in_units(text, _ISO_DURATION, (7 * 86400, 86400, 3600, 60, 1)),
            is_exact=True,
        ),
        Form(
            name="a time cell",
            fits=_shape(text, _SHEET_TIME),
            value=hours_text((days * 86400 + sheet_time) * _SECOND),
            is_exact=True,
        ),
        *(number(text, decimal, thousands) for decimal in decimals),
    ]


# -- times of day ----------------------------------------------------------------------------------------------------

_TIME = (
    r"(?:^|[ T,])(\d{1,2})[:.h](\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(?:([AaPp])\.?[Mm]\.?|Uhr)?"
    r"\s?(?:Z|([+-]\d{2}):?(\d{2}))?$"
)


def time_token(text: pl.Expr) -> pl.Expr:
    """What of a cell says the time of day: all behind its first word, or the one word."""
    return text.str.replace(r"^[0-9][0-9/.-]*[ T]\s*", "")


def time_of_day(text: pl.Expr) -> list[pl.Expr]:
    """The time at the end of a cell as microseconds since midnight, less the offset that it states; null without one.

    10:23:52 AM, 10:23, 15:00, 2026-05-10T09:30:00.000+0200.
    """
    parts = text.str.extract_groups(_TIME).struct
    hour, half = _whole(parts.field("1")), parts.field("4").str.to_lowercase()
    hour = pl.when(half == "p").then(hour % 12 + 12).when(half == "a").then(hour % 12).otherwise(hour)
    offset = _whole(parts.field("5")) * 3600
    sign = pl.when(parts.field("5").str.starts_with("-")).then(-1).otherwise(1)
    offset = (offset + sign * _whole(parts.field("6")) * 60).fill_null(0)
    total = hour * 3600 + _whole(parts.field("2")) * 60 + _whole(parts.field("3")).fill_null(0) - offset
    return [pl.when((hour < 24) & (_whole(parts.field("2")) < 60)).then(total * _SECOND).alias("time")]
