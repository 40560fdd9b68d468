"""Trying again what may go better in a moment, with growing pauses; what will not is raised at once.

Which errors are transient their own classes say (`OutturnError.transient`); an error of the network or of a file that
somebody holds is named by the caller.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from pipelines.errors import OutturnError

T = TypeVar("T")


def pauses(total: float, *, first: float = 0.5, longest: float = 30.0) -> Iterator[float]:
    """Seconds to wait between tries: each twice the one before, at most `longest`, together exactly `total`."""
    pause, left = first, total
    while left > 0:
        pause = min(pause, longest, left)
        yield pause
        left -= pause
        pause *= 2


def is_transient(error: BaseException) -> bool:
    return isinstance(error, OutturnError) and error.transient


def retried(
    call: Callable[[], T],
    *,
    seconds: float,
    transient: Callable[[BaseException], bool] = is_transient,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """What `call` returns, tried again for up to `seconds` of pauses while its error is transient.

    Raises the last error.
    """
    waits = pauses(seconds)
    while True:
        try:
            return call()
        except Exception as error:
            pause = next(waits, None) if transient(error) else None
            if pause is None:
                raise
        sleep(pause)
