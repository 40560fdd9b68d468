"""Tickets of ServiceNow and Jira, and logs of their changes, as figures by project and month (or day).

Only counts and sums are made, so that every ratio can be formed from them: a share within the SLA is
`…_resolved_within_sla / …_resolved_with_sla`, a mean time `…_resolution_hours / …_resolved`. Nobody's name is read.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, Context, RawTable, TableRead
from pipelines.formats.decimals import written
from pipelines.formats.erp.cells import Cells
from pipelines.formats.erp.options import wrong
from pipelines.formats.kpi.moments import elapsed_seconds, moment
from pipelines.formats.kpi.options import Options, options_of

_MISSING = ("?", "NULL", "null", "None")
_HOUR = pl.Decimal(38, 6)


@dataclass(frozen=True)
class Measure:
    """One figure: the code's ending, which moment's period it belongs to, what is added up, its unit."""

    ending: str
    when: str
    amount: pl.Expr
    unit: str = "count"


def _counted(condition: pl.Expr) -> pl.Expr:
    return condition.fill_null(False).cast(pl.Int64)


# one each; a literal would be one for all
_ONE = _counted(pl.col("source_line").is_not_null())

SERVICENOW = (
    Measure("opened", "opened", _ONE),
    Measure("closed", "closed", _ONE),
    Measure("resolved", "resolved", _ONE),
    Measure("resolved_with_sla", "resolved", _counted(pl.col("made_sla").is_not_null())),
    Measure("resolved_within_sla", "resolved", _counted(pl.col("made_sla"))),
    Measure("reopened", "resolved", _counted(pl.col("reopens") > 0)),
    Measure("reopens", "resolved", pl.col("reopens").fill_null(0)),
    Measure("resolution_hours", "resolved", pl.col("resolution_seconds"), "hours"),
    Measure("business_hours", "resolved", pl.col("business_seconds"), "hours"),
)
JIRA = (
    Measure("opened", "opened", _ONE),
    Measure("resolved", "resolved", _ONE),
    Measure("resolution_hours", "resolved", pl.col("resolution_seconds"), "hours"),
    Measure("time_spent_hours", "resolved", pl.col("business_seconds"), "hours"),
)
_DATES = ("opened_at", "sys_created_on", "resolved_at", "closed_at", "created", "resolved")
_GROUPS = ("project", "u_project", "assignment_group", "assignment_group_value", "assignment_group.name")


def without_question_marks(raw: RawTable) -> RawTable:
    """The table with `?` and NULL as empty cells: so the public incident log writes what is missing."""
    cells = [
        pl.when(~pl.col(name).str.strip_chars().is_in(_MISSING)).then(pl.col(name)).alias(name) for name in raw.header
    ]
    return dataclasses.replace(raw, frame=raw.frame.with_columns(cells))


def servicenow(raw: RawTable, columns: Mapping[str, str], context: Context, *, where: str) -> list[TableRead]:
    """Tasks or incidents, one row each, or one row each change (the one with the highest sys_mod_count counts)."""
    options = options_of(context)
    cells = Cells(without_question_marks(raw), columns, context, where=where)
    cells.declare(section="kpi", numbers=(), dates=_DATES)
    cells.leave_out_deleted()
    group = _project_column(cells, options, _GROUPS)
    opened = moment(cells, "opened_at", "sys_created_on")
    resolved = moment(cells, "resolved_at", "closed_at")
    kind = cells.text("sys_class_name").fill_null("incident").str.to_lowercase().str.replace_all(r"[^a-z0-9]+", "_")
    made_sla = cells.text("made_sla").str.to_lowercase()
    business = elapsed_seconds(cells, "business_duration") if cells.has("business_duration") else None
    rows = cells.frame.select(
        cells.text("number", "sys_id").alias("ticket"),
        (kind + "s").alias("kind"),
        cells.text(*group).alias("reference"),
        opened.alias("opened"),
        resolved.alias("resolved"),
        moment(cells, "closed_at").alias("closed"),
        pl.when(made_sla.is_in(["true", "1", "yes"])).then(True)
        .when(made_sla.is_in(["false", "0", "no"])).then(False).alias("made_sla"),
        cells.text("reopen_count").cast(pl.Int64, strict=False).alias("reopens"),
        (resolved - opened).dt.total_seconds().alias("resolution_seconds"),
        (business if business is not None else pl.lit(None, dtype=pl.Int64)).alias("business_seconds"),
        cells.text("sys_mod_count").cast(pl.Int64, strict=False).fill_null(0).alias("version"),
        _unreadable(cells).alias("unreadable"),
        "source_line",
        FAULT,
    )  # fmt: skip
    measures = [m for m in SERVICENOW if cells.has("business_duration") or m.ending != "business_hours"]
    measures = [m for m in measures if cells.has("reopen_count") or not m.ending.startswith("reopen")]
    return [_observations(cells, rows, measures, options, system="servicenow", group=cells.named(*group))]


def jira(raw: RawTable, columns: Mapping[str, str], context: Context, *, where: str) -> list[TableRead]:
    """Issues, one row each; the project is the beginning of the issue's key."""
    options = options_of(context)
    cells = Cells(raw, columns, context, where=where)
    cells.declare(section="kpi", numbers=(), dates=_DATES)
    cells.leave_out_deleted()
    key = cells.text("key", "issue_key")
    reference = key.str.extract(r"^([A-Za-z][A-Za-z0-9_]*)-\d+$")
    if options.project_column:
        reference = cells.text(*_project_column(cells, options, ()))
    opened, resolved = moment(cells, "created"), moment(cells, "resolved")
    rows = cells.frame.select(
        key.alias("ticket"),
        pl.lit("issues").alias("kind"),
        reference.alias("reference"),
        opened.alias("opened"),
        resolved.alias("resolved"),
        (resolved - opened).dt.total_seconds().alias("resolution_seconds"),
        elapsed_seconds(cells, "time_spent").alias("business_seconds"),
        pl.lit(0, dtype=pl.Int64).alias("version"),
        _unreadable(cells).alias("unreadable"),
        "source_line",
        FAULT,
    )
    return [_observations(cells, rows, JIRA, options, system="jira", group=cells.named("key"))]


