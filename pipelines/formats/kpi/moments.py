"""Dates with a time of day in tables of tickets and surveys, as text -> timestamps to reckon with."""

from __future__ import annotations

import polars as pl

from pipelines.formats.erp.cells import Cells

# hh:mm with seconds, parts of seconds and AM/PM, behind a date
_TIME = r"[ T](\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*([AaPp][Mm])?"
_EPOCH = r"^1970-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}"


def moment(cells: Cells, *names: str) -> pl.Expr:
    """The first filled cell as a timestamp; midnight where it has no time, null where it is no date."""
    text = cells.text(*names)
    groups = text.str.extract_groups(_TIME).struct
    hour, minute, second = (groups.field(n).cast(pl.Int64, strict=False).fill_null(0) for n in ("1", "2", "3"))
    half = groups.field("4").str.to_lowercase()
    hour = pl.when(half == "pm").then(hour % 12 + 12).when(half == "am").then(hour % 12).otherwise(hour)
    day = cells.date(*names).str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))
    return day + pl.duration(hours=hour, minutes=minute, seconds=second)


def elapsed_seconds(cells: Cells, *names: str) -> pl.Expr:
    """A duration: seconds, or as ServiceNow stores it, the timestamp that many seconds after the start of 1970."""
    text = cells.text(*names)
    stamp = (
        pl.when(text.str.contains(_EPOCH))
        .then(text.str.slice(0, 19).str.replace("T", " "))
        .str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)
    )
    return pl.coalesce(text.cast(pl.Int64, strict=False), stamp.dt.epoch("s"))
