"""The critical path method over many schedules at once, level by level, as NumPy arrays.

A position is a number of working days on one axis for all schedules; a task of two days that starts at 5 finishes at 7.
What a date is as a position, and which task of a table is which, belongs in `computed`. Schedules are islands of one
graph: tasks of a level have no link between them, so that a level of all schedules is one step.

Source: PMI, Practice Standard for Scheduling, forward and backward pass; links by type as in its glossary (FS, SS, FF,
SF).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

FS, SS, FF, SF = range(4)
# what of a constraint binds: the earliest start or finish, the latest start or finish
(FREE, START_ON, FINISH_ON, START_FROM, START_UNTIL, FINISH_FROM, FINISH_UNTIL) = range(7)


@dataclass(frozen=True, kw_only=True)
class Tasks:
    """One entry a task. Positions in working days; not a number where unknown, which makes all that follows unknown.

    `earliest`: before it no work that is still to be done can be done. `left`: working days still to be done.
    """

    schedule: Whole
    left: Floats
    earliest: Floats
    started_at: Floats
    finished_at: Floats
    is_started: Flags
    is_finished: Flags
    constraint: Whole
    constraint_at: Floats


@dataclass(frozen=True, kw_only=True)
class Links:
    """One entry a link: places of its two tasks, its type and its lag in working days."""

    predecessor: Whole
    successor: Whole
    type: Whole
    lag: Floats


@dataclass(kw_only=True)
class Order:
    """Tasks in levels and links in the order in which either pass needs them. `level` is -1 on and behind a loop."""

    level: Whole
    is_in_loop: Flags
    tasks: list[Whole] = field(default_factory=list)
    into: list[Whole] = field(default_factory=list)  # links whose successors stand in the level
    out_of: list[Whole] = field(default_factory=list)  # links whose predecessors stand in it


def _peeled(number: int, before: Whole, after: Whole) -> Whole:
    """Level of each of `number` tasks: one more than the highest before it; -1 where a loop stands before it."""
    open_links = np.bincount(after, minlength=number).astype(np.int64)
    by_before = np.argsort(before, kind="stable")
    targets = after[by_before]
    begins = np.searchsorted(before[by_before], np.arange(number + 1))
    level = np.full(number, -1, dtype=np.int64)
    front = np.flatnonzero(open_links == 0)
    height = 0
    while front.size:
        level[front] = height
        height += 1
        counts = begins[front + 1] - begins[front]
        total = int(counts.sum())
        if not total:
            break
        # the links of the front, one range of `targets` after the other
        offsets = np.repeat(begins[front] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
        reached = targets[offsets + np.arange(total)]
        np.subtract.at(open_links, reached, 1)
        front = np.unique(reached[open_links[reached] == 0])
    return level


def _groups(level: Whole, values: Whole) -> list[Whole]:
    """`values` (places of tasks or links) by the level beside each, levels ascending; those of -1 left out."""
    order = np.argsort(level, kind="stable")
    ordered = values[order]
    bounds = np.searchsorted(level[order], np.arange(int(level.max(initial=-1)) + 2))
    return [ordered[bounds[n] : bounds[n + 1]] for n in range(len(bounds) - 1)]


def ordered(number: int, links: Links) -> Order:
    """Levels of `number` tasks, and which tasks stand on a loop."""
    before, after = links.predecessor, links.successor
    level = _peeled(number, before, after)
    behind = level < 0
    is_in_loop = np.zeros(number, dtype=bool)
    if behind.any():
        # of what no level holds, the tasks that lead to no end either
        inner = behind[before] & behind[after]
        is_in_loop = behind & (_peeled(number, after[inner], before[inner]) < 0)
    order = Order(level=level, is_in_loop=is_in_loop)
    every = np.arange(number)
    links_every = np.arange(before.size)
    order.tasks = _groups(level, every)
    height = len(order.tasks)
    order.into = _groups(level[after], links_every) + [np.empty(0, dtype=np.int64)] * height
    order.out_of = _groups(level[before], links_every) + [np.empty(0, dtype=np.int64)] * height
    return order


@dataclass(kw_only=True)
class Passed:
    """Early and late positions. `early_start` of a task under way is where what is left of it starts."""

    early_start: Floats
    early_finish: Floats
    late_finish: Floats
    finish: Floats  # of each schedule

    @property
    def total_float(self) -> Floats:
        return self.late_finish - self.early_finish


def forward(tasks: Tasks, links: Links, order: Order, *, left: Floats | None = None) -> tuple[Floats, Floats]:
    """Early start and finish of each task. `left`: other remaining durations than the tasks' own."""
    left = tasks.left if left is None else left
    start = tasks.earliest.copy()
    finish = np.full(start.size, np.nan)
    from_finish = np.isin(links.type, (FS, FF))
    on_finish = np.isin(links.type, (FF, SF))
    shift = links.lag - np.where(on_finish, left[links.successor], 0.0)
    kind, at = tasks.constraint, tasks.constraint_at
    bound = np.select(
        [np.isin(kind, (START_FROM, START_ON)), np.isin(kind, (FINISH_FROM, FINISH_ON))], [at, at - left], -np.inf
    )
    is_fixed = np.isin(kind, (START_ON, FINISH_ON)) & ~tasks.is_started
    # work that is fixed to a day is not moved by its predecessors; it cannot be done in the past
    fixed = np.maximum(bound, tasks.earliest)
    bound = np.where(tasks.is_started, -np.inf, bound)
    for here, into in zip(order.tasks, order.into, strict=False):
        if into.size:
            before = links.predecessor[into]
            told = np.where(from_finish[into], finish[before], start[before]) + shift[into]
            np.maximum.at(start, links.successor[into], told)
        begun = np.where(is_fixed[here], fixed[here], np.maximum(start[here], bound[here]))
        done = tasks.is_finished[here]
        start[here] = np.where(done, tasks.started_at[here], begun)
        finish[here] = np.where(done, tasks.finished_at[here], begun + left[here])
    return start, finish


