"""Numbers of schedules: plain and localised amounts, durations, and totals spread without losing a cent.

Nothing here knows a format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from pipelines.errors import RefusedFile

CENT = Decimal("0.01")
MILLIONTH = Decimal("0.000001")
ZERO = Decimal(0)
HUNDRED = Decimal(100)

# xsd:float and xsd:decimal; the exponent is capped, so that a short text never becomes a number of a million digits
_PLAIN = re.compile(r"^[+-]?(\d{1,24}(\.\d{0,24})?|\.\d{1,24})([eE][+-]?\d{1,2})?$", re.ASCII)
_DURATION = re.compile(r"^(-)?PT(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12}(?:\.\d{1,12})?)S)?$", re.ASCII)
_NOT_NUMBER = re.compile(r"[^0-9.,'+\-()\s\u00a0\u202f]")
_WHOLE = re.compile(r"^-?[0-9]{1,9}$")
_LARGEST = Decimal(10) ** 15


@lru_cache(maxsize=65536)
def plain(text: str) -> Decimal | None:
    """A number as XML Schema writes it; None where the text is none, or larger than any amount of money."""
    if not _PLAIN.match(text):
        return None
    number = Decimal(text)
    return number if abs(number) < _LARGEST else None


@lru_cache(maxsize=65536)
def hours(text: str) -> Decimal | None:
    """Hours of a duration of working time such as PT8H54M5.07S, exact; None where the text is none.

    Days and longer units do not occur: a working day has as many hours as its calendar says.
    """
    found = _DURATION.match(text)
    if found is None or text in ("PT", "-PT"):
        return None
    sign, whole, minutes, seconds = found.groups()
    total = Decimal(whole or 0) * 3600 + Decimal(minutes or 0) * 60 + Decimal(seconds or 0)
    return (-total if sign else total) / 3600


def whole(text: str | None) -> int | None:
    """A whole number of at most nine digits; None where the text is none."""
    return int(text) if text is not None and _WHOLE.match(text) else None


def rounded(value: Decimal, quantum: Decimal) -> Decimal:
    """Half away from zero."""
    return value.quantize(quantum, rounding=ROUND_HALF_UP)


def shown(value: Decimal | None) -> str | None:
    """A canonical number: a point, at most six decimals, no trailing zeros beyond what it needs."""
    if value is None:
        return None
    text = f"{rounded(value, MILLIONTH):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def spread(total: Decimal, weights: Iterable[tuple[int, Decimal]], *, quantum: Decimal) -> dict[int, Decimal]:
    """`total` over months in proportion to their weights, rounded as running sums: the parts add up to the total.

    >>> [str(part) for part in spread(Decimal(10), [(1, 1), (2, 1), (3, 1)], quantum=CENT).values()]
    ['3.33', '3.34', '3.33']
    """
    ordered = sorted(weights)
    whole = sum((Decimal(weight) for _, weight in ordered), ZERO)
    if not ordered or whole == 0:
        raise ValueError("nothing to spread over")
    total = rounded(total, MILLIONTH)
    parts: dict[int, Decimal] = {}
    reached, before = ZERO, ZERO
    last = ordered[-1][0]
    for month, weight in ordered:
        reached += weight
        to_date = total if month == last else rounded(total * reached / whole, quantum)
        parts[month] = to_date - before
        before = to_date
    return parts


class Localised:
    """Amounts written by the locale of a desktop: the decimal sign is decided once, from all of the file's values."""

    def __init__(self) -> None:
        self.point: str | None = None  # a value that shows its decimal sign to be a point, a comma
        self.comma: str | None = None
        self.unclear: str | None = None

    def see(self, text: str) -> None:
        """Takes a value as evidence."""
        points, commas = text.count("."), text.count(",")
        if not points and not commas:
            return
        if points and commas:
            last = "." if text.rfind(".") > text.rfind(",") else ","
        elif points > 1 or commas > 1:
            last = "," if points else "."  # a sign that repeats stands between thousands
        else:
            last = "." if points else ","
            after = re.sub(r"\D+$", "", text).rpartition(last)[2]
            if len(after) == 3 and not text.lstrip(" -+").startswith(("0" + last, last)):
                self.unclear = self.unclear or text
                return
        if last == ".":
            self.point = self.point or text
        else:
            self.comma = self.comma or text

    def decimal_sign(self, *, where: str, stated: str | None, setting: str) -> str:
        """`.` or `,`. `stated`: what the file or the configuration says, which settles what the values leave open."""
        if self.point and self.comma:
            raise RefusedFile(
                "amounts of the file are written with a decimal point and with a decimal comma",
                where=where,
                value=f"{self.point}, {self.comma}",
                remedy="save it again in one locale",
            )
        if self.point or self.comma:
            return "." if self.point else ","
        if self.unclear is None or stated is not None:
            return stated or "."
        raise RefusedFile(
            "an amount can be read in two ways and no other value of the file tells which",
            where=where,
            value=f"{self.unclear} = {read(self.unclear, '.')} (decimal point) or {read(self.unclear, ',')} (comma)",
            remedy=f'say decimal = "point" or decimal = "comma" in outturn.toml under [{setting}]',
        )


def read(text: str, decimal: str) -> Decimal | None:
    """A localised amount, currency signs and blanks gone; None where nothing else is left of it."""
    bare = _NOT_NUMBER.sub("", text).strip()
    negative = bare.startswith("(") or "-" in bare
    bare = re.sub(r"[\s\u00a0\u202f'()+\-]", "", bare)
    bare = bare.replace("," if decimal == "." else ".", "")
    found = plain(bare.replace(decimal, "."))
    return -found if found is not None and negative else found
