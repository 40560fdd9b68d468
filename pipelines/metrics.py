"""`metrics/outturn.prom`: the state of the data home in Prometheus' text format, for the textfile collector.

Written at the end of each refresh and by `outturn status --metrics`, in one rename. What is measured is read from the
refresh log, from what is published and from the files' sizes; nothing is computed that a command does not also show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.freshness import last_deliveries, late_feeds
from pipelines.publishing.audiences import publish as audiences
from pipelines.publishing.publications import current, current_manifest
from pipelines.publishing.snapshot import fsync
from pipelines.publishing.targets.deliver import deliveries
from pipelines.refresh_log import ended
from pipelines.settings import Settings
from pipelines.version import code_version

Labels = Mapping[str, str]


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


class _Page:
    """Collects samples by metric, so that each is described once and its samples stand together."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def add(self, name: str, meaning: str, samples: Iterable[tuple[Labels, Any]], *, kind: str = "gauge") -> None:
        """`samples`: labels and value; a value None is left out: what is not known is not zero."""
        known = [(labels, value) for labels, value in samples if value is not None]
        if not known:
            return
        self._lines += [f"# HELP outturn_{name} {meaning}", f"# TYPE outturn_{name} {kind}"]
        for labels, value in known:
            inside = ",".join(f'{key}="{_escaped(str(text))}"' for key, text in labels.items())
            shown = int(value) if isinstance(value, bool) else value
            self._lines.append(f"outturn_{name}{f'{{{inside}}}' if inside else ''} {shown}")

    def text(self) -> str:
        return "\n".join(self._lines) + "\n"


def _seconds(moment: Any) -> float | None:
    if moment is None:
        return None
    found = moment if isinstance(moment, datetime) else datetime.fromisoformat(str(moment))
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _refreshes(page: _Page, settings: Settings) -> None:
    log = ended(settings, last=1_000_000)
    last = {status: row for row in log for status in (row["status"],)}
    by_status = Counter(row["status"] for row in log)
    page.add(
        "refreshes_total",
        "Refreshes by how they ended.",
        [({"status": status}, by_status[status]) for status in ("published", "failed", "killed")],
        kind="counter",
    )
    page.add(
        "refresh_last_success_timestamp_seconds",
        "When the last refresh that published ended.",
        [({}, _seconds((last.get("published") or {}).get("ended_at")))],
    )
    failures = [row for row in log if row["status"] != "published"]
    page.add(
        "refresh_last_failure_timestamp_seconds",
        "When the last refresh that did not publish ended.",
        [({}, _seconds(failures[-1]["ended_at"]) if failures else None)],
    )
    if not log:
        return
    newest = log[-1]
    page.add("refresh_last_published", "Whether the last refresh published.", [({}, newest["status"] == "published")])
    page.add(
        "refresh_last_duration_seconds",
        "How long the last refresh took.",
        [({}, (_seconds(newest["ended_at"]) or 0) - (_seconds(newest["started_at"]) or 0))],
    )
    page.add(
        "refresh_last_files",
        "Files of the last refresh by what became of them.",
        [({"outcome": what}, newest.get(f"files_{what}")) for what in ("loaded", "refused", "duplicate")],
    )


def _rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    import duckdb

    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def _published(page: _Page, settings: Settings, folder: Path) -> None:
    loads = _rows(
        folder,
        "select feed, cast(sum(rows_loaded) as bigint), cast(sum(rows_rejected) as bigint), "
        "cast(sum(rows_unchanged) as bigint), count(distinct sha256) filter (where status = 'loaded'), "
        "count(distinct sha256) filter (where status = 'refused') from ops.loads group by feed order by feed",
    )
    page.add(
        "feed_rows",
        "Rows of all files so far by what became of them; withheld numbers are not in it.",
        [
            ({"feed": row[0], "outcome": what}, row[place])
            for row in loads
            for place, what in ((1, "loaded"), (2, "rejected"), (3, "unchanged"))
        ],
    )
    page.add(
        "feed_files",
        "Files so far by what became of them.",
        [
            ({"feed": row[0], "outcome": what}, row[place])
            for row in loads
            for place, what in ((4, "loaded"), (5, "refused"))
        ],
    )
    exceptions = _rows(
        folder,
        "select rule, severity, unit, count(*), sum(amount_at_stake) from ops.exceptions group by all order by all",
    )
    page.add(
        "exceptions",
        "Findings that are published, by rule.",
        [({"rule": r, "severity": s, "unit": u or ""}, n) for r, s, u, n, _ in exceptions],
    )
    page.add(
        "exceptions_at_stake",
        "Amount at stake of the findings, in the unit named; withheld amounts are not in it.",
        [({"rule": r, "severity": s, "unit": u or ""}, amount) for r, s, u, _, amount in exceptions],
    )
    checks = _rows(folder, "select severity, status, count(*) from ops.check_results group by all order by all")
    found = {(severity, status): number for severity, status, number in checks}
    page.add(
        "checks",
        "Checks of the published refresh by severity and how they ended.",
        [
            ({"severity": severity, "status": status}, found.get((severity, status), 0))
            for severity in ("critical", "warning")
            for status in ("passed", "failed")
        ],
    )


