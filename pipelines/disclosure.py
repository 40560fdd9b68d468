"""Which sums of hours by group and by project may be published, so that no arithmetic tells a few people's hours.

What is published is a system of sums: the hours of a month by role, cost centre and market, beside sums by place (a
cell of core.fct_time_entries, what is left of a project, what is left of the firm) and by file (ops.loads). A
combination of them gives every hour a weight, the same for all hours with the same groups, place and file: a(role) +
b(cost centre) + c(market) + d(place) + e(file). It tells on the people whose hours have a weight other than zero.
`withheld_groups` shows as much as it can such that each combination tells on nobody or on at least `minimum` people,
which is proved and not searched:

- Two groups of a cut whose weights differ leave, in each context (all else equal), at least one side with a weight
  other than zero. Contexts that differ in the groups of the people are about different people. So where the smaller
  sides of the contexts add up to `minimum` people, the two have one weight in any combination that could tell on
  fewer: they are joined.
- When nothing can be joined any more, the weight is the same for all hours with the same joined groups, place and
  file; if each such block has `minimum` people, any combination tells on nobody or on enough.

Months are judged apart, for nothing that is published of a month is about another month's hours. A file of several
months is published as one sum; it is taken for known month by month, but where the cells alone forbid that. Hours
that have a published cost (`is_costed`) are judged by themselves as well. Reading and publishing belong in dbt_project.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import cycle

import polars as pl

CUTS = ("role", "cost_centre", "market")
# what is shown first where not everything can be: the cut, and the measure within it
ORDER = ("role", "cost_centre", "market", "project")
MEASURES = ("billable", "internal", "absent")
ALL_MEASURES = ""  # of a project, whose hours are not told by measure
HIDDEN = ""  # the weight of a group that is not published is zero; sorts before every label
LARGEST_PLACES = 8

ATOMS = pl.Schema(
    {
        "month": pl.Date,
        "person": pl.String,
        "measure": pl.String,
        **dict.fromkeys(CUTS, pl.String),  # null: in no group
        "project": pl.String,  # null: its hours are not to be published as a whole
        "cell": pl.String,  # null: in no cell whose hours are published
        "file": pl.String,  # null: delivered by no file whose hours are published
        "is_costed": pl.Boolean,
    }
)
GROUPS = pl.Schema({"month": pl.Date, "cut": pl.String, "measure": pl.String, "group_name": pl.String})
_KEY = list(GROUPS.names())
_PLACES = ["place_label", "file_label"]
_LABELS = [*(f"{cut}_label" for cut in CUTS), *_PLACES]


def withheld_groups(
    atoms: pl.DataFrame, *, minimum: int, months_without_total: Collection[date] = frozenset()
) -> pl.DataFrame:
    """The groups (GROUPS, one row each) whose hours must not be published.

    `atoms`: ATOMS, one row per person and whatever they have hours in, without those that net to nothing.
    `months_without_total`: months whose hours of the whole firm are not published.
    """
    atoms = atoms.select(ATOMS.names()).cast(dict(ATOMS)).with_columns(pl.col("person").rank("dense"))
    groups = _groups(atoms)
    shown = groups.clear().select(_KEY)
    unsafe = _unsafe_months(atoms, shown, minimum, months_without_total)
    of_several_months = pl.col("month").n_unique().over("file") > 1
    atoms = atoms.with_columns(pl.when(~(pl.col("month").is_in(list(unsafe)) & of_several_months)).then("file"))
    # a chunk of a month is shown as a whole if that is safe, else it is tried in halves
    waiting = _chunks(groups.filter(pl.col("people") >= minimum))
    while waiting:
        tried = {month: chunks.pop() for month, chunks in waiting.items()}
        chunk = pl.concat(list(tried.values()))
        part = atoms.filter(pl.col("month").is_in(list(tried)))
        unsafe = _unsafe_months(part, pl.concat([shown, chunk]), minimum, months_without_total)
        shown = pl.concat([shown, chunk.filter(~pl.col("month").is_in(list(unsafe)))])
        for month in unsafe:
            if (size := tried[month].height) > 1:
                waiting[month] += [tried[month].tail(size // 2), tried[month].head(size - size // 2)]
        waiting = {month: chunks for month, chunks in waiting.items() if chunks}
    return groups.select(_KEY).join(shown, on=_KEY, how="anti").sort(_KEY)


def _groups(atoms: pl.DataFrame) -> pl.DataFrame:
    """Every group of every cut: GROUPS, and how many people stand behind it."""

    def of(cut: str, measure: pl.Expr) -> pl.DataFrame:
        return (
            atoms.filter(pl.col(cut).is_not_null())
            .group_by("month", measure.alias("measure"), pl.col(cut).alias("group_name"))
            .agg(people=pl.col("person").n_unique())
            .select("month", pl.lit(cut).alias("cut"), "measure", "group_name", "people")
        )

    return pl.concat([of("project", pl.lit(ALL_MEASURES)), *(of(cut, pl.col("measure")) for cut in CUTS)])


def _chunks(groups: pl.DataFrame) -> dict[date, list[pl.DataFrame]]:
    """Of each month a stack with one chunk: its groups, what is to be shown first first."""
    ranked = groups.sort(
        "month",
        pl.col("cut").replace_strict({cut: n for n, cut in enumerate(ORDER)}, return_dtype=pl.Int64),
        pl.col("measure").replace_strict({m: n for n, m in enumerate(MEASURES)}, default=0, return_dtype=pl.Int64),
        pl.col("people").cast(pl.Int64) * -1,
        "group_name",
    ).select(_KEY)
    return {part["month"][0]: [part] for part in ranked.partition_by("month")}


def _unsafe_months(
    atoms: pl.DataFrame, shown: pl.DataFrame, minimum: int, months_without_total: Collection[date]
) -> set[date]:
    found: set[date] = set()
    nothing = pl.all_horizontal(pl.col(label) == HIDDEN for label in _LABELS)
    partly_costed = pl.col("is_costed").all().over("month").not_() & pl.col("is_costed")
    for part in (atoms, atoms.filter(partly_costed)):
        blocks = (
            _joined(_labelled(part, shown), minimum)
            .filter(~(nothing & pl.col("month").is_in(list(months_without_total))))
            .group_by("month", *_LABELS)
            .agg(people=pl.col("person").n_unique())
        )
        found |= set(blocks.filter(pl.col("people") < minimum)["month"].to_list())
    return found


def _labelled(atoms: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """Atoms with a label for the weight of each group."""

    def is_shown(atoms: pl.DataFrame, cut: str, measure: pl.Expr) -> pl.DataFrame:
        keys = shown.filter(pl.col("cut") == cut).select(
            "month",
            pl.col("measure").alias("own_measure"),
            pl.col("group_name").alias(cut),
            pl.lit(True).alias("is_shown"),
        )
        return atoms.with_columns(measure.alias("own_measure")).join(keys, on=["month", "own_measure", cut], how="left")

    for cut in CUTS:
        atoms = is_shown(atoms, cut, pl.col("measure")).select(
            *atoms.columns,
            pl.when("is_shown")
            .then(pl.format("{}|{}", "measure", cut))
            .otherwise(pl.lit(HIDDEN))
            .alias(f"{cut}_label"),
        )
    return is_shown(atoms, "project", pl.lit(ALL_MEASURES)).select(
        "month",
        "person",
        "measure",
        *(f"{cut}_label" for cut in CUTS),
        pl.when(pl.col("cell").is_not_null())
        .then(pl.format("cell {}", "cell"))
        .when("is_shown")
        .then(pl.format("project {}", "project"))
        .otherwise(pl.lit(HIDDEN))
        .alias("place_label"),
        pl.col("file").fill_null(HIDDEN).alias("file_label"),
    )


def _joins(labelled: pl.DataFrame, label: str, minimum: int) -> pl.DataFrame:
    """Month, a label, and the smaller one that it is joined with."""
    people = [other for other in _LABELS if other != label and other not in _PLACES]
    context = ["month", "measure", *(other for other in _LABELS if other != label)]
    rows = labelled.lazy()
    counted = rows.group_by(*context, label).agg(people=pl.col("person").n_unique())
    pairs = (
        (_largest(rows, counted, label) if label in _PLACES else counted)
        .join(counted, on=context, suffix="_other")
        .filter(pl.col(label) != pl.col(f"{label}_other"))
        .with_columns(pl.min_horizontal("people", "people_other").alias("people"))
        .group_by("month", "measure", *people, label, f"{label}_other")
        .agg(pl.col("people").max())
        .group_by("month", "measure", label, f"{label}_other")
        .agg(pl.col("people").sum())
        .filter(pl.col("people") >= minimum)
    )
    both = (label, f"{label}_other")
    return (
        pairs.select("month", pl.max_horizontal(*both).alias(label), pl.min_horizontal(*both).alias("to"))
        .group_by("month", label)
        .agg(pl.col("to").min())
        .collect()
    )


def _largest(rows: pl.LazyFrame, counted: pl.LazyFrame, label: str) -> pl.LazyFrame:
    """Of places there are too many to try each with each: those of most people, a few of each month."""
    most = (
        rows.group_by("month", label)
        .agg(people=pl.col("person").n_unique())
        .sort("month", "people", label, descending=[False, True, False])
        .group_by("month", maintain_order=True)
        .head(LARGEST_PLACES)
    )
    return counted.join(most, on=["month", label], how="semi")


def _joined(labelled: pl.DataFrame, minimum: int) -> pl.DataFrame:
    """Labelled atoms with one label for all groups that are joined."""
    unchanged = 0
    for label in cycle(_LABELS):  # each join makes the contexts of the others larger
        joins = _joins(labelled, label, minimum)
        unchanged = 0 if joins.height else unchanged + 1
        if unchanged == len(_LABELS):
            break
        if joins.height:
            labelled = (
                labelled.join(joins, on=["month", label], how="left")
                .with_columns(pl.coalesce("to", label).alias(label))
                .drop("to")
            )
    return labelled
