"""CESAW as earned value: planned and actual hours of real projects, week by week, and every estimate that they allow.

The data set (Nichols and Jones, arXiv 2106.03679) has for each task planned minutes and the day of its completion, and
for most projects a time log. It has no planned dates: methods with a schedule index cannot be judged on it. Reading
and reckoning with Polars belongs here; judging is pipelines/forecasting's.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks.corpora import CORPORA

FOLDER = CORPORA / "projects" / "cesaw"
METHODS = ("bottom_up", "remaining_at_budget", "cpi", "last_3", "last_6", "reference_class")
BANDS = ("0-20", "20-40", "40-60", "60-80", "80-100")

_NULLS = ["NA", "", "\\N"]
_STAMP = "%m/%d/%Y %H:%M"


def _read(path: Path, columns: dict[str, pl.DataType]) -> pl.DataFrame:
    return pl.read_csv(path, columns=list(columns), null_values=_NULLS, schema_overrides=columns)


def tasks(folder: Path = FOLDER, *, every: str = "1w") -> pl.DataFrame:
    """One row per task and person: project_id, task (number), planned hours, first day of the week of completion (or of
    the month: `every` "1mo")."""
    read = _read(
        folder / "CESAW_task_fact.csv",
        {
            "project_key": pl.String,
            "task_actual_complete_date": pl.String,
            "task_actual_time_minutes": pl.Float64,
            "task_plan_time_minutes": pl.Float64,
            "plan_item_key": pl.String,
            "person_key": pl.String,
        },
    )
    return read.select(
        "plan_item_key",
        "person_key",
        project_id="project_key",
        planned=pl.col("task_plan_time_minutes") / 60,
        completed=pl.col("task_actual_complete_date").str.to_date(_STAMP, strict=False).dt.truncate(every),
    )


def logs(folder: Path = FOLDER, *, every: str = "1w") -> pl.DataFrame:
    """One row per time log: project_id, task and person, first day of the week (or month: `every` "1mo"), hours."""
    read = _read(
        folder / "CESAW_time_fact.csv",
        {
            "project_key": pl.String,
            "plan_item_key": pl.String,
            "person_key": pl.String,
            "time_log_start_date": pl.String,
            "time_log_delta_minutes": pl.Float64,
        },
    )
    return read.select(
        "plan_item_key",
        "person_key",
        project_id="project_key",
        week=pl.col("time_log_start_date").str.to_date(_STAMP).dt.truncate(every),
        hours=pl.col("time_log_delta_minutes") / 60,
    )


def weeks(folder: Path = FOLDER) -> pl.DataFrame:
    """One row per project and week from its first log to its last: month (the week's Monday), bac, ev, ac, open_left.

    Hours, rounded to hundredths. A task earns its plan when it is completed (0/100). open_left: of each task that is
    not completed what its plan leaves over the hours logged on it, at least nothing. Projects without a time log are
    left out.
    """
    planned, logged = tasks(folder), logs(folder)
    planned = planned.join(logged.select("project_id").unique(), on="project_id", how="semi")
    spans = logged.group_by("project_id").agg(first=pl.col("week").min(), last=pl.col("week").max())
    calendar = spans.select("project_id", month=pl.date_ranges("first", "last", "1w").cast(pl.List(pl.Date))).explode(
        "month"
    )

    def to_date(moved: pl.DataFrame, value: str, name: str) -> pl.DataFrame:
        by_week = moved.group_by("project_id", month="week").agg(pl.col(value).sum().alias(name))
        return (
            calendar.join(by_week, on=["project_id", "month"], how="left")
            .sort("project_id", "month")
            .select("project_id", "month", pl.col(name).fill_null(0).cum_sum().over("project_id"))
        )

    # what the plan of a task leaves falls with its hours, at most by its plan, and to nothing on its completion
    keys = ["project_id", "plan_item_key", "person_key"]
    spent = (
        logged.group_by(*keys, "week")
        .agg(pl.col("hours").sum())
        .join(planned.group_by(keys).agg(pl.col("planned").sum(), pl.col("completed").max()), on=keys, how="inner")
        .filter(pl.col("completed").is_null() | (pl.col("week") < pl.col("completed")))
        .sort(*keys, "week")
        .with_columns(used=pl.min_horizontal(pl.col("hours").cum_sum().over(keys), "planned"))
        .with_columns(moved=pl.col("used") - pl.col("used").shift(1).over(keys).fill_null(0))
    )
    rest = (
        planned.group_by(keys)
        .agg(pl.col("planned").sum(), week=pl.col("completed").max())
        .drop_nulls("week")
        .join(spent.group_by(keys).agg(pl.col("moved").sum()), on=keys, how="left")
        .with_columns(moved=pl.col("planned") - pl.col("moved").fill_null(0))
    )
    columns = ["project_id", "week", "moved"]
    gone = to_date(pl.concat([spent.select(columns), rest.select(columns)]), "moved", "gone")
    total = planned.group_by("project_id").agg(bac=pl.col("planned").sum())
    return (
        to_date(planned.drop_nulls("completed").rename({"completed": "week"}), "planned", "ev")
        .join(to_date(logged, "hours", "ac"), on=["project_id", "month"])
        .join(gone, on=["project_id", "month"])
        .join(total, on="project_id")
        .with_columns(open_left=pl.col("bac") - pl.col("gone"))
        .drop("gone")
        # to the hundredth of an hour: what is left of sums of fractions is no work left
        .with_columns(pl.col("bac", "ev", "ac", "open_left").round(2) + 0.0)
        .sort("project_id", "month")
    )


def months(folder: Path = FOLDER) -> pl.DataFrame:
    """One row per project and month from its first log to its last log or completed task: planned_hours (the whole plan
    spread evenly, for want of planned dates, to hundredths that add up) and percent_complete, by completed tasks."""
    planned, logged = tasks(folder, every="1mo"), logs(folder, every="1mo")
    spans = (
        logged.group_by("project_id")
        .agg(first=pl.col("week").min(), last=pl.col("week").max())
        .join(planned.group_by("project_id").agg(pl.col("completed").max()), on="project_id")
        .select("project_id", "first", last=pl.max_horizontal("last", "completed"))
    )
    return (
        spans.select("project_id", month=pl.date_ranges("first", "last", "1mo"))
        .explode("month")
        .join(planned.group_by("project_id").agg(budget=pl.col("planned").sum().round(2)), on="project_id")
        .join(
            planned.drop_nulls("completed")
            .join(spans, on="project_id")
            .group_by("project_id", month=pl.max_horizontal("completed", "first"))
            .agg(pl.col("planned").sum()),
            on=["project_id", "month"],
            how="left",
        )
        .sort("project_id", "month")
        .with_columns(
            place=pl.int_range(1, pl.len() + 1).over("project_id"),
            number=pl.len().over("project_id"),
            earned=pl.col("planned").fill_null(0).cum_sum().over("project_id"),
        )
        .with_columns(to_date=(pl.col("budget") * pl.col("place") / pl.col("number")).round(2))
        .select(
            "project_id",
            "month",
            planned_hours=(pl.col("to_date") - pl.col("to_date").shift(1).over("project_id").fill_null(0)).round(2),
            percent_complete=(pl.col("earned") / pl.col("budget")).clip(0, 1).round(12),
        )
    )


def estimates(observed: pl.DataFrame) -> pl.DataFrame:
    """One row per project, week before its end and method, as backtest.judge takes them; from the first earned hour.

    reference_class: what is left at budget x the median of final / BAC of the other projects.
    """
    final = observed.group_by("project_id").agg(final=pl.col("ac").last(), ended=pl.col("month").max())
    ratios = observed.group_by("project_id").agg(ratio=pl.col("ac").last() / pl.col("bac").last()).sort("project_id")
    others = ratios.join(ratios, how="cross", suffix="_other").filter(
        pl.col("project_id") != pl.col("project_id_other")
    )
    uplift = others.group_by("project_id").agg(uplift=pl.col("ratio_other").median())

    def recent(periods: int) -> pl.Expr:
        moved = [pl.col(name) - pl.col(name).shift(periods).over("project_id") for name in ("ev", "ac")]
        return pl.when((moved[0] > 0) & (moved[1] > 0)).then(moved[0] / moved[1])

    left = pl.col("bac") - pl.col("ev")
    wide = (
        observed.join(final, on="project_id")
        .join(uplift, on="project_id")
        .with_columns(
            bottom_up=pl.col("ac") + pl.col("open_left"),
            remaining_at_budget=pl.col("ac") + left,
            cpi=pl.col("ac") + left * pl.col("ac") / pl.col("ev"),
            last_3=pl.col("ac") + left / recent(3),
            last_6=pl.col("ac") + left / recent(6),
            reference_class=pl.col("ac") + left * pl.col("uplift"),
        )
        .filter((pl.col("month") < pl.col("ended")) & (pl.col("ev") > 0))
    )
    band = (pl.col("ev") / pl.col("bac") * 5).floor().clip(0, 4).cast(pl.Int64)
    return (
        wide.with_columns(progress_band=band.replace_strict(dict(enumerate(BANDS)), return_dtype=pl.String))
        .unpivot(
            METHODS,
            index=["project_id", "month", "progress_band", "ended", "ac"],
            variable_name="method",
            value_name="eac_amount",
        )
        .drop_nulls("eac_amount")
        .rename({"ended": "ended_month", "ac": "ac_amount"})
        .with_columns(expected_risk_amount=pl.lit(0.0))
    )
