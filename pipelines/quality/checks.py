"""What a check is, as data: `data_tests.expectations` writes them, `gate` runs them.

No Great Expectations here and no database: a suite can be listed, counted and tested without either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Severity = Literal["critical", "warning"]
Builtin = Literal["not_null", "in_set", "between"]

# (schema, table) -> column -> DuckDB type, as the database at hand has them
Catalogue = Mapping[tuple[str, str], Mapping[str, str]]

# the schema of checks about the catalogue itself (which tables, columns and types there are)
CATALOGUE = ("information_schema", "columns")


def quoted(name: str) -> str:
    """A name in SQL, whatever characters it holds."""
    return '"' + name.replace('"', '""') + '"'


@dataclass(frozen=True, kw_only=True)
class Check:
    """One fact that must hold on one table.

    `rows` is SQL for the rows that break it: it selects exactly `source_file_id` and `source_line` and writes
    `{batch}` for the table. It never selects a value, so none can reach a message or the
    data docs. A model without provenance gives NULL and the row's key.
    `builtin` names the expectation of Great Expectations that tests it in place of `rows`, which then only names the
    rows after a failure. `reads` are the other tables that `rows` looks into.
    """

    name: str
    schema_name: str
    model_name: str
    holds: str
    remedy: str
    rows: str
    column_name: str | None = None
    severity: Severity = "critical"
    builtin: tuple[Builtin, Mapping[str, Any]] | None = None
    reads: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        return ".".join(filter(None, (self.schema_name, self.model_name, self.column_name)))

    @property
    def query(self) -> str:
        """`rows` with the table's name in it."""
        return self.rows.replace("{batch}", ".".join(map(quoted, (self.schema_name, self.model_name))))

    @property
    def fingerprint(self) -> str:
        """Changes with everything that could change the outcome on the same data."""
        return hashlib.sha256(f"{self.severity} {self.builtin} {self.rows}".encode()).hexdigest()[:16]


@dataclass(frozen=True, kw_only=True)
class SuiteContext:
    """What a suite may depend on beside the data."""

    as_of: date
    catalogue: Catalogue = field(default_factory=dict)

    def columns(self, schema: str, table: str) -> Mapping[str, str]:
        return self.catalogue.get((schema, table), {})
