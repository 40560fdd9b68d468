"""Profiles: a foreign tabular export declared as data, one YAML file each (docs/formats.md describes the language).

This module holds the language: what may be written and what is refused. How a profile is applied to a file belongs to
`profile_frames`; which profile fits a file, to `detect`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines.contracts import Contract, contracts
from pipelines.errors import ConfigurationError
from pipelines.formats.headers import normalise

SHIPPED = Path(__file__).parent / "profiles"

# unit -> how many of it make (numerator, denominator) hours; `clock` is h:mm or h:mm:ss
UNITS: Mapping[str, tuple[int, int]] = {
    "seconds": (1, 3600),
    "minutes": (1, 60),
    "hours": (1, 1),
    "days": (8, 1),
    "clock": (1, 3600),
}
DECIMALS: Mapping[str, str] = {"point": ".", "comma": ","}
_NUMERIC = ("decimal", "fraction", "integer")
_PROFILE_KEYS = ("name", "description", "table", "header", "columns", "leave_out")
_COLUMN_KEYS = (
    "from", "first", "join", "const", "format", "unit", "decimal", "thousands", "sign", "map", "default", "prefix",
)  # fmt: skip


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
    take: str = "join"  # join: all of them; first: the first that is not empty
    join: str = " "
    const: str | None = None
    formats: tuple[str, ...] = ()
    unit: str | None = None
    decimals: tuple[str, ...] = ()
    thousands: str | None = None
    reverse: Reverse | None = None
    values: Mapping[str, str] | None = None
    default: str | None = None
    prefix: str = ""


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Rows that are not taken: those where `column` is (or is not) one of the values."""

    column: str
    values: tuple[str, ...]
    negated: bool


@dataclass(frozen=True, kw_only=True)
class Profile:
    name: str
    table: str
    description: str
    header: tuple[str, ...]  # normalised; a file fits when it has all of them
    columns: tuple[ColumnRule, ...]
    leave_out: tuple[LeftOut, ...] = ()
    is_shipped: bool = False

    def fits(self, header: Sequence[str]) -> bool:
        """Whether a file with these (normalised) columns is one of this profile."""
        return set(self.header) <= set(header)


class _Parser:
    """Reads one profile; every complaint names the file and the key."""

    def __init__(self, path: Path) -> None:
        self.path = path

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
        columns = tuple(
            self.column(contract, name, spec, header)
            for name, spec in self.mapping(node["columns"], "columns", contract.column_names).items()
        )
        uncovered = [name for name in contract.required if name not in {rule.column for rule in columns}]
        if uncovered:
            raise self.error(f"the required column {uncovered[0]} of {contract.name} is not mapped", "columns")
        return Profile(
            name=self.text(node["name"], "name"),
            table=contract.name,
            description=node.get("description", ""),
            header=header,
            columns=columns,
            leave_out=self.left_out(node.get("leave_out", []), header),
            is_shipped=is_shipped,
        )

    def column(self, contract: Contract, name: str, spec: Any, header: tuple[str, ...]) -> ColumnRule:
        at, target = f"columns.{name}", contract.column(name)
        spec = self.mapping({"from": spec} if isinstance(spec, (str, list)) else spec, at, _COLUMN_KEYS)
        ways = [key for key in ("from", "first", "const") if key in spec]
        if len(ways) != 1:
            raise self.error("needs exactly one of from, first and const", at, value=", ".join(ways) or None)
        sources = ()
        if ways != ["const"]:
            sources = tuple(normalise(source) for source in self.texts(spec[ways[0]], f"{at}.{ways[0]}"))
            # What must be there is part of the fingerprint; otherwise a file could fit and still lack it.
            sure = [source for source in sources if source in header]
            if target.required and "default" not in spec and len(sure) < (1 if ways == ["first"] else len(sources)):
                unsure = next(source for source in sources if source not in header)
                raise self.error(f"a required column is made of {unsure}, which header does not demand", at)
        if "format" in spec and target.type not in ("date", "month"):
            raise self.error("only dates have a format", f"{at}.format", value=target.type)
        for key in ("unit", "decimal", "thousands", "sign"):
            if key in spec and target.type not in _NUMERIC:
                raise self.error("only numbers have it", f"{at}.{key}", value=target.type)
        if "unit" in spec and target.type != "decimal":
            raise self.error("only decimals have a unit", f"{at}.unit", value=target.type)
        decimals = self.texts(spec.get("decimal", "point"), f"{at}.decimal")
        for decimal in decimals:
            self.one_of(decimal, f"{at}.decimal", list(DECIMALS))
        thousands = spec.get("thousands")
        if thousands is not None:
            self.one_of(thousands, f"{at}.thousands", [".", ",", " ", "'"])
            if len(decimals) > 1 or thousands == DECIMALS[decimals[0]]:
                raise self.error("clashes with decimal", f"{at}.thousands", value=thousands)
        values = self.mapping(spec["map"], f"{at}.map") if "map" in spec else None
        return ColumnRule(
            column=name,
            sources=sources,
            take="first" if ways == ["first"] else "join",
            join=spec.get("join", " "),
            const=self.text(spec["const"], f"{at}.const") if "const" in spec else None,
            formats=self.texts(spec["format"], f"{at}.format") if "format" in spec else (),
            unit=self.one_of(spec["unit"], f"{at}.unit", list(UNITS)) if "unit" in spec else None,
            decimals=decimals if {"decimal", "thousands", "unit", "sign"} & set(spec) else (),
            thousands=thousands,
            reverse=self.reverse(spec["sign"], f"{at}.sign", header) if "sign" in spec else None,
            values={k.strip().casefold(): self.text(v, f"{at}.map.{k}") for k, v in values.items()} if values else None,
            default=self.text(spec["default"], f"{at}.default") if "default" in spec else None,
            prefix=spec.get("prefix", ""),
        )

    def reverse(self, node: Any, key: str, header: tuple[str, ...]) -> Reverse:
        if node == "reverse":
            return Reverse()
        if not isinstance(node, Mapping) or set(node) != {"column", "reverse"}:
            raise self.error("not a sign", key, value=node, valid="reverse, or {column: …, reverse: [values]}")
        return Reverse(
            column=self.demanded(node["column"], f"{key}.column", header),
            values=tuple(v.strip().casefold() for v in self.texts(node["reverse"], f"{key}.reverse")),
        )

    def left_out(self, node: Any, header: tuple[str, ...]) -> tuple[LeftOut, ...]:
        if not isinstance(node, list):
            raise self.error("not a list", "leave_out", value=node)
        rules = []
        for item in node:
            item = self.mapping(item, "leave_out", ("column", "is", "is_not"))
            if "column" not in item or len(item) != 2:
                raise self.error("needs column and one of is and is_not", "leave_out", value=dict(item))
            way = "is" if "is" in item else "is_not"
            values = self.texts(item[way], f"leave_out.{way}")
            rules.append(
                LeftOut(
                    column=self.demanded(item["column"], "leave_out.column", header),
                    values=tuple(v.strip().casefold() for v in values),
                    negated=way == "is_not",
                )
            )
        return tuple(rules)

    def demanded(self, node: Any, key: str, header: tuple[str, ...]) -> str:
        column = normalise(self.text(node, key))
        if column not in header:
            raise self.error("header does not demand this column", key, value=column, valid=header)
        return column


def read_profile(path: Path, *, is_shipped: bool = False) -> Profile:
    """One profile. Raises ConfigurationError that names the file and the key."""
    return _Parser(path).profile(is_shipped=is_shipped)


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
