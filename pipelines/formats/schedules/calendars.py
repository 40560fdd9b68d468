"""Working time: which minutes of which day are worked, and how a span of it falls into months.

Only what spreading needs: no scheduling, no resources. Months are counted as year * 12 + month - 1.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache

Interval = tuple[int, int]  # minutes of the day: from, to
FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)
_DAY = 24 * 60
_OFFICE: tuple[Interval, ...] = ((8 * 60, 12 * 60), (13 * 60, 17 * 60))
# Exceptions are kept by day; a file that excepts more days than this is not a calendar
MOST_EXCEPTIONS = 200_000
# tasks of a schedule share their dates, and a task's cost its hours': most spans are asked for several times
_MOST_SPANS = 20_000


def month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


def first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def month_text(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


@dataclass(kw_only=True)
class Calendar:
    """A week (Monday first) of worked intervals and the days that differ from it."""

    week: Sequence[Sequence[Interval]]
    exceptions: dict[date, Sequence[Interval]] = field(default_factory=dict)
    _months: dict[int, int] = field(default_factory=dict, repr=False)
    _spans: dict[tuple[datetime, datetime], dict[int, int]] = field(default_factory=dict, repr=False)

    def intervals(self, day: date) -> Sequence[Interval]:
        found = self.exceptions.get(day)
        return self.week[day.weekday()] if found is None else found

    def minutes(self, day: date, start: int = 0, finish: int = _DAY) -> int:
        """Minutes worked on a day between two minutes of it."""
        return sum(max(0, min(to, finish) - max(begin, start)) for begin, to in self.intervals(day))

    def _month(self, month: int) -> int:
        found = self._months.get(month)
        if found is None:
            days = calendar.monthrange(month // 12, month % 12 + 1)[1]
            first = first_of(month)
            found = self._months[month] = sum(self.minutes(first + timedelta(days=n)) for n in range(days))
        return found

    def weights(self, start: datetime, finish: datetime) -> Mapping[int, int]:
        """Minutes worked in each month from `start` to `finish`; empty where none is."""
        known = self._spans.get((start, finish))
        if known is not None:
            return known
        if len(self._spans) >= _MOST_SPANS:
            self._spans.clear()
        found: dict[int, int] = {}
        self._spans[start, finish] = found
        first, last = month_of(start.date()), month_of(finish.date())
        for month in range(first, last + 1):
            if first < month < last:
                minutes = self._month(month)
            else:
                day = start.date() if month == first else first_of(month)
                end = finish.date() if month == last else first_of(month + 1) - timedelta(days=1)
                minutes = 0
                while day <= end:
                    begin = start.hour * 60 + start.minute if day == start.date() else 0
                    to = finish.hour * 60 + finish.minute if day == finish.date() else _DAY
                    minutes += self.minutes(day, begin, to)
                    day += timedelta(days=1)
            if minutes > 0:
                found[month] = minutes
        return found


@cache
def office() -> Calendar:
    """Monday to Friday, 8 to 12 and 13 to 17: for files that bring no calendar."""
    return Calendar(week=[*([_OFFICE] * 5), (), ()])


@cache
def elapsed() -> Calendar:
    """Every minute counts: for durations in elapsed time."""
    return Calendar(week=[((0, _DAY),)] * 7)


def moment(text: str | None) -> datetime | None:
    """A local date and time; a zone, which schedules never mean, is left out. None where it is none or implausible."""
    try:
        found = datetime.fromisoformat((text or "").strip()).replace(tzinfo=None)
    except ValueError:
        return None
    return found if FIRST <= found.date() <= LAST else None


def clock(text: str | None) -> int | None:
    """Minutes of the day of 08:00, 08:00:00 or 08:00 AM; None where the text is none."""
    parts = (text or "").strip().split(":")
    try:
        hour, minute = int(parts[0]), int(parts[1][:2])
    except (ValueError, IndexError):
        return None
    return hour * 60 + minute if 0 <= hour <= 24 and 0 <= minute < 60 else None


def intervals(pairs: Sequence[tuple[str | None, str | None]]) -> tuple[Interval, ...]:
    """Worked intervals; one that ends at 0:00 runs to the end of the day."""
    found = []
    for begin_text, to_text in pairs:
        begin, to = clock(begin_text), clock(to_text)
        if begin is None or to is None:
            continue
        to = _DAY if to == 0 else to
        if begin < to <= _DAY:
            found.append((begin, to))
    return tuple(sorted(found))
