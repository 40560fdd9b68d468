"""A first draft of a profile for a file that nothing fits: a guess to correct, never applied by itself."""

from __future__ import annotations

import dataclasses
import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from pipelines.contracts import Column, Contract, contracts
from pipelines.formats.base import RawTable
from pipelines.formats.headers import normalise
from pipelines.formats.profile_forms import any_date, duration, number
from pipelines.formats.profiles import ANY_DATE

# Words of foreign exports -> the word that canonical columns use
_WORDS: Mapping[str, str] = {
    word: ours
    for ours, theirs in {
        "employee": "user person worker staff resource developer member author benutzer mitarbeiter",
        "hours": "duration time minutes effort stunden dauer heures",
        "project": "job projekt projet",
        "date": "day start started posting posted datum",
        "amount": "value total cost costs betrag",
        "id": "key number no code nr",
        "activity": "task phase",
        "entry": "log booking",
        "description": "notes comment text summary",
        "supplier": "vendor",
        "customer": "client kunde organization",
        "currency": "währung",
        "wbs": "element",
        "document": "doc",
    }.items()
    for word in theirs.split()
}
_NOISE = frozenset({"actual", "the", "of", "fact", ""})
# what a number of hours is never counted in
_OTHER_UNITS = frozenset({"month", "months", "year", "years", "eur", "usd", "estimate", "plan", "planned"})
_CURRENCIES = frozenset(
    {"EUR", "USD", "GBP", "CHF", "NOK", "SEK", "DKK", "PLN", "CZK", "HUF", "JPY", "CAD", "AUD", "INR"}
)
_DATE_FORMATS = (
    "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y",
    "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M", "%d/%m/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M:%S %p", "%d-%b-%y", "%d-%b-%Y",
    "%d %b %Y", "%Y%m%d",
)  # fmt: skip
_UNITS = {"minutes": "minutes", "mins": "minutes", "minute": "minutes", "seconds": "seconds", "days": "days"}
_BEGIN, _FINISH = (
    frozenset({"start", "started", "begin", "from"}),
    frozenset({"end", "stop", "finish", "finished", "to"}),
)
_SURE = 0.5
_ALIKE = 0.72  # of two names letter by letter; below it any two short names are
_SAMPLE = 20_000
# of the values of a column, how many must have a shape for the column to be called so
_MOST_OF_THEM = 0.9
_FIRST_YEAR = 1900  # %Y reads the 11 of 9/16/11 as a year


@dataclass(frozen=True, kw_only=True)
class _Values:
    """The values of one column of the file, as far as a sample tells."""

    filled: pl.Series  # without the empty ones
    shape: str  # date, number, clock or text
    formats: tuple[str, ...] = ()  # of dates: in which every value can be read; or "any"
    decimals: tuple[str, ...] = field(default=())  # of numbers: the signs under which every value can be read


def _part(fits: pl.Series) -> float:
    return (fits.sum() or 0) / len(fits) if len(fits) else 0.0


def _examined(values: pl.Series) -> _Values:
    text = values.str.strip_chars()
    filled = text.filter(text != "").alias("x")
    frame = filled.to_frame()
    cell = pl.col("x")
    if not len(filled):
        return _Values(filled=filled, shape="text")
    formats = _date_formats(filled)
    if formats:
        return _Values(filled=filled, shape="date", formats=formats)
    dates = frame.select(pl.any_horizontal(form.fits for form in any_date(cell, zone="UTC"))).to_series()
    numbers = {sign: frame.select(number(cell, sign, None).fits).to_series() for sign in ("point", "comma")}
    if _part(dates) >= _MOST_OF_THEM and not any(fits.all() for fits in numbers.values()):
        return _Values(filled=filled, shape="date", formats=(ANY_DATE,))
    signs = tuple(sign for sign, fits in numbers.items() if fits.all())
    if signs:
        return _Values(filled=filled, shape="number", decimals=signs)
    best = max(numbers, key=lambda sign: _part(numbers[sign]))
    if _part(numbers[best]) >= _MOST_OF_THEM:
        return _Values(filled=filled, shape="number", decimals=(best,))
    forms = duration(cell, decimals=(), thousands=None, hours_per_day=8, days_per_week=5)
    if _part(frame.select(pl.any_horizontal(form.fits for form in forms)).to_series()) >= _MOST_OF_THEM:
        return _Values(filled=filled, shape="clock")
    return _Values(filled=filled, shape="text")


def _date_formats(values: pl.Series) -> tuple[str, ...]:
    """The formats in which every value of the sample can be read."""
    fitting = []
    for form in _DATE_FORMATS:
        has_time = "%H" in form or "%I" in form
        moments = values.str.to_datetime(form, strict=False) if has_time else values.str.to_date(form, strict=False)
        if moments.null_count() == 0 and moments.dt.year().min() >= _FIRST_YEAR:
            fitting.append(form)
    return tuple(fitting)


