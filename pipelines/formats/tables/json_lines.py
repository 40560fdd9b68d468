"""JSON Lines: one object a line; a line that is not one becomes a row with a fault. Columns are not interpreted here.

Parsed by Python with numbers kept as they are written: readers that go through doubles turn 12345678901234567.89
into something else (Polars and DuckDB do). 0.25 million rows a second.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, RawTable, Source
from pipelines.formats.tables.naming import column_names
from pipelines.formats.tables.streams import expanded

_BATCH = 50_000
# a line longer than this is not a row of a table
_MAX_LINE = 16 * 1024**2


class _NotARow(ValueError):
    pass


def _plain(text: str) -> str:
    """A number without an exponent; the text itself where the exponent is absurd."""
    if "e" not in text and "E" not in text:
        return text
    number = Decimal(text)
    return format(number, "f") if abs(number.adjusted()) < 40 else text


def _constant(name: str) -> Any:
    raise _NotARow(f"{name} is not a value")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _NotARow(f"the name {next(n for n in names if names.count(n) > 1)!r} stands twice")
    return found


_DECODER = json.JSONDecoder(
    parse_float=_plain, parse_int=str, parse_constant=_constant, object_pairs_hook=_object, strict=False
)


def _text(value: Any, line: str, name: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    # nested: as JSON text, read anew so that its numbers stay numbers
    return json.dumps(json.loads(line, strict=False)[name], ensure_ascii=False)


def _row(line: str) -> dict[str, str | None]:
    try:
        value = _DECODER.decode(line)
    except json.JSONDecodeError as error:
        raise _NotARow(f"the line is not JSON: {error.msg} at character {error.pos + 1}") from error
    except RecursionError as error:
        raise _NotARow("the line is nested too deeply") from error
    except ValueError as error:
        raise _NotARow(str(error)) from error
    if not isinstance(value, dict):
        raise _NotARow("the line is not a JSON object")
    return {name: v if isinstance(v, str) else _text(v, line, name) for name, v in value.items()}


def _lines(source: Source) -> Iterator[tuple[int, bytes]]:
    with expanded(source) as stream:
        number, rest = 0, b""
        while True:
            block = stream.read(1 << 22)
            parts = (rest + block).split(b"\n")
            rest = parts.pop() if block else b""
            for part in parts:
                number += 1
                if part.strip():
                    yield number, part
            if not block:
                return
            if len(rest) > _MAX_LINE:
                raise RefusedFile(
                    "a line is longer than any row",
                    where=f"{source.name}, line {number + 1}",
                    valid=f"at most {_MAX_LINE >> 20} MiB a line",
                )


def _write(target: Path, columns: dict[str, list[str | None]], lines: list[str], faults: list[str | None]) -> None:
    frame = pl.DataFrame(
        {f"c{name}": pl.Series(values, dtype=pl.String) for name, values in columns.items()}
        | {
            "source_line": pl.Series(lines, dtype=pl.String),
            FAULT: pl.Series(faults, dtype=pl.String),
        }
    )
    frame.write_parquet(target, compression="lz4")


def read_json_lines(source: Source, *, name: str, work: Path) -> RawTable:
    """The one table of a JSON Lines file. Raises RefusedFile where the first line is not an object."""
    names: dict[str, None] = {}
    parts: list[Path] = []
    columns: dict[str, list[str | None]] = {}
    lines: list[str] = []
    faults: list[str | None] = []

    def flush() -> None:
        for values in columns.values():
            values.extend([None] * (len(lines) - len(values)))
        parts.append(work / f"part-{len(parts):06}.parquet")
        _write(parts[-1], columns, lines, faults)
        columns.clear()
        lines.clear()
        faults.clear()

    first = True
    for number, raw in _lines(source):
        row: dict[str, str | None] = {}
        fault = None
        try:
            row = _row(raw.decode("utf-8-sig" if first else "utf-8"))
        except _NotARow as error:
            fault = str(error)
        except UnicodeDecodeError:
            fault = "the line is not UTF-8"
        if first and fault:
            raise RefusedFile(
                f"the file is not JSON Lines: {fault}",
                where=f"{source.name}, line {number}",
                valid="one JSON object a line, in UTF-8",
                remedy="write each object on a line of its own",
            )
        first = False
        for column, value in row.items():
            names[column] = None
            values = columns.get(column)
            if values is None:
                values = columns[column] = [None] * len(lines)
            elif len(values) < len(lines):
                values.extend([None] * (len(lines) - len(values)))
            values.append(value)
        lines.append(str(number))
        faults.append(fault)
        if len(lines) >= _BATCH:
            flush()
    if lines or not parts:
        flush()
    header, warnings = column_names(list(names), where=source.name)
    frame = pl.concat([pl.scan_parquet(part, glob=False) for part in parts], how="diagonal")
    return RawTable(
        format="jsonl",
        name=name,
        header=tuple(column for column in header if column is not None),
        frame=frame.select(
            *(pl.col(f"c{key}").alias(column) for key, column in zip(names, header, strict=False) if column),
            "source_line",
            FAULT,
        ),
        dialect="utf-8",
        warnings=warnings,
    )
