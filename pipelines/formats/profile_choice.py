"""Which shapes occur in a file, and which of two readings is meant: decided once, from all of its values.

One pass counts how many cells have each shape and how many can only be read in one way. What the file itself leaves
open is settled by start and end against the duration beside them, then by the configuration, and else refused with
both readings side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from pipelines.errors import RefusedFile
from pipelines.formats.base import Context
from pipelines.formats.profile_forms import READINGS, Form, Kind
from pipelines.formats.profile_lookup import Lookup

# A file in which this many times more cells can only be read one way than only the other has a few typing errors;
# with fewer it holds both ways, and which of them a third cell means is anybody's guess.
_CLEAR = 20
# the setting of outturn.toml, section [tables], that settles a kind, and its values
_SETTINGS: Mapping[Kind, tuple[str, tuple[str, ...]]] = {
    "date": ("date_order", ("dmy", "mdy", "ymd")),
    "number": ("decimal_sign", ("comma", "point")),
}


class Cell:
    """The cells of a column, or of several columns as one value, and the forms that they may have.

    `text` is what a person sees. `token` is what is parsed, once for each distinct one; without a token the text itself
    is parsed row by row, which is as fast for plain numbers.
    """

    def __init__(
        self,
        *,
        label: str,  # the file's own name for it
        kind: Kind,
        text: pl.Expr,
        forms: Callable[[pl.Expr], list[Form]],
        token: pl.Expr | None = None,
        held: str,
    ) -> None:
        self.label, self.kind, self.text, self.held = label, kind, text, held
        self._forms_of = forms
        self.forms = forms(text if token is None else token)
        self.readings = list(dict.fromkeys(form.reading for form in self.forms if form.reading is not None))
        self.lookup = Lookup(token, held, self._results) if token is not None else None
        self.occurring: list[Form] = []
        self.evidence: dict[str, int] = {}  # reading -> how many cells can be read so and in no other way
        self.is_always_exact = False

    def _results(self, text: pl.Expr) -> list[pl.Expr]:
        """Which forms fit; whether an exact one does; and the value under each reading."""
        forms = self._forms_of(text)
        return [
            *(form.fits.alias(f"form {at}") for at, form in enumerate(forms)),
            *(_only(forms, reading).alias(f"only {reading}") for reading in self.readings),
            _any(form.fits for form in forms if form.is_exact).alias("exact"),
            *(_value(forms, reading, self.kind).alias(f"under {reading}") for reading in (*self.readings, None)),
            *(
                _written(_value(forms, reading, self.kind), self.kind).alias(f"written {reading}")
                for reading in (*self.readings, None)
            ),
        ]

    def asked(self) -> dict[str, pl.Expr]:
        """The columns of the file that are looked at to decide."""
        if self.lookup is not None and not self.lookup.overflows:
            return {self.held: self.lookup.token}
        if len(self.forms) == 1:
            return {}
        return {
            **{f"{self.held} form {at}": form.fits for at, form in enumerate(self.forms)},
            **{f"{self.held} only {reading}": _only(self.forms, reading) for reading in self.readings},
        }

    def settle(self, counts: Mapping[str, int]) -> None:
        """Everything was looked at; `counts`: of the columns asked for, how many rows were true."""
        prefix = f"{self.held} "
        if self.lookup is not None and not self.lookup.overflows:
            self.lookup.settle()
            table = self.lookup.table
            assert table is not None
            counts = {
                f"{prefix}{name}": table[name].sum() for name, dtype in table.schema.items() if dtype == pl.Boolean
            }
            self.is_always_exact = bool(table["exact"].all())
        self.occurring = [
            form for at, form in enumerate(self.forms) if len(self.forms) == 1 or counts.get(f"{prefix}form {at}")
        ]
        self.evidence = {reading: counts.get(f"{prefix}only {reading}") or 0 for reading in self.readings}

    def only(self, reading: str) -> pl.Expr:
        return self.lookup.value(f"only {reading}") if self.lookup is not None else _only(self.forms, reading)

    def under(self, reading: str | None) -> pl.Expr:
        """What the cell means where the file is read so; null where it has none of the forms."""
        reading = reading if reading in self.readings else None
        if self.lookup is not None:
            return self.lookup.value(f"under {reading}")
        return _value(self.occurring or self.forms, reading, self.kind)

    def written(self, reading: str | None) -> pl.Expr:
        """The same as canonical text; what has none of the forms stays as it stands in the file."""
        reading = reading if reading in self.readings else None
        if self.lookup is not None:
            return self.lookup.value(f"written {reading}", default=self.text)
        return pl.coalesce(_written(self.under(reading), self.kind), self.text)

    def is_exact(self) -> pl.Expr:
        return self.lookup.value("exact").fill_null(False) if self.lookup is not None else pl.lit(False)


def _written(value: pl.Expr, kind: Kind) -> pl.Expr:
    return value.dt.to_string("%Y-%m-%d") if kind == "date" else value


def _only(forms: Sequence[Form], reading: str) -> pl.Expr:
    """Whether a cell can be read so, and not in another way."""
    others = _any(form.fits for form in forms if form.reading not in (None, reading))
    return _any(form.fits for form in forms if form.reading == reading) & ~others


def _any(conditions: Iterable[pl.Expr]) -> pl.Expr:
    listed = list(conditions)
    return pl.any_horizontal(listed) if listed else pl.lit(False)


def _value(forms: Sequence[Form], reading: str | None, kind: Kind) -> pl.Expr:
    fitting = [form for form in forms if form.reading in (None, reading)]
    nothing = pl.lit(None, dtype=pl.Date if kind == "date" else pl.String)
    return pl.coalesce(*(pl.when(form.fits).then(form.value) for form in fitting), nothing)


@dataclass(frozen=True, kw_only=True)
class Decided:
    """Kind -> the reading of this file, and the counts that were asked for beside."""

    readings: Mapping[Kind, str | None]
    said: tuple[str, ...]  # what the file or the configuration decided, for people
    counts: Mapping[str, int]


# A check of readings against each other: under a reading, whether a row agrees.
CrossCheck = Callable[[str], pl.Expr]


@dataclass(kw_only=True)
class Question:
    """What is asked of a file: its cells and, beside, the rows that some conditions meet.

    `fixed`: readings that a profile declares. `cross_check`: see CrossCheck.
    """

    frame: pl.LazyFrame
    cells: Sequence[Cell]
    fixed: Mapping[Kind, str | None]
    counts: Mapping[str, pl.Expr]  # conditions
    cross_check: CrossCheck | None
    context: Context
    where: str

    def decide(self) -> Decided:
        """The readings of the file; each cell knows then which forms occur.

        Raises RefusedFile where a kind stays open and two readings differ.
        """
        counts = self._looked()
        readings: dict[Kind, str | None] = {}
        said: list[str] = []
        for kind in ("date", "number"):
            evidence = self._evidence(kind)
            readings[kind] = self.fixed.get(kind) or self._of_kind(kind, evidence)
            if readings[kind] and (self.fixed.get(kind) or evidence.get(readings[kind] or "")):
                said.append(READINGS[readings[kind] or ""])
        return Decided(readings=readings, said=tuple(said), counts=counts)

    def _looked(self) -> dict[str, int]:
        """One pass over the file, batch by batch, for everything that is counted."""
        asked = {**self.counts, **{name: expr for cell in self.cells for name, expr in cell.asked().items()}}
        counts = look(self.frame, asked, [cell.lookup for cell in self.cells if cell.lookup is not None])
        if any(cell.lookup is not None and cell.lookup.overflows for cell in self.cells):
            # too many distinct texts to hold: once more, row by row
            asked = {name: expr for cell in self.cells for name, expr in cell.asked().items() if name not in counts}
            counts |= look(self.frame, {name: expr for name, expr in asked.items() if " " in name[2:]}, [])
        for cell in self.cells:
            cell.settle(counts)
        return {name: counts.get(name, 0) for name in self.counts}

    def _evidence(self, kind: Kind) -> dict[str, int]:
        evidence: dict[str, int] = {}
        for cell in self.cells:
            if cell.kind == kind and len(cell.readings) > 1:
                for reading, count in cell.evidence.items():
                    evidence[reading] = evidence.get(reading, 0) + count
        return evidence

    def _of_kind(self, kind: Kind, evidence: Mapping[str, int]) -> str | None:
        cells = [cell for cell in self.cells if cell.kind == kind]
        occurring = {form.reading for cell in cells for form in cell.occurring if form.reading}
        if not occurring:
            return None
        if not evidence:
            return next(iter(occurring))
        ranked = sorted(evidence, key=lambda reading: -evidence[reading])
        best = ranked[0]
        if evidence[best] and evidence[best] >= _CLEAR * evidence[ranked[1]]:
            return best
        if evidence[best]:
            raise self._contradiction(kind, ranked[:2])
        differing = self._first_differing([cell for cell in cells if len(cell.occurring) > 1])
        if differing is None:
            return best
        return self._by_agreement(kind, ranked) or self._by_setting(kind, ranked, differing)

    def _by_agreement(self, kind: Kind, readings: Sequence[str]) -> str | None:
        """The reading under which end less start is the duration in more rows than under any other."""
        if kind != "date" or self.cross_check is None:
            return None
        rows = self.frame.select(self.cross_check(reading).sum().alias(reading) for reading in readings)
        counts = rows.collect(engine="streaming").row(0, named=True)
        ranked = sorted(readings, key=lambda reading: -(counts[reading] or 0))
        return ranked[0] if (counts[ranked[0]] or 0) > (counts[ranked[1]] or 0) else None

    def _by_setting(self, kind: Kind, readings: Sequence[str], differing: _Differing) -> str:
        name, known = _SETTINGS[kind]
        setting = self.context.option("tables", name)
        if setting is not None and setting not in known:
            raise RefusedFile("not a usable setting", where=f"outturn.toml, tables.{name}", value=setting, valid=known)
        if setting in readings:
            return setting
        both = " or ".join(_meaning(value, reading) for reading, value in differing.means.items())
        raise RefusedFile(
            f"{_WHAT[kind]} can be read in two ways: {differing.text} in line {differing.line} ({differing.label}) is "
            f"{both}, and no other value of the file tells which",
            where=self.where,
            remedy=_remedy(kind),
        )

    def _first_differing(self, cells: Sequence[Cell]) -> _Differing | None:
        """The first row in which two readings mean different things."""
        for cell in cells:
            readings = [r for r in cell.readings if any(form.reading == r for form in cell.occurring)]
            values = {reading: cell.under(reading) for reading in readings}
            compared = [
                value.cast(pl.Decimal(30, 6), strict=False) if cell.kind == "number" else value
                for value in values.values()
            ]
            if len(compared) < 2:
                continue
            differs = pl.any_horizontal(compared[0].ne_missing(other) for other in compared[1:])
            first = (
                self.frame.filter(cell.text.is_not_null() & differs)
                .select(
                    cell.text.alias("text"),
                    "source_line",
                    *(value.alias(f"as {reading}") for reading, value in values.items()),
                )
                .head(1)
                .collect(engine="streaming")
            )
            if first.height:
                row = first.row(0, named=True)
                means = {reading: row[f"as {reading}"] for reading in readings}
                return _Differing(cell.label, row["text"], row["source_line"], means)
        return None

    def _contradiction(self, kind: Kind, readings: Sequence[str]) -> RefusedFile:
        """Some cells can only be read one way, others only the other way."""
        said = []
        for reading in readings:
            for cell in self.cells:
                if cell.kind != kind or len(cell.readings) < 2:
                    continue
                only = self.frame.filter(cell.only(reading)).select(cell.text.alias("text"), "source_line")
                first = only.head(1).collect(engine="streaming")
                if first.height:
                    text, line = first.row(0)
                    said.append(f"{text} in line {line} ({cell.label}) can only have {READINGS[reading]}")
                    break
        return RefusedFile(
            f"{_WHAT[kind]} are written in two ways: {', '.join(said)}", where=self.where, remedy=_remedy(kind)
        )


def look(frame: pl.LazyFrame, asked: Mapping[str, pl.Expr], lookups: Sequence[Lookup]) -> dict[str, int]:
    """One pass: the distinct texts of lookups are taken in, of all other columns the rows that are true are counted."""
    if not asked:
        return {}
    by_name = {lookup.held: lookup for lookup in lookups}
    counts = {name: 0 for name in asked if name not in by_name}
    for batch in frame.select(expr.alias(name) for name, expr in asked.items()).collect_batches(engine="streaming"):
        for column in batch.iter_columns():
            if column.name in by_name:
                by_name[column.name].take(column)
            else:
                counts[column.name] += column.sum() or 0
    return counts


@dataclass(frozen=True)
class _Differing:
    label: str
    text: str
    line: str
    means: Mapping[str, Any]


def _meaning(value: Any, reading: str) -> str:
    if isinstance(value, date):
        return f"{value.day} {value:%B} {value.year} ({READINGS[reading]})"
    if value is None:
        return f"not readable ({READINGS[reading]})"
    return f"{value} ({READINGS[reading]})"


_WHAT: Mapping[Kind, str] = {"date": "the dates", "number": "the numbers"}


def _remedy(kind: Kind) -> str:
    name, known = _SETTINGS[kind]
    return (
        f'say which in outturn.toml ([tables] {name} = "{known[0]}"), or with one format in a profile of your own '
        "(outturn profile new); or export with another setting"
    )
