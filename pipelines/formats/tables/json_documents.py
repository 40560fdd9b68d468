"""JSON documents: one list of objects, alone or in an envelope as web services give it. Columns are not interpreted.

Read as a stream, object by object. `{"results": [{…}, …], "metadata": {…}}` has one row for each of `results`; where
objects hold lists of rows themselves (an issue its work logs), there is one row for each of those, with what its owner
says beside it.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from pipelines.errors import RefusedFile
from pipelines.formats.base import Finding, RawTable, Source
from pipelines.formats.tables.json_rows import DECODER, NotARow, Number, Rows, flat
from pipelines.formats.tables.streams import expanded

_BLOCK = 1 << 20
# no row, and no single value of an envelope, is larger
_MAX_VALUE = 16 * 1024**2
_BLANKS = " \t\r\n"
# under which names services put the rows of a page; `_embedded` (HAL) holds `elements`
_LISTS = frozenset({
    "results", "worklogs", "issues", "time_entries", "timeentries", "timeEntries", "data", "items", "value", "values",
    "records", "rows", "elements", "entries",
})  # fmt: skip
_HOLDERS = frozenset({"_embedded", "d"})
# where an object of the list holds rows itself
_INNER = (("fields", "worklog", "worklogs"), ("time_entries",))
# how services say that there is more than this page
_MORE = ("next", "metadata.next", "links.next", "next_page", "_links.nextByOffset.href", "nextPageToken")


class _Cursor:
    """The text of a stream from a position on; read on demand, what lies behind is forgotten."""

    def __init__(self, stream: BinaryIO, source: Source) -> None:
        self.stream, self.source = stream, source
        self.decoder = codecs.getincrementaldecoder("utf-8-sig")("strict")
        self.text, self.at, self.ended = "", 0, False

    def more(self) -> bool:
        """Reads one block; False at the end."""
        if self.ended:
            return False
        block = self.stream.read(_BLOCK)
        self.ended = not block
        try:
            new = self.decoder.decode(block, final=self.ended)
        except UnicodeDecodeError as error:
            raise RefusedFile(
                "the JSON document is not UTF-8", where=self.source.name, remedy="save it as UTF-8"
            ) from error
        if "\0" in new:
            raise RefusedFile("the file holds NUL characters", where=self.source.name, remedy="export it again")
        self.text, self.at = self.text[self.at :] + new, 0
        return True

    def peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            while self.at < len(self.text):
                if self.text[self.at] not in _BLANKS:
                    return self.text[self.at]
                self.at += 1
            if not self.more():
                return ""

    def skip(self, expected: str) -> None:
        if self.peek() != expected:
            raise self.broken(f"{expected!r} is missing before {self.text[self.at : self.at + 30]!r}")
        self.at += 1

    def value(self) -> Any:
        """The next whole value."""
        self.peek()
        while True:
            try:
                found, end = DECODER.raw_decode(self.text, self.at)
            except json.JSONDecodeError as error:
                if len(self.text) - self.at > _MAX_VALUE:
                    raise RefusedFile(
                        "a value is larger than any row", where=self.source.name, valid=f"{_MAX_VALUE >> 20} MiB"
                    ) from error
                # a longer piece each time: a value of many blocks is not decoded for every one of them
                wanted = 2 * (len(self.text) - self.at)
                if self.ended:
                    raise self.broken(error.msg) from error
                while len(self.text) - self.at < wanted and self.more():
                    pass
                continue
            except RecursionError as error:
                raise self.broken("nested too deeply") from error
            if end == len(self.text) and self.more():
                continue  # a number may go on in the next block
            self.at = end
            return found

    def broken(self, why: str) -> RefusedFile:
        return RefusedFile(
            f"the JSON document is broken: {why}",
            where=self.source.name,
            remedy="fetch or export it again; it may have been cut off on the way",
        )


def _members(cursor: _Cursor) -> Iterator[str]:
    """The names of an object's members; the caller takes each value before the next name."""
    cursor.skip("{")
    if cursor.peek() == "}":
        cursor.at += 1
        return
    while True:
        name = cursor.value()
        if not isinstance(name, str) or isinstance(name, Number):
            raise cursor.broken("a member without a name")
        cursor.skip(":")
        yield name
        if cursor.peek() == "}":
            cursor.at += 1
            return
        cursor.skip(",")


def _items(cursor: _Cursor) -> Iterator[Any]:
    cursor.skip("[")
    if cursor.peek() == "]":
        cursor.at += 1
        return
    while True:
        yield cursor.value()
        if cursor.peek() == "]":
            cursor.at += 1
            return
        cursor.skip(",")


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


