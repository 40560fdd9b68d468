"""Tables of tasks and links in, the same tasks with early and late dates and float out.

The arithmetic of the passes belongs in `network`. Columns are those of the canonical tables `schedule_task` and
`schedule_link`.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from pipelines.schedule import network, workdays

# DCMA's test wants a delay that no float absorbs; 600 days is the one its guide uses
DELAY = 600.0
_TYPES = {"fs": network.FS, "ss": network.SS, "ff": network.FF, "sf": network.SF}
_CONSTRAINTS = {
    "must_start_on": network.START_ON,
    "must_finish_on": network.FINISH_ON,
    "start_no_earlier_than": network.START_FROM,
    "start_no_later_than": network.START_UNTIL,
    "finish_no_earlier_than": network.FINISH_FROM,
    "finish_no_later_than": network.FINISH_UNTIL,
}
_OF_START = (network.START_ON, network.START_FROM, network.START_UNTIL)
_KEY = ["project_id", "status_date"]
_DIGITS = 4  # of a day: a minute is 0.002 days
SCHEMA = {
    "project_id": pl.String,
    "status_date": pl.Date,
    "task_id": pl.String,
    "early_start_days": pl.Float64,
    "early_finish_days": pl.Float64,
    "late_start_days": pl.Float64,
    "late_finish_days": pl.Float64,
    "total_float_days": pl.Float64,
    "early_start_date": pl.Date,
    "early_finish_date": pl.Date,
    "late_start_date": pl.Date,
    "late_finish_date": pl.Date,
    "is_critical": pl.Boolean,
    "is_in_loop": pl.Boolean,
    "is_delayed_in_test": pl.Boolean,
    "status_days": pl.Float64,
    "schedule_finish_days": pl.Float64,
    "delayed_finish_days": pl.Float64,
    "baseline_finish_days": pl.Float64,
    "unusable_reason": pl.String,
}


def in_force(tasks: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Of each schedule the tasks at its latest status date that is not after `as_of`."""
    known = tasks.filter(pl.col("status_date") <= as_of)
    return known.filter(pl.col("status_date") == pl.col("status_date").max().over("project_id"))


def _days(frame: pl.DataFrame, column: str) -> npt.NDArray[np.datetime64]:
    return frame[column].cast(pl.Date).to_numpy().astype("datetime64[D]")


def _numbers(frame: pl.DataFrame, column: str) -> npt.NDArray[np.float64]:
    return frame[column].cast(pl.Float64).to_numpy().astype(np.float64)


