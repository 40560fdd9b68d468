"""The archive taken in once more, into a warehouse of its own, in the order and with the times of the first time.

A file's bytes, its name and its place are all that landing ever knew of it, so what comes out is what an undisturbed
warehouse holds: rows, versions, rejects and ledger, each with the time it got then. It reads with today's code,
profiles and configuration. Which warehouse is then put in force belongs in `pipelines/replacement.py`.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.errors import OutturnError
from pipelines.formats.profiles import Profile, load_profiles
from pipelines.landing import ledger
from pipelines.landing.archive import Indexed, Taken
from pipelines.landing.inbox import InboxFile
from pipelines.landing.land import Item, Landing
from pipelines.landing.results import FileResult
from pipelines.landing.warehouse import open_warehouse
from pipelines.settings import Settings


class ReplayFailed(OutturnError):
    """The archive does not give what was taken in; the warehouse in force stands."""


def _moment(settings: Settings, load: Indexed) -> datetime:
    """When a file was taken in. An index line of before times were kept has none: then when its copy was written."""
    if load.loaded_at is not None:
        return datetime.fromisoformat(load.loaded_at).replace(tzinfo=UTC)
    return datetime.fromtimestamp(int((settings.archive / load.sha256).stat().st_mtime), UTC)


def _as_dropped(settings: Settings, load: Indexed) -> InboxFile:
    """The file as it lay in the inbox, for those who ask its name and folder; nothing lies there now."""
    return InboxFile(
        path=settings.inbox / load.feed / load.file_name,
        relative=f"{load.feed}/{load.file_name}",
        feed=load.feed,
        size=0,
        mtime_ns=0,
    )


class _Replay(Landing):
    def __init__(
        self,
        settings: Settings,
        connection: duckdb.DuckDBPyConnection,
        profiles: Sequence[Profile],
        on_file: Callable[[FileResult], None] | None,
        loads: Sequence[Indexed],
    ) -> None:
        super().__init__(settings, connection, profiles, on_file)
        self.loads = {load.sha256: load for load in loads}
        self.next_load = iter(loads)  # their order tells them, not their names: one name may have come many times

    def fetch(self, file: InboxFile) -> Taken:
        return self.copy_of(next(self.next_load))

    def copy_of(self, load: Indexed) -> Taken:
        """The archived bytes of a file, proven. Raises ReplayFailed where they are gone or not what they were."""
        path = self.settings.archive / load.sha256
        remedy = f"put it back from the back-up, or leave the file out: outturn undo {load.sha256[:16]}"
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
                size = file.tell()
        except FileNotFoundError as error:
            raise ReplayFailed(
                f"the archive does not hold {load.feed}/{load.file_name}", where=str(path), remedy=remedy
            ) from error
        if found != load.sha256:
            raise ReplayFailed(
                f"the archived {load.feed}/{load.file_name} is not what it was",
                where=str(path),
                value=found,
                valid=load.sha256,
                remedy=remedy,
            )
        return Taken(file=_as_dropped(self.settings, load), path=path, sha256=load.sha256, size=size)

    def of(self, item: Item) -> Indexed:
        return self.loads[item.taken.sha256]

    def joins(self, item: Item) -> bool:
        # a transaction has one time
        together = not self.group.items or self.moment([item]) == self.moment(self.group.items)
        return together and super().joins(item)

    def moment(self, items: Sequence[Item]) -> datetime:
        return _moment(self.settings, self.of(items[0]))

    def numbers(self, items: Sequence[Item]) -> Sequence[int]:
        return [self.of(item).load_number for item in items]

    def refuse(self, item: Item, *, at: datetime) -> None:
        raise ReplayFailed(
            f"{item.taken.file.relative} was taken in then and would be refused now",
            where=str(item.taken.path),
            value=item.reason,
            remedy="mend the profile or the setting it was read with, or leave the file out: "
            f"outturn undo {item.taken.source_file_id}",
        )

    def release(self, item: Item) -> None:
        """The archive keeps what it holds, and nothing lies in the inbox."""


def replay_archive(
    settings: Settings,
    *,
    loads: Sequence[Indexed],
    target: Path,
    on_file: Callable[[FileResult], None] | None = None,
) -> list[FileResult]:
    """Takes `loads` in, in their order, into a new warehouse at `target`; what lies there is thrown away.

    The caller holds the writer's lock. Raises ReplayFailed where a file is missing, damaged or would be refused today.
    """
    for leftover in (target, target.with_name(target.name + ".wal")):
        leftover.unlink(missing_ok=True)
    scratch = settings.work / "landing"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    profiles = load_profiles(settings.profiles)
    ordered = sorted(loads, key=lambda load: load.load_number)
    taken = [load for load in ordered if load.status == "loaded"]
    try:
        with open_warehouse(settings, path=target) as connection:
            ledger.record_absent(connection, [load for load in ordered if load.status != "loaded"])
            replay = _Replay(settings, connection, profiles, on_file, taken)
            replay.take_all([_as_dropped(settings, load) for load in taken])
    except BaseException:
        target.unlink(missing_ok=True)
        target.with_name(target.name + ".wal").unlink(missing_ok=True)
        raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return replay.files
