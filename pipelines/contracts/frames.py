"""Polars schemas derived from the contracts."""

from __future__ import annotations

import polars as pl

from pipelines.contracts.model import PROVENANCE, Contract

_POLARS = {
    "text": pl.String(),
    "date": pl.Date(),
    "month": pl.Date(),
    "decimal": pl.Decimal(24, 6),
    "fraction": pl.Decimal(18, 12),
    "boolean": pl.Boolean(),
    "code": pl.String(),
    "currency": pl.String(),
    "integer": pl.Int64(),
}


def polars_schema(contract: Contract, *, provenance: bool = True) -> pl.Schema:
    """Column name to Polars type, in contract order, followed by the provenance columns."""
    schema = {c.name: _POLARS[c.type] for c in contract.columns}
    if provenance:
        schema |= {name: pl.String() for name in PROVENANCE}
    return pl.Schema(schema)


def text_schema(contract: Contract) -> pl.Schema:
    """The same columns as they stand in a file: text, before coercion."""
    return pl.Schema({name: pl.String() for name in (*contract.column_names, *PROVENANCE)})
