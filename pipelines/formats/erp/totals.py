"""Total rows within a list: told from data, never loaded, compared with what they should add up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate

import polars as pl

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, ControlTotal

CELL = "\x1f"  # stands between the cells of a row where they are looked at together
LEVEL, LABEL = "__level", "__label"
_AMOUNT = pl.Decimal(38, 6)
_SHOWN = 200
# Marks of a total row: stars in a cell of their own or before its text, or a word for it in the first filled cell.
_STARS = rf"(?:^|{CELL})\s*(\*{{1,9}})(?:\s|{CELL}|$)"
_WORD = (
    r"(?:sub|grand |overall )?total(?:e|en|s)?(?: general| général)?|(?:zwischen|gesamt|end)?summe|(?:gesamt)?ergebnis"
    r"|(?:sub|eind)?totaal|suma|razem|somme|(?:overall )?result"
)
_WORDS = rf"(?i)^[\s{CELL}]*(?:{_WORD})\b[^0-9{CELL}]*(?:{CELL}|$)"


def marked(whole: str, *, filled: Sequence[str], identifying: Sequence[str], amount: str) -> tuple[pl.Expr, pl.Expr]:
    """LEVEL: 0 for data; for a total row the number of its stars, 1 where it has none. LABEL: what it calls itself.

    A row is a total that calls itself one (`whole`: all of its cells) and lacks one of the columns that are `filled` in
    every posting (whose text may start with a star too), or that holds an amount and nothing of what is `identifying`.
    """
    complete = pl.all_horizontal(pl.col(name).is_not_null() for name in filled) if filled else pl.lit(False)
    anonymous = pl.lit(False)
    if identifying:
        anonymous = pl.all_horizontal(pl.col(name).is_null() for name in identifying) & pl.col(amount).is_not_null()
    found = pl.struct(
        pl.col(whole).alias("whole"), complete.alias("complete"), anonymous.alias("anonymous")
    ).map_batches(_marks, return_dtype=pl.Struct({LEVEL: pl.Int8(), LABEL: pl.String()}), is_elementwise=True)
    return found.struct.field(LEVEL), found.struct.field(LABEL)


def _marks(rows: pl.Series) -> pl.Series:
    """Looks twice only at the few rows that may be totals: most lists have none in a million."""
    frame = rows.struct.unnest()
    calls_itself = pl.col("whole").str.contains(_STARS) | pl.col("whole").str.contains(_WORDS)
    is_total = pl.col("anonymous") | (~pl.col("complete") & calls_itself)
    suspects = frame.select(is_total).to_series().arg_true()
    level = pl.zeros(frame.height, dtype=pl.Int8, eager=True)
    label = pl.repeat(None, frame.height, dtype=pl.String, eager=True)
    if len(suspects):
        whole = frame["whole"].gather(suspects)
        stars = whole.str.extract(_STARS).str.len_chars().fill_null(1).cast(pl.Int8)
        first = whole.str.strip_chars(f" \t{CELL}").str.split(CELL).list.first().str.strip_chars()
        level, label = level.scatter(suspects, stars), label.scatter(suspects, first)
    return pl.DataFrame({LEVEL: level, LABEL: label}).to_struct()


@dataclass(frozen=True)
class _Total:
    """One total row. `place`: its number among all of them; `level` 0 where its stars do not say which one it is."""

    line: str
    place: int
    level: int
    unit: str | None
    stated: Decimal
    label: str | None


def control_totals(
    frame: pl.LazyFrame, *, amount: pl.Expr, unit: pl.Expr, unit_name: str | None, where: str
) -> tuple[ControlTotal, ...]:
    """Every total row of a list beside what was added up. `frame` is in the file's order, with LEVEL and LABEL.

    A total stands below its rows (or above them, where the layout says so); one with stars adds up everything since
    the last total of its level or a higher one. Raises RefusedFile where one differs: rows are missing, or were
    changed after the export.
    """
    rows, sums, count = _collected(frame, amount=amount, unit=unit)
    if not rows:
        return ()
    found = _reading(rows, sums, count)
    wrong = [(total, value) for total, value in zip(rows, found, strict=True) if total.stated != value]
    if wrong:
        total, value = wrong[0]
        more = f"; {len(wrong) - 1} more totals differ" if len(wrong) > 1 else ""
        raise RefusedFile(
            f"the total in line {total.line} is not the sum of its rows: it says {total.stated.normalize():f}, the "
            f"rows add up to {value.normalize():f}, a difference of {(total.stated - value).normalize():f}{more}",
            where=where,
            remedy="export the list again, complete and unchanged; if rows were deleted on purpose, delete the totals "
            "too",
        )
    return tuple(
        ControlTotal(
            measure=f"total in line {total.line}" + (f" ({total.label})" if total.label else ""),
            unit=total.unit or unit_name,
            stated=total.stated,
            found=value,
        )
        for total, value in list(zip(rows, found, strict=True))[-_SHOWN:]
    )


Sums = Mapping[str | None, Mapping[int, Decimal]]  # currency, None for all of them -> segment -> sum of its data


def _collected(frame: pl.LazyFrame, *, amount: pl.Expr, unit: pl.Expr) -> tuple[list[_Total], Sums, int]:
    """The total rows with an amount, the sums of the data between total rows, how many total rows there are."""
    if not frame.select((pl.col(LEVEL) > 0).any()).collect(engine="streaming").item():
        return [], {}, 0
    number = pl.when(amount.str.contains(r"^-?\d+(?:\.\d+)?$")).then(amount).cast(_AMOUNT, strict=False)
    is_total = pl.col(LEVEL) > 0
    narrow = frame.select(
        pl.col(LEVEL),
        pl.when(pl.col(FAULT).is_null()).then(number).alias("amount"),
        unit.alias("unit"),
        pl.col(LABEL).alias("label"),
        pl.when(is_total).then(pl.col("source_line")).alias("line"),
    ).with_columns(is_total.cum_sum().alias("segment"))
    data, totals = pl.collect_all(
        [
            narrow.filter(pl.col(LEVEL) == 0).group_by("segment", "unit").agg(pl.col("amount").sum()),
            narrow.filter(pl.col(LEVEL) > 0),
        ],
        engine="streaming",
    )
    found = [
        _Total(
            line=row["line"],
            place=place,
            level=row[LEVEL] if "*" in (row["label"] or "") else 0,
            unit=row["unit"],
            stated=row["amount"],
            label=row["label"],
        )
        for place, row in enumerate(totals.sort("segment").to_dicts())
        if row["amount"] is not None
    ]
    sums: dict[str | None, dict[int, Decimal]] = {None: {}}
    several = len({total.unit for total in found} - {None}) > 1
    for segment, currency, value in data.select("segment", "unit", "amount").iter_rows():
        for key in {None, currency if several else None}:
            sums.setdefault(key, {})[segment] = sums.get(key, {}).get(segment, Decimal(0)) + value
    return found, sums, totals.height


def _reading(totals: Sequence[_Total], sums: Sums, count: int) -> list[Decimal]:
    """What the totals' rows add up to, by the first layout in which every total fits, else by the usual one: below
    the rows or above them, the highest level with the most stars or with one."""
    most = max(total.level for total in totals)
    turned = [replace(total, level=most + 1 - total.level) if total.level else total for total in totals]
    readings = [
        _compared(candidates, sums, count, above=above) for above in (False, True) for candidates in (totals, turned)
    ]
    fitting = [found for found in readings if all(t.stated == value for t, value in zip(totals, found, strict=True))]
    return (fitting or readings)[0]


class _Unit:
    """The state of one currency while totals are walked through."""

    def __init__(self, segments: Mapping[int, Decimal], count: int, *, above: bool) -> None:
        # sums[place + 1]: everything above the total at `place`
        self.sums = [Decimal(0), *accumulate(segments.get(segment, Decimal(0)) for segment in range(count + 1))]
        self.sign = -1 if above else 1
        self.edge = self.sums[-1] if above else Decimal(0)
        self.at_level: dict[int, tuple[int, Decimal]] = {}  # level -> when and where its last total stood
        self.edges = {self.edge}

    def added(self, total: _Total, step: int) -> Decimal:
        here = self.sums[total.place + 1]
        starts = [at for level, at in self.at_level.items() if level >= total.level]
        start = max(starts)[1] if starts else self.edge
        value = self.sign * (here - start)
        if not total.level and here - self.sign * total.stated in self.edges:
            # the level is not known: the sum since any earlier total, or since the beginning
            value = total.stated
        self.edges.add(here)
        self.at_level[total.level] = (step, here)
        return value


def _compared(totals: Sequence[_Total], sums: Sums, count: int, *, above: bool) -> list[Decimal]:
    units = {key: _Unit(segments, count, above=above) for key, segments in sums.items()}
    order = range(len(totals) - 1, -1, -1) if above else range(len(totals))
    found: dict[int, Decimal] = {}
    for step, index in enumerate(order):
        total = totals[index]
        several = len(units) > 1
        unit = units.get(total.unit if several else None)
        found[index] = unit.added(total, step) if unit is not None else Decimal(0)
    return [found[index] for index in range(len(totals))]
