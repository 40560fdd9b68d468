"""What is wrong now, as alerts: from the refresh log, the last publication, the inbox's expectations and the closes.

Looks only, and at what readers see; nothing is sent or remembered here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb

from pipelines.close_proposal import proposal
from pipelines.freshness import late_feeds
from pipelines.publishing.outside import behind
from pipelines.publishing.publications import current
from pipelines.redaction import redacted
from pipelines.refresh_log import ended, running
from pipelines.settings import Settings

Kind = Literal["late", "failed", "blocked", "rejected", "restated", "close"]

# what readers miss while a feed does not come
_MEANS = {
    "erp": "cost, orders and payments are those of the last delivery; margin and cash lack what came since",
    "timesheets": "labour cost, progress and utilisation lack the hours since the last delivery",
    "invoices": "receivables, accruals and invoiced revenue lack the documents since the last delivery",
    "kpi": "KPIs and scorecards show the values of the last delivery, and turn grey when these get too old",
    "projects": "plans, milestones, risks and forecasts are those of the last delivery",
}
_LONGEST = 500


@dataclass(frozen=True, kw_only=True)
class Alert:
    """`key`: what it is about, the same each time. `state`: what would have to change for it to be told again."""

    kind: Kind
    key: str
    title: str
    happened: str
    means: str
    to_do: str
    state: str
    page: str = ""  # of the report site
    once: bool = False  # told once, however long it lasts

    def text(self, *, reports: str) -> str:
        lines = [
            f"What happened: {self.happened}",
            f"What it means for the reports: {self.means}",
            f"What to do: {self.to_do}",
        ]
        if reports and self.page:
            lines.append(f"Where to look: {reports}{self.page}")
        return "\n".join(lines)


def _hash(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, default=str, sort_keys=True).encode()).hexdigest()[:16]


def _late(settings: Settings) -> Iterator[Alert]:
    if current(settings) is None:
        return  # a home that is being set up is nothing to wake anybody for
    for late in late_feeds(settings):
        last = f"the last one came on {late.last:%Y-%m-%d %H:%M} UTC" if late.last else "none came yet"
        yield Alert(
            kind="late",
            key=f"late:{late.table}",
            title=f"{late.table} is late",
            happened=f"a delivery of {late.table} is late by more than {late.expected.late_after}; {last}",
            means=_MEANS[late.feed],
            to_do=f"ask whoever delivers it; drop the file into inbox/{late.feed}",
            state=str(late.last),
            page="/trust",
        )


def _step(message: str) -> str:
    """The step that failed. What a step says of its failure may quote a cell of a delivery, so it stays here."""
    step = message.partition(":")[0]
    return step if step.replace("_", "").isalnum() and len(step) < 60 else "a step"


def _failed(settings: Settings) -> Iterator[Alert]:
    last = (ended(settings, last=1) or [{}])[0]
    if last.get("status") not in ("failed", "killed"):
        return
    message = str(last.get("message") or "")
    if message.startswith("gate "):
        yield Alert(
            kind="blocked",
            key="blocked",
            title="Nothing was published: a check stopped it",
            happened=f"the refresh that began at {last['started_at']} UTC was stopped by {message[:_LONGEST]}",
            means="readers still see the publication before, whole and unchanged; nothing delivered since is in it",
            to_do="mend the delivery that the check names, drop it again under the same name, refresh",
            state=_hash(message),
            page="/trust",
        )
        return
    what = "the process ended before the refresh did" if last["status"] == "killed" else f"{_step(message)} failed"
    yield Alert(
        kind="failed",
        key="failed",
        title="A refresh failed",
        happened=f"the refresh that began at {last['started_at']} UTC did not publish: {what}",
        means="readers still see the publication before, whole and unchanged; nothing delivered since is in it",
        to_do="`outturn status` says why, work/refresh.log says more; mend it and refresh",
        state=_hash([last["status"], message]),
    )


def _outside(settings: Settings) -> Iterator[Alert]:
    """Published here, but not for every audience or on every target. Not while a refresh runs: it may be on its way."""
    last = (ended(settings, last=1) or [{}])[0]
    missing = behind(settings) if last.get("status") == "published" and running(settings) is None else []
    if missing:
        yield Alert(
            kind="failed",
            key="outside",
            title="Not everybody sees the publication",
            happened=f"it is published here, but not on or for: {', '.join(redacted(name) for name in missing)}",
            means="whoever reads there sees the publication before",
            to_do="`outturn status` says why; `outturn publish` tries again at once, the next refresh too",
            state=_hash(missing),
        )


def _rejected(settings: Settings, published: duckdb.DuckDBPyConnection) -> Iterator[Alert]:
    since = settings.now().replace(tzinfo=None) - settings.alerts.repeat_after
    rows = published.execute(
        """
        select source_file_id, feed, file_name, status, sum(rows_read), sum(rows_rejected)
        from ops.loads
        where
            loaded_at >= ?
            and (status = 'refused' or (status = 'loaded' and rows_rejected > cast(? as decimal(9, 6)) * rows_read))
        group by all
        order by feed, file_name
        """,
        [since, str(settings.alerts.rejected_share)],
    ).fetchall()
    for file, feed, name, status, read, rejected in rows:
        refused = status == "refused"
        yield Alert(
            kind="rejected",
            key=f"rejected:{file}",
            title=f"{feed}/{name} was {'refused' if refused else 'taken in in part'}",
            happened=f"{feed}/{name} could not be read at all"
            if refused
            else f"{rejected:,} of {read:,} rows of {feed}/{name} were rejected",
            means="nothing of the file is in any figure" if refused else "what was rejected is in no figure",
            to_do=f"the note beside it in refused/{feed}/ says why; correct it and drop it again"
            if refused
            else "`outturn rejects --file` lists each row and the reason; correct them and drop them again",
            state=file,
            page="/trust",
            once=True,
        )


def _restated(published: duckdb.DuckDBPyConnection) -> Iterator[Alert]:
    rows = published.execute(
        """
        select
            strftime(month, '%Y-%m') as month,
            count(distinct project_id) as projects,
            count(*) as documents,
            md5(string_agg(
                concat_ws('|', project_id, measure, document_key, difference), ';'
                order by project_id, measure, document_key
            )) as state
        from margin.margin_restatements
        group by month
        order by month
        """
    ).fetchall()
    for month, projects, documents, state in rows:
        yield Alert(
            kind="restated",
            key=f"restated:{month}",
            title=f"The closed month {month} would come out otherwise now",
            happened=f"{documents:,} late or corrected documents of {projects:,} projects belong to {month}",
            means=f"the figures of {month} as closed stay; the live ones differ, and tell why",
            to_do="margin.margin_restatements names project, document and file; book it in an open month if needed",
            state=state,
            page="/balances",
        )


def _close(settings: Settings) -> Iterator[Alert]:
    proposed = proposal(settings)
    if proposed is None:
        return
    still_open = "; ".join(proposed.still_open) or "nothing"
    yield Alert(
        kind="close",
        key=f"close:{proposed.month}",
        title=f"{proposed.month} is ready to be closed",
        happened=f"the working day on which {proposed.month} is to be closed has come; still open: {still_open}",
        means=f"until it is closed, late documents go on moving the figures of {proposed.month}",
        to_do=f"clear what is open or accept it, then `{proposed.command}`; it is never closed by itself",
        state=proposed.month,
        page="/balances",
        once=True,
    )


def _published(folder: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True)


def alerts_now(settings: Settings) -> list[Alert]:
    """Everything that somebody should know now, worst first."""
    found = [*_failed(settings), *_outside(settings), *_late(settings)]
    folder = current(settings)
    if folder is not None:
        with _published(folder) as published:
            found += [*_rejected(settings, published), *_restated(published)]
    return [*found, *_close(settings)]