def _words(name: str) -> set[str]:
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    words = re.split(r"[^0-9a-zäöüßéèà]+", normalise(apart))
    return {_WORDS.get(word, word) for word in words} - _NOISE


def _likeness(contract: Contract, column: Column, foreign: str, values: _Values) -> float:
    """0..1: how much the names say the same, given that the values can be such a column's at all."""
    shape = values.shape
    if (column.type in ("date", "month")) != (shape == "date"):
        return 0.0
    if column.type in ("decimal", "fraction", "integer") and shape not in ("number", "clock"):
        return 0.0
    if shape == "clock" and column.name != "hours":
        return 0.0
    if column.type in ("boolean", "code", "currency") and not _could_be(column, values):
        return 0.0
    if column.name == "hours" and _raw_words(foreign) & _OTHER_UNITS:
        return 0.0
    ours, theirs = _words(column.name), _words(foreign)
    if theirs == {"id"}:
        # a bare "ID" is the row's own number
        return 0.7 if column.key and len(contract.key) == 1 else 0.0
    shared = len(ours & theirs) / len(ours | theirs) if theirs else 0.0
    contained = 0.6 if ours <= theirs else 0.0
    letters = _alike(column.name, foreign)
    letters = letters * 0.9 if letters > _ALIKE else 0.0
    # Dates are few in a file and seldom anything else than the date.
    found = min(1.0, max(shared, contained, letters) + (0.25 if shape == "date" else 0.0))
    if column.type == "text":
        is_identifier = column.name.endswith(("_id", "_code", "_number"))
        if not is_identifier and (shape == "number" or "id" in theirs):
            found *= 0.7  # a name or a text is not a number
    return found


def _alike(ours: str, foreign: str) -> float:
    return difflib.SequenceMatcher(None, ours, normalise(foreign)).ratio()


def _could_be(column: Column, values: _Values) -> bool:
    """Whether some of the values are words of such a column."""
    words = set(values.filled.head(200).str.to_lowercase())
    if column.type == "currency":
        return all(re.fullmatch("[a-z]{3}", word) for word in words) and bool(words)
    known = {"boolean": {"true", "false", "yes", "no", "1", "0", "ja", "nein", "oui", "non"}}
    return bool(words & set(known.get(column.type, column.codes)))


def _matched(contract: Contract, columns: Mapping[str, _Values]) -> dict[str, tuple[str, float]]:
    """Canonical column -> the file's likeliest column: the surest pairs first, each column of the file once."""
    pairs = sorted(
        (
            (_likeness(contract, column, foreign, values), _alike(column.name, foreign), column.name, foreign)
            for column in contract.columns
            for foreign, values in columns.items()
        ),
        key=lambda pair: (-pair[0], -pair[1]),
    )
    matched: dict[str, tuple[str, float]] = {}
    used: set[str] = set()
    for likeness, _, column, foreign in pairs:
        if likeness >= _SURE and column not in matched and foreign not in used:
            matched[column] = (foreign, likeness)
            used.add(foreign)
    return _of_the_person(matched, columns)


