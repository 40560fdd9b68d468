"""Critical path and float: a published example, types of links, constraints, progress, and what has no figure."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from pipelines.schedule.computed import DELAY, computed, in_force
from tests.unit.schedule.networks import SUNDAY, found, links, tasks

# Render, Stair & Hanna, General Foundry, table 13.3
FOUNDRY = {"A": 2, "B": 3, "C": 2, "D": 4, "E": 4, "F": 3, "G": 5, "H": 2}
FOUNDRY_LINKS = [("A", "C"), ("B", "D"), ("C", "E"), ("C", "F"), ("D", "G"), ("E", "G"), ("F", "H"), ("G", "H")]


def test_general_foundry():
    frame = computed(tasks(FOUNDRY), links(FOUNDRY_LINKS))
    by_task = {row["task_id"]: row for row in frame.to_dicts()}
    assert {k: r["early_finish_days"] for k, r in by_task.items()} == {
        "A": 2, "B": 3, "C": 4, "D": 7, "E": 8, "F": 7, "G": 13, "H": 15,
    }  # fmt: skip
    assert {k: r["total_float_days"] for k, r in by_task.items()} == {
        "A": 0, "B": 1, "C": 0, "D": 1, "E": 0, "F": 6, "G": 0, "H": 0,
    }  # fmt: skip
    assert [k for k, r in by_task.items() if r["is_critical"]] == ["A", "C", "E", "G", "H"]
    assert by_task["A"]["early_start_date"] == date(2026, 1, 5)
    assert by_task["H"]["early_finish_date"] == date(2026, 1, 23)  # the fifteenth working day
    assert by_task["A"]["schedule_finish_days"] == 15


def test_the_finish_moves_by_the_delay_of_a_critical_task():
    frame = computed(tasks(FOUNDRY), links(FOUNDRY_LINKS))
    assert frame["delayed_finish_days"][0] - frame["schedule_finish_days"][0] == DELAY
    assert frame.filter("is_delayed_in_test")["task_id"].to_list() == ["A"]


def test_a_task_that_is_fixed_to_a_day_does_not_pass_the_delay_on():
    fixed = {"G": {"constraint_type": "must_start_on", "constraint_date": date(2026, 1, 15)}}
    frame = computed(tasks(FOUNDRY, **fixed), links(FOUNDRY_LINKS))
    # A's own finish is late, and what follows it up to G; G and H stay
    assert frame["delayed_finish_days"][0] - frame["schedule_finish_days"][0] < DELAY


@pytest.mark.parametrize(
    ("kind", "lag", "start", "slack"),
    [
        ("fs", 0, 4, 0),
        ("fs", 3, 7, 0),
        ("fs", -1, 3, 0),
        ("ss", 2, 2, 0),
        ("ff", 1, 2, 0),
        ("sf", 5, 2, 0),
        ("sf", 0, 0, 1),
    ],
)
def test_types_of_links_and_lags(kind, lag, start, slack):
    """Four days before three: where the second starts, and the first's float (the second ends the schedule)."""
    frame = computed(tasks({"A": 4, "B": 3}), links([("A", "B", kind, lag)]))
    by_task = {row["task_id"]: row for row in frame.to_dicts()}
    assert by_task["B"]["early_start_days"] == start
    finish = max(4, start + 3)
    assert by_task["B"]["total_float_days"] == finish - start - 3
    assert by_task["A"]["total_float_days"] == min(slack, finish - 4) if kind != "sf" or lag else True


def test_a_latest_date_before_the_earliest_makes_float_negative():
    late = {"H": {"constraint_type": "finish_no_later_than", "constraint_date": date(2026, 1, 20)}}
    floats = found(tasks(FOUNDRY, **late), links(FOUNDRY_LINKS), "total_float_days")
    assert floats == {"A": -3, "B": -2, "C": -3, "D": -2, "E": -3, "F": 3, "G": -3, "H": -3}


@pytest.mark.parametrize(
    ("kind", "day", "start", "late_start"),
    [
        ("start_no_earlier_than", 7, 2, 2),
        ("finish_no_earlier_than", 7, 2, 2),
        ("must_start_on", 7, 2, 2),
        ("must_finish_on", 7, 2, 2),
        ("start_no_later_than", 7, 0, 2),
        ("finish_no_later_than", 7, 0, 2),
        ("as_soon_as_possible", 7, 0, 9),
        ("as_late_as_possible", 7, 0, 9),
    ],
)
def test_constraints(kind, day, start, late_start):
    """One day's task beside a chain of ten, on Wednesday the seventh."""
    held = {"X": {"constraint_type": kind, "constraint_date": date(2026, 1, day)}}
    row = (
        computed(tasks({"A": 5, "B": 5, "X": 1}, **held), links([("A", "B")]))
        .filter(pl.col("task_id") == "X")
        .to_dicts()[0]
    )
    assert row["early_start_days"] == start
    if "no_earlier" not in kind:
        assert row["late_start_days"] == late_start


