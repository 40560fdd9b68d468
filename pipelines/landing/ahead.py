"""Reading of many small documents in other processes, while this one archives and loads.

Only e-invoices that can be read come back from there; everything else (tables, refusals, a process that died) is read
again by landing itself, so that one place decides and explains. What is done, and in which order, does not change.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import Connection
from typing import NamedTuple

from pipelines.formats.base import Context, DocumentRead, Source
from pipelines.landing.archive import Taken
from pipelines.landing.inbox import InboxFile, shown

# A process takes a second to start, in which a thousand invoices are read.
WORTH_IT = 2_000
_CHUNK = 32
_CHUNKS_EACH = 2  # in a process's hands or on their way back
_MOST = 4  # more would read faster than one process can load
# Larger ones are read by landing, one at a time: several hostile ones at once would take more memory than one may.
LARGEST = 1024 * 1024

Documents = list[DocumentRead | None]


def source_of(taken: Taken) -> Source:
    """A taken file as readers see it."""
    return Source(path=taken.path, name=shown(taken.file.path.name), feed=taken.file.feed, size=taken.size)


def _documents(sources: Sequence[Source], context: Context) -> Documents:
    from pipelines.formats.detect import document_of  # here: this process imports it before it says that it is ready

    found: Documents = []
    for source in sources:
        document = None
        with suppress(Exception):  # whatever it is, landing meets it again and says what it is
            document = document_of(source, context)
        found.append(document)
    return found


def _serve(pipe: Connection, context: Context) -> None:
    """The other process: documents in, rows out, until the pipe ends, be it by the death of the first process."""
    with suppress(EOFError, OSError, KeyboardInterrupt):
        pipe.send(_documents((), context))
        while True:
            pipe.send(_documents(pipe.recv(), context))


class _Helper:
    """One other process, as seen from here. One that dies or cannot be reached is never asked again."""

    def __init__(self, context: Context) -> None:
        spawn = multiprocessing.get_context("spawn")  # a fork would copy the locks of DuckDB's and Polars' threads
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs, context), daemon=True)
        self._process.start()
        theirs.close()
        self._is_ready = self._is_gone = False
        self._asked = 0
        self._answers: deque[Documents] = deque()

    def is_free(self) -> bool:
        if not self._is_ready and not self._is_gone:
            try:
                self._is_ready = self._pipe.poll() and self._pipe.recv() == []
            except (EOFError, OSError):
                self._is_gone = True
        return self._is_ready and not self._is_gone and self._asked < _CHUNKS_EACH

    def ask(self, sources: Sequence[Source]) -> Callable[[], Documents]:
        """Hands the documents over. What it returns gives the rows, in the order of the calls; it must be called."""
        nothing: Documents = [None] * len(sources)
        try:
            self._pipe.send(sources)
        except (OSError, ValueError):
            self._is_gone = True
            return lambda: nothing
        self._asked += 1

        def answer() -> Documents:
            self._asked -= 1
            if self._is_gone:
                return nothing
            try:
                return self._pipe.recv()
            except (EOFError, OSError):
                self._is_gone = True
                return nothing

        return answer

    def end(self) -> None:
        self._pipe.close()
        self._process.terminate()
        self._process.join()


class Arrival(NamedTuple):
    """A file out of the inbox. `taken`: None where it changed meanwhile or is gone. `document`: None where landing has
    to read it itself."""

    file: InboxFile
    taken: Taken | None
    document: DocumentRead | None = None


def _helpers(context: Context) -> list[_Helper]:
    spare = min(len(os.sched_getaffinity(0)) - 1, _MOST) if hasattr(os, "sched_getaffinity") else 1
    try:
        return [_Helper(context) for _ in range(spare)]
    # no process more allowed, or this one is a daemon, which may have no children: then without
    except (OSError, AssertionError):
        return []


def arrivals(
    files: Sequence[InboxFile],
    *,
    take: Callable[[InboxFile], Taken | None],
    is_known: Callable[[Taken], bool],
    context: Context,
) -> Iterator[Arrival]:
    """The files one after the other, archived by `take`; many small ones some ahead, and read already where possible.

    `is_known`: whether the same bytes are in the warehouse, so that nobody needs to read them.
    """
    small = sum(file.size <= LARGEST for file in files)
    helpers = _helpers(context) if small >= WORTH_IT else []
    if not helpers:
        for file in files:
            yield Arrival(file, take(file))
        return
    under_way: deque[tuple[list[Arrival], list[int], Callable[[], Documents] | None]] = deque()
    rest = iter(files)
    try:
        while chunk := list(islice(rest, _CHUNK)):
            found = [Arrival(file, take(file)) for file in chunk]
            wanted = [
                n
                for n, each in enumerate(found)
                if each.taken is not None and each.taken.size <= LARGEST and not is_known(each.taken)
            ]
            helper = next((h for h in helpers if h.is_free()), None) if wanted else None
            answer = helper.ask([source_of(found[n].taken) for n in wanted]) if helper is not None else None
            under_way.append((found, wanted, answer))
            while len(under_way) > _CHUNKS_EACH * len(helpers):
                yield from _answered(*under_way.popleft())
        while under_way:
            yield from _answered(*under_way.popleft())
    finally:
        for helper in helpers:
            helper.end()


def _answered(found: list[Arrival], wanted: list[int], answer: Callable[[], Documents] | None) -> Iterator[Arrival]:
    if answer is not None:
        for n, document in zip(wanted, answer(), strict=True):
            found[n] = found[n]._replace(document=document)
    yield from found