def _raw_words(foreign: str) -> set[str]:
    return set(re.split(r"[^0-9a-z]+", normalise(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", foreign)))) - {""}


def _of_the_person(
    matched: dict[str, tuple[str, float]], columns: Mapping[str, _Values]
) -> dict[str, tuple[str, float]]:
    """DeveloperHours beside DeveloperID, not Hours, which are all developers' and stand in each of their rows."""
    if not {"employee_id", "hours"} <= matched.keys():
        return matched
    person = _raw_words(matched["employee_id"][0]) - {"id", "key", "no", "number", "name"}
    used = {foreign for foreign, _ in matched.values()}
    for foreign, values in columns.items():
        is_hours = values.shape in ("number", "clock") and "hours" in _words(foreign)
        if foreign not in used and is_hours and person & _raw_words(foreign) and not _raw_words(foreign) & _OTHER_UNITS:
            return {**matched, "hours": (foreign, matched["hours"][1])}
    return matched


def _fit(contract: Contract, matched: Mapping[str, tuple[str, float]]) -> float:
    """How much of the file a table explains, less what it would have to have."""
    found = sum(likeness * (1.2 if name in contract.required else 0.8) for name, (_, likeness) in matched.items())
    # a number and dates are in every table
    says_little = sum(contract.column(name).type != "date" for name in matched) < 2
    return found - sum(name not in matched for name in contract.required) - says_little


def _rule(column: Column, foreign: str, values: _Values) -> str:
    """The YAML of one column."""
    keys: dict[str, object] = {"from": foreign}
    if column.type in ("date", "month") and values.formats != ("%Y-%m-%d",):
        # two formats that fit every value: the file does not tell, and `any` says so when it is read
        keys["format"] = values.formats[0] if len(values.formats) == 1 else ANY_DATE
    if column.name == "hours":
        units = [_UNITS[word] for word in re.split(r"[^a-z]+", normalise(foreign)) if word in _UNITS]
        if units:
            keys["unit"] = units[0]
        elif values.shape == "clock":
            keys["unit"] = "duration"
    is_whole = bool(values.filled.str.contains(r"^-?\d+$").all())
    is_plain = values.decimals == ("point",) and bool(values.filled.str.contains(r"^-?\d+(\.\d{1,6}0*)?$").all())
    if values.shape == "number" and column.type in ("decimal", "fraction", "integer") and not (is_whole or is_plain):
        keys["decimal"] = values.decimals[0] if len(values.decimals) == 1 else ["point", "comma"]
    # JSON is YAML: quoting is never in doubt.
    return json.dumps(foreign if len(keys) == 1 else keys, ensure_ascii=False)


def _of_one_sign(columns: Mapping[str, _Values]) -> dict[str, _Values]:
    """1.234 beside a column of 2,50: the decimal sign is one for the file."""
    signs = {values.decimals[0] for values in columns.values() if len(values.decimals) == 1}
    if len(signs) != 1:
        return dict(columns)
    return {
        column: dataclasses.replace(values, decimals=tuple(signs)) if len(values.decimals) > 1 else values
        for column, values in columns.items()
    }


def _suggested(column: Column, columns: Mapping[str, _Values], used: Mapping[str, tuple[str, float]]) -> str | None:
    """A rule for a column that no column of the file is."""
    if column.type == "currency":
        for foreign in (used["amount"][0], *columns) if "amount" in used else columns:
            found = re.search(r"(?:^|[_ (])([A-Z]{3})\)?$", foreign.strip())
            if found and found[1] in _CURRENCIES:
                return json.dumps({"const": found[1]})
    if column.name == "hours":
        moments = [name for name, values in columns.items() if values.shape == "date"]
        words = {name: set(re.split(r"[^a-z]+", normalise(name))) for name in moments}
        starts = [name for name in moments if words[name] & _BEGIN]
        ends = [name for name in moments if words[name] & _FINISH]
        if starts and ends and columns[starts[0]].filled.str.contains(r"\d:\d\d").any():
            return json.dumps({"start": starts[0], "end": ends[0]}, ensure_ascii=False)
    return None


def draft_profile(raw: RawTable, name: str, *, table: str | None = None) -> str:
    """The text of a profile for `raw`: table (if not given) and columns guessed by their names and values, what is
    missing as comments."""
    header = [column for column in raw.header if normalise(column)]
    sample = raw.frame.select(header).head(_SAMPLE).collect().to_dict()
    columns = _of_one_sign({column: _examined(values) for column, values in sample.items()})
    candidates = [contracts()[table]] if table is not None else list(contracts().values())
    best = {contract.name: _matched(contract, columns) for contract in candidates}
    contract = max(candidates, key=lambda candidate: _fit(candidate, best[candidate.name]))
    matched = best[contract.name]
    said = "guessed; the tables are listed in docs/formats.md" if table is None else "as you said"
    lines = [
        f"# A draft for {raw.name}: check every line, fill in what is marked, see docs/formats.md (Profiles).",
        f"name: {json.dumps(name, ensure_ascii=False)}",
        f"table: {contract.name}  # {said}",
        "# source_system:   # the tool's name, where project_alias knows projects by the tool's own names",
        "# A file is read by this profile when it has all of these columns: keep those that are always there.",
        f"header: {json.dumps(header, ensure_ascii=False)}",
        "columns:",
    ]
    for column in contract.columns:
        need = "required" if column.required else "optional"
        suggestion = _suggested(column, columns, matched) if column.name not in matched else None
        if column.name in matched:
            foreign = matched[column.name][0]
            rule = _rule(column, foreign, columns[foreign])
            lines.append(f"  {column.name}: {rule}  # guessed; {need}")
        elif suggestion is not None:
            lines.append(f"  {column.name}: {suggestion}  # guessed; {need}")
        else:
            mark = "FILL IN" if column.required else "not found"
            lines.append(f"  # {column.name}:   # {mark}: {need}, {column.valid}")
    unused = [column for column in header if all(column != used for used, _ in matched.values())]
    if unused:
        lines.append(f"# not used: {', '.join(unused)}")
    if contract.key_when_empty and not set(contract.key) & set(matched):
        lines.append("# The rows have no number of their own. Where each file holds the whole period of its people:")
        lines.append("# replaces: {period: work_date, within: [employee_id]}")
    return "\n".join(lines) + "\n"
