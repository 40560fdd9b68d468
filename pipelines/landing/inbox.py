"""Which files lie complete in the inbox. Only looks: nothing is opened, moved or written here."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.contracts import FEEDS
from pipelines.settings import Settings

DONE = ".done"
_PARTIAL = (".part", ".tmp", ".crdownload", ".filepart", ".swp")
# seconds; a file written while we look can be newer than `now` by a moment
_CLOCK_SET_BACK = 60.0
_LOCKS = (".", "~$")  # hidden files, and what Office puts beside an open workbook


@dataclass(frozen=True, kw_only=True)
class InboxFile:
    path: Path
    relative: str  # below the inbox, with slashes, fit to be shown
    feed: str
    size: int
    mtime_ns: int

    @property
    def name(self) -> str:
        """Below the feed's folder, as it stands in the ledger."""
        return self.relative.partition("/")[2]

    @property
    def done_mark(self) -> Path:
        return self.path.with_name(self.path.name + DONE)


@dataclass(frozen=True, kw_only=True)
class Inbox:
    files: tuple[InboxFile, ...]  # complete, in the order in which they are taken
    waiting: tuple[str, ...]
    warnings: tuple[str, ...]


def shown(name: str) -> str:
    """A file name that can be printed, stored and put into a message: no control characters, no broken encoding.

    >>> shown("a\\nb\\udcff.csv")
    'a\ufffdb\ufffd.csv'
    """
    clean = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "\ufffd" for c in clean)


def _entries(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Everything below a folder but not through symbolic links."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        try:
            state = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue  # gone since the folder was read
        yield Path(entry.path), state
        if stat.S_ISDIR(state.st_mode) and not entry.name.startswith("."):
            yield from _entries(Path(entry.path))


def _is_partial(name: str) -> bool:
    return name.startswith(_LOCKS) or name.lower().endswith(_PARTIAL)


def _settled(state: os.stat_result, seconds: float, now: float) -> bool:
    """Whether nobody wrote for so long. ctime moves with every write and with the rename at the end of a copy, and no
    copying programme sets it back; mtime may be an old one, or lie in the future."""
    if state.st_ctime > now + _CLOCK_SET_BACK:
        # nobody has written since the clock was set back: a write would have the new time; `take` looks once more
        return True
    changed = max(state.st_ctime, state.st_mtime if state.st_mtime <= now else 0.0)
    return seconds <= 0 or now - changed >= seconds


def look(settings: Settings, *, feeds: Sequence[str] | None = None) -> Inbox:
    """What lies in the inbox folders of `feeds` (None: all). Files order by modification time, then path."""
    now = time.time()  # file times are the machine's, so a fixed clock of a replay has no say here
    files: list[InboxFile] = []
    waiting: list[str] = []
    warnings: list[str] = []
    for feed in FEEDS if feeds is None else feeds:
        folder = settings.inbox / feed
        if folder.is_symlink() or not folder.is_dir():
            if folder.is_symlink():
                warnings.append(f"inbox/{feed} is a symbolic link and was not looked into")
            continue
        names = set()
        found = list(_entries(folder))
        names = {path for path, _ in found}
        for path, state in found:
            relative = shown(path.relative_to(settings.inbox).as_posix())
            if stat.S_ISLNK(state.st_mode):
                warnings.append(f"inbox/{relative} is a symbolic link and was left alone")
                continue
            if not stat.S_ISREG(state.st_mode):
                if not stat.S_ISDIR(state.st_mode):
                    warnings.append(f"inbox/{relative} is no regular file and was left alone")
                continue
            if _is_partial(path.name) or path.name.endswith(DONE):
                continue
            file = InboxFile(path=path, relative=relative, feed=feed, size=state.st_size, mtime_ns=state.st_mtime_ns)
            if file.done_mark in names or _settled(state, settings.settle_seconds, now):
                files.append(file)
            else:
                waiting.append(relative)
    files.sort(key=lambda file: (file.mtime_ns, file.relative))
    return Inbox(files=tuple(files), waiting=tuple(waiting), warnings=tuple(warnings))


def scan_inbox(settings: Settings) -> list[InboxFile]:
    """The complete files of every feed, in the order in which they will be taken."""
    return list(look(settings).files)
