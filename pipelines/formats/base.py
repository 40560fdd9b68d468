"""What every reader receives and gives back.

Readers only translate: they give canonical columns as *text* and where each row stood. Types, codes, keys, rules,
rejects and the ledger belong to `pipelines.landing`, so that every format obeys the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

# Column of a frame that a reader fills where a row cannot be right whatever its cells say
# (too many fields, not JSON): the reason, as a user reads it. Null elsewhere.
FAULT = "__fault"


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file as it was taken in. `name` and `feed` are hints, never proof of what the bytes are."""

    path: Path  # the archived bytes
    name: str  # the file name it arrived with
    feed: str | None  # the inbox folder it lay in
    size: int


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """One table of a tabular file as it stands there, every cell as text, before any column is mapped.

    `frame`: the file's own columns as text (null where the cell is empty), then `source_line` (text) and `FAULT`.
    """

    format: str  # csv, tsv, xlsx, parquet, jsonl
    name: str  # the file's stem, or the sheet's name
    header: tuple[str, ...]
    frame: pl.LazyFrame
    dialect: str = ""  # encoding and delimiter, for people
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TableRead:
    """One canonical table out of a tabular file.

    `frame`: a subset of the contract's columns as text in the contract's own spelling (dates YYYY-MM-DD, numbers
    with a point), then `source_line` and `FAULT`. Columns that the file does not have are simply absent.
    """

    format: str
    table: str
    frame: pl.LazyFrame
    warnings: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)  # canonical column -> the file's column, for `explain`


@dataclass(frozen=True, kw_only=True)
class DocumentRead:
    """The rows of one document (an e-invoice): canonical table -> rows of text, each with its `source_line`."""

    format: str
    rows: Mapping[str, Sequence[Mapping[str, str | None]]]
    warnings: tuple[str, ...] = ()
