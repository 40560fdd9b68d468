"""Small schedules for tests: tasks and links as the canonical tables give them to the models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from pipelines.schedule.computed import computed

SUNDAY = date(2026, 1, 4)  # the first working day after it is Monday the fifth
_TASK = {
    "project_id": pl.String,
    "status_date": pl.Date,
    "task_id": pl.String,
    "is_summary": pl.Boolean,
    "is_loe": pl.Boolean,
    "duration_hours": pl.Decimal(24, 6),
    "hours_per_day": pl.Decimal(24, 6),
    "start_date": pl.Date,
    "finish_date": pl.Date,
    "baseline_finish_date": pl.Date,
    "actual_start_date": pl.Date,
    "actual_finish_date": pl.Date,
    "constraint_type": pl.String,
    "constraint_date": pl.Date,
    "percent_complete": pl.Decimal(18, 12),
}
_LINK = {
    "project_id": pl.String,
    "status_date": pl.Date,
    "predecessor_id": pl.String,
    "successor_id": pl.String,
    "link_type": pl.String,
    "lag_hours": pl.Decimal(24, 6),
    "is_external": pl.Boolean,
}


def tasks(days: Mapping[str, float | None], *, project: str = "P", **more: Mapping[str, Any]) -> pl.DataFrame:
    """`days`: task -> its duration in days of 8 hours; `more`: task -> other columns."""
    rows = [
        {
            "project_id": project,
            "status_date": SUNDAY,
            "task_id": task,
            "duration_hours": None if length is None else str(length * 8),
            "hours_per_day": "8",
        }
        | more.get(task, {})
        for task, length in days.items()
    ]
    return pl.DataFrame(rows, schema={k: pl.String if isinstance(t, pl.Decimal) else t for k, t in _TASK.items()}).cast(
        _TASK
    )  # type: ignore[arg-type]


def links(rows: Sequence[tuple[Any, ...]], *, project: str = "P") -> pl.DataFrame:
    """`rows`: predecessor, successor, and type and lag in days where they are not fs and 0."""
    made = []
    for before, after, *rest in rows:
        kind, lag = rest or ("fs", 0)
        made.append(
            {
                "project_id": project,
                "status_date": SUNDAY,
                "predecessor_id": before,
                "successor_id": after,
                "link_type": kind,
                "lag_hours": str(lag * 8),
                "is_external": False,
            }
        )
    return pl.DataFrame(made, schema={k: pl.String if isinstance(t, pl.Decimal) else t for k, t in _LINK.items()}).cast(
        _LINK
    )  # type: ignore[arg-type]


def found(task_frame: pl.DataFrame, link_frame: pl.DataFrame, column: str) -> dict[str, Any]:
    """Task -> the computed column."""
    frame = computed(task_frame, link_frame)
    return dict(zip(frame["task_id"], frame[column], strict=True))
