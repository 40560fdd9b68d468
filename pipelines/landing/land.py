"""Takes the inbox in: file by file, each whole or not at all, in the order in which the files were written.

A file's way: bytes into the archive, recognised, read, loaded and recorded in one transaction, removed from the inbox.
Killed anywhere, the next call goes on where the ledger says; nothing is done twice.
"""

from __future__ import annotations

import errno
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import polars as pl

from pipelines.contracts import contracts
from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, DocumentRead, Source
from pipelines.formats.detect import recognise
from pipelines.formats.profiles import Profile, load_profiles
from pipelines.landing import archive, inbox, ledger
from pipelines.landing.archive import Taken
from pipelines.landing.inbox import InboxFile
from pipelines.landing.load import load_table
from pipelines.landing.results import FileResult, LandingResult, TableResult
from pipelines.landing.warehouse import open_warehouse
from pipelines.settings import Settings

# Small documents share a transaction: a commit is a synchronous write, and an invoice has a dozen rows.
_GROUP_FILES = 500
_GROUP_BYTES = 64 * 1024**2
# The machine's fault, not the file's: the file stays in the inbox and the refresh ends.
_MACHINE = {
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EACCES,
}  # fmt: skip

Rows = Sequence[Mapping[str, str | None]]


@dataclass(kw_only=True)
class _Item:
    """A file that was read, or refused with a reason, and is not yet in the ledger."""

    taken: Taken
    started: float
    work: Path | None = None
    format: str | None = None
    frames: Mapping[str, pl.LazyFrame] = field(default_factory=dict)
    rows: Mapping[str, Rows] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    reason: str | None = None

    @property
    def keys(self) -> set[tuple]:
        """The natural keys of a document's rows."""
        return {
            (table, *((row.get(name) or "").strip() for name in contracts()[table].key))
            for table, rows in self.rows.items()
            for row in rows
        }