def _either(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(np.isnan(first), second, first)


def _least(values: npt.NDArray[np.float64], groups: npt.NDArray[np.int64], number: int) -> npt.NDArray[np.float64]:
    """The least known value of each group; not a number where none is known."""
    found = np.full(number, np.inf)
    np.fmin.at(found, groups, values)
    return np.where(np.isinf(found), np.nan, found)


def _tasks(frame: pl.DataFrame, schedules: int) -> tuple[network.Tasks, npt.NDArray[np.float64]]:
    """The tasks as arrays, and the position after the status date of each."""
    schedule = frame["schedule"].to_numpy().astype(np.int64)
    per_day = _numbers(frame, "hours_per_day")
    per_day = np.where(np.isnan(per_day) | (per_day <= 0), 8.0, per_day)
    planned_start = workdays.start_position(_days(frame, "start_date"))
    planned_finish = workdays.finish_position(_days(frame, "finish_date"))
    duration = _either(_numbers(frame, "duration_hours") / per_day, planned_finish - planned_start)
    now = workdays.finish_position(_days(frame, "status_date"))
    share = np.nan_to_num(_numbers(frame, "percent_complete"))
    started_at = workdays.start_position(_days(frame, "actual_start_date"))
    finished_at = workdays.finish_position(_days(frame, "actual_finish_date"))
    is_finished = ~np.isnan(finished_at) | (share >= 1)
    finished_at = np.where(is_finished, _either(_either(finished_at, planned_finish), now), np.nan)
    is_started = is_finished | ~np.isnan(started_at) | (share > 0)
    started_at = np.where(is_started, _either(_either(started_at, planned_start), now), np.nan)
    # a schedule without progress begins when its first task is planned, not on the day on which it was saved
    first = _least(np.where(is_started, started_at, planned_start), schedule, schedules)[schedule]
    earliest = np.fmax(now, first)
    left = np.where(is_finished, 0.0, np.where(is_started, duration * (1 - share), duration))
    kind = frame["constraint_type"].replace_strict(_CONSTRAINTS, default=network.FREE, return_dtype=pl.Int64)
    constraint = kind.fill_null(network.FREE).to_numpy().astype(np.int64)
    on = _days(frame, "constraint_date")
    at = np.where(np.isin(constraint, _OF_START), workdays.start_position(on), workdays.finish_position(on))
    constraint = np.where(np.isnan(at), network.FREE, constraint)
    made = network.Tasks(
        schedule=schedule,
        left=left,
        earliest=earliest,
        started_at=started_at,
        finished_at=finished_at,
        is_started=is_started,
        is_finished=is_finished,
        constraint=constraint,
        constraint_at=np.nan_to_num(at),
    )
    return made, now


def _links(links: pl.DataFrame, frame: pl.DataFrame) -> network.Links:
    """Links between two tasks of the network; what is dangling, external or of a summary is left out."""
    places = frame.select(*_KEY, "task_id", "place", "hours_per_day")
    joined = (
        links.filter(~pl.col("is_external").fill_null(False))
        .join(
            places.select(*_KEY, pl.col("task_id").alias("predecessor_id"), pl.col("place").alias("before")),
            on=[*_KEY, "predecessor_id"],
        )
        .join(
            places.select(
                *_KEY, pl.col("task_id").alias("successor_id"), pl.col("place").alias("after"), "hours_per_day"
            ),
            on=[*_KEY, "successor_id"],
        )
    )
    per_day = _numbers(joined, "hours_per_day")
    lag = np.nan_to_num(_numbers(joined, "lag_hours")) / np.where(np.isnan(per_day) | (per_day <= 0), 8.0, per_day)
    return network.Links(
        predecessor=joined["before"].to_numpy().astype(np.int64),
        successor=joined["after"].to_numpy().astype(np.int64),
        type=joined["link_type"].replace_strict(_TYPES, return_dtype=pl.Int64).to_numpy().astype(np.int64),
        lag=lag,
    )


def _milestone_days(begins: npt.NDArray[np.datetime64], ends: npt.NDArray[np.datetime64]) -> npt.NDArray[np.datetime64]:
    """What begins after it ends takes no time: it is at the end of a day."""
    return np.where(begins > ends, ends, begins).astype("datetime64[D]")


def computed(tasks: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """One row per task of the network (no summaries, no level of effort), in the columns of SCHEMA.

    Days are working days since the schedule begins (its first start, actual or possible); `status_days`,
    `schedule_finish_days`, `delayed_finish_days` and `baseline_finish_days` are the schedule's, repeated. Everything
    computed is null where a schedule has no link between two of its tasks, a loop, or an unfinished task without a
    duration: `unusable_reason` says which (no_links, loop, no_duration).
    """
    frame = (
        tasks.filter(~pl.col("is_summary").fill_null(False) & ~pl.col("is_loe").fill_null(False))
        .sort(*_KEY, "task_id")
        .with_columns((pl.struct(_KEY).rank("dense") - 1).cast(pl.Int64).alias("schedule"))
        .with_row_index("place")
    )
    if frame.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    schedules = int(frame["schedule"].max()) + 1  # type: ignore[operator,arg-type]
    made, now = _tasks(frame, schedules)
    linked = _links(links, frame)
    order = network.ordered(made.schedule.size, linked)
    # what is not known is not a number, and NumPy says so at each step
    with np.errstate(invalid="ignore"):
        passed = network.passed(made, linked, order, schedules)
        delayed, delayed_finish = network.tested(made, linked, order, passed, delay=DELAY)

    schedule = made.schedule
    has_links = np.zeros(schedules, dtype=bool)
    has_links[schedule[linked.successor]] = True
    has_loop = np.zeros(schedules, dtype=bool)
    has_loop[schedule[order.level < 0]] = True
    lacks_duration = np.zeros(schedules, dtype=bool)
    lacks_duration[schedule[np.isnan(made.left)]] = True
    reason = np.select([has_loop, ~has_links, lacks_duration], ["loop", "no_links", "no_duration"], "")[schedule]
    usable = reason == ""

    early_start = np.where(made.is_started, made.started_at, passed.early_start)
    begin = _least(early_start, schedule, schedules)[schedule]
    late_start = np.where(made.is_started, np.nan, passed.late_finish - made.left)
    total_float = np.round(passed.total_float, _DIGITS) + 0.0
    baseline = workdays.finish_position(_days(frame, "baseline_finish_date"))
    last_baseline = -_least(-baseline, schedule, schedules)[schedule]
    is_delayed = np.zeros(schedule.size, dtype=bool)
    is_delayed[delayed[delayed >= 0]] = True
    finish_dates = workdays.finish_day(passed.early_finish)
    late_finish_dates = workdays.finish_day(passed.late_finish)

    def shown(values: npt.NDArray[np.float64], origin: npt.NDArray[np.float64]) -> pl.Series:
        kept = np.where(usable, np.round(values - origin, _DIGITS) + 0.0, np.nan)
        return pl.Series(kept).fill_nan(None)

    def day(values: npt.NDArray[np.datetime64]) -> pl.Series:
        return pl.Series(np.where(usable, values, np.datetime64("NaT")).astype("datetime64[D]"))

    zero = np.zeros(schedule.size)
    return frame.select(
        "project_id",
        "status_date",
        "task_id",
        shown(early_start, begin).alias("early_start_days"),
        shown(passed.early_finish, begin).alias("early_finish_days"),
        shown(late_start, begin).alias("late_start_days"),
        shown(passed.late_finish, begin).alias("late_finish_days"),
        shown(total_float, zero).alias("total_float_days"),
        day(_milestone_days(workdays.start_day(early_start), finish_dates)).alias("early_start_date"),
        day(finish_dates).alias("early_finish_date"),
        day(_milestone_days(workdays.start_day(late_start), late_finish_dates)).alias("late_start_date"),
        day(late_finish_dates).alias("late_finish_date"),
        pl.when(pl.Series(usable)).then(pl.Series(total_float <= 0)).alias("is_critical"),
        pl.Series(order.is_in_loop).alias("is_in_loop"),
        pl.Series(is_delayed & usable).alias("is_delayed_in_test"),
        shown(now, begin).alias("status_days"),
        shown(passed.finish[schedule], begin).alias("schedule_finish_days"),
        shown(np.where(delayed[schedule] >= 0, delayed_finish[schedule], np.nan), begin).alias("delayed_finish_days"),
        shown(last_baseline, begin).alias("baseline_finish_days"),
        pl.Series(reason.astype(str)).replace("", None).alias("unusable_reason"),
    ).cast(SCHEMA)  # type: ignore[arg-type]
