"""Proposes the close of the month before on the configured working day, with what is still open. Never closes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import duckdb

from pipelines.closes import closed_months
from pipelines.freshness import late_feeds
from pipelines.landing.inbox import look
from pipelines.publishing.publications import current, current_manifest
from pipelines.settings import Settings
from pipelines.triggers import is_working_day, working_day


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """`month`: YYYY-MM. `still_open`: what to look at before, a sentence each; empty: nothing."""

    month: str
    command: str
    still_open: tuple[str, ...]


def _following(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02}"


def _before(day: date) -> str:
    return f"{day.year - (day.month == 1)}-{(day.month - 2) % 12 + 1:02}"


def month_to_close(settings: Settings, *, today: date) -> str | None:
    """The month whose close is due on `today`: the one after the last closed, or that before today's.

    None before the configured working day of the month after it, and where it is closed.
    """
    if not settings.close_working_day:
        return None
    ended = _before(today)
    closed = closed_months(settings)
    month = _following(closed[-1]) if closed else ended
    if month > ended:
        return None
    if month == ended and working_day(today, holidays=settings.holidays) < settings.close_working_day:
        return None
    return month


def is_close_day(settings: Settings, *, day: date) -> bool:
    """Whether `day` is the configured working day itself."""
    return is_working_day(day, holidays=settings.holidays) and settings.close_working_day == working_day(
        day, holidays=settings.holidays
    )


def _plural(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _in_figures(settings: Settings, month: str) -> list[str]:
    folder, manifest = current(settings), current_manifest(settings)
    if folder is None or manifest is None:
        return ["nothing is published yet"]
    found = []
    first, after = f"{month}-01", f"{_following(month)}-01"
    if datetime.fromisoformat(str(manifest["as_of"])).date() < date.fromisoformat(after):
        found.append(f"the publication is as of {manifest['as_of']}, before the end of {month}: refresh first")
    if critical := manifest["checks"]["critical"]:
        found.append(f"{_plural(critical, 'critical finding')} of the last checks")
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        for severity, count in connection.execute(
            "select severity, count(*) from ops.exceptions where month = ? and severity in ('error', 'warning') "
            "group by severity order by severity",
            [first],
        ).fetchall():
            found.append(f"{_plural(count, 'exception')} of {month} with severity {severity} (ops.exceptions)")
        (unreconciled,) = connection.execute(
            "select count(*) from margin.ledger_reconciliation where month = ? and undocumented_amount_base <> 0",
            [first],
        ).fetchone()
    if unreconciled:
        kinds = f"{unreconciled} kind{'' if unreconciled == 1 else 's'} of cost"
        found.append(f"{kinds} of {month} not explained against the ledger (margin.ledger_reconciliation)")
    return found


def proposal(settings: Settings, *, today: date | None = None) -> Proposal | None:
    """What to close and what is still open; None where no close is due. `today` in the configured time zone."""
    today = today or settings.now().astimezone(ZoneInfo(settings.time_zone)).date()
    month = month_to_close(settings, today=today)
    if month is None or current(settings) is None:
        return None
    still_open = _in_figures(settings, month)
    still_open += [f"{late.table} is late" for late in late_feeds(settings)]
    waiting = len(look(settings).files)
    if waiting:
        still_open.append(f"{_plural(waiting, 'file')} in the inbox not taken in yet")
    return Proposal(month=month, command=f"outturn close {month}", still_open=tuple(still_open))
