"""Files between the inbox, the archive and refused/. Every step can be repeated after a crash.

The archive holds the bytes of every file taken in, under their SHA-256; the warehouse can be rebuilt from it. A file
leaves the inbox only after the ledger knows what became of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from io import FileIO
from pathlib import Path

from pipelines.landing.inbox import InboxFile, shown
from pipelines.settings import Settings

_BLOCK = 4 * 1024**2
_SYNCS = 8
_INCOMING = ".incoming-"
INDEX = "index.jsonl"
_LONGEST_NAME = 180  # bytes; file systems end at 255 and the note's name is longer by 11


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A file whose bytes lie in the archive."""

    file: InboxFile
    path: Path
    sha256: str
    size: int

    @property
    def source_file_id(self) -> str:
        return self.sha256[:16]


@dataclass(frozen=True, kw_only=True)
class Indexed:
    """One line of the archive's index: what became of some bytes, in which place of the order, and when."""

    load_number: int
    sha256: str
    feed: str
    file_name: str
    loaded_at: str | None = None  # UTC; None in lines of before times were kept
    status: str = "loaded"  # or refused, undone
    format: str | None = None  # from here on only of files that are not loaded: a replay learns the rest from the bytes
    reason: str | None = None
    warnings: str | None = None

    def line(self) -> dict[str, str | int]:
        return {name: value for name, value in asdict(self).items() if value is not None}


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def clear_leftovers(settings: Settings) -> None:
    """Removes copies that an earlier process did not finish."""
    for leftover in settings.archive.glob(f"{_INCOMING}*"):
        leftover.unlink()


def take(settings: Settings, file: InboxFile) -> Taken | None:
    """Copies a file into the archive, hashing on the way. None: it changed meanwhile, or is gone.

    They outlast a power cut after `settle`.
    """
    try:
        handle = os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    digest = hashlib.sha256()
    archive = str(settings.archive)
    incoming = f"{archive}/{_INCOMING}{secrets.token_hex(8)}"
    with os.fdopen(handle, "rb", buffering=0) as source:
        # readable by its owner alone, and by nobody to write, from the first byte on
        copy = os.open(incoming, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o400)
        try:
            with os.fdopen(copy, "wb", buffering=0) as target:
                # not more than was seen: a file that grows as fast as it is copied would never end
                while target.tell() <= file.size and (block := source.read(_BLOCK)):
                    digest.update(block)
                    _write(target, block)
            state = os.fstat(source.fileno())
            if (state.st_size, state.st_mtime_ns) != (file.size, file.mtime_ns):
                os.unlink(incoming)  # noqa: PTH108 - beside the other calls by name: paths cost more than the copy
                return None
            sha256 = digest.hexdigest()
            final = f"{archive}/{sha256}"
            os.rename(incoming, final)  # noqa: PTH104 - over what is there: it may be the remains of a power cut
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(incoming)  # noqa: PTH108
            raise
    return Taken(file=file, path=Path(final), sha256=sha256, size=state.st_size)


def _write(target: FileIO, block: bytes) -> None:
    """All of a block; the operating system may take less of it at once."""
    view = memoryview(block)
    while view:
        view = view[target.write(view) :]


def settle(settings: Settings, taken: Iterable[Taken]) -> None:
    """Makes bytes and names outlast a power cut. To be called before the ledger names them.

    All files of a transaction at once: the first call writes the others' blocks too (2,000 invoices: 1 s, not 3 s), and
    several at a time, because each waits for the disk and not for this process.
    """
    paths = [each.path for each in taken]
    if len(paths) < _SYNCS:
        for path in paths:
            _sync(path)
    else:
        with ThreadPoolExecutor(_SYNCS) as threads:
            list(threads.map(_sync, paths))
    _sync(settings.archive)


def keep_index(settings: Settings, loads: Iterable[Indexed]) -> None:
    """Appends to `archive/index.jsonl` what it does not say yet of the files of the ledger.

    Bytes without their names, order and times are half an archive: which table a canonical file is, its name says, and
    which of two files restates the other, their order.
    """
    known = {load.sha256: load for load in read_index(settings)}
    fresh = [load for load in loads if known.get(load.sha256) != load]
    if fresh:
        with (settings.archive / INDEX).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(load.line(), ensure_ascii=False) + "\n" for load in fresh)
            file.flush()
            os.fsync(file.fileno())


def read_index(settings: Settings) -> list[Indexed]:
    """What became of every file that was ever taken in, in the order of arrival: of each its last line holds."""
    known = {field.name for field in fields(Indexed)}
    last = {}
    for line in _whole_lines(settings.archive / INDEX):
        said = json.loads(line)
        last[said["sha256"]] = Indexed(**{name: value for name, value in said.items() if name in known})
    return sorted(last.values(), key=lambda load: load.load_number)


def _whole_lines(index: Path) -> list[str]:
    """The index's lines; a last one that a power cut left half written is cut off."""
    if not index.exists():
        return []
    content = index.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if whole != content:
        os.truncate(index, len(whole))
    return whole.decode("utf-8").splitlines()


def release(file: InboxFile) -> None:
    """Removes a file from the inbox, its mark too. The ledger must know it by now."""
    file.path.unlink(missing_ok=True)
    with suppress(OSError):  # no mark, or a name too long to have one
        file.done_mark.unlink()


def _refused_folder(settings: Settings, taken: Taken) -> Path:
    return settings.refused / taken.file.feed / taken.source_file_id[:8]


def _file_name(name: str) -> str:
    """A name that any file system takes, its ending kept."""
    name = shown(name).replace("/", "\ufffd")
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    ending = dot + ending if dot and len(ending.encode()) <= 16 else ""
    cut = (stem or name).encode()[: _LONGEST_NAME - len(ending.encode())]
    return cut.decode("utf-8", "ignore") + ending


def refuse(settings: Settings, taken: Taken, *, reason: str, at: str) -> Path:
    """Moves a file's bytes from the archive to refused/<feed>/<id>/, under their own name, with a note beside them.

    Under its own name, so that it can be dropped again as it is. Returns where it lies.
    """
    folder = _refused_folder(settings, taken)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / _file_name(taken.file.path.name)
    note = target.with_name(target.name + ".reason.txt")
    note.write_text(
        f"{taken.file.relative}\nrefused at {at} UTC\nSHA-256 {taken.sha256}\n\n{reason}\n\n"
        f"Nothing of it was loaded. Correct it and drop it into inbox/{taken.file.feed} again.\n",
        encoding="utf-8",
    )
    taken.path.rename(target)
    target.chmod(0o600)
    _sync(folder)
    return target


def forget_refusals(settings: Settings, loaded: Iterable[Taken]) -> None:
    """Removes what refused/ still holds of bytes that were loaded after all."""
    names = {taken.source_file_id[:8] for taken in loaded}
    for folder in settings.refused.glob("*/*") if names else ():
        if folder.name in names:
            shutil.rmtree(folder)
