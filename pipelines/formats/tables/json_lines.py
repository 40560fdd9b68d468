"""JSON Lines: one object a line; a line that is none is a row with a fault. Columns are not interpreted here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pipelines.errors import RefusedFile
from pipelines.formats.base import RawTable, Source
from pipelines.formats.tables.json_rows import DECODER, NotARow, Rows, flat
from pipelines.formats.tables.streams import expanded

# a line longer than this is not a row of a table
_MAX_LINE = 16 * 1024**2


def _row(line: str) -> dict[str, str | None]:
    try:
        value = DECODER.decode(line)
    except json.JSONDecodeError as error:
        raise NotARow(f"the line is not JSON: {error.msg} at character {error.pos + 1}") from error
    except RecursionError as error:
        raise NotARow("the line is nested too deeply") from error
    except ValueError as error:
        raise NotARow(str(error)) from error
    if not isinstance(value, dict):
        raise NotARow("the line is not a JSON object")
    return flat(value)


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


def read_json_lines(source: Source, *, name: str, work: Path) -> RawTable:
    """The one table of a JSON Lines file. Raises RefusedFile where the first line is not an object."""
    rows = Rows(work)
    first = True
    for number, raw in _lines(source):
        row: dict[str, str | None] = {}
        fault = None
        try:
            row = _row(raw.decode("utf-8-sig" if first else "utf-8"))
        except NotARow as error:
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
        rows.add(row, line=str(number), fault=fault)
    names, frame = rows.table(where=source.name)
    return RawTable(
        format="jsonl",
        name=name,
        header=names.header,
        frame=frame,
        dialect="utf-8",
        warnings=names.warnings,
        repeated=names.repeated,
    )
