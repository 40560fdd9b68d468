"""What an example says, and the kinds of examples: how its inputs are told in files and its figures are read.

A kind is chosen by the names of the inputs alone, so that another example with the same inputs is told the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import duckdb

from tests.integration.books import Books
from tests.integration.conftest import Home

Inputs = dict[str, Any]
Figures = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Example:
    id: str
    source: str
    inputs: Inputs
    expected: Figures
    default_tolerance: Decimal
    tolerances: dict[str, Decimal]

    def tolerance(self, key: str) -> Decimal:
        return self.tolerances.get(key, self.default_tolerance)


def example(fact: dict[str, Any]) -> Example:
    """A row of the examples' file, parsed with numbers as Decimal."""
    tolerance = fact["tolerance"]
    return Example(
        id=fact["id"],
        source=fact["source"],
        inputs=fact["inputs"],
        expected=fact["expected"] | fact.get("expected_computed_here", {}),
        default_tolerance=tolerance["abs"],
        tolerances=tolerance.get("per_key", {}),
    )


@dataclass(kw_only=True)
class Marts:
    """The published marts of a home; months are texts such as 2025-01."""

    home: Home

    def months(self, mart: str, columns: str, **keys: Any) -> dict[str, Any]:
        """Month -> the column, or the columns as a tuple."""
        condition = " and ".join(f"{name} = ?" for name in keys)
        rows = self.rows(
            f"select strftime(month, '%Y-%m'), {columns} from margin.{mart} where {condition} order by month",
            *keys.values(),
        )
        return {month: values[0] if len(values) == 1 else tuple(values) for month, *values in rows}

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, parameters).fetchall()

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """One for all tests; it is opened so often otherwise that it takes most of their time."""
        return duckdb.connect(str(self.home.path / "published" / "warehouse.duckdb"), read_only=True)

    def line(self, line: str, columns: str) -> dict[str, Any]:
        return self.months("revenue_by_contract_line_month", columns, contract_line_id=line)

    def contract(self, project: str, columns: str) -> dict[str, Any]:
        return self.months("contract_balances_by_contract_month", columns, contract_id=f"CT-{project}")

    def forecast(self, mart: str, project: str, at: str, columns: str, **keys: Any) -> tuple[Any, ...]:
        """One row of a mart of forecasts: the project's month, and what else names a row."""
        condition = "".join(f" and {name} = ?" for name in keys)
        (row,) = self.rows(
            f"select {columns} from forecast.{mart} where project_id = ? and strftime(month, '%Y-%m') = ?{condition}",
            project,
            at,
            *keys.values(),
        )
        return row

    def estimates(self, project: str, at: str) -> dict[str, tuple[Any, ...]]:
        """Method -> ETC, EAC, VAC of a project's month."""
        rows = self.rows(
            "select method, etc_amount, eac_amount, vac_amount from forecast.eac_by_project_month_method "
            "where project_id = ? and strftime(month, '%Y-%m') = ?",
            project,
            at,
        )
        return {method: tuple(values) for method, *values in rows}

    def project(self, project: str, columns: str) -> dict[str, Any]:
        return self.months("margin_by_project_month", columns, project_id=project)

    def backlog(self, project: str, columns: str) -> dict[str, Any]:
        return self.months("backlog_by_project_month", columns, project_id=project)


@dataclass(kw_only=True)
class Stage:
    """Where examples are told: the rows of all, and the currencies that nobody has used yet."""

    books: Books = field(default_factory=Books)
    currencies: Iterable[str] = field(default_factory=lambda: iter(("USD", "CHF", "ZAR", "CAD", "AUD", "NZD", "SGD")))
    used: dict[str, str] = field(default_factory=dict)

    def currency(self, example_id: str) -> str:
        """A currency of the example's own: its rates are nobody else's."""
        return self.used.setdefault(example_id, next(iter(self.currencies)))


@dataclass(frozen=True, kw_only=True)
class Kind:
    required: frozenset[str]
    optional: frozenset[str]
    tell: Callable[[Stage, str, Inputs], None]
    read: Callable[[Marts, str, Inputs], Figures]

    def fits(self, inputs: Inputs) -> bool:
        return self.required <= inputs.keys() <= self.required | self.optional


KINDS: list[Kind] = []


def kind(required: str, optional: str = "") -> Callable[[type], type]:
    """Registers a class with `tell` and `read` for examples with these inputs."""

    def register(made: Any) -> Any:
        KINDS.append(
            Kind(
                required=frozenset(required.split()),
                optional=frozenset(optional.split()),
                tell=made.tell,
                read=made.read,
            )
        )
        return made

    return register


def kind_of(inputs: Inputs) -> Kind:
    found = [one for one in KINDS if one.fits(inputs)]
    assert len(found) == 1, f"{len(found)} kinds of examples have the inputs {sorted(inputs)}"
    return found[0]


def month(number: int) -> str:
    """The first month told is 0: January 2025."""
    return f"{2025 + number // 12}-{number % 12 + 1:02d}"
