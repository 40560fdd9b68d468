"""What every reader receives and gives back.

Readers only translate: they give canonical columns as *text* and where each row stood. Types, codes, keys, rules,
rejects and the ledger belong to `pipelines.landing`, so that every format obeys the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import polars as pl

# Column of a frame that a reader fills where a row cannot be right whatever its cells say
# (too many fields, not JSON): the reason, as a user reads it. Null elsewhere.
FAULT = "__fault"

# Columns of the workbook that `outturn rejects` writes, beside the canonical ones: which rejected row it is, and why.
CORRECTED_FILE, CORRECTED_LINE, PROBLEM = "outturn_file", "outturn_line", "outturn_problem"


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file as it was taken in. `name` and `feed` are hints, never proof of what the bytes are."""

    path: Path  # the archived bytes
    name: str  # the file name it arrived with
    feed: str | None  # the inbox folder it lay in
    size: int


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a reader may know beside the bytes: the configuration, as far as formats care.

    `options`: the sections of outturn.toml that belong to formats (`saft`, `datev`, `sap`, …), each as it stands there.
    `work`: scratch for readers that need a converted copy; the lazy frames may read from it.
    """

    work: Path
    own_parties: tuple[str, ...] = ()
    base_currency: str = "EUR"
    time_zone: str = "UTC"  # whose day an instant in UTC belongs to
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def option(self, section: str, name: str, default: Any = None) -> Any:
        return self.options.get(section, {}).get(name, default)


@dataclass(frozen=True, kw_only=True)
class ControlTotal:
    """A total that a file states about itself, beside what was found in it. A reader that finds them different refuses
    the file, or says in a finding why not; both are published in ops.control_totals."""

    measure: str  # as the format calls it: TotalDebit, BR-CO-10, subtotal of P-1001
    unit: str | None  # currency, or what is counted
    stated: Decimal
    found: Decimal


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A rule of the format that the file breaks, without being unreadable for it. Published in ops.exceptions."""

    rule: str  # the standard's own id: BR-CO-10
    severity: Literal["critical", "warning", "notice"]
    message: str  # a sentence with the figures
    profile: str | None = None  # the rule set that makes it one: en16931, peppol, xrechnung, …
    entity: str | None = None  # the document or object that it is about
    source_line: str | None = None
    amount: Decimal | None = None  # at stake
    unit: str | None = None


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """A full export of a period, whose rows have no numbers of their own: what the same source delivered earlier for
    this period and these values of `within`, and does not deliver any more, is withdrawn (kept in history).

    The period runs from the first to the last `period` date of the file. Without a period the file is all there is for
    each of its combinations of `within` (the whole outline of a project).
    """

    period: str | None  # a date column of the contract: work_date
    within: tuple[str, ...] = ()  # columns of the contract: employee_id
    starts_with: tuple[str, str] | None = None  # only rows whose column starts like this: cost_line_id, "1001-456/"


@dataclass(frozen=True, kw_only=True)
class Exclusion:
    """Other formats that hold the same facts under other keys: lines of a journal and of the sub-ledger behind it.

    While rows of one of `formats` are in force the table is not loaded from this file, or it would count twice; with
    `takes_over` (the configuration has chosen this format) they are withdrawn instead.
    """

    formats: tuple[str, ...]  # as in TableRead.format
    setting: str  # what chooses: [sap] actuals = "acdoca"
    takes_over: bool = False


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """One table of a tabular file as it stands there, every cell as text, before any column is mapped.

    `frame`: the file's own columns as text (null where the cell is empty), then `source_line` (text) and `FAULT`.
    `header`: its columns; the second of one name is `name (2)`, and so on.
    """

    format: str  # csv, tsv, xlsx, parquet, jsonl, json
    name: str  # the file's stem, or the sheet's name
    header: tuple[str, ...]
    frame: pl.LazyFrame
    dialect: str = ""  # encoding and delimiter, for people
    warnings: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()  # names that stand several times in the header, as normalised
    findings: tuple[Finding, ...] = ()


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
    dialect: str = ""  # encoding, delimiter, chosen locale, for people
    source_system: str | None = None  # the tool (clockify, sap, …) whose names project_alias knows; None: canonical
    replaces: Replacement | None = None
    yields: bool = False  # master data that come along with postings: rows of canonical files stay as they are
    excludes: Exclusion | None = None
    raw: RawTable | None = None  # the rows that it is made of, where the ordinary readers would see others; for explain
    controls: tuple[ControlTotal, ...] = ()
    findings: tuple[Finding, ...] = ()
    # columns CORRECTED_FILE and CORRECTED_LINE of the rejected rows that these are the corrections of
    corrects: pl.LazyFrame | None = None


@dataclass(frozen=True, kw_only=True)
class DocumentRead:
    """The rows of one document (an e-invoice): canonical table -> rows of text, each with its `source_line`."""

    format: str
    rows: Mapping[str, Sequence[Mapping[str, str | None]]]
    warnings: tuple[str, ...] = ()
    source_system: str | None = None
    controls: tuple[ControlTotal, ...] = ()
    findings: tuple[Finding, ...] = ()


Read = Sequence[TableRead] | DocumentRead