def _is_the_machines(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in _MACHINE
    return isinstance(error, (MemoryError, duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException))


def _reason(error: BaseException, item: _Item) -> str:
    """Why a file is refused, as a user reads it."""
    if isinstance(error, RefusedFile):
        return str(error)
    said = str(error).strip().splitlines()
    what = f"{type(error).__name__}: {said[0][:300] if said else 'no message'}"
    if item.format == "parquet" and isinstance(error, pl.exceptions.ComputeError):
        return f"the Parquet file is damaged ({what}); to do: write and deliver it again"
    return (
        f"a fault of the programme, not necessarily of the file ({what}); "
        "to do: keep the file from refused/, report the fault, and drop the file again with the next version"
    )


class _Landing:
    def __init__(
        self,
        settings: Settings,
        connection: duckdb.DuckDBPyConnection,
        profiles: Sequence[Profile],
        on_file: Callable[[FileResult], None] | None,
    ) -> None:
        self.settings, self.connection, self.profiles, self.on_file = settings, connection, profiles, on_file
        self.scratch = settings.work / "landing"
        self.files: list[FileResult] = []
        self.waiting: list[str] = []
        self.pending: list[_Item] = []
        self.pending_keys: set[tuple] = set()

    def take(self, file: InboxFile) -> None:
        started = time.perf_counter()
        taken = archive.take(self.settings, file)
        if taken is None:
            self.waiting.append(file.relative)
            return
        if any(item.taken.sha256 == taken.sha256 for item in self.pending):
            self.flush()
        earlier = ledger.loaded_before(self.connection, taken.sha256)
        if earlier is not None:
            self.flush()
            archive.release(file)
            self._tell(
                _Item(taken=taken, started=started),
                status="duplicate",
                reason=f"the same bytes were loaded on {earlier.at:%Y-%m-%d %H:%M} UTC as {earlier.file}",
            )
            return
        item = self._read(taken, started)
        if item.frames:
            self.flush()
            self.pending = [item]
            self.flush()
            return
        if keys := item.keys:
            # a later document restates an earlier one, so both cannot be one statement
            if keys & self.pending_keys:
                self.flush()
            self.pending_keys |= keys
        self.pending.append(item)
        size = sum(item.taken.size for item in self.pending)
        if len(self.pending) >= _GROUP_FILES or size >= _GROUP_BYTES:
            self.flush()

    def _read(self, taken: Taken, started: float) -> _Item:
        item = _Item(taken=taken, started=started, work=Path(tempfile.mkdtemp(dir=self.scratch)))
        source = Source(path=taken.path, name=taken.file.path.name, feed=taken.file.feed, size=taken.size)
        source = replace(source, name=inbox.shown(source.name))
        try:
            read = recognise(source, own_parties=self.settings.own_parties, profiles=self.profiles, work=item.work)
            if isinstance(read, DocumentRead):
                item.rows, item.format, item.warnings = read.rows, read.format, read.warnings
            else:
                item.frames = {table.table: table.frame for table in read}
                item.format = read[0].format
                item.warnings = tuple(warning for table in read for warning in table.warnings)
        except (Exception, pl.exceptions.PanicException) as error:
            if _is_the_machines(error):
                raise
            item.reason = _reason(error, item)
        return item

    def flush(self) -> None:
        """Loads and records what is pending: together, or one by one where something is wrong with one of them."""
        items, self.pending, self.pending_keys = self.pending, [], set()
        if not items:
            return
        try:
            tables = self._commit(items)
        except (Exception, pl.exceptions.PanicException) as error:
            self.connection.rollback()
            if _is_the_machines(error):
                raise
            if len(items) > 1:
                for item in items:
                    self.pending = [item]
                    self.flush()
                return
            if items[0].reason is not None:
                raise  # not even the refusal can be written down
            items[0].reason = _reason(error, items[0])
            tables = self._commit(items)
        for item in items:
            archive.release(item.taken.file)
            if item.work is not None:
                shutil.rmtree(item.work, ignore_errors=True)
            found = tables.get(item.taken.source_file_id, ())
            self._tell(item, status="loaded" if item.reason is None else "refused", tables=tuple(found))

    def _commit(self, items: Sequence[_Item]) -> dict[str, list[TableResult]]:
        now = self.settings.now()
        self.connection.begin()
        results = self._load([item for item in items if item.reason is None])
        for item in items:
            ledger.record(
                self.connection,
                item.taken,
                at=now,
                kind=item.format,
                reason=item.reason,
                warnings=item.warnings,
                tables=results.get(item.taken.source_file_id, ()),
            )
            if item.reason is None:
                archive.forget_refusal(self.settings, item.taken)
            else:
                archive.refuse(self.settings, item.taken, reason=item.reason, at=f"{now:%Y-%m-%d %H:%M}")
        self.connection.commit()
        return results

    def _load(self, items: Sequence[_Item]) -> dict[str, list[TableResult]]:
        results: dict[str, list[TableResult]] = {item.taken.source_file_id: [] for item in items}
        for table in contracts():
            holding = {i.taken.source_file_id: i for i in items if table in i.frames or table in i.rows}
            if not holding:
                continue
            text = pl.concat([_frame(item, table, file) for file, item in holding.items()], how="diagonal")
            loaded = load_table(
                self.connection,
                contracts()[table],
                text,
                files=holding,
                at=ledger.naive_utc(self.settings.now()),
                work=Path(tempfile.mkdtemp(dir=self.scratch)),
            )
            for file, result in loaded.items():
                results[file].append(result)
        return results

    def _tell(
        self, item: _Item, *, status: str, reason: str | None = None, tables: tuple[TableResult, ...] = ()
    ) -> None:
        result = FileResult(
            file_name=item.taken.file.name,
            feed=item.taken.file.feed,
            sha256=item.taken.sha256,
            source_file_id=item.taken.source_file_id,
            format=item.format,
            status=status,
            reason=reason or item.reason,
            warnings=item.warnings,
            tables=tables,
            seconds=time.perf_counter() - item.started,
        )
        self.files.append(result)
        if self.on_file is not None:
            self.on_file(result)


def _frame(item: _Item, table: str, file: str) -> pl.LazyFrame:
    if table in item.frames:
        return item.frames[table].with_columns(pl.lit(file).alias("source_file_id"))
    names = (*contracts()[table].column_names, "source_line")
    columns = {name: [row.get(name) for row in item.rows[table]] for name in names}
    return pl.LazyFrame(columns, schema=dict.fromkeys(names, pl.String)).with_columns(
        pl.lit(None, dtype=pl.String).alias(FAULT), pl.lit(file).alias("source_file_id")
    )


def land_inbox(
    settings: Settings,
    *,
    feeds: Sequence[str] | None = None,
    on_file: Callable[[FileResult], None] | None = None,
) -> LandingResult:
    """Takes in every complete file of `feeds` (None: all). One file's fault never stops the others.

    The caller makes sure that nobody else writes the warehouse. Raises only what is the machine's fault (disk full)
    and ConfigurationError for a profile of the user's that cannot be used.
    """
    found = inbox.look(settings, feeds=feeds)
    if not found.files and settings.warehouse.exists():
        return LandingResult(waiting=found.waiting, warnings=found.warnings)
    scratch = settings.work / "landing"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    archive.clear_leftovers(settings)
    profiles = load_profiles(settings.profiles)
    with open_warehouse(settings) as connection:
        landing = _Landing(settings, connection, profiles, on_file)
        for file in found.files:
            landing.take(file)
        landing.flush()
    shutil.rmtree(scratch, ignore_errors=True)
    return LandingResult(
        files=tuple(landing.files), waiting=(*found.waiting, *landing.waiting), warnings=found.warnings
    )
