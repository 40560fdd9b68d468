"""The cells of an ERP table as its reader sees them: columns by technical name, numbers and dates in one spelling."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import polars as pl

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, Context, Exclusion, RawTable, Replacement, TableRead
from pipelines.formats.erp import spelling
from pipelines.formats.erp.common import left_out
from pipelines.formats.erp.options import chosen
from pipelines.formats.erp.spelling import Spelling, filled

_TYPED = ("parquet", "jsonl", "json")  # their numbers are numbers
_TRUE = ("true", "t", "1", "yes", "x")


class Cells:
    """One table. Expressions give null for a column that the table does not have."""

    def __init__(self, raw: RawTable, columns: Mapping[str, str], context: Context, *, where: str) -> None:
        self.raw, self.columns, self.context, self.where = raw, dict(columns), context, where
        self.frame = self._settled(raw, context)
        self.warnings: list[str] = list(raw.warnings)
        self.section = "sap"
        self._numbers: list[str] = []
        self._dates: list[str] = []

    @staticmethod
    def _settled(raw: RawTable, context: Context) -> pl.LazyFrame:
        """A text is read once; the passes that decide on it, and the rows, come from a copy by columns."""
        if raw.format not in ("csv", "tsv"):
            return raw.frame
        context.work.mkdir(parents=True, exist_ok=True)
        path = Path(tempfile.mkdtemp(prefix="cells-", dir=context.work)) / "cells.parquet"
        raw.frame.sink_parquet(path, compression="lz4")
        return pl.scan_parquet(path, glob=False)

    # -- columns -----------------------------------------------------------------------------------------------------

    def has(self, name: str) -> bool:
        return name in self.columns

    def spelled(self, name: str) -> str:
        return self.columns[name]

    def text(self, *names: str) -> pl.Expr:
        """The first filled cell of the columns `names`."""
        present = [filled(pl.col(self.columns[name])) for name in names if name in self.columns]
        return pl.coalesce(*present) if present else pl.lit(None, dtype=pl.String)

    def flag(self, name: str) -> pl.Expr:
        """Whether a cell says yes; no where the table lacks the column."""
        return self.text(name).str.to_lowercase().is_in(_TRUE).fill_null(False)

    def declare(self, *, section: str, numbers: Sequence[str], dates: Sequence[str]) -> None:
        """Says which columns hold numbers and dates, before the first of them is asked for."""
        self.section = section
        self._numbers = [self.columns[name] for name in numbers if name in self.columns]
        self._dates = [self.columns[name] for name in dates if name in self.columns]

    @cached_property
    def spelling(self) -> Spelling:
        if self.raw.format in _TYPED:
            return Spelling()
        return spelling.decide(
            self.frame,
            numbers=self._numbers,
            dates=self._dates,
            where=self.where,
            decimal=chosen(self.context, self.section, "decimal", ("comma", "point")),
            order=chosen(self.context, self.section, "date_order", ("day_first", "month_first")),
            section=self.section,
        )

    def number(self, *names: str) -> pl.Expr:
        return spelling.number(self.text(*names), self.spelling)

    def date(self, *names: str) -> pl.Expr:
        return spelling.date(self.text(*names), self.spelling)

    # -- rows --------------------------------------------------------------------------------------------------------

    def leave_out(self, condition: pl.Expr, what: str, *, amount: pl.Expr | None = None) -> None:
        """Leaves rows out by a rule of the format; how many, and their amount, becomes a warning."""
        self.frame, noted = left_out(self.frame, condition, what, amount=amount)
        self.warnings += noted

    def leave_out_deleted(self) -> None:
        """Rows that a replication keeps although the source has deleted or replaced them."""
        if self.has("_fivetran_deleted"):
            self.leave_out(self.flag("_fivetran_deleted"), "rows deleted in the source")
        if self.has("_fivetran_active"):
            self.leave_out(~self.flag("_fivetran_active"), "earlier versions of rows")
        if self.has("hvr_is_deleted"):
            self.leave_out(self.flag("hvr_is_deleted"), "rows deleted in the source")

    def values(self, name: str, *, most: int = 20) -> list[str]:
        """The different filled values of a column, in order; at most `most` of them."""
        if not self.has(name):
            return []
        column = self.frame.filter(pl.col(FAULT).is_null()).select(self.text(name).alias(name)).unique()
        found = column.filter(pl.col(name).is_not_null()).sort(name).head(most).collect(engine="streaming")
        return found[name].to_list()

    def only(self, name: str, setting: str, value: str | None, *, of: str, what: str) -> None:
        """Keeps the rows of one `name` (a client, a book): the configured one, or the only one there is.

        Raises RefusedFile where there are several and none is configured, or none of the configured one.
        """
        found = self.values(name)
        if value is None and len(found) > 1:
            raise RefusedFile(
                f"the table holds rows of several {of}s, which would be added up",
                where=self.where,
                value=", ".join(found),
                remedy=f"set {setting} in outturn.toml to the one that counts, or export it alone",
            )
        if value is not None and found and value not in found:
            raise RefusedFile(
                f"the table holds no rows of the {of} that {setting} names",
                where=self.where,
                value=", ".join(found),
                valid=value,
                remedy="export that one, or correct the setting",
            )
        if value is not None and len(found) > 1:
            self.leave_out(self.text(name).ne_missing(pl.lit(value)), what)

    def demand(self, *alternatives: tuple[str, ...], remedy: str) -> None:
        """Raises RefusedFile unless of each of `alternatives` one column is there."""
        lacking = [
            " or ".join(name.upper() for name in names)
            for names in alternatives
            if not any(self.has(name) for name in names)
        ]
        if lacking:
            raise RefusedFile(
                f"the table lacks {', '.join(lacking)}",
                where=self.where,
                value=", ".join(self.raw.header[:60]),
                remedy=remedy,
            )

    # -- results -----------------------------------------------------------------------------------------------------

    def named(self, *names: str) -> str:
        return " or ".join(self.columns[name] for name in names if name in self.columns)

    def table(
        self,
        table: str,
        columns: Mapping[str, pl.Expr],
        *,
        format: str,
        system: str,
        frame: pl.LazyFrame | None = None,
        mapping: Mapping[str, str] | None = None,
        replaces: Replacement | None = None,
        excludes: Exclusion | None = None,
        fault: pl.Expr | None = None,
    ) -> TableRead:
        """One canonical table of the rows that are left. `fault`: why a row cannot be right.

        Master data yield to those of canonical files, which say more: terms of payment, classes of accounts.
        """
        rows = self.frame if frame is None else frame
        if fault is not None:
            rows = rows.with_columns(pl.coalesce(FAULT, fault).alias(FAULT))
        return TableRead(
            format=format,
            table=table,
            frame=rows.select(*(e.alias(name) for name, e in columns.items()), "source_line", FAULT),
            warnings=tuple(self.warnings),
            mapping={name: said for name, said in (mapping or {}).items() if said},
            dialect="; ".join(part for part in (self.raw.dialect or self.raw.format, self.described()) if part),
            source_system=system,
            replaces=replaces,
            excludes=excludes,
            raw=replace(self.raw, frame=self.frame),
            yields=table in ("account", "customer"),
        )

    def described(self) -> str:
        return self.spelling.described() if self._numbers else ""