def _project_column(cells: Cells, options: Options, usual: Sequence[str]) -> tuple[str, ...]:
    """The columns that name what a ticket belongs to. Raises RefusedFile where there is none."""
    if options.project_column:
        name = options.project_column.casefold().strip().replace(" ", "_")
        if not cells.has(name):
            raise wrong("[kpi] project_column", options.project_column, tuple(cells.columns)[:60])
        return (name,)
    present = tuple(name for name in usual if cells.has(name))
    if not present:
        raise RefusedFile(
            "the tickets name neither a project nor an assignment group",
            where=cells.where,
            value=", ".join(cells.raw.header[:60]),
            remedy="export the column assignment_group too, or set [kpi] project_column in outturn.toml to the column "
            "that stands for the project",
        )
    return present


def _unreadable(cells: Cells) -> pl.Expr:
    """The first of the date cells that is filled and no date."""
    found = [
        pl.when(cells.date(name).is_not_null() & moment(cells, name).is_null()).then(
            pl.format("{} is no date: {}", pl.lit(name), cells.text(name))
        )
        for name in _DATES
        if cells.has(name)
    ]
    return pl.coalesce(*found) if found else pl.lit(None, dtype=pl.String)


def _observations(
    cells: Cells, rows: pl.LazyFrame, measures: Sequence[Measure], options: Options, *, system: str, group: str
) -> TableRead:
    tickets = rows.collect(engine="streaming")
    faulty = tickets.filter(pl.col(FAULT).is_not_null())
    tickets = tickets.filter(pl.col(FAULT).is_null())
    last = tickets.sort("version", maintain_order=True).unique("ticket", keep="last", maintain_order=True)
    if last.height < tickets.height:
        cells.warnings.append(
            f"{tickets.height - last.height} earlier states of {last.height} tickets left out: the last one counts"
        )
    fault = (
        pl.when(pl.col("reference").is_null()).then(pl.lit(f"the ticket names no project: {group} is empty"))
        .when(pl.col("unreadable").is_not_null()).then(pl.col("unreadable"))
        .when(pl.col("opened").is_null()).then(pl.lit("the ticket has no day on which it was opened"))
        .when(pl.col("resolution_seconds") < 0).then(pl.lit("the ticket was resolved before it was opened"))
    )  # fmt: skip
    last = last.with_columns(fault.alias(FAULT))
    good, bad = last.filter(pl.col(FAULT).is_null()), last.filter(pl.col(FAULT).is_not_null())
    projects = options.resolved(good["reference"].unique().to_list())
    good = good.with_columns(pl.col("reference").replace(dict(projects)).alias("project_id"))
    return TableRead(
        format=system,
        table="kpi_observation",
        frame=pl.concat(
            [*(_measured(good, measure, options, system) for measure in measures), _rejected(faulty, bad)],
            how="diagonal",
        ).lazy(),
        warnings=tuple(cells.warnings),
        mapping={"project_id": group, "observed_on": "the first day of the period", "value": "counts of tickets"},
        dialect=cells.raw.dialect,
        source_system=system,
    )


def _measured(good: pl.DataFrame, measure: Measure, options: Options, system: str) -> pl.DataFrame:
    """The figures of one kind: one row for each project and period that has any ticket in it."""
    period = pl.col(measure.when).dt.truncate("1mo" if options.period == "month" else "1d")
    amount = measure.amount.cast(_HOUR)
    total = amount.sum()
    if measure.unit == "hours":
        total = (total / pl.lit(3600).cast(_HOUR)).round(6, mode="half_away_from_zero")
    return (
        good.filter(pl.col(measure.when).is_not_null())
        .group_by("project_id", "kind", period.alias("observed_on"), maintain_order=True)
        .agg(total.alias("value"), pl.col("source_line").first(), amount.is_not_null().any().alias("known"))
        # nothing measured is no zero
        .filter("known")
        .sort("kind", "project_id", "observed_on")
        .select(
            "project_id",
            (pl.col("kind") + pl.lit(f"_{measure.ending}")).alias("kpi_code"),
            pl.col("observed_on").dt.to_string("%Y-%m-%d"),
            written(pl.col("value").cast(_HOUR)).alias("value"),
            pl.lit(measure.unit).alias("unit"),
            pl.lit(system).alias("source"),
            "source_line",
            pl.lit(None, dtype=pl.String).alias(FAULT),
        )
    )


def _rejected(*frames: pl.DataFrame) -> pl.DataFrame:
    """A row for each ticket that cannot be counted, so that it can be looked up."""
    return pl.concat(
        [frame.select(pl.col("reference").alias("project_id"), pl.col("ticket").alias("source"), "source_line", FAULT)
         for frame in frames]
    )  # fmt: skip
