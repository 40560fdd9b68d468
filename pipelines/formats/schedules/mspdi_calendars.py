"""The calendars of MS Project XML: weeks, work weeks of a period, and exceptions with their recurrence."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from lxml import etree

from pipelines.formats.schedules.calendars import FIRST, LAST, MOST_EXCEPTIONS, Calendar, Interval, intervals, office
from pipelines.formats.schedules.numbers import whole

_PYTHON_DAY = {1: 6, 2: 0, 3: 1, 4: 2, 5: 3, 6: 4, 7: 5}  # DayType of MSPDI -> weekday of Python


def local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    for child in element if element is not None else ():
        if local(child) == name:
            yield child


def _child(element: etree._Element | None, name: str) -> etree._Element | None:
    return next(_children(element, name), None)


def _text(element: etree._Element | None, name: str) -> str | None:
    found = _child(element, name)
    return found.text.strip() if found is not None and found.text and found.text.strip() else None


def _whole(text: str | None, default: int) -> int:
    found = whole(text)
    return default if found is None else found


def _day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
    return found if FIRST <= found <= LAST else None


def _worked(element: etree._Element) -> tuple[Interval, ...]:
    if _text(element, "DayWorking") == "0":
        return ()
    times = _child(element, "WorkingTimes")
    return intervals([(_text(t, "FromTime"), _text(t, "ToTime")) for t in _children(times, "WorkingTime")])


def _period(element: etree._Element) -> tuple[date, date] | None:
    period = _child(element, "TimePeriod")
    begin, end = _day(_text(period, "FromDate")), _day(_text(period, "ToDate"))
    return (begin, end) if begin and end and begin <= end else None


def _nth(year: int, month: int, position: int, item: int) -> date | None:
    """The first to fourth, or last (4), of a kind of day: MonthItem 0 day, 1 weekday, 2 weekend, 3 Sunday …"""
    days = [date(year, month, n + 1) for n in range(calendar.monthrange(year, month)[1])]
    if item == 1:
        days = [day for day in days if day.weekday() < 5]
    elif item == 2:
        days = [day for day in days if day.weekday() >= 5]
    elif item >= 3:
        days = [day for day in days if day.weekday() == (item - 4) % 7]
    if not days:
        return None
    return days[-1] if position >= 4 or position >= len(days) else days[max(position, 0)]


def _recurring(element: etree._Element) -> Iterator[date]:
    """The days of an exception. Type 1 daily, 2 and 3 yearly, 4 and 5 monthly, 6 weekly; none: every day."""
    span = _period(element)
    if span is None:
        return
    begin, end = span
    kind = _whole(_text(element, "Type"), 1)
    every = max(1, _whole(_text(element, "Period"), 1))
    on_day = _whole(_text(element, "MonthDay"), begin.day)
    month = min(12, max(1, _whole(_text(element, "Month"), begin.month - 1) + 1))
    position, item = _whole(_text(element, "MonthPosition"), 0), _whole(_text(element, "MonthItem"), 0)
    if kind in (2, 3):
        for year in range(begin.year, end.year + 1):
            if kind == 3:
                day = _nth(year, month, position, item)
            else:
                day = date(year, month, on_day) if 0 < on_day <= calendar.monthrange(year, month)[1] else None
            if day is not None and begin <= day <= end:
                yield day
    elif kind in (4, 5):
        at = begin.year * 12 + begin.month - 1
        while at <= end.year * 12 + end.month - 1:
            year, month = at // 12, at % 12 + 1
            if kind == 5:
                day = _nth(year, month, position, item)
            else:
                day = date(year, month, on_day) if 0 < on_day <= calendar.monthrange(year, month)[1] else None
            if day is not None and begin <= day <= end:
                yield day
            at += every
    elif kind == 6:
        mask = _whole(_text(element, "DaysOfWeek"), 0)  # bit 0 is Sunday
        week = begin - timedelta(days=(begin.weekday() + 1) % 7)
        while week <= end:
            for n in range(7):
                day = week + timedelta(days=n)
                if mask >> n & 1 and begin <= day <= end:
                    yield day
            week += timedelta(days=7 * every)
    else:
        day = begin
        while day <= end:
            yield day
            day += timedelta(days=every if _text(element, "EnteredByOccurrences") == "1" else 1)


def read_calendar(element: etree._Element) -> tuple[str, dict[str, Any]]:
    """UID and content of a Calendar, before its base calendar is known."""
    week: dict[int, tuple[Interval, ...]] = {}
    exceptions: dict[date, tuple[Interval, ...]] = {}

    def except_(days: Iterator[date], worked: tuple[Interval, ...]) -> None:
        for day in days:
            if len(exceptions) >= MOST_EXCEPTIONS:
                return
            exceptions[day] = worked

    for weeks in _children(_child(element, "WorkWeeks"), "WorkWeek"):
        span = _period(weeks)
        for weekday in _children(_child(weeks, "WeekDays"), "WeekDay"):
            kind = _PYTHON_DAY.get(_whole(_text(weekday, "DayType"), -1))
            if span is not None and kind is not None:
                days = (span[0] + timedelta(days=n) for n in range((span[1] - span[0]).days + 1))
                except_((day for day in days if day.weekday() == kind), _worked(weekday))
    for weekday in _children(_child(element, "WeekDays"), "WeekDay"):
        kind = _whole(_text(weekday, "DayType"), -1)
        if kind in _PYTHON_DAY:
            week[_PYTHON_DAY[kind]] = _worked(weekday)
        elif kind == 0:  # up to 2003 an exception is a day of the week without a day
            except_(_recurring(weekday), _worked(weekday))
    for exception in _children(_child(element, "Exceptions"), "Exception"):
        except_(_recurring(exception), _worked(exception))
    return _text(element, "UID") or "", {
        "base": _text(element, "BaseCalendarUID"),
        "week": week,
        "exceptions": exceptions,
    }


def resolved(read: Mapping[str, Mapping[str, Any]], needed: Iterable[str]) -> dict[str, Calendar]:
    """The needed calendars with what they take over from their base; one that bases on itself bases on nothing."""
    found: dict[str, Calendar] = {}
    for uid in {uid for uid in needed if uid in read}:
        chain, at = [], uid
        while at in read and at not in chain and len(chain) < 16:
            chain.append(at)
            at = str(read[at]["base"])
        week: list[tuple[Interval, ...]] = list(office().week) if not read[chain[-1]]["week"] else [()] * 7  # type: ignore[arg-type]
        exceptions: dict[date, tuple[Interval, ...]] = {}
        for link in reversed(chain):
            for day, worked in read[link]["week"].items():
                week[day] = worked
            exceptions |= read[link]["exceptions"]
        found[uid] = Calendar(week=week, exceptions=dict(exceptions))
    return found
