"""How a file would be taken in, without taking it in: format, tables, mapping, and one row value by value.

Reads the file where it lies and writes nothing but scratch below work/.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.contracts import FEEDS, Contract, contracts
from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, DocumentRead, RawTable, Source, TableRead
from pipelines.formats.detect import recognise
from pipelines.formats.profiles import load_profiles
from pipelines.formats.tabular import open_tables
from pipelines.landing import coerce, inbox
from pipelines.settings import Settings


@dataclass(frozen=True, kw_only=True)
class ExplainedCell:
    """One column of the row. `value` is None where the cell is empty or `reason` says why it cannot be taken."""

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
    line: str | None  # where the row stands that is shown: the first, or the one asked for
    row: tuple[ExplainedCell, ...]
    row_fault: str | None  # why the row is wrong as a whole
    as_in_file: Mapping[str, str] = field(default_factory=dict)  # the row's own cells, where the file is a table
    source_system: str | None = None
    replaces: str | None = None  # what of earlier files the file takes the place of, in words


@dataclass(frozen=True, kw_only=True)
class Explanation:
    file_name: str
    feed: str | None
    size: int
    format: str | None = None
    dialects: tuple[str, ...] = ()  # encoding and delimiter
    tables: tuple[ExplainedTable, ...] = ()
    warnings: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    refusal: str | None = None


def explain(settings: Settings, path: Path, *, line: str | None = None) -> Explanation:
    """What landing would make of `path`. A file in an inbox folder is judged as one of that feed.

    `line`: the row to show value by value, as `source_line` names it (12, Sheet1!12, an element's path); by default
    the first of each table.
    """
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
            reads: Sequence[TableRead | DocumentRead]
            if isinstance(read, DocumentRead):
                reads, dialects = [read], ()
                tables = tuple(_document_table(read, table, line) for table in read.rows)
            else:
                reads = read
                raws = [each.raw for each in read if each.raw is not None] or _raw_tables(source, Path(work))
                dialects = tuple(
                    dict.fromkeys(each.dialect for each in (*read, *(() if read[0].dialect else raws)) if each.dialect)
                )
                tables = tuple(_table(each.frame, contracts()[each.table], each, line, raws) for each in read)
        except RefusedFile as error:
            return Explanation(file_name=source.name, feed=feed, size=size, refusal=str(error))
    return Explanation(
        file_name=source.name,
        feed=feed,
        size=size,
        format=reads[0].format,
        dialects=dialects,
        tables=tables,
        warnings=tuple(dict.fromkeys(warning for each in reads for warning in each.warnings)),
        findings=tuple(f"{f.rule} ({f.severity}): {f.message}" for each in reads for f in each.findings),
        controls=tuple(
            f"{c.measure}: stated {c.stated:f}, found {c.found:f} {c.unit or ''}".rstrip()
            for each in reads
            for c in each.controls
        ),
    )


def _raw_tables(source: Source, work: Path) -> list[RawTable]:
    """The file's own cells, where it is a table; the readers of other formats keep none."""
    try:
        return open_tables(source, work=work)
    except RefusedFile:
        return []


def _document_table(read: DocumentRead, table: str, line: str | None) -> ExplainedTable:
    names = (*contracts()[table].column_names, "source_line")
    columns = {name: [row.get(name) for row in read.rows[table]] for name in names}
    frame = pl.LazyFrame(columns, schema=dict.fromkeys(names, pl.String))
    return _table(frame.with_columns(pl.lit(None, dtype=pl.String).alias(FAULT)), contracts()[table], None, line, ())


def _table(
    frame: pl.LazyFrame, contract: Contract, read: TableRead | None, line: str | None, raws: Sequence[RawTable]
) -> ExplainedTable:
    cells = coerce.as_text(frame.with_columns(pl.lit("").alias("source_file_id")), contract).with_row_index(coerce.ROW)
    rows = coerce.examined(cells, contract)
    count, unreadable, first = pl.collect_all(
        [
            rows.select(pl.len()),
            coerce.bad_rows(rows, contract).select(pl.len()),
            (cells if line is None else cells.filter(pl.col("source_line") == line)).head(1),
        ],
        engine="streaming",
    )
    shown = first["source_line"].item() if first.height else None
    replaced = read.replaces if read is not None else None
    return ExplainedTable(
        table=contract.name,
        rows=count.item(),
        rows_unreadable=unreadable.item(),
        line=shown,
        row=_row(first, contract, read) if first.height else (),
        row_fault=first[FAULT].item() if first.height else None,
        as_in_file=_as_in_file(raws, shown),
        source_system=read.source_system if read is not None else None,
        replaces=(
            f"what {read.source_system} delivered before for the same "
            + " and ".join([*([f"days ({replaced.period})"] if replaced.period else []), *replaced.within])
            if read is not None and replaced is not None
            else None
        ),
    )


def _as_in_file(raws: Sequence[RawTable], line: str | None) -> dict[str, str]:
    for raw in raws if line is not None else ():
        row = raw.frame.filter(pl.col("source_line") == line).head(1).collect()
        if row.height:
            return {name: row[name].item() for name in raw.header if row[name].item() is not None}
    return {}


def _row(first: pl.DataFrame, contract: Contract, read: TableRead | None) -> tuple[ExplainedCell, ...]:
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