class _Document:
    def __init__(self, source: Source, work: Path) -> None:
        self.source = source
        self.rows = Rows(work)
        self.lists = 0
        self.said: dict[str, str | None] = {}  # what the envelope says beside its rows
        self.without = 0  # objects that could hold rows and hold none
        self.findings: list[Finding] = []

    def read(self, cursor: _Cursor) -> None:
        if cursor.peek() == "[":
            self._list(cursor, "")
        else:
            self._envelope(cursor, "")
        if cursor.peek():
            raise cursor.broken("more text behind its end")

    def _envelope(self, cursor: _Cursor, within: str) -> None:
        for name in _members(cursor):
            mark = cursor.peek()
            if mark == "[" and name in _LISTS:
                self._list(cursor, f"{within}{name}")
            elif mark == "{" and name in _HOLDERS:
                self._envelope(cursor, f"{within}{name}.")
            else:
                value = cursor.value()
                if isinstance(value, dict):
                    self.said.update({f"{within}{name}.{key}": text for key, text in flat(value).items()})
                elif isinstance(value, str) or value is None:
                    self.said[f"{within}{name}"] = value

    def _list(self, cursor: _Cursor, name: str) -> None:
        self.lists += 1
        for number, item in enumerate(_items(cursor), start=1):
            self._item(item, f"{name}[{number}]")

    def _item(self, item: Any, line: str) -> None:
        if not isinstance(item, dict):
            self.rows.add({}, line=line, fault="the entry of the list is not an object")
            return
        inner = next((path for path in _INNER if isinstance(_at(item, path), list)), None)
        if inner is None:
            self._row(item, line)
            return
        holder = _at(item, inner[:-1])
        entries = holder.pop(inner[-1])
        self._check_cut(item, holder, entries, line)
        self.without += not entries
        for number, entry in enumerate(entries, start=1):
            self._row({**item, inner[-1]: entry}, f"{line}.{'.'.join(inner)}[{number}]")

    def _check_cut(self, item: dict[str, Any], holder: dict[str, Any], entries: list[Any], line: str) -> None:
        """Jira puts 20 work logs at most into an issue, and says so only by the total beside them."""
        total = holder.get("total")
        if isinstance(total, Number) and total.isdigit() and int(total) > len(entries):
            who = item.get("key") or item.get("id") or line
            self.findings.append(
                Finding(
                    rule="list_cut_off",
                    severity="critical",
                    profile="json",
                    message=f"{who} has {total} entries, and the file holds {len(entries)} of them: fetch its own list",
                    entity=str(who),
                    source_line=line,
                )
            )

    def _row(self, item: dict[str, Any], line: str) -> None:
        try:
            self.rows.add(flat(item), line=line)
        except NotARow as error:
            self.rows.add({}, line=line, fault=str(error))

    def warnings(self) -> Iterator[str]:
        total = self.said.get("total") or self.said.get("metadata.count") or self.said.get("total_entries")
        more = next((self.said[name] for name in _MORE if self.said.get(name)), None)
        if more:
            yield "the document is one page of several: deliver the others too"
        elif total and total.isdigit() and not self.findings and int(total) > self.rows.count and not self.without:
            yield f"the document says that there are {total} entries, and holds {self.rows.count}"
        if self.without:
            yield f"{self.without} objects without entries of their own left out"
        for finding in self.findings:
            yield finding.message


def is_document(source: Source) -> bool:
    """Whether a text that starts with `{` or `[` is one document, rather than one object a line."""
    with _opened(source) as cursor:
        if cursor.peek() == "[":
            return True
        try:
            value = DECODER.raw_decode(cursor.text, cursor.at)
        except json.JSONDecodeError as error:
            # the first line is broken, or the document is longer than a block
            line_end = cursor.text.find("\n", cursor.at)
            return not 0 <= error.pos <= line_end
        except (RecursionError, NotARow):
            return False
        found, cursor.at = value
        if cursor.peek():
            return False
        return isinstance(found, dict) and any(
            isinstance(held.get(name), list)
            for held in (found, *(found[h] for h in _HOLDERS if isinstance(found.get(h), dict)))
            for name in _LISTS
        )


@contextmanager
def _opened(source: Source) -> Iterator[_Cursor]:
    with expanded(source) as stream:
        cursor = _Cursor(stream, source)
        cursor.more()
        yield cursor


def read_json_document(source: Source, *, name: str, work: Path) -> RawTable:
    """The one table of a JSON document. Raises RefusedFile where it is broken or holds no list of objects.

    A row stands at its path: `results[3]`, `issues[2].fields.worklog.worklogs[1]`.
    """
    document = _Document(source, work)
    with _opened(source) as cursor:
        try:
            document.read(cursor)
        except NotARow as error:
            raise cursor.broken(str(error)) from error
    if not document.lists:
        raise RefusedFile(
            "the JSON document holds no list of rows",
            where=source.name,
            value=", ".join(document.said) or None,
            valid=f"a list of objects, alone or under one of {', '.join(sorted(_LISTS))}",
        )
    if not document.rows.names:
        raise RefusedFile(
            "the list of the JSON document holds no rows", where=source.name, remedy="there is nothing to load"
        )
    names, frame = document.rows.table(where=source.name)
    return RawTable(
        format="json",
        name=name,
        header=names.header,
        frame=frame,
        dialect="utf-8",
        warnings=(*document.warnings(), *names.warnings),
        repeated=names.repeated,
        findings=tuple(document.findings),
    )
