"""Profiles: a foreign tabular export declared as data, one YAML file each (docs/formats.md describes the language).

This module holds the language: what may be written and what is refused. How a profile is applied to a file belongs to
`profile_frames`; which profile fits a file, to `detect`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from pipelines.contracts import Contract, contracts
from pipelines.errors import ConfigurationError
from pipelines.formats.base import Replacement
from pipelines.formats.headers import normalise
from pipelines.formats.profile_forms import DECIMALS, GROUPS, LOCALES

SHIPPED = Path(__file__).parent / "profiles"

# `clock` is h:mm or h:mm:ss, `duration` any way to write one, `days` have as many hours as the configuration says
UNITS = ("seconds", "minutes", "hours", "days", "clock", "duration")
_NUMERIC = ("decimal", "fraction", "integer")
_PROFILE_KEYS = (
    "name", "description", "table", "source_system", "header_row", "header", "names", "locale", "empty", "each",
    "columns", "replaces", "leave_out", "tell", "withheld",
)  # fmt: skip
_COLUMN_KEYS = (
    "from", "first", "join", "const", "extract", "pad", "text", "format", "unit", "start", "end", "decimal",
    "thousands", "round", "sign", "map", "default", "prefix",
)  # fmt: skip
ANY_DATE = "any"


@dataclass(frozen=True, kw_only=True)
class Reverse:
    """Where a number's sign is turned: everywhere, or where another column has one of the values."""

    column: str | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ColumnRule:
    """How one canonical column is made. Columns of the file are named as normalised."""

    column: str
    sources: tuple[str, ...] = ()
    choices: tuple[tuple[str, ...], ...] = ()  # the first of these that is not empty; none: all sources joined
    join: str = " "
    const: str | None = None
    extract: str | None = None  # a regular expression with one group, which is the value
    pad: int | None = None  # digits are filled up with zeros to so many
    is_document: bool = False  # Atlassian's document format, of which the text is taken
    formats: tuple[str, ...] = ()  # of dates, as for strftime; or (ANY_DATE,)
    unit: str | None = None
    unit_column: str | None = None  # the column that says the unit of each row
    units: Mapping[str, str] | None = None  # its values, lower case -> unit
    start: tuple[str, ...] = ()  # columns that together say when the work began, and ended
    end: tuple[str, ...] = ()
    decimals: tuple[str, ...] = ()
    thousands: str | None = None
    digits: int | None = None  # decimals to which a number is rounded, half away from zero
    reverse: Reverse | None = None
    values: Mapping[str, str] | None = None  # lower case -> what it becomes; "*": every other one
    default: str | None = None
    prefix: str = ""

    @property
    def is_verbatim(self) -> bool:
        """Whether the one cell is taken as it stands."""
        changed = self.extract or self.pad or self.is_document or self.formats or self.decimals or self.values
        return len(self.sources) == 1 and not (changed or self.default or self.prefix or self.start)


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Rows that are not taken, or told about: those where `column` is (or is not) one of the values."""

    column: str
    values: tuple[str, ...]  # lower case; empty text: an empty cell
    negated: bool
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Each:
    """A column that stands several times, each filled cell of which is a row: its parts are columns of their own.

    The parts are cut off from the right; the first keeps what separators are left in it.
    """

    column: str
    separator: str
    into: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Profile:
    name: str
    table: str
    description: str
    header: tuple[str, ...]  # normalised; a file fits when it has all of them
    columns: tuple[ColumnRule, ...]
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # column -> its names in other languages
    source_system: str | None = None
    finds_header: bool = False  # it may stand below a title
    date_order: str | None = None  # dmy, mdy, ymd; None: decided from the file
    decimal: str | None = None  # point, comma; None: decided from the file where a column leaves it open
    empty: tuple[str, ...] = ()  # lower case; cells that hold nothing
    each: Each | None = None
    replaces: Replacement | None = None
    leave_out: tuple[Rows, ...] = ()
    tell: tuple[Rows, ...] = ()
    withheld: tuple[str, ...] = ()  # normalised patterns of columns that are named in a warning
    is_shipped: bool = False

    def fits(self, header: Iterable[str]) -> bool:
        """Whether a file with these (normalised) columns is one of this profile."""
        present = set(header)
        return all(self._spelling(column, present) is not None for column in self.header)

    @property
    def missing(self) -> tuple[str, ...]:
        """The required columns that are not mapped: of a draft, none of a profile."""
        mapped = {rule.column for rule in self.columns}
        return tuple(name for name in contracts()[self.table].required if name not in mapped)

    def _spelling(self, column: str, present: Collection[str]) -> str | None:
        return next((name for name in (column, *self.names.get(column, ())) if name in present), None)

    def resolved(self, columns: Mapping[str, str]) -> dict[str, str]:
        """The file's columns by normalised name, and by the profile's own name where the file spells it otherwise."""
        found = dict(columns)
        for column in self.names:
            spelling = self._spelling(column, columns)
            if spelling is not None:
                found[column] = columns[spelling]
        return found


class _Parser:
    """Reads one profile; every complaint names the file and the key."""

    def __init__(self, path: Path, *, is_draft: bool = False) -> None:
        self.path, self.is_draft = path, is_draft

    def error(self, what: str, key: str, *, value: object = None, valid: Any = None) -> ConfigurationError:
        return ConfigurationError(
            what, where=f"profile {self.path}, {key}", value=value, valid=valid, remedy="see docs/formats.md, Profiles"
        )

    def mapping(self, node: Any, key: str, known: Sequence[str] | None = None) -> Mapping[str, Any]:
        if not isinstance(node, Mapping) or not node:
            raise self.error("not a block of keys", key, value=node)
        for name in node:
            if known is not None and name not in known:
                raise self.error("unknown key", f"{key}.{name}" if key else name, valid=known)
        return node

    def text(self, node: Any, key: str) -> str:
        if not isinstance(node, str) or not node:
            raise self.error("not a text", key, value=node)
        return node

    def texts(self, node: Any, key: str) -> tuple[str, ...]:
        items = [node] if isinstance(node, str) else node
        if not isinstance(items, list) or not items:
            raise self.error("not a text or a list of texts", key, value=node)
        return tuple(self.text(item, key) for item in items)

    def one_of(self, node: Any, key: str, valid: Sequence[str]) -> str:
        if node not in valid:
            raise self.error("not a known value", key, value=node, valid=valid)
        return node

    def profile(self, *, is_shipped: bool) -> Profile:
        try:
            # BaseLoader keeps every scalar as the text it is: Yes, 01 and 2026-01-02 are values of a map, not types.
            node = yaml.load(self.path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise self.error(f"not readable as YAML: {' '.join(str(error).split())}", "the whole file") from error
        node = self.mapping(node, "", _PROFILE_KEYS)
        for key in ("name", "table", "header", "columns"):
            if key not in node:
                raise self.error("missing key", key, valid=_PROFILE_KEYS)
        contract = contracts()[self.one_of(node["table"], "table", sorted(contracts()))]
        header = tuple(normalise(column) for column in self.texts(node["header"], "header"))
        each = self.each(node["each"], header) if "each" in node else None
        known = (*header, *(each.into if each else ()))
        names = self.names(node.get("names"))
        order, decimal = self.locale(node.get("locale"))
        columns = (
            ()
            if self.is_draft and not node["columns"]
            else tuple(
                self.column(contract, name, spec, known, has_locale="locale" in node)
                for name, spec in self.mapping(node["columns"], "columns", contract.column_names).items()
            )
        )
        uncovered = [name for name in contract.required if name not in {rule.column for rule in columns}]
        if uncovered and not self.is_draft:
            raise self.error(f"the required column {uncovered[0]} of {contract.name} is not mapped", "columns")
        return Profile(
            name=self.text(node["name"], "name"),
            table=contract.name,
            description=node.get("description", ""),
            header=header,
            columns=columns,
            names=names,
            source_system=self.text(node["source_system"], "source_system") if "source_system" in node else None,
            finds_header="header_row" in node
            and self.one_of(node["header_row"], "header_row", ("first", "find")) == "find",
            date_order=order,
            decimal=decimal,
            empty=tuple(v.strip().casefold() for v in self.texts(node["empty"], "empty")) if "empty" in node else (),
            each=each,
            replaces=self.replaces(node["replaces"], contract) if "replaces" in node else None,
            leave_out=self.rows(node.get("leave_out", []), "leave_out", (*header, *names)),
            tell=self.rows(node.get("tell", []), "tell", (*header, *names)),
            withheld=tuple(normalise(pattern) for pattern in self.texts(node.get("withheld", ["-"]), "withheld")),
            is_shipped=is_shipped,
        )

    def locale(self, node: Any) -> tuple[str | None, str | None]:
        if node is None:
            return None, None
        return LOCALES[self.one_of(str(node).casefold(), "locale", list(LOCALES))]

    def names(self, node: Any) -> dict[str, tuple[str, ...]]:
        if node is None:
            return {}
        return {
            normalise(column): tuple(dict.fromkeys(normalise(name) for name in self.texts(names, f"names.{column}")))
            for column, names in self.mapping(node, "names").items()
        }

    def each(self, node: Any, header: tuple[str, ...]) -> Each:
        node = self.mapping(node, "each", ("column", "separator", "into"))
        for key in ("column", "separator", "into"):
            if key not in node:
                raise self.error("missing key", f"each.{key}", valid=("column", "separator", "into"))
        if len(node["separator"]) != 1:
            raise self.error("not one character", "each.separator", value=node["separator"])
        return Each(
            column=self.demanded(node["column"], "each.column", header),
            separator=node["separator"],
            into=tuple(normalise(name) for name in self.texts(node["into"], "each.into")),
        )

    def replaces(self, node: Any, contract: Contract) -> Replacement:
        node = self.mapping(node, "replaces", ("period", "within"))
        dates = [column.name for column in contract.columns if column.type in ("date", "month")]
        period = self.one_of(node.get("period"), "replaces.period", dates)
        within = self.texts(node["within"], "replaces.within") if "within" in node else ()
        for name in within:
            self.one_of(name, "replaces.within", contract.column_names)
        return Replacement(period=period, within=within)

    def column(
        self, contract: Contract, name: str, spec: Any, header: tuple[str, ...], *, has_locale: bool = False
    ) -> ColumnRule:
        at, target = f"columns.{name}", contract.column(name)
        spec = self.mapping({"from": spec} if isinstance(spec, (str, list)) else spec, at, _COLUMN_KEYS)
        ways = [key for key in ("from", "first", "const") if key in spec]
        if len(ways) != 1 and not (not ways and "start" in spec):
            raise self.error("needs exactly one of from, first and const", at, value=", ".join(ways) or None)
        sources, choices = self.sources(spec, ways, at)
        # What must be there is part of the fingerprint; otherwise a file could fit and still lack it.
        if target.required and "default" not in spec and ways != ["const"]:
            needed = sources or tuple(normalise(c) for key in ("start", "end") for c in self.texts(spec.get(key), at))
            if not any(set(choice) <= set(header) for choice in choices or (needed,)):
                unsure = next(source for source in needed if source not in header)
                raise self.error(f"a required column is made of {unsure}, which header does not demand", at)
        if "format" in spec and target.type not in ("date", "month"):
            raise self.error("only dates have a format", f"{at}.format", value=target.type)
        for key in ("unit", "decimal", "thousands", "round", "sign"):
            if key in spec and target.type not in _NUMERIC:
                raise self.error("only numbers have it", f"{at}.{key}", value=target.type)
        for key in ("unit", "start", "end"):
            if key in spec and target.type != "decimal":
                raise self.error(f"only decimals have {key}", f"{at}.{key}", value=target.type)
        if ("start" in spec) != ("end" in spec):
            raise self.error("start and end go together", at)
        if "text" in spec:
            self.one_of(spec["text"], f"{at}.text", ("document",))
        unit, unit_column, units = self.unit(spec.get("unit"), f"{at}.unit", header)
        values = self.mapping(spec["map"], f"{at}.map") if "map" in spec else None
        decimals, thousands = self.decimals(spec, at, target.type, has_locale=has_locale, unit=unit)
        return ColumnRule(
            column=name,
            sources=sources,
            choices=choices,
            join=spec.get("join", " "),
            const=self.text(spec["const"], f"{at}.const") if "const" in spec else None,
            extract=self.pattern(spec["extract"], f"{at}.extract") if "extract" in spec else None,
            pad=self.count(spec["pad"], f"{at}.pad") if "pad" in spec else None,
            is_document="text" in spec,
            formats=self.formats(spec, at, target.type, has_locale=has_locale),
            unit=unit,
            unit_column=unit_column,
            units=units,
            start=tuple(normalise(c) for c in self.texts(spec["start"], f"{at}.start")) if "start" in spec else (),
            end=tuple(normalise(c) for c in self.texts(spec["end"], f"{at}.end")) if "end" in spec else (),
            decimals=decimals,
            thousands=thousands,
            digits=self.count(spec["round"], f"{at}.round", 0, 6) if "round" in spec else None,
            reverse=self.reverse(spec["sign"], f"{at}.sign", header) if "sign" in spec else None,
            values={k.strip().casefold(): self.text(v, f"{at}.map.{k}") for k, v in values.items()} if values else None,
            default=self.text(spec["default"], f"{at}.default") if "default" in spec else None,
            prefix=spec.get("prefix", ""),
        )

    def sources(
        self, spec: Mapping[str, Any], ways: Sequence[str], at: str
    ) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """The columns that a rule reads, and in which groups it takes the first that is not empty."""
        if not ways or ways == ["const"]:
            return (), ()
        if ways == ["from"]:
            return tuple(normalise(source) for source in self.texts(spec["from"], f"{at}.from")), ()
        items = spec["first"] if isinstance(spec["first"], list) else [spec["first"]]
        if not items:
            raise self.error("not a text or a list of texts", f"{at}.first", value=items)
        choices = tuple(tuple(normalise(c) for c in self.texts(item, f"{at}.first")) for item in items)
        return tuple(column for choice in choices for column in choice), choices

    def formats(self, spec: Mapping[str, Any], at: str, kind: str, *, has_locale: bool) -> tuple[str, ...]:
        if "format" not in spec:
            return (ANY_DATE,) if has_locale and kind in ("date", "month") and "const" not in spec else ()
        formats = self.texts(spec["format"], f"{at}.format")
        if ANY_DATE in formats and len(formats) > 1:
            raise self.error(f"{ANY_DATE} stands alone", f"{at}.format", value=", ".join(formats))
        return formats

    def decimals(
        self, spec: Mapping[str, Any], at: str, kind: str, *, has_locale: bool, unit: str | None
    ) -> tuple[tuple[str, ...], str | None]:
        """The decimal signs that a column may have, and its thousands sign."""
        is_number = {"decimal", "thousands", "unit", "round", "sign", "start"} & set(spec)
        if not is_number and not (has_locale and kind in _NUMERIC and "const" not in spec):
            return (), None
        usual = ["point", "comma"] if has_locale or unit == "duration" else "point"
        decimals = self.texts(spec.get("decimal", usual), f"{at}.decimal")
        for decimal in decimals:
            self.one_of(decimal, f"{at}.decimal", list(DECIMALS))
        thousands = spec.get("thousands")
        if thousands is not None:
            self.one_of(thousands, f"{at}.thousands", list(GROUPS))
            if len(decimals) > 1 or thousands == DECIMALS[decimals[0]]:
                raise self.error("clashes with decimal", f"{at}.thousands", value=thousands)
        return decimals, thousands

    def unit(
        self, node: Any, key: str, header: tuple[str, ...]
    ) -> tuple[str | None, str | None, Mapping[str, str] | None]:
        """A unit for all rows; or the column that says it, and its values."""
        if node is None or isinstance(node, str):
            return (self.one_of(node, key, UNITS) if node is not None else None), None, None
        node = self.mapping(node, key, ("column", *UNITS[:4]))
        if "column" not in node or len(node) < 2:
            raise self.error("needs a column and the values of each unit", key, valid=UNITS[:4])
        units = {
            value.strip().casefold(): unit
            for unit in UNITS[:4]
            if unit in node
            for value in self.texts(node[unit], f"{key}.{unit}")
        }
        return None, self.demanded(node["column"], f"{key}.column", header), units

    def pattern(self, node: Any, key: str) -> str:
        try:
            compiled = re.compile(self.text(node, key))
        except re.error as error:
            raise self.error(f"not a regular expression: {error}", key, value=node) from error
        # what the vectorised engine does not know
        if compiled.groups != 1 or any(sign in node for sign in ("(?=", "(?!", "(?<")):
            raise self.error("not a regular expression with one group", key, value=node)
        return node

    def count(self, node: Any, key: str, least: int = 1, most: int = 40) -> int:
        if not str(node).isdigit() or not least <= int(node) <= most:
            raise self.error("not a usable number of digits", key, value=node, valid=f"{least} to {most}")
        return int(node)

    def reverse(self, node: Any, key: str, header: tuple[str, ...]) -> Reverse:
        if node == "reverse":
            return Reverse()
        if not isinstance(node, Mapping) or set(node) != {"column", "reverse"}:
            raise self.error("not a sign", key, value=node, valid="reverse, or {column: …, reverse: [values]}")
        return Reverse(
            column=self.demanded(node["column"], f"{key}.column", header),
            values=tuple(v.strip().casefold() for v in self.texts(node["reverse"], f"{key}.reverse")),
        )

    def rows(self, node: Any, key: str, header: tuple[str, ...]) -> tuple[Rows, ...]:
        """`leave_out` and `tell`. A column of `names` that the file lacks says nothing."""
        if not isinstance(node, list):
            raise self.error("not a list", key, value=node)
        rules = []
        for item in node:
            item = self.mapping(item, key, ("column", "is", "is_not", "why"))
            ways = [way for way in ("is", "is_not") if way in item]
            if "column" not in item or len(ways) != 1:
                raise self.error("needs column and one of is and is_not", key, value=dict(item))
            items = item[ways[0]]
            values = items if isinstance(items, list) else [items]
            if not values or not all(isinstance(value, str) for value in values):
                raise self.error("not a text or a list of texts", f"{key}.{ways[0]}", value=items)
            if key == "tell" and "why" not in item:
                raise self.error("needs why: what to say about the rows", key, value=dict(item))
            rules.append(
                Rows(
                    column=self.demanded(item["column"], f"{key}.column", header),
                    values=tuple(v.strip().casefold() for v in values),
                    negated=ways == ["is_not"],
                    why=item.get("why", ""),
                )
            )
        return tuple(rules)

    def demanded(self, node: Any, key: str, header: tuple[str, ...]) -> str:
        column = normalise(self.text(node, key))
        if column not in header:
            raise self.error("header does not demand this column", key, value=column, valid=header)
        return column


def read_profile(path: Path, *, is_shipped: bool = False, is_draft: bool = False) -> Profile:
    """One profile; a draft may leave required columns open. Raises ConfigurationError that names file and key."""
    return _Parser(path, is_draft=is_draft).profile(is_shipped=is_shipped)


def load_profiles(folder: Path | None = None) -> tuple[Profile, ...]:
    """The profiles shipped with the package and those in `folder` (the data home's `profiles/`), by name.

    A user's profile of the same name takes the place of a shipped one.
    """
    found: dict[str, Profile] = {}
    for place, is_shipped in ((SHIPPED, True), (folder, False)):
        mine: dict[str, Path] = {}
        for path in sorted(place.glob("*.y*ml")) if place is not None and place.is_dir() else ():
            profile = read_profile(path, is_shipped=is_shipped)
            if profile.name in mine:
                raise ConfigurationError(
                    "two profiles have the same name", where=f"{mine[profile.name]} and {path}", value=profile.name
                )
            mine[profile.name] = path
            found[profile.name] = profile
    return tuple(found[name] for name in sorted(found))
