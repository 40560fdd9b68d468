"""How a pack writes a figure or a text: the site's words (reports/components/format.js), and what a file cannot hold.

One minus sign, a dash where there is no figure, half away from zero. No layout.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

NOTHING = "–"
MINUS = "−"
_EXACT = Context(prec=60)  # a sum of DECIMAL(38) has more digits than the default keeps
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# Characters that XML 1.0 has no way to write (https://www.w3.org/TR/xml/#charsets), surrogates among them.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Characters without a width that turn the text after them around, or hide in it.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\ufe00-\ufe0f]")
_NO_SHEET = re.compile(r"[\[\]:*?/\\]")
_SIGN = re.compile(r"(?<![\w.)-])-(?=\d)")
_SENTENCE = re.compile(r"(?<=[.)]) (?=[A-Z(])")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def _rounded(value: Any, digits: int) -> Decimal:
    exact = value if isinstance(value, Decimal) else Decimal(repr(value) if isinstance(value, float) else value)
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP, context=_EXACT)


def number(value: Any, digits: int = 0) -> str:
    """`1,234`, `−1,234`; what rounds to nothing has no sign."""
    if value is None:
        return NOTHING
    rounded = _rounded(value, digits)
    text = f"{abs(rounded):,.{digits}f}"
    return MINUS + text if rounded < 0 else text


def signed(value: Any, digits: int = 0) -> str:
    """As `number`, a plus before what is more than nothing."""
    text = number(value, digits)
    return f"+{text}" if value is not None and _rounded(value, digits) > 0 else text


def share(value: Any) -> str:
    """A fraction as `12.3 %`."""
    return NOTHING if value is None else f"{number(Decimal(str(value)) * 100, 1)} %"


def points(value: Any) -> str:
    """A difference of two fractions in percentage points."""
    return NOTHING if value is None else f"{signed(Decimal(str(value)) * 100, 1)} pp"


def month(value: date | None) -> str:
    return NOTHING if value is None else f"{_MONTHS[value.month - 1]} {value.year}"


def day(value: date | None) -> str:
    return NOTHING if value is None else f"{value.day} {month(value)}"


def time(value: datetime) -> str:
    return f"{day(value)}, {value:%H:%M} UTC"


def plain(value: Any) -> str:
    """A text as it was delivered, but for what an XML file cannot hold, which becomes a visible replacement."""
    return _NO_XML.sub(_REPLACEMENT, str(value)).replace("\r\n", "\n").replace("\r", "\n")


def one_line(value: Any) -> str:
    """A text on one line: controls become blanks, what turns or hides text is left out."""
    return _CONTROLS.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", plain(value)))).strip()


def with_minus(text: str) -> str:
    """A sentence of the marts with the minus that figures have: `-2 pp` is negative, `2026-09` is a month."""
    return _SIGN.sub(MINUS, text)


def told(reason: str | None, *, status: str | None) -> str:
    """Of the sentences behind a status those that make it, without the bands of the others."""
    sentences = _SENTENCE.split(reason or "")
    kept = [sentence for sentence in sentences if f" is {status}" in sentence] or sentences
    return " ".join(sentence.split(";")[0].rstrip(".") + "." for sentence in kept if sentence)


def shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def sheet_name(title: str, *, taken: set[str]) -> str:
    """A name that Excel takes: 31 characters, none of `[]:*?/\\`, no quote at an end, none twice (then taken)."""
    base = one_line(_NO_SHEET.sub(" ", title)).strip("' ")[:31].rstrip("' ") or "Sheet"
    if base.lower() == "history":  # Excel keeps this one for itself
        base = "History "[:7] + "_"
    name, number_ = base, 1
    while name.lower() in taken:
        number_ += 1
        end = f" ({number_})"
        name = base[: 31 - len(end)] + end
    taken.add(name.lower())
    return name
