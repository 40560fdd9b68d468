"""Pieces of a plan into months.

A piece falls into months as the file's own time-phased values say; without them in proportion to the working time
between its start and finish, or all at its start or end where it accrues so. Rounding is of the running sum, so that
the months of a piece add up to it to the last digit of the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from pipelines.formats.schedules.calendars import Calendar, month_of
from pipelines.formats.schedules.model import Piece
from pipelines.formats.schedules.numbers import CENT, MILLIONTH, ZERO, spread

# nothing that is planned is longer; a date of the year 2190 beside one of 1990 is a slip of the keyboard
MOST_MONTHS = 50 * 12

Cell = tuple[int, str, str | None]  # month, category, role


class Unplaceable(Exception):
    """A piece that cannot be put into months; the message says why."""


@dataclass(slots=True)
class Moved:
    """Remaining work that a schedule still shows before its status date, and that therefore lies after it."""

    amount: Decimal = ZERO
    hours: Decimal = ZERO
    tasks: set[str] = field(default_factory=set)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def phased(pieces: Iterable[Piece], calendar: Calendar) -> dict[Cell, list[Decimal]]:
    """Hours and amount of each month, category and role. Raises Unplaceable."""
    cells: dict[Cell, list[Decimal]] = {}
    for piece in pieces:
        amounts = _by_month(piece.amount, piece, calendar, (piece.by_cost, piece.by_work), CENT)
        worked = _by_month(piece.hours, piece, calendar, (piece.by_work, piece.by_cost), MILLIONTH)
        for at, parts in ((0, worked), (1, amounts)):
            for month, part in parts.items():
                if part:
                    cells.setdefault((month, piece.category, piece.role_id), [ZERO, ZERO])[at] += part
    return cells


def _by_month(
    total: Decimal,
    piece: Piece,
    calendar: Calendar,
    known: tuple[dict[int, Decimal] | None, ...],
    quantum: Decimal,
) -> dict[int, Decimal]:
    if total == 0:
        return {}
    for weights in known:
        used = {month: weight for month, weight in (weights or {}).items() if weight > 0}
        if used:
            return spread(total, used.items(), quantum=quantum)
    start, finish = piece.start or piece.finish, piece.finish or piece.start
    if start is None or finish is None:
        raise Unplaceable("it has neither a start nor a finish")
    if finish < start:
        start, finish = finish, start
    if piece.accrual != "prorated":
        return {month_of((start if piece.accrual == "start" else finish).date()): total}
    if month_of(finish.date()) - month_of(start.date()) > MOST_MONTHS:
        raise Unplaceable(f"it runs from {start:%Y-%m-%d} to {finish:%Y-%m-%d}, more than {MOST_MONTHS // 12} years")
    worked = calendar.weights(start, finish) or {month_of(finish.date()): 1}
    return spread(total, ((month, Decimal(minutes)) for month, minutes in worked.items()), quantum=quantum)


def after_status(piece: Piece, status: date, calendar: Calendar, moved: Moved, task_id: str) -> Piece:
    """A remaining piece with nothing of it on or before the status date: what is left cannot be done in the past.

    Time-phased values are given per month already cut at the status date (see the readers); here the span is cut.
    """
    tomorrow = midnight(status + timedelta(days=1))
    start, finish = piece.start, piece.finish
    if piece.amount == 0 and piece.hours == 0:
        return piece
    if piece.by_cost or piece.by_work:
        if piece.late:
            moved.hours += piece.late
            moved.amount += piece.amount * piece.late / piece.hours if piece.hours else ZERO
            moved.tasks.add(task_id)
        return piece
    if start is None and finish is None:
        return piece
    start, finish = start or finish, finish or start
    assert start is not None
    assert finish is not None
    if finish < start:
        start, finish = finish, start
    if start < tomorrow:
        if finish <= tomorrow:
            moved.amount += piece.amount
            moved.hours += piece.hours
            moved.tasks.add(task_id)
        start, finish = tomorrow, max(finish, tomorrow)
    if finish == tomorrow:
        # no working time is left of its span: the first day after
        return Piece(
            category=piece.category, hours=piece.hours, amount=piece.amount, role_id=piece.role_id,
            start=start, finish=finish, accrual="start",
        )  # fmt: skip
    return Piece(
        category=piece.category, hours=piece.hours, amount=piece.amount, role_id=piece.role_id,
        start=start, finish=finish, accrual=piece.accrual,
    )  # fmt: skip
