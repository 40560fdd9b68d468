"""Objects of JSON as rows of text, written to Parquet in chunks. Columns are not interpreted here.

Parsed by Python with numbers kept as they are written: readers that go through doubles turn 12345678901234567.89
into something else (Polars and DuckDB do). 0.25 million rows a second.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.formats.base import FAULT
from pipelines.formats.tables.naming import Names, column_names

_BATCH = 50_000
_DEEPEST = 20
# a table has columns, not one name for each row; the reader of names refuses more
_MOST_COLUMNS = 4000


class NotARow(ValueError):
    """Why a piece of JSON is no row, as a user reads it."""


class Number(str):
    """A number as it is written."""

    __slots__ = ()


def _plain(text: str) -> Number:
    """A number without an exponent; the text itself where the exponent is absurd."""
    if "e" not in text and "E" not in text:
        return Number(text)
    number = Decimal(text)
    return Number(format(number, "f") if abs(number.adjusted()) < 40 else text)


def _constant(name: str) -> Any:
    raise NotARow(f"{name} is not a value")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise NotARow(f"the name {next(n for n in names if names.count(n) > 1)!r} stands twice")
    return found


DECODER = json.JSONDecoder(
    parse_float=_plain, parse_int=Number, parse_constant=_constant, object_pairs_hook=_object, strict=False
)


def as_json(value: Any) -> str:
    """A decoded value as JSON text again, its numbers as they were written."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)}: {as_json(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(as_json(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _fill(row: dict[str, str | None], name: str, value: Any, depth: int) -> None:
    if isinstance(value, dict) and value and depth < _DEEPEST:
        for inner, item in value.items():
            _fill(row, f"{name}.{inner}" if name else inner, item, depth + 1)
        return
    if value is None or isinstance(value, str):
        text = value
    elif isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = as_json(value)
    if name in row:
        raise NotARow(f"the name {name!r} stands twice")
    row[name] = text


def flat(value: dict[str, Any]) -> dict[str, str | None]:
    """An object as one row: `author: {name: Ann}` is the column `author.name`, a list is its JSON text.

    Raises NotARow where two names meet.
    """
    if all(item is None or isinstance(item, str) for item in value.values()):
        return value  # most are flat, and this is the inner loop
    row: dict[str, str | None] = {}
    _fill(row, "", value, 0)
    return row


class Rows:
    """Collects rows and writes them to `work` in chunks, so that memory stays flat."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.names: dict[str, None] = {}
        self.parts: list[Path] = []
        self.columns: dict[str, list[str | None]] = {}
        self.lines: list[str] = []
        self.faults: list[str | None] = []
        self.count = 0

    def add(self, row: dict[str, str | None], *, line: str, fault: str | None = None) -> None:
        if len(self.names) + len(row) > _MOST_COLUMNS:
            new = [name for name in row if name not in self.names]
            if len(self.names) + len(new) > _MOST_COLUMNS:
                row, fault = {}, f"the file has more than {_MOST_COLUMNS} names of columns"
        for column, value in row.items():
            self.names[column] = None
            values = self.columns.get(column)
            if values is None:
                values = self.columns[column] = [None] * len(self.lines)
            elif len(values) < len(self.lines):
                values.extend([None] * (len(self.lines) - len(values)))
            values.append(value)
        self.lines.append(line)
        self.faults.append(fault)
        self.count += 1
        if len(self.lines) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        for values in self.columns.values():
            values.extend([None] * (len(self.lines) - len(values)))
        self.parts.append(self.work / f"part-{len(self.parts):06}.parquet")
        frame = pl.DataFrame(
            {f"c{name}": pl.Series(values, dtype=pl.String) for name, values in self.columns.items()}
            | {
                "source_line": pl.Series(self.lines, dtype=pl.String),
                FAULT: pl.Series(self.faults, dtype=pl.String),
            }
        )
        frame.write_parquet(self.parts[-1], compression="lz4")
        self.columns, self.lines, self.faults = {}, [], []

    def table(self, *, where: str) -> tuple[Names, pl.LazyFrame]:
        """The names of the columns and the rows. Raises RefusedFile where there is no column."""
        if self.lines or not self.parts:
            self._flush()
        names = column_names(list(self.names), where=where)
        frame = pl.concat([pl.scan_parquet(part, glob=False) for part in self.parts], how="diagonal")
        return names, frame.select(
            *(
                pl.col(f"c{key}").alias(column)
                for key, column in zip(self.names, names.names, strict=False)
                if column is not None
            ),
            "source_line",
            FAULT,
        )