def finishes(tasks: Tasks, finish: Floats, schedules: int) -> Floats:
    """The last finish of each schedule."""
    found = np.full(schedules, -np.inf)
    np.maximum.at(found, tasks.schedule, finish)
    return found


def _late(tasks: Tasks, links: Links, order: Order, finish: Floats) -> Floats:
    left = tasks.left
    late = finish[tasks.schedule].copy()
    kind, at = tasks.constraint, tasks.constraint_at
    bound = np.select(
        [np.isin(kind, (START_UNTIL, START_ON)), np.isin(kind, (FINISH_UNTIL, FINISH_ON))], [at + left, at], np.inf
    )
    late = np.minimum(
        late, np.where(tasks.is_started, np.where(np.isin(kind, (FINISH_UNTIL, FINISH_ON)), at, np.inf), bound)
    )
    from_start = np.isin(links.type, (FS, SS))  # it is the successor's start that is bound
    of_start = np.isin(links.type, (SS, SF))  # by the predecessor's start
    before, after = links.predecessor, links.successor
    shift = np.where(of_start, left[before], 0.0) - links.lag - np.where(from_start, left[after], 0.0)
    # what has happened binds nothing any more
    is_open = ~tasks.is_finished[after] & ~(of_start & tasks.is_started[before])
    for out_of in reversed(order.out_of):
        told = out_of[is_open[out_of]]
        if told.size:
            np.minimum.at(late, before[told], late[after[told]] + shift[told])
    return late


def passed(tasks: Tasks, links: Links, order: Order, schedules: int) -> Passed:
    """Both passes. Late dates of finished tasks are not a number: nothing can move them."""
    start, finish = forward(tasks, links, order)
    last = finishes(tasks, finish, schedules)
    late = _late(tasks, links, order, last)
    return Passed(
        early_start=start,
        early_finish=finish,
        late_finish=np.where(tasks.is_finished, np.nan, late),
        finish=last,
    )


def tested(tasks: Tasks, links: Links, order: Order, before: Passed, *, delay: float) -> tuple[Whole, Floats]:
    """DCMA's critical path test: the task delayed in each schedule (-1: none) and where the schedule finishes then.

    Delayed is the first task with work left among those with the least float.
    """
    schedules = before.finish.size
    total_float = before.total_float
    eligible = np.flatnonzero(~tasks.is_finished & (tasks.left > 0) & ~np.isnan(total_float))
    ranked = eligible[
        np.lexsort(
            (eligible, before.early_start[eligible], np.round(total_float[eligible], 6), tasks.schedule[eligible])
        )
    ]
    found = np.full(schedules, -1, dtype=np.int64)
    where, first = np.unique(tasks.schedule[ranked], return_index=True)
    found[where] = ranked[first]
    left = tasks.left.copy()
    left[found[found >= 0]] += delay
    _, finish = forward(tasks, links, order, left=left)
    return found, finishes(tasks, finish, schedules)
