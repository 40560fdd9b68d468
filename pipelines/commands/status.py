"""`outturn status` and `outturn doctor`: what stands, what waits, what failed last, and whether the home is sound."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipelines.close_proposal import proposal
from pipelines.errors import OutturnError
from pipelines.freshness import late_feeds
from pipelines.publishing.publications import current, current_manifest
from pipelines.refresh_log import ended, running, writer_lock
from pipelines.settings import Settings
from pipelines.version import ROOT, code_version


def _late(settings: Settings) -> list[dict[str, Any]]:
    return [
        {"table": late.table, "last_delivery": late.last, "late_after": str(late.expected.late_after)}
        for late in late_feeds(settings)
    ]


def _close_proposal(settings: Settings) -> dict[str, Any] | None:
    proposed = proposal(settings)
    return asdict(proposed) if proposed else None


def status(settings: Settings) -> dict[str, Any]:
    """One screen: publication, inbox, refused files, late feeds, the refresh under way and the last ones."""
    from pipelines.landing.inbox import scan_inbox

    manifest = current_manifest(settings)
    refused = settings.refused
    return {
        "home": str(settings.home),
        "code_version": code_version(),
        "publication": manifest and {key: manifest[key] for key in ("publication", "as_of", "published_at", "checks")},
        "waiting_in_inbox": len(scan_inbox(settings)) if settings.inbox.exists() else 0,
        "refused_files": sum(1 for p in refused.rglob("*") if p.is_file() and p.suffix != ".txt")
        if refused.exists()
        else 0,
        "late_feeds": _late(settings),
        "close_proposal": _close_proposal(settings),
        "running": running(settings),
        "last_refreshes": [
            {key: row.get(key) for key in ("refresh_id", "ended_at", "status", "message")}
            for row in reversed(ended(settings, last=5))
        ],
    }


def _home_is_private(settings: Settings) -> str:
    for folder in (settings.archive, settings.warehouse_dir, settings.refused, settings.work):
        if folder.exists() and stat.S_IMODE(folder.stat().st_mode) & 0o077:
            raise OutturnError("others may read it", where=str(folder), remedy=f"chmod 700 {folder}")
    return "archive, warehouse, refused and work belong to this user alone"


def _disk(settings: Settings) -> str:
    place = settings.home if settings.home.exists() else settings.home.parent
    free = shutil.disk_usage(place).free
    if free < 2 * 1024**3:
        raise OutturnError("less than 2 GiB free", where=str(place), value=f"{free >> 20} MiB")
    return f"{free >> 30} GiB free"


def _node(settings: Settings) -> str:
    if not (ROOT / "reports" / "node_modules").exists():
        raise OutturnError("the report site's packages are missing", remedy="run `outturn setup-site`")
    return "the report site's packages are installed"


def _home(settings: Settings) -> str:
    if not settings.config_file.exists():
        raise OutturnError("no data home yet", where=str(settings.home), remedy="run `outturn refresh` or `make demo`")
    return str(settings.home)


def _warehouse(settings: Settings) -> str:
    import duckdb

    if not settings.warehouse.exists():
        return "none yet; the first refresh makes it"
    with writer_lock(settings), duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        files = connection.execute("select count(distinct source_file_id) from ledger.loads").fetchone()[0]
    return f"opens; {files} files taken in"


def _published(settings: Settings) -> str:
    import duckdb

    folder = current(settings)
    if folder is None:
        return "nothing published yet"
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        tables = connection.execute("select count(*) from duckdb_tables() where not internal").fetchone()[0]
    return f"publication {folder.name} opens; {tables} tables"


def _python(_: Settings) -> str:
    return f"Python {sys.version.split()[0]}, {Path(sys.prefix).name}"


_CHECKS: dict[str, Callable[[Settings], str]] = {
    "python": _python,
    "data home": _home,
    "permissions": _home_is_private,
    "disk": _disk,
    "private warehouse": _warehouse,
    "publication": _published,
    "site packages": _node,
}


def doctor(settings: Settings) -> list[dict[str, Any]]:
    """Each check with what it found, or the sentence that says what to do."""
    found = []
    for name, check in _CHECKS.items():
        try:
            found.append({"check": name, "ok": True, "says": check(settings)})
        except Exception as error:
            says = error.sentence() if isinstance(error, OutturnError) else f"{type(error).__name__}: {error}"
            found.append({"check": name, "ok": False, "says": says})
    return found
