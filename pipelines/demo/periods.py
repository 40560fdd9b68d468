"""The demo firm's calendar: months counted from the first of its history, working days, public holidays.

Months are whole numbers: 0 is the first month of the history, `HISTORY - 1` the month of `as_of`. Everything in the
firm is told in them, so that another `as_of` moves the whole story. Nothing here knows a project.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from pipelines.errors import ConfigurationError

HISTORY = 24  # months that have happened
HORIZON = 48  # months that the firm plans over


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def holidays(year: int) -> set[date]:
    """The days on which the firm rests, and banks quote no rate."""
    fixed = {(1, 1), (5, 1), (10, 3), (12, 24), (12, 25), (12, 26), (12, 31)}
    moving = {easter(year) + timedelta(days=n) for n in (-2, 1, 39, 50)}
    return {date(year, month, day) for month, day in fixed} | moving


@dataclass(frozen=True)
class Periods:
    """Dates of the demo firm. `as_of` is the last day of the last month that has happened."""

    as_of: date

    def __post_init__(self) -> None:
        if (self.as_of + timedelta(days=1)).day != 1:
            raise ConfigurationError(
                "the demo firm ends with a month",
                where="as_of",
                value=self.as_of,
                valid="the last day of a month, such as 2026-10-31",
            )

    def first(self, month: int) -> date:
        """First day of a month; months before 0 and after the history are fine."""
        years, index = divmod(self.as_of.year * 12 + self.as_of.month - HISTORY + month, 12)
        return date(years, index + 1, 1)

    def last(self, month: int) -> date:
        return self.first(month + 1) - timedelta(days=1)

    def day(self, month: int, day: int) -> date:
        """A day of a month, at most its last."""
        first = self.first(month)
        return first.replace(day=min(day, calendar.monthrange(first.year, first.month)[1]))

    def label(self, month: int) -> str:
        """The month as YYYY-MM."""
        return f"{self.first(month):%Y-%m}"

    @cached_property
    def resting(self) -> frozenset[date]:
        years = range(self.first(-2).year, self.first(HORIZON).year + 1)
        return frozenset(day for year in years for day in holidays(year))

    def is_working(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.resting

    def working_days(self, month: int) -> list[date]:
        first, last = self.first(month), self.last(month)
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [day for day in days if self.is_working(day)]

    def next_working(self, day: date) -> date:
        """The day itself, or the next one on which the firm works."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day
