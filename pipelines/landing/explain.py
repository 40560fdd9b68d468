"""How a file would be taken in, without taking it in: format, tables, mapping, the first row value by value.

Reads the file where it lies and writes nothing but scratch below work/.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.contracts import FEEDS, Contract, contracts
from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, DocumentRead, Source, TableRead
from pipelines.formats.detect import recognise
from pipelines.formats.profiles import load_profiles
from pipelines.formats.tabular import open_tables
from pipelines.landing import coerce, inbox
from pipelines.settings import Settings


@dataclass(frozen=True, kw_only=True)
class ExplainedCell:
    """One column of the first row. `value` is None where the cell is empty or `reason` says why it cannot be taken."""

    column: str
    source: str | None  # the file's own column; None: the file has none, or it is a document
    text: str | None
    value: Any
    reason: str | None = None
    remedy: str | None = None


@dataclass(frozen=True, kw_only=True)
class ExplainedTable:
    table: str
    rows: int
    rows_unreadable: int  # rows with a cell that cannot be read; rules and keys are judged only on landing
    first_line: str | None
    first_row: tuple[ExplainedCell, ...]
    row_fault: str | None  # why the first row is wrong as a whole


@dataclass(frozen=True, kw_only=True)
class Explanation:
    file_name: str
    feed: str | None
    size: int
    format: str | None = None
    dialects: tuple[str, ...] = ()  # encoding and delimiter
    tables: tuple[ExplainedTable, ...] = ()
    warnings: tuple[str, ...] = ()
    refusal: str | None = None


def explain(settings: Settings, path: Path) -> Explanation:
    """What landing would make of `path`. A file in an inbox folder is judged as one of that feed."""
    path = path.resolve()
    feed = next((name for name in FEEDS if path.is_relative_to(settings.inbox / name)), None)
    size = path.stat().st_size
    source = Source(path=path, name=inbox.shown(path.name), feed=feed, size=size)
    settings.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.work, prefix="explain-") as work:
        try:
            read = recognise(
                source,
                own_parties=settings.own_parties,
                profiles=load_profiles(settings.profiles),
                work=Path(work),
                base_currency=settings.base_currency,
                time_zone=settings.time_zone,
                options=settings.formats,
            )
            if isinstance(read, DocumentRead):
                kind, warnings, dialects = read.format, read.warnings, ()
                tables = tuple(_document_table(read, table) for table in read.rows)
            else:
                kind = read[0].format
                warnings = tuple(warning for table in read for warning in table.warnings)
                raws = open_tables(source, work=Path(work))
                dialects = tuple(dict.fromkeys(raw.dialect for raw in raws if raw.dialect))
                tables = tuple(_table(table.frame, contracts()[table.table], table) for table in read)
        except RefusedFile as error:
            return Explanation(file_name=source.name, feed=feed, size=size, refusal=str(error))
    return Explanation(
        file_name=source.name,
        feed=feed,
        size=size,
        format=kind,
        dialects=dialects,
        tables=tables,
        warnings=warnings,
    )


def _document_table(read: DocumentRead, table: str) -> ExplainedTable:
    names = (*contracts()[table].column_names, "source_line")
    columns = {name: [row.get(name) for row in read.rows[table]] for name in names}
    frame = pl.LazyFrame(columns, schema=dict.fromkeys(names, pl.String))
    return _table(frame.with_columns(pl.lit(None, dtype=pl.String).alias(FAULT)), contracts()[table], None)


def _table(frame: pl.LazyFrame, contract: Contract, read: TableRead | None) -> ExplainedTable:
    cells = coerce.as_text(frame.with_columns(pl.lit("").alias("source_file_id")), contract).with_row_index(coerce.ROW)
    rows = coerce.examined(cells, contract)
    count, unreadable, first = pl.collect_all(
        [rows.select(pl.len()), coerce.bad_rows(rows, contract).select(pl.len()), cells.head(1)], engine="streaming"
    )
    found: tuple[ExplainedCell, ...] = ()
    if first.height:
        found = _first_row(first, contract, read)
    return ExplainedTable(
        table=contract.name,
        rows=count.item(),
        rows_unreadable=unreadable.item(),
        first_line=first["source_line"].item() if first.height else None,
        first_row=found,
        row_fault=first[FAULT].item() if first.height else None,
    )


def _first_row(first: pl.DataFrame, contract: Contract, read: TableRead | None) -> tuple[ExplainedCell, ...]:
    # the row as a whole may be wrong; each cell is told all the same
    sound = first.lazy().with_columns(pl.lit(None, dtype=pl.String).alias(FAULT))
    values = sound.select(coerce.typed(column) for column in contract.columns).collect().row(0, named=True)
    bad = coerce.bad_rows(coerce.examined(sound, contract), contract)
    why = {row["column_name"]: row for row in coerce.faults(bad, contract).collect().to_dicts()}
    none = {"reason": None, "remedy": None}
    return tuple(
        ExplainedCell(
            column=column.name,
            source=read.mapping.get(column.name) if read is not None else None,
            text=first[column.name].item(),
            value=values[column.name],
            reason=why.get(column.name, none)["reason"],
            remedy=why.get(column.name, none)["remedy"],
        )
        for column in contract.columns
    )
