"""What landing would make of a table that was read, without taking it in: the first rows, and why others are rejected.

Only what a row says by itself is judged; keys, rules and earlier deliveries are judged on landing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines.contracts import contracts
from pipelines.formats.base import TableRead
from pipelines.landing import coerce
from pipelines.landing.coerce import ROW

# Enough for every reason that a layout gives; a preview is held in memory.
LOOKED_AT = 100_000


@dataclass(frozen=True, kw_only=True)
class PreviewCell:
    """Why a cell cannot be taken in; `column` is None where the row as a whole cannot."""

    column: str | None
    value: str | None
    reason: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class PreviewRow:
    line: str
    values: dict[str, Any]  # canonical column -> typed value, of the columns that are not empty
    rejects: tuple[PreviewCell, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PreviewReason:
    """A reason for which rows would be rejected: how many, and the first of them."""

    column: str | None
    reason: str
    remedy: str
    rows: int
    line: str
    value: str | None


@dataclass(frozen=True, kw_only=True)
class Preview:
    table: str
    rows: int  # looked at
    is_whole: bool  # the file has no more
    rows_rejected: int
    amount_column: str | None
    amount: str | None  # the sum of the readable ones
    first_rows: tuple[PreviewRow, ...]
    reasons: tuple[PreviewReason, ...]


def preview_table(read: TableRead, *, first: int = 5) -> Preview:
    """The first rows of `read` as they would load, and the reasons of all rows that would not."""
    contract = contracts()[read.table]
    look = read.frame.head(LOOKED_AT + 1)
    cells = coerce.as_text(look.with_columns(pl.lit("").alias("source_file_id")), contract).with_row_index(ROW)
    is_whole = cells.select(pl.len()).collect(engine="streaming").item() <= LOOKED_AT
    cells = cells.head(LOOKED_AT)
    rows = coerce.examined(cells, contract)
    totals, bad, head = pl.collect_all(
        [coerce.totals(cells, contract), coerce.bad_rows(rows, contract), cells.head(first)], engine="streaming"
    )
    why = coerce.faults(bad.lazy(), contract).collect()
    typed = head.lazy().select(coerce.typed(column) for column in contract.columns).collect().to_dicts()
    wrong: dict[int, list[PreviewCell]] = {}
    for fault in why.filter(pl.col(ROW) < first).to_dicts():
        cell = PreviewCell(
            column=fault["column_name"], value=fault["value"], reason=fault["reason"], remedy=fault["remedy"]
        )
        wrong.setdefault(fault[ROW], []).append(cell)
    counted = (
        why.sort(ROW)
        .group_by("column_name", "reason", "remedy", maintain_order=True)
        .agg(pl.len().alias("rows"), pl.first("source_line"), pl.first("value"))
        .sort("rows", descending=True, maintain_order=True)
    )
    amount = totals["amount_read"].item() if totals.height else None
    return Preview(
        table=contract.name,
        rows=totals["rows_read"].item() if totals.height else 0,
        is_whole=is_whole,
        rows_rejected=bad.height,
        amount_column=contract.control_column,
        amount=f"{amount.normalize():f}" if amount is not None else None,
        first_rows=tuple(
            PreviewRow(
                line=row["source_line"],
                values={name: value for name, value in values.items() if value is not None},
                rejects=tuple(wrong.get(row[ROW], ())),
            )
            for row, values in zip(head.to_dicts(), typed, strict=True)
        ),
        reasons=tuple(
            PreviewReason(
                column=row["column_name"],
                reason=row["reason"],
                remedy=row["remedy"],
                rows=row["rows"],
                line=row["source_line"],
                value=row["value"],
            )
            for row in counted.to_dicts()
        ),
    )
