"""The shape of a contract and the loader of the YAML files beside this module.

A contract describes one canonical table once: columns, types, key, rules. DuckDB tables (`ddl`), Polars schemas
(`frames`), dbt sources (`dbt_sources`), expectations and the data dictionary are derived from it. Nothing here reads
or writes data.

Keys of a column in the YAML files: `type` (see `TYPES`), `codes` (for `code`), `required`, `key`, `default` (used
where the cell is empty), `personal` (`private`: never published; `role_holder`: published unless
`show_project_managers = false`), `references` (the table whose key it names), `description`.
Keys of a table: `description`, `control_column` (the amount whose sum proves that nothing was lost),
`key_when_empty` (columns of which a key is made where the key column is empty), `rules` (an SQL condition that every
row must meet, with the column it is reported on, the reason and the remedy).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

FEEDS = ("erp", "timesheets", "invoices", "kpi", "projects")

# type -> (DuckDB type, what a valid cell looks like)
TYPES: Mapping[str, tuple[str, str]] = {
    "text": ("VARCHAR", "any text"),
    "date": ("DATE", "a date as YYYY-MM-DD"),
    "month": ("DATE", "a month as YYYY-MM, or a date in it as YYYY-MM-DD"),
    "decimal": ("DECIMAL(24,6)", "a number such as 1234.56, at most 18 digits before and 6 after the point"),
    "fraction": ("DECIMAL(18,12)", "a fraction from 0 to 1, such as 0.25"),
    "boolean": ("BOOLEAN", "true, false, 1, 0, yes or no"),
    "code": ("VARCHAR", "one of the listed codes"),
    "currency": ("VARCHAR", "a currency code of ISO 4217, such as EUR"),
    "integer": ("BIGINT", "a whole number"),
}

# Where each row came from; on every raw table, every fact and every reject.
PROVENANCE: Mapping[str, tuple[str, str]] = {
    "source_file_id": ("VARCHAR", "The file that the row came from; ops.loads gives its name and SHA-256"),
    "source_line": ("VARCHAR", "Line of the file (sheet!row of a workbook, element path of an XML file)"),
}


@dataclass(frozen=True, kw_only=True)
class Column:
    name: str
    type: str
    description: str
    required: bool = False
    key: bool = False
    default: str | None = None
    codes: tuple[str, ...] = ()
    personal: Literal["private", "role_holder"] | None = None
    references: str | None = None

    @property
    def duckdb_type(self) -> str:
        return TYPES[self.type][0]

    @property
    def valid(self) -> str:
        """What a valid cell looks like, for messages."""
        return f"one of {', '.join(self.codes)}" if self.type == "code" else TYPES[self.type][1]


@dataclass(frozen=True, kw_only=True)
class Rule:
    name: str
    holds: str
    column: str
    reason: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class Contract:
    name: str
    feed: str
    description: str
    columns: tuple[Column, ...]
    control_column: str | None = None
    key_when_empty: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.key)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.required)

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)


def _contract(name: str, feed: str, spec: Mapping) -> Contract:
    columns = tuple(
        Column(name=column, **{k: tuple(v) if k == "codes" else v for k, v in keys.items()})
        for column, keys in spec["columns"].items()
    )
    contract = Contract(
        name=name,
        feed=feed,
        description=spec["description"],
        columns=columns,
        control_column=spec.get("control_column"),
        key_when_empty=tuple(spec.get("key_when_empty", ())),
        rules=tuple(Rule(**rule) for rule in spec.get("rules", ())),
    )
    named = {contract.control_column, *contract.key_when_empty, *(r.column for r in contract.rules)} - {None}
    unknown = named - set(contract.column_names)
    if unknown or not contract.key or any(c.type not in TYPES for c in columns):
        raise ValueError(f"contract {name}: unknown columns {sorted(unknown)}, no key, or an unknown type")
    return contract


@cache
def contracts() -> Mapping[str, Contract]:
    """Every canonical table by name, feeds in the order of `FEEDS`, tables in the order of their file."""
    folder = Path(__file__).parent
    # libyaml where it is built in: the pure Python loader costs 0.3 s at every start
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found = {
        name: _contract(name, feed, spec)
        for feed in FEEDS
        for name, spec in yaml.load((folder / f"{feed}.yaml").read_text(encoding="utf-8"), Loader=loader).items()
    }
    for contract in found.values():
        for column in contract.columns:
            if column.references and column.references not in found:
                raise ValueError(f"contract {contract.name}.{column.name}: no table {column.references}")
    return found


def feed_tables(feed: str) -> tuple[str, ...]:
    return tuple(c.name for c in contracts().values() if c.feed == feed)
