"""Dates as positions on the axis of working days, Monday to Friday, and back.

Schedules are taken in without their calendars (docs/decisions.md); holidays are working days here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_EPOCH = np.datetime64("1900-01-01")  # a Monday
_FINE = 6  # decimals of a day that count


def start_position(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.float64]:
    """Working days before the morning of each day; not a number for not a day."""
    return _position(days, 0)


def finish_position(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.float64]:
    """Working days up to the evening of each day."""
    return _position(days, 1)


def _position(days: npt.NDArray[np.datetime64], later: int) -> npt.NDArray[np.float64]:
    known = ~np.isnat(days)
    found = np.full(days.shape, np.nan)
    found[known] = np.busday_count(_EPOCH, days[known] + np.timedelta64(later, "D"))
    return found


def start_day(positions: npt.NDArray[np.float64]) -> npt.NDArray[np.datetime64]:
    """The working day in which something begins that begins at the position."""
    return _day(np.floor(np.round(positions, _FINE)))


def finish_day(positions: npt.NDArray[np.float64]) -> npt.NDArray[np.datetime64]:
    """The working day in which something ends that ends at the position."""
    return _day(np.ceil(np.round(positions, _FINE)) - 1)


def _day(whole: npt.NDArray[np.float64]) -> npt.NDArray[np.datetime64]:
    known = np.isfinite(whole)
    found = np.full(whole.shape, np.datetime64("NaT"), dtype="datetime64[D]")
    found[known] = np.busday_offset(_EPOCH, whole[known].astype(np.int64), roll="forward")
    return found