def test_what_is_done_stays_and_what_is_left_comes_after_the_status_date():
    friday = date(2026, 1, 9)
    progress = {
        "A": {"actual_start_date": date(2026, 1, 5), "actual_finish_date": date(2026, 1, 7)},
        "B": {"actual_start_date": date(2026, 1, 8), "percent_complete": "0.25"},
    }
    frame = tasks({"A": 2, "B": 4, "C": 1, "D": 1}, **progress).with_columns(pl.lit(friday).alias("status_date"))
    linked = links([("A", "B"), ("B", "C")]).with_columns(pl.lit(friday).alias("status_date"))
    by_task = {row["task_id"]: row for row in computed(frame, linked).to_dicts()}
    assert (by_task["A"]["early_start_days"], by_task["A"]["early_finish_days"]) == (0, 3)
    assert by_task["A"]["total_float_days"] is None
    assert by_task["A"]["is_critical"] is False
    # three of four days are left, from Monday on
    assert (by_task["B"]["early_start_days"], by_task["B"]["early_finish_days"]) == (3, 8)
    assert (by_task["C"]["early_finish_days"], by_task["C"]["total_float_days"]) == (9, 0)
    # what has not begun begins on Monday at the earliest
    assert (by_task["D"]["early_start_days"], by_task["D"]["total_float_days"]) == (5, 3)
    assert by_task["D"]["early_start_date"] == date(2026, 1, 12)


def test_a_loop_is_named_and_leaves_other_schedules_alone():
    frame = pl.concat([tasks(FOUNDRY), tasks(FOUNDRY, project="Q")])
    looped = pl.concat([links([*FOUNDRY_LINKS, ("G", "C")]), links(FOUNDRY_LINKS, project="Q")])
    result = computed(frame, looped)
    ours = result.filter(pl.col("project_id") == "P")
    assert set(ours["unusable_reason"]) == {"loop"}
    assert ours.filter("is_in_loop")["task_id"].to_list() == ["C", "E", "G"]
    assert ours["total_float_days"].null_count() == 8
    assert result.filter(pl.col("project_id") == "Q")["total_float_days"].to_list() == [0, 1, 0, 1, 0, 6, 0, 0]


def test_without_links_or_a_duration_nothing_is_computed():
    assert set(found(tasks(FOUNDRY), links([]), "unusable_reason").values()) == {"no_links"}
    assert set(found(tasks(FOUNDRY), links([]), "total_float_days").values()) == {None}
    unknown = found(tasks({"A": 1, "B": None}), links([("A", "B")]), "unusable_reason")
    assert set(unknown.values()) == {"no_duration"}
    # dates tell a duration, and who has finished needs none
    dated = {"B": {"start_date": date(2026, 1, 5), "finish_date": date(2026, 1, 6)}}
    assert found(tasks({"A": 1, "B": None}, **dated), links([("A", "B")]), "early_finish_days") == {"A": 1, "B": 3}
    done = {"A": {"actual_finish_date": date(2026, 1, 2)}}
    assert set(found(tasks({"A": None, "B": 1}, **done), links([("A", "B")]), "unusable_reason").values()) == {None}


def test_dangling_links_and_links_of_summaries_move_nothing():
    frame = tasks({"A": 2, "B": 3, "S": 9}, S={"is_summary": True})
    linked = links([("A", "B"), ("gone", "B", "fs", 9), ("S", "B")])
    assert found(frame, linked, "early_finish_days") == {"A": 2, "B": 5}


def test_the_schedule_in_force_is_the_latest_known():
    frame = tasks({"A": 1})
    both = pl.concat([frame, frame.with_columns(pl.lit(date(2026, 2, 1)).alias("status_date"))])
    assert in_force(both, date(2026, 1, 31))["status_date"].to_list() == [SUNDAY]
    assert in_force(both, date(2026, 2, 1))["status_date"].to_list() == [date(2026, 2, 1)]
    assert in_force(both, date(2026, 1, 3)).is_empty()


def _relaxed(days: list[int], edges: list[tuple[int, int, str, int]]) -> tuple[list[int], list[int]]:
    """Early starts and floats by going round until nothing moves: slow, and another way than levels."""
    start = [0] * len(days)
    for _ in days:
        for before, after, kind, lag in edges:
            reach = start[before] + (days[before] if kind[0] == "f" else 0) + lag
            start[after] = max(start[after], reach - (days[after] if kind[1] == "f" else 0))
    finish = max(s + d for s, d in zip(start, days, strict=True))
    late = [finish - d for d in days]
    for _ in days:
        for before, after, kind, lag in edges:
            bound = late[after] + (days[after] if kind[1] == "f" else 0) - lag
            late[before] = min(late[before], bound - (days[before] if kind[0] == "f" else 0))
    return start, [one - other for one, other in zip(late, start, strict=True)]


@pytest.mark.parametrize("seed", range(8))
def test_random_networks_agree_with_going_round(seed):
    random = np.random.default_rng(seed)
    days = [int(n) for n in random.integers(0, 9, 40)]
    edges = [
        (
            int(random.integers(0, after)),
            after,
            str(random.choice(["fs", "ss", "ff", "sf"])),
            int(random.integers(-2, 4)),
        )
        for after in random.integers(1, 40, 70).tolist()
    ]
    edges = list({(before, after, kind): (before, after, kind, lag) for before, after, kind, lag in edges}.values())
    start, slack = _relaxed(days, edges)
    names = [f"T{n:02d}" for n in range(40)]
    frame = computed(
        tasks(dict(zip(names, days, strict=True))),
        links([(names[before], names[after], kind, lag) for before, after, kind, lag in edges]),
    )
    begin = min(start)
    assert frame["early_start_days"].to_list() == [one - begin for one in start]
    assert frame["total_float_days"].to_list() == slack


def test_a_chain_of_50000_tasks():
    number = 50_000
    names = [f"T{n:05d}" for n in range(number)]
    frame = computed(tasks(dict.fromkeys(names, 1)), links(list(pairwise(names))))
    assert frame["schedule_finish_days"][0] == number
    assert frame["is_critical"].all()
