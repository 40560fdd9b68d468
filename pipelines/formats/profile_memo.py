"""Parses each distinct text once: a year has 365 days and a day 86,400 seconds, however many rows a file has."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import polars as pl

# Beyond this many distinct texts a column is no column of days or durations, and is parsed batch by batch.
_MOST = 300_000
TEXT = "text"


class Memo:
    """A function of text columns, given as expressions over `pl.col("text")`, that remembers what it has seen.

    Called with the batches of a streaming query, perhaps by several threads.
    """

    def __init__(self, results: Callable[[pl.Expr], Sequence[pl.Expr]]) -> None:
        self._results = list(results(pl.col(TEXT)))
        self._lock = threading.Lock()
        empty = pl.DataFrame({TEXT: []}, schema={TEXT: pl.String})
        self._known = self._parsed(empty.to_series())
        self.dtype = self._known.schema["parsed"]

    def _parsed(self, texts: pl.Series) -> pl.DataFrame:
        return (
            pl.LazyFrame({TEXT: texts})
            .with_columns(pl.struct(self._results).alias("parsed"))
            .collect(engine="in-memory")
        )

    def __call__(self, texts: pl.Series) -> pl.Series:
        distinct = texts.unique()
        with self._lock:
            known = self._known
            new = distinct.filter(~distinct.is_in(known[TEXT].implode(), nulls_equal=True))
            if len(new):
                table = pl.concat([known, self._parsed(new)])
                if table.height <= _MOST:
                    self._known = table
                known = table
        found = pl.DataFrame({TEXT: texts}).join(known, on=TEXT, how="left", nulls_equal=True, maintain_order="left")
        return found["parsed"].alias(texts.name)

    def of(self, text: pl.Expr) -> pl.Expr:
        """The results for a column of text, as one struct."""
        return text.map_batches(self, return_dtype=self.dtype, is_elementwise=True)
