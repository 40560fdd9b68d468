"""When a refresh is due by what was dropped, and which working day of its month a day is. Starts nothing.

A request for a refresh is named by the content of what lies in the folder: the same files, copied again or touched, ask
for no second one. Dropped anew after the folder was taken empty (or after a refresh, written anew) they do: a file that
was undone or refused comes again under the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from pipelines.landing.inbox import InboxFile


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a sensor remembers: what lay there (`state`: by times and sizes, `content`: by bytes) when it last asked,
    how often the folder was filled before, and the last refresh that had ended by then."""

    state: str = ""
    content: str = ""
    filled: int = 0
    refresh: str = ""

    @classmethod
    def from_cursor(cls, cursor: str | None) -> Asked:
        try:
            return cls(**json.loads(cursor or "{}"))
        except (ValueError, TypeError):  # a cursor of an earlier version
            return cls()

    def cursor(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True, kw_only=True)
class Decision:
    """`run_key` None: no refresh is asked for, `reason` says why."""

    run_key: str | None
    reason: str
    asked: Asked


def _content(files: Sequence[InboxFile]) -> str | None:
    """SHA-256 over the names and bytes that lie there; None where one of them changed meanwhile."""
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda each: each.relative):
        try:
            with file.path.open("rb") as opened:
                found = hashlib.file_digest(opened, "sha256").hexdigest()
            state = file.path.stat()
        except OSError:
            return None
        if (state.st_size, state.st_mtime_ns) != (file.size, file.mtime_ns):
            return None
        digest.update(f"{file.relative}\0{found}\n".encode())
    return digest.hexdigest()


def dropped(feed: str, files: Sequence[InboxFile], *, asked: Asked, last_refresh: str) -> Decision:
    """Whether the complete `files` of a feed's folder ask for a refresh.

    `last_refresh`: id of the refresh that ended last. Files are read only when a name, size or time among them changed.
    """
    if not files:
        # remembered as empty, so that the same bytes coming again count as new
        empty = Asked(filled=asked.filled + 1) if asked.state else asked
        return Decision(run_key=None, reason=f"no complete file in inbox/{feed}", asked=empty)
    times = "".join(f"{file.relative}\0{file.size}\0{file.mtime_ns}\n" for file in files)
    state = hashlib.sha256(times.encode()).hexdigest()
    if state == asked.state:
        return Decision(run_key=None, reason="a refresh was asked for these files already", asked=asked)
    content = _content(files)
    if content is None:
        return Decision(run_key=None, reason="a file is still being written", asked=asked)
    filled = asked.filled
    if content == asked.content:
        if last_refresh == asked.refresh:
            same = Asked(state=state, content=content, filled=filled, refresh=asked.refresh)
            return Decision(run_key=None, reason="a refresh was asked for the same content already", asked=same)
        filled += 1
    fresh = Asked(state=state, content=content, filled=filled, refresh=last_refresh)
    return Decision(run_key=f"{feed}-{content[:16]}-{filled}", reason=f"{len(files)} files", asked=fresh)


def is_working_day(day: date, *, holidays: Collection[date] = ()) -> bool:
    """Monday to Friday and no holiday."""
    return day.weekday() < 5 and day not in holidays


def working_day(day: date, *, holidays: Collection[date] = ()) -> int:
    """How many working days of its month have begun by `day`, that day included.

    >>> working_day(date(2026, 11, 6)), working_day(date(2026, 11, 8)), working_day(date(2026, 11, 1))
    (5, 5, 0)
    """
    first = day.replace(day=1)
    return sum(
        is_working_day(first + timedelta(days=number), holidays=holidays) for number in range((day - first).days + 1)
    )
