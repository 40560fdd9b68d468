"""Parses each distinct text once: a year has 365 days and a day 86,400 seconds, however many rows a file has."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

# Beyond this many distinct texts a column is no column of days or durations: it is parsed row by row, so that memory
# stays flat.
_MOST = 1_000_000
TEXT = "text"


class Lookup:
    """What the distinct texts of a column mean: collected batch by batch, parsed once, looked up for every row.

    `results`: named expressions of a column of text. `token`: that column of the file, `held` its name meanwhile.
    """

    def __init__(self, token: pl.Expr, held: str, results: Callable[[pl.Expr], Sequence[pl.Expr]]) -> None:
        self.token, self.held, self._results = token, held, results
        self._texts = pl.Series(TEXT, [], dtype=pl.String)
        self.table: pl.DataFrame | None = None

    def take(self, batch: pl.Series) -> None:
        if self.overflows:
            return
        self._texts = pl.concat([self._texts, batch.alias(TEXT).unique()]).unique()

    @property
    def overflows(self) -> bool:
        return len(self._texts) > _MOST

    def settle(self) -> None:
        """All texts are known: parses them, in one query so that common parts are computed once."""
        if self.overflows:
            self._texts = self._texts.clear()
            return
        texts = pl.LazyFrame({TEXT: self._texts})
        self.table = texts.with_columns(self._results(pl.col(TEXT))).collect(engine="in-memory")
        self._texts = self._texts.clear()

    def value(self, name: str, *, default: pl.Expr | None = None) -> pl.Expr:
        """The result `name` for each row of the file, `default` where there is none."""
        if self.table is None:
            found = next(result for result in self._results(self.token) if result.meta.output_name() == name)
            return found if default is None else pl.coalesce(found, default)
        known = self.table.filter(pl.col(TEXT).is_not_null() & pl.col(name).is_not_null()).select(TEXT, name)
        dtype = self.table.schema[name]
        if not known.height:
            return pl.lit(None, dtype=dtype) if default is None else default

        def looked_up(texts: pl.Series) -> pl.Series:
            # as a join: replace_strict on a lazy frame holds the other columns back, 90 bytes a row
            rows = pl.DataFrame({TEXT: texts}).join(known, on=TEXT, how="left", maintain_order="left")
            return rows[name].alias(texts.name)

        found = self.token.map_batches(looked_up, return_dtype=dtype, is_elementwise=True)
        return found if default is None else pl.coalesce(found, default)
