"""`outturn status` and `outturn doctor`: what stands, what waits, what failed last, and whether the home is sound."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import Any

from pipelines.close_proposal import proposal
from pipelines.errors import OutturnError, PublicationFailed, sentence_of
from pipelines.freshness import late_feeds
from pipelines.publishing.audiences.publish import outcomes
from pipelines.publishing.outside import behind
from pipelines.publishing.publications import current, current_manifest, numbers
from pipelines.publishing.snapshot import file_hash
from pipelines.publishing.targets.deliver import deliveries
from pipelines.refresh_log import ended, require_sound, running, writer_lock
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


def _last_failure(settings: Settings) -> dict[str, Any] | None:
    """The last refresh that did not publish, or left an audience or a target behind."""
    found = [row for row in ended(settings) if row["status"] != "published" or row.get("message")]
    return found[-1] if found else None


def _set_up(settings: Settings) -> dict[str, Any]:
    """What is configured, in the words of outturn.toml."""
    return {
        "base_currency": settings.base_currency,
        "time_zone": settings.time_zone,
        "schedule": settings.refresh_cron,
        "expected_feeds": {table: str(feed.expected_every) for table, feed in sorted(settings.feeds.items())},
        "targets": [address.text for address in settings.targets],
        "audiences": {
            audience.name: {key: list(values) for key, values in audience.sees.items()}
            for audience in settings.audiences
        },
        "keep": settings.keep_publications,
    }


def status(settings: Settings) -> dict[str, Any]:
    """One screen: what is set up and published, what waits, is late or was refused, what failed last and why, where
    else the publication is, the refresh under way and the last ones."""
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
        "last_failure": _last_failure(settings),
        "set_up": _set_up(settings),
        "targets": deliveries(settings),
        "audiences": outcomes(settings),
        "behind": behind(settings),
        "publications": numbers(settings),
        "close_proposal": _close_proposal(settings),
        "running": running(settings),
        "last_refreshes": [
            {key: row.get(key) for key in ("refresh_id", "started_at", "ended_at", "status", "message")}
            for row in reversed(ended(settings, last=5))
        ],
    }


def _home_is_private(settings: Settings) -> str:
    for folder in (*settings.private_folders, settings.inbox, settings.pseudonym_key_file):
        if not folder.exists():
            continue
        mode = stat.S_IMODE(folder.stat().st_mode)
        # the inbox may be opened to a group that drops files, not to everybody
        if mode & (0o007 if folder == settings.inbox else 0o077):
            fit = 600 if folder.is_file() else 700
            raise OutturnError("others may read it", where=str(folder), remedy=f"chmod {fit} {folder}")
    for path in (settings.home, settings.config_file, settings.profiles):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o022:
            raise OutturnError("others may change it", where=str(path), remedy=f"chmod go-w {path}")
    return "archive, warehouse, refused, work, dagster, closes and the key belong to this user alone"


def _published_is_readable(settings: Settings) -> str:
    folder = current(settings)
    if folder is None:
        return "nothing published yet"
    for path in (settings.published, folder, folder / "warehouse.duckdb"):
        wanted = 0o055 if path.is_dir() else 0o044
        if stat.S_IMODE(path.stat().st_mode) & wanted != wanted:
            raise OutturnError("readers cannot read it", where=str(path), remedy=f"chmod a+rX {path}")
    reach = stat.S_IMODE(settings.home.stat().st_mode) & 0o001
    return "others may read what is published" + ("" if reach else f", once they may pass {settings.home} (chmod o+x)")


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
    with writer_lock(settings):
        require_sound(settings)
    with writer_lock(settings), duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        files = connection.execute("select count(distinct source_file_id) from ledger.loads").fetchone()[0]
    return f"opens; {files} files taken in"


def _published(settings: Settings) -> str:
    import duckdb

    folder = current(settings)
    if folder is None:
        return "nothing published yet"
    file, manifest = folder / "warehouse.duckdb", current_manifest(settings) or {}
    expected, found = manifest["warehouse"]["sha256"], file_hash(file)
    if found != expected:
        raise PublicationFailed(
            "the published warehouse is not what was published",
            where=str(file),
            value=found,
            valid=expected,
            remedy="run `outturn refresh`: it publishes anew; until then `outturn rollback` shows the one before",
        )
    with duckdb.connect(str(file), read_only=True) as connection:
        tables = connection.execute("select count(*) from duckdb_tables() where not internal").fetchone()[0]
    return f"publication {folder.name} is what was published; {tables} tables"


def _clock(settings: Settings) -> str:
    now = f"{settings.now().astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    last = (ended(settings, last=1) or [{}])[0].get("started_at")
    if last and now < last[:19]:
        raise OutturnError(
            "the clock stands before the start of the last refresh",
            value=f"{now} UTC",
            valid=f"after {last} UTC",
            remedy="set the machine's clock; figures as of a day that is over would lack what came since",
        )
    return f"{now} UTC"


def _last_refresh(settings: Settings) -> str:
    last = (ended(settings, last=1) or [None])[0]
    if last is None:
        return "none yet"
    if last["status"] != "published" or last["message"]:
        raise OutturnError(
            f"the last refresh: {last['status']}: {last['message']}", where=last["refresh_id"], remedy="refresh again"
        )
    return f"{last['refresh_id']} published, ended {last['ended_at']} UTC"


def _feeds(settings: Settings) -> str:
    late = [row["table"] for row in _late(settings)]
    if late:
        raise OutturnError("deliveries are late", value=", ".join(late), remedy="ask who delivers them")
    return f"{len(settings.feeds)} expected tables in time" if settings.feeds else "no table is expected: set [feeds]"


def _elsewhere(settings: Settings) -> str:
    late = behind(settings)
    if late:
        raise OutturnError("not up to date", value=", ".join(late), remedy="run `outturn publish`; it says why")
    return f"{len(settings.targets)} targets, {len(settings.audiences)} audiences up to date"


def _python(_: Settings) -> str:
    return f"Python {sys.version.split()[0]}, {Path(sys.prefix).name}"


_CHECKS: dict[str, Callable[[Settings], str]] = {
    "python": _python,
    "data home": _home,
    "permissions": _home_is_private,
    "disk": _disk,
    "private warehouse": _warehouse,
    "publication": _published,
    "readers": _published_is_readable,
    "targets and audiences": _elsewhere,
    "clock": _clock,
    "last refresh": _last_refresh,
    "feeds": _feeds,
    "site packages": _node,
}


def doctor(settings: Settings) -> list[dict[str, Any]]:
    """Each check with what it found, or the sentence that says what to do."""
    found = []
    for name, check in _CHECKS.items():
        try:
            found.append({"check": name, "ok": True, "says": check(settings)})
        except Exception as error:
            says = sentence_of(error)
            found.append({"check": name, "ok": False, "says": says})
    return found
