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
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

import duckdb
import polars as pl

from pipelines.contracts import contracts
from pipelines.errors import RefusedFile
from pipelines.formats.base import (
    FAULT,
    Context,
    ControlTotal,
    DocumentRead,
    Exclusion,
    Finding,
    Replacement,
    TableRead,
)
from pipelines.formats.detect import recognise
from pipelines.formats.profiles import Profile, load_profiles
from pipelines.landing import archive, exclusions, inbox, ledger
from pipelines.landing.ahead import Arrival, arrivals, source_of
from pipelines.landing.archive import Taken
from pipelines.landing.inbox import InboxFile
from pipelines.landing.load import load_table
from pipelines.landing.results import FileResult, LandingResult, TableResult
from pipelines.landing.warehouse import open_warehouse
from pipelines.settings import Settings

# Small documents share a transaction: a commit is a synchronous write, and an invoice has a dozen rows.
_GROUP_FILES = 2_000
_GROUP_BYTES = 64 * 1024**2
# The machine's fault, not the file's: the file stays in the inbox and the refresh ends.
_MACHINE = {
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EACCES,
}  # fmt: skip

Rows = Sequence[Mapping[str, str | None]]


@dataclass(kw_only=True)
class Item:
    """A file that was read, or refused with a reason, and is not yet in the ledger."""

    taken: Taken
    started: float
    work: Path  # made by a reader that needs it
    format: str | None = None
    frames: Mapping[str, pl.LazyFrame] = field(default_factory=dict)
    rows: Mapping[str, Rows] = field(default_factory=dict)
    source_system: str | None = None
    replaces: Mapping[str, Replacement] = field(default_factory=dict)
    yields: frozenset[str] = frozenset()  # tables
    corrects: Mapping[str, pl.LazyFrame] = field(default_factory=dict)
    excludes: Mapping[str, Exclusion] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    controls: tuple[ControlTotal, ...] = ()
    findings: tuple[Finding, ...] = ()
    reason: str | None = None

    @cached_property
    def keys(self) -> set[tuple]:
        """What tells a document's rows from those of others: of a table whose rows belong to rows of another one, as an
        invoice's lines to the invoice, the latter's keys say it all."""
        keys = {table: contracts()[table].key for table, rows in self.rows.items() if rows}
        found: set[tuple] = set()
        for table, names in keys.items():
            if not any(set(other) < set(names) for other in keys.values()):
                found |= {(table, *((row.get(name) or "").strip() for name in names)) for row in self.rows[table]}
        return found


