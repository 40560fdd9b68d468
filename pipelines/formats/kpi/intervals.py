"""Intervals of measurement as 3GPP writes them: a duration of ISO 8601 and the instant at which it ended."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DURATION = re.compile(r"^P(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})(?:\.0*)?S)?)?$")


def seconds(text: str | None) -> int | None:
    """A duration in whole seconds; None where it is none, or nothing.

    >>> seconds("PT15M")
    900
    """
    match = _DURATION.match((text or "").strip())
    if match is None:
        return None
    days, hours, minutes, rest = (int(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest or None


def instant(text: str | None, zone: ZoneInfo) -> tuple[datetime, bool] | None:
    """An xs:dateTime in UTC, and whether it named its own zone (else `zone` is taken); None where it is none."""
    try:
        read = datetime.fromisoformat((text or "").strip())
        stands = read.tzinfo is not None
        return (read if stands else read.replace(tzinfo=zone)).astimezone(UTC), stands
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True)
class Interval:
    """From `end` minus `length` seconds to `end`, in UTC; what it measured belongs to the day it began on."""

    end: datetime
    length: int

    @property
    def start(self) -> datetime:
        return self.end - timedelta(seconds=self.length)

    def day(self, zone: ZoneInfo) -> date:
        return self.start.astimezone(zone).date()

    def last_day(self, zone: ZoneInfo) -> date:
        return (self.end - timedelta(microseconds=1)).astimezone(zone).date()


def is_whole_day(intervals: set[Interval], day: date, zone: ZoneInfo) -> bool:
    """Whether the intervals reach from the beginning of the day to its end; gaps between them are outages."""
    begin = datetime.combine(day, time(), zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    return min(i.start for i in intervals) <= begin and max(i.end for i in intervals) >= end