def _feeds(page: _Page, settings: Settings) -> None:
    page.add(
        "feed_last_delivery_timestamp_seconds",
        "When a table was last delivered.",
        [({"table": table}, _seconds(moment)) for table, moment in sorted(last_deliveries(settings).items())],
    )
    late = {one.table for one in late_feeds(settings)}
    expected = sorted(settings.feeds.items())
    page.add(
        "feed_late",
        "Whether a table that is expected ([feeds]) is late.",
        [({"table": table}, table in late) for table, _ in expected],
    )
    page.add(
        "feed_late_after_seconds",
        "Age of the last delivery after which a table is late.",
        [({"table": table}, feed.late_after.total_seconds()) for table, feed in expected],
    )


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.exists() else None


def _outside(page: _Page, settings: Settings) -> None:
    wanted = {address.text for address in settings.targets}
    wanted |= {address.text for audience in settings.audiences for address in audience.targets}
    rows = [row for row in deliveries(settings) if row["target"] in wanted]
    page.add("target_ok", "Whether the last delivery to a target succeeded.", [
        ({"target": row["target"]}, row["status"] != "failed") for row in rows
    ])  # fmt: skip
    page.add("target_publication", "Publication of the last delivery that succeeded.", [
        ({"target": row["target"]}, row["publication"]) for row in rows if row["status"] != "failed"
    ])  # fmt: skip
    named = {audience.name for audience in settings.audiences}
    page.add("audience_ok", "Whether the last publication for an audience succeeded.", [
        ({"audience": row["audience"]}, row["status"] == "published")
        for row in audiences.outcomes(settings)
        if row["audience"] in named
    ])  # fmt: skip


def metrics_text(settings: Settings) -> str:
    """The page, as of now."""
    from pipelines.landing.inbox import scan_inbox

    page, folder, manifest = _Page(), current(settings), current_manifest(settings)
    page.add("info", "The code that wrote this page.", [({"code_version": code_version()}, 1)])
    _refreshes(page, settings)
    _feeds(page, settings)
    if folder is not None and manifest is not None:
        page.add("publication_number", "The publication that readers see.", [({}, manifest["publication"])])
        for key in ("as_of", "published_at"):
            name = "publication_as_of_timestamp_seconds" if key == "as_of" else "publication_timestamp_seconds"
            page.add(name, "The moment that it stands for." if key == "as_of" else "When it was published.", [
                ({}, _seconds(manifest.get(key)))
            ])  # fmt: skip
        _published(page, settings, folder)
    page.add(
        "warehouse_bytes",
        "Size of the private warehouse and of the published one.",
        [
            ({"warehouse": "private"}, _size(settings.warehouse)),
            ({"warehouse": "published"}, _size(folder / "warehouse.duckdb") if folder else None),
        ],
    )
    page.add("inbox_files", "Complete files that wait.", [
        ({}, len(scan_inbox(settings)) if settings.inbox.exists() else 0)
    ])  # fmt: skip
    _outside(page, settings)
    return page.text()


def write_metrics(settings: Settings) -> Path:
    """Replaces the page at once: a scraper sees the old or the new one."""
    settings.metrics.mkdir(parents=True, exist_ok=True)
    settings.metrics.chmod(0o755)
    path = settings.metrics / "outturn.prom"
    fresh = path.with_name(".outturn.new")  # the collector reads *.prom alone
    fresh.write_text(metrics_text(settings), encoding="utf-8")
    fresh.chmod(0o644)
    fsync(fresh)
    fresh.replace(path)
    return path