def _is_the_machines(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in _MACHINE
    return isinstance(error, (MemoryError, duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException))


def _reason(error: BaseException) -> str:
    """Why a file is refused, as a user reads it."""
    if isinstance(error, RefusedFile):
        return str(error)
    said = str(error).strip().splitlines()
    what = f"{type(error).__name__}: {said[0][:300] if said else 'no message'}"
    return (
        f"a fault of the programme, not necessarily of the file ({what}); "
        "to do: keep the file from refused/, report the fault, and drop the file again with the next version"
    )


@dataclass
class _Group:
    """Files that will share a transaction: one tabular file, or many small documents."""

    items: list[Item] = field(default_factory=list)
    keys: set[tuple] = field(default_factory=set)
    hashes: set[str] = field(default_factory=set)
    size: int = 0

    def add(self, item: Item) -> None:
        self.items.append(item)
        self.keys |= item.keys
        self.hashes.add(item.taken.sha256)
        self.size += item.taken.size

    def is_full(self) -> bool:
        return len(self.items) >= _GROUP_FILES or self.size >= _GROUP_BYTES

    def takes(self, item: Item) -> bool:
        """Whether an item may join. A later document restates an earlier one, so both cannot be one statement."""
        return not self.items or (not item.frames and not item.keys & self.keys)


class Landing:
    """Files on their way into the warehouse. A replay of the archive (replay.py) differs in its marked steps only."""

    def __init__(
        self,
        settings: Settings,
        connection: duckdb.DuckDBPyConnection,
        profiles: Sequence[Profile],
        on_file: Callable[[FileResult], None] | None,
    ) -> None:
        self.settings, self.connection, self.profiles, self.on_file = settings, connection, profiles, on_file
        self.scratch = settings.work / "landing"
        self.loaded = ledger.loaded_before(connection)
        self.files: list[FileResult] = []
        self.waiting: list[str] = []
        self.group = _Group()

    def take_all(self, files: Sequence[InboxFile]) -> None:
        context = Context(work=self.scratch, own_parties=self.settings.own_parties)
        for arrival in arrivals(
            files,
            take=self.fetch,
            is_known=lambda taken: taken.sha256 in self.loaded,
            context=context,
        ):
            self.take(arrival)
        self.flush()

    def take(self, arrival: Arrival) -> None:
        started = time.perf_counter()
        file, taken = arrival.file, arrival.taken
        if taken is not None and taken.sha256 in self.group.hashes:
            self.flush()
        if taken is not None and not taken.path.exists():
            # the same bytes lay in the inbox twice and went to refused/ with the first of them
            taken = archive.take(self.settings, file)
        if taken is None:
            self.waiting.append(file.relative)
            return
        if taken.sha256 in self.loaded:
            self.flush()
            archive.settle(self.settings, [taken])
            archive.release(file)
            earlier = self.loaded[taken.sha256]
            self._tell(
                Item(taken=taken, started=started, work=self.scratch),
                status="duplicate",
                reason=f"the same bytes were loaded on {earlier.at:%Y-%m-%d %H:%M} UTC as {earlier.file}",
            )
            return
        item = self._read(taken, started, arrival.document)
        if not self.joins(item):
            self.flush()
        self.group.add(item)
        if item.frames or self.group.is_full():
            self.flush()

    def _read(self, taken: Taken, started: float, document: DocumentRead | None) -> Item:
        item = Item(taken=taken, started=started, work=self.scratch / taken.source_file_id)
        try:
            read = document or recognise(
                source_of(taken),
                own_parties=self.settings.own_parties,
                profiles=self.profiles,
                work=item.work,
                base_currency=self.settings.base_currency,
                time_zone=self.settings.time_zone,
                options=self.settings.formats,
            )
            if isinstance(read, DocumentRead):
                item.rows = read.rows
                reads: Sequence[TableRead | DocumentRead] = [read]
            else:
                item.frames = {table.table: table.frame for table in read}
                item.replaces = {table.table: table.replaces for table in read if table.replaces is not None}
                item.yields = frozenset(table.table for table in read if table.yields)
                item.corrects = {table.table: table.corrects for table in read if table.corrects is not None}
                item.excludes = {table.table: table.excludes for table in read if table.excludes is not None}
                reads = read
            item.format, item.source_system = reads[0].format, reads[0].source_system
            item.warnings = tuple(dict.fromkeys(warning for each in reads for warning in each.warnings))
            item.controls = tuple(control for each in reads for control in each.controls)
            item.findings = tuple(finding for each in reads for finding in each.findings)
        except (Exception, pl.exceptions.PanicException) as error:
            if _is_the_machines(error):
                raise
            item.reason = _reason(error)
        return item

    def flush(self) -> None:
        """Loads and records the group: together, or one by one where something is wrong with one of them."""
        items, self.group = self.group.items, _Group()
        if items:
            self._settle(items)

    def _settle(self, items: Sequence[Item]) -> None:
        try:
            tables = self._commit(items)
        except (Exception, pl.exceptions.PanicException) as error:
            self.connection.rollback()
            if _is_the_machines(error):
                raise
            if len(items) > 1:
                for item in items:
                    self._settle([item])
                return
            if items[0].reason is not None:
                raise  # not even the refusal can be written down
            items[0].reason = _reason(error)
            tables = self._commit(items)
        for item in items:
            self.release(item)
            shutil.rmtree(item.work, ignore_errors=True)
            status = "loaded" if item.reason is None else "refused"
            self._tell(item, status=status, tables=tuple(tables.get(item.taken.source_file_id, ())))

    # -- what a replay does otherwise --------------------------------------------------------------------------------

    def fetch(self, file: InboxFile) -> Taken | None:
        """The archived bytes of a file; None: it changed meanwhile, or is gone."""
        return archive.take(self.settings, file)

    def joins(self, item: Item) -> bool:
        """Whether an item may share the transaction under way."""
        return self.group.takes(item)

    def moment(self, items: Sequence[Item]) -> datetime:
        """When the items of a transaction were taken in."""
        return self.settings.now()

    def numbers(self, items: Sequence[Item]) -> Sequence[int] | None:
        """Their places in the order of arrival; None: behind the last one."""
        return None

    def refuse(self, item: Item, *, at: datetime) -> None:
        archive.refuse(self.settings, item.taken, reason=item.reason or "", at=f"{at:%Y-%m-%d %H:%M}")

    def release(self, item: Item) -> None:
        archive.release(item.taken.file)

    # ----------------------------------------------------------------------------------------------------------------

    def _commit(self, items: Sequence[Item]) -> dict[str, list[TableResult]]:
        now = self.moment(items)
        archive.settle(self.settings, [item.taken for item in items])
        self.connection.begin()
        for item in items:
            if item.reason is None and item.excludes:
                self._exclude(item, at=now)
        results = self._load([item for item in items if item.reason is None], at=now)
        entries = [
            ledger.Entry(
                taken=item.taken,
                format=item.format,
                source_system=item.source_system,
                reason=item.reason,
                warnings=item.warnings,
                controls=item.controls,
                findings=item.findings,
                tables=tuple(results.get(item.taken.source_file_id, ())),
            )
            for item in items
        ]
        ledger.record(self.connection, entries, at=now, numbers=self.numbers(items))
        for item in items:
            if item.reason is not None:
                self.refuse(item, at=now)
        self.connection.commit()
        archive.forget_refusals(self.settings, [item.taken for item in items if item.reason is None])
        for item in items:
            if item.reason is None:
                self.loaded[item.taken.sha256] = ledger.Earlier(item.taken.file.relative, ledger.naive_utc(now))
        return results

    def _exclude(self, item: Item, *, at: datetime) -> None:
        """Keeps out, or withdraws, what would count twice. Raises RefusedFile where nothing else is in the file."""
        for table, exclusion in item.excludes.items():
            other = exclusions.in_force(self.connection, contracts()[table], exclusion)
            if other is None:
                continue
            kind, name = other
            if exclusion.takes_over:
                gone = exclusions.withdraw(
                    self.connection,
                    contracts()[table],
                    exclusion,
                    by=item.taken.source_file_id,
                    at=ledger.naive_utc(at),
                )
                said = f"{gone} rows of {table} from {kind} were withdrawn: {exclusion.setting}"
                item.warnings = (*item.warnings, said)
                continue
            refusal = RefusedFile(
                f"{table} from {item.format} would count a second time: {kind} ({name}) gave the same facts",
                where=item.taken.file.name,
                remedy=f"leave it out, or set {exclusion.setting} in outturn.toml and drop it again: what {kind} gave "
                "is then withdrawn",
            )
            if len(item.frames) == 1:
                raise refusal
            item.frames = {name: frame for name, frame in item.frames.items() if name != table}
            item.replaces = {name: replaced for name, replaced in item.replaces.items() if name != table}
            item.warnings = (*item.warnings, f"not loaded: {refusal}")

    def _load(self, items: Sequence[Item], *, at: datetime) -> dict[str, list[TableResult]]:
        results: dict[str, list[TableResult]] = {item.taken.source_file_id: [] for item in items}
        for table in contracts():
            holding = {i.taken.source_file_id: i for i in items if table in i.frames or table in i.rows}
            if not holding:
                continue
            text = _text(holding, table)
            with tempfile.TemporaryDirectory(dir=self.scratch) as work:
                loaded = load_table(
                    self.connection,
                    contracts()[table],
                    text,
                    files=holding,
                    sources={file: item.source_system for file, item in holding.items() if item.source_system},
                    replaces={file: item.replaces[table] for file, item in holding.items() if table in item.replaces},
                    yields=[file for file, item in holding.items() if table in item.yields],
                    at=ledger.naive_utc(at),
                    work=Path(work),
                )
            for file, result in loaded.items():
                results[file].append(result)
                if table in holding[file].corrects:
                    ledger.settle_rejects(self.connection, holding[file].corrects[table], table=table, by=file)
        return results

    def _tell(
        self, item: Item, *, status: str, reason: str | None = None, tables: tuple[TableResult, ...] = ()
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


def _text(holding: Mapping[str, Item], table: str) -> pl.LazyFrame:
    """The rows of one table out of several files, as text; one frame for all documents (500 of them take 0.3 s)."""
    frames = [
        item.frames[table].with_columns(pl.lit(file).alias("source_file_id"))
        for file, item in holding.items()
        if table in item.frames
    ]
    rows = [(file, row) for file, item in holding.items() for row in item.rows.get(table, ())]
    if rows or not frames:
        names = (*contracts()[table].column_names, "source_line")
        columns = {name: [row.get(name) for _, row in rows] for name in names}
        columns |= {"source_file_id": [file for file, _ in rows], FAULT: [None] * len(rows)}
        frames.append(pl.LazyFrame(columns, schema=dict.fromkeys(columns, pl.String)))
    return pl.concat(frames, how="diagonal")


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
    scratch = settings.work / "landing"
    killed = scratch.exists()  # an earlier call was: what it committed may not be in the archive's index yet
    if killed:
        shutil.rmtree(scratch)
        archive.clear_leftovers(settings)
    if not found.files and not killed and settings.warehouse.exists():
        return LandingResult(waiting=found.waiting, warnings=found.warnings)
    scratch.mkdir(parents=True)
    profiles = load_profiles(settings.profiles)
    with open_warehouse(settings) as connection:
        landing = Landing(settings, connection, profiles, on_file)
        landing.take_all(found.files)
        archive.keep_index(settings, ledger.loads_in_order(connection))
    shutil.rmtree(scratch)
    return LandingResult(
        files=tuple(landing.files), waiting=(*found.waiting, *landing.waiting), warnings=found.warnings
    )
