"""A first draft of a profile for a file that nothing fits: a guess to correct, never applied by itself."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping

import polars as pl

from pipelines.contracts import Column, Contract, contracts
from pipelines.formats.base import RawTable
from pipelines.formats.headers import normalise

# Words of foreign exports -> the word that canonical columns use
_WORDS: Mapping[str, str] = {
    "user": "employee", "person": "employee", "worker": "employee", "staff": "employee", "resource": "employee",
    "duration": "hours", "time": "hours", "minutes": "hours", "effort": "hours", "quantity": "hours",
    "job": "project", "day": "date", "start": "date", "posting": "date", "value": "amount", "total": "amount",
    "key": "id", "number": "id", "no": "id", "code": "id", "task": "activity", "phase": "activity",
    "log": "entry", "booking": "entry", "notes": "description", "comment": "description", "vendor": "supplier",
    "client": "customer", "currency": "currency", "element": "wbs",
}  # fmt: skip
_DATE_FORMATS = (
    "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y",
    "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M", "%d-%b-%y", "%d-%b-%Y", "%Y%m%d",
)  # fmt: skip
_UNITS = {"minutes": "minutes", "mins": "minutes", "minute": "minutes", "seconds": "seconds", "days": "days"}
_SURE = 0.5
_SAMPLE = 500
_FIRST_YEAR = 1900  # %Y reads the 11 of 9/16/11 as a year


def _words(name: str) -> set[str]:
    words = re.split(r"[^0-9a-zäöüßéèà]+", normalise(name))
    return {_WORDS.get(word, word) for word in words if word}


def _shape(values: pl.Series) -> str:
    """What a column's values look like: date, number, clock or text."""
    if not len(values):
        return "text"
    if _date_formats(values):
        return "date"
    if values.str.contains(r"^-?\d+:\d{2}(:\d{2})?$").all():
        return "clock"
    return "number" if values.str.contains(r"^[-(]?\d[\d.,' ]*[-)]?$").all() else "text"


def _likeness(column: Column, foreign: str, shape: str) -> float:
    """0..1: how much the names say the same, given that the values can be such a column's at all."""
    if column.type in ("date", "month") and shape != "date":
        return 0.0
    if column.type in ("decimal", "fraction", "integer") and shape not in ("number", "clock"):
        return 0.0
    if shape == "date" and column.type not in ("date", "month"):
        return 0.0
    ours, theirs = _words(column.name), _words(foreign)
    shared = len(ours & theirs) / len(ours | theirs) if theirs else 0.0
    contained = 0.6 if ours <= theirs else 0.0
    letters = difflib.SequenceMatcher(None, column.name, normalise(foreign)).ratio() * 0.9
    # Dates are few in a file and seldom anything else than the date.
    return min(1.0, max(shared, contained, letters) + (0.25 if shape == "date" else 0.0))


def _matched(contract: Contract, shapes: Mapping[str, str]) -> dict[str, tuple[str, float]]:
    """Canonical column -> the file's likeliest column: the surest pairs first, each column of the file once."""
    pairs = sorted(
        (
            (_likeness(column, foreign, shape), column.name, foreign)
            for column in contract.columns
            for foreign, shape in shapes.items()
        ),
        key=lambda pair: -pair[0],
    )
    matched: dict[str, tuple[str, float]] = {}
    used: set[str] = set()
    for likeness, column, foreign in pairs:
        if likeness >= _SURE and column not in matched and foreign not in used:
            matched[column] = (foreign, likeness)
            used.add(foreign)
    return matched


def _fit(contract: Contract, matched: Mapping[str, tuple[str, float]]) -> float:
    """How much of the file a table explains, less what it would have to have."""
    return sum(likeness for _, likeness in matched.values()) - sum(name not in matched for name in contract.required)


def _date_formats(values: pl.Series) -> list[str]:
    """The formats in which every value of the sample can be read."""
    fitting = []
    for form in _DATE_FORMATS:
        moments = values.str.to_datetime(form, strict=False) if "%H" in form else values.str.to_date(form, strict=False)
        if len(values) and moments.null_count() == 0 and moments.dt.year().min() >= _FIRST_YEAR:
            fitting.append(form)
    return fitting


def _rule(column: Column, foreign: str, values: pl.Series) -> str:
    """The YAML of one column."""
    keys: dict[str, object] = {"from": foreign}
    if column.type in ("date", "month"):
        formats = _date_formats(values)
        if formats and formats != ["%Y-%m-%d"]:
            keys["format"] = formats[0] if len(formats) == 1 else formats
    if column.name == "hours":
        units = [_UNITS[word] for word in re.split(r"[^a-z]+", normalise(foreign)) if word in _UNITS]
        if units:
            keys["unit"] = units[0]
        elif _shape(values) == "clock":
            keys["unit"] = "clock"
    # JSON is YAML: quoting is never in doubt.
    return json.dumps(foreign if len(keys) == 1 else keys, ensure_ascii=False)


def draft_profile(raw: RawTable, name: str) -> str:
    """The text of a profile for `raw`: table and columns guessed by their names, what is missing as comments."""
    header = [column for column in raw.header if normalise(column)]
    sample = {
        column: values.filter(values.str.strip_chars() != "")
        for column, values in raw.frame.select(header).head(_SAMPLE).collect().to_dict().items()
    }
    shapes = {column: _shape(values) for column, values in sample.items()}
    best = {table: _matched(contract, shapes) for table, contract in contracts().items()}
    table = max(best, key=lambda t: _fit(contracts()[t], best[t]))
    contract, matched = contracts()[table], best[table]

    lines = [
        f"# A draft for {raw.name}: check every line, fill in what is marked, see docs/formats.md (Profiles).",
        f"name: {json.dumps(name, ensure_ascii=False)}",
        f"table: {table}  # guessed; the tables are listed in docs/formats.md",
        "# A file is read by this profile when it has all of these columns: keep those that are always there.",
        f"header: {json.dumps(header, ensure_ascii=False)}",
        "columns:",
    ]
    for column in contract.columns:
        need = "required" if column.required else "optional"
        if column.name in matched:
            foreign = matched[column.name][0]
            lines.append(f"  {column.name}: {_rule(column, foreign, sample[foreign])}  # guessed; {need}")
        else:
            mark = "FILL IN" if column.required else "not found"
            lines.append(f"  # {column.name}:   # {mark}: {need}, {column.valid}")
    unused = [column for column in header if all(column != used for used, _ in matched.values())]
    if unused:
        lines.append(f"# not used: {', '.join(unused)}")
    return "\n".join(lines) + "\n"
