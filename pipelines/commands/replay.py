"""`outturn replay` and `outturn undo`: the warehouse anew from the archive, all of it, for a month, or without a file.

What landing reads again and how the new warehouse takes the old one's place stand in `landing/replay.py` and
`pipelines/replacement.py`; this is who may ask for it and what is compared before anything is replaced.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC
from typing import Any

import duckdb

from pipelines.closes import verified
from pipelines.commands.months import rows_by_month
from pipelines.errors import ConfigurationError, OutturnError
from pipelines.landing import ledger
from pipelines.landing.archive import Indexed, keep_index, read_index
from pipelines.landing.replay import replay_archive
from pipelines.progress import Progress
from pipelines.publishing.publications import current
from pipelines.refresh_log import writer_lock
from pipelines.replacement import new_warehouse, replace_warehouse
from pipelines.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """`moved`: what the new warehouse holds otherwise, by table and month (`month` None: in every month); None where
    the old warehouse could not be read. `set_aside`: where the old one lies until the next publication; None: it
    stayed."""

    files: int
    rows: int
    moved: tuple[dict[str, Any], ...] | None
    set_aside: str | None


def _old_ledger(settings: Settings) -> list[Indexed] | None:
    """What the warehouse in force says of its files; None where there is none, or it does not open."""
    if not settings.warehouse.exists():
        return None
    try:
        with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
            return ledger.loads_in_order(connection)
    except duckdb.Error:
        return None


def _published_ledger(settings: Settings) -> list[Indexed]:
    """What the last publication says of them: its times are those of files that an old index names without."""
    folder = current(settings)
    if folder is None:
        return []
    quoted = str(folder / "warehouse.duckdb").replace("'", "''")
    with duckdb.connect() as connection:
        connection.execute(f"attach '{quoted}' as published (read_only)")
        connection.execute("create schema ledger")
        connection.execute("create view ledger.loads as select * from published.ops.loads")
        return ledger.loads_in_order(connection)


def complete_index(settings: Settings) -> list[Indexed]:
    """The archive's index, with what the warehouse, or else the publication, knows of it and it does not.

    Raises OutturnError where the archive has no index.
    """
    known = _old_ledger(settings)
    if known:
        keep_index(settings, known)
    else:
        by_hash = {load.sha256: load for load in read_index(settings)}
        keep_index(
            settings,
            [
                load
                for load in _published_ledger(settings)
                if load.sha256 not in by_hash or by_hash[load.sha256].loaded_at is None
            ],
        )
    loads = read_index(settings)
    if not loads:
        raise OutturnError(
            "there is nothing to replay: the archive names no file",
            where=str(settings.archive),
            remedy="put archive/ back from the back-up, its index.jsonl with it",
        )
    return loads


def _month(text: str) -> str:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise ConfigurationError("not a month", value=text, valid="YYYY-MM, such as 2026-10")
    return text


def _moved(settings: Settings, *, opens: bool) -> tuple[dict[str, Any], ...] | None:
    if not opens:
        return None
    return tuple(rows_by_month(settings.warehouse, new_warehouse(settings)))


def _others(moved: Sequence[dict[str, Any]], month: str) -> str:
    """The months and tables beside `month` that would move, in words."""
    strange = [row for row in moved if row["month"] != month]
    return ", ".join(f"{row['table']} {row['month'] or 'in every month'}" for row in strange[:8])


def replay(settings: Settings, *, month: str | None = None, progress: Progress) -> Replayed:
    """Takes the whole archive in again and puts the new warehouse in force; a refresh must follow.

    With `month` only where nothing but rows of that month (YYYY-MM) comes out otherwise; where nothing does, the old
    warehouse stays. Raises ReplayFailed, and OutturnError where another month would move; the old one then stands.
    """
    wanted = _month(month) if month else None
    return _replay(settings, month=wanted, leave_out=None, progress=progress)


def undo(settings: Settings, *, file: str, reason: str, progress: Progress) -> tuple[Indexed, Replayed]:
    """Takes a file out again as if it had never come: `file` is its name or the beginning of its SHA-256.

    The archive keeps the bytes; ledger and index say that it was undone, when and why. Raises ConfigurationError where
    no file or several are meant.
    """
    settings.create_home()
    with writer_lock(settings):
        known = _old_ledger(settings) or read_index(settings)
    found = _meant(known, file)
    moment = f"{settings.now().astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    undone = replace(found, status="undone", reason=f"undone on {moment}" + (f": {reason}" if reason else ""))
    return undone, _replay(settings, month=None, leave_out=undone, progress=progress)


def _meant(known: Sequence[Indexed], file: str) -> Indexed:
    loaded = [load for load in known if load.status == "loaded"]
    exact = [load for load in loaded if file in (load.file_name, f"{load.feed}/{load.file_name}")]
    by_hash = [load for load in loaded if re.fullmatch(r"[0-9a-f]{8,64}", file) and load.sha256.startswith(file)]
    found = exact or by_hash
    if len(found) == 1:
        return found[0]
    if not found:
        raise ConfigurationError(
            "no such file is loaded",
            value=file,
            valid="a file's name as ops.loads has it, or 8 or more digits of its SHA-256",
        )
    raise ConfigurationError(
        "several files are meant",
        value=file,
        valid=[f"{load.sha256[:16]} (taken in {str(load.loaded_at)[:16]} UTC)" for load in found[-8:]],
        remedy="name the one by its SHA-256",
    )


def _replay(settings: Settings, *, month: str | None, leave_out: Indexed | None, progress: Progress) -> Replayed:
    settings.create_home()
    with writer_lock(settings):
        opens = _old_ledger(settings) is not None
        if opens:
            verified(settings)  # the new warehouse will not remember what the old one read of the closes
        loads = complete_index(settings)
        if leave_out is not None:
            loads = [leave_out if load.sha256 == leave_out.sha256 else load for load in loads]
        progress.say(f"Taking in {sum(load.status == 'loaded' for load in loads):,} files of the archive again.")
        done = replay_archive(settings, loads=loads, target=new_warehouse(settings))
        moved = _moved(settings, opens=opens)
        rows = sum(table.rows_loaded for file in done for table in file.tables)
        if month is not None and _only(month, moved):
            new_warehouse(settings).unlink()
            return Replayed(files=len(done), rows=rows, moved=(), set_aside=None)
        folder = replace_warehouse(settings)
        with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
            keep_index(settings, ledger.loads_in_order(connection))
        # every gate judges anew
        shutil.rmtree(settings.work / "quality" / "marks", ignore_errors=True)
    return Replayed(files=len(done), rows=rows, moved=moved, set_aside=str(folder))


def _only(month: str, moved: Sequence[dict[str, Any]] | None) -> bool:
    """Whether nothing moves. Raises OutturnError where more than the month does, or nobody can tell."""
    if moved is None:
        raise OutturnError(
            "the warehouse does not open, so a month of it cannot be compared",
            remedy="run `outturn replay` without --month: it makes all of it anew",
        )
    if others := _others(moved, month):
        raise OutturnError(
            f"not only {month} would come out otherwise",
            value=others,
            remedy="run `outturn replay` without --month to take in all of it; closed months stay as closed",
        )
    return not moved


def as_json(done: Replayed) -> dict[str, Any]:
    return asdict(done)
