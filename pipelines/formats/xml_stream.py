"""XML of any size, element by element, with the guards of `xml`: memory stays flat, also under a hostile file.

Only parsing belongs here. What has been read is taken out of the tree at once; what nobody asked for never stays in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from lxml import etree

from pipelines.errors import RefusedFile
from pipelines.formats import xml
from pipelines.formats.base import Source

_BLOCK = 256 * 1024
# No honest voucher or invoice is larger; a tree takes about ten times the bytes of its text.
MAX_ELEMENT = 32 * 1024 * 1024

_NONE: Mapping[str, Collection[str]] = {}


class _Names(dict[str, str]):
    """Tag -> local name."""

    def __missing__(self, tag: str) -> str:
        name = tag.rpartition("}")[2]
        self[tag] = name
        return name


LOCAL = _Names()


def _parser(events: tuple[str, ...], tags: Collection[str] | None = None) -> etree.XMLPullParser:
    return etree.XMLPullParser(
        events=events,
        tag=[f"{{*}}{tag}" for tag in sorted(tags)] if tags else None,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def root(path: Path, *, where: str) -> etree._Element:
    """The start of the root element: its name and attributes. Raises RefusedFile, also for a document type."""
    parser = _parser(("start",))
    with path.open("rb") as stream:
        while block := stream.read(4096):
            try:
                parser.feed(block)
            except etree.XMLSyntaxError as error:
                raise xml.unreadable(error, block, where=where) from error
            for _, element in parser.read_events():
                if element.getroottree().docinfo.internalDTD is not None:
                    raise xml.document_type(where)
                return element
    raise RefusedFile("not well-formed XML: it has no element", where=where, remedy="fetch or export the file again")


def _prune(root: etree._Element, whole: Collection[str]) -> etree._Element | None:
    """Drops every element that is over; returns the one on the open path that must stay whole, if there is one.

    The last child always stays: libxml2 may still be writing the text behind it.
    """
    node = root
    while len(node):
        last = node[-1]
        while (over := last.getprevious()) is not None:
            node.remove(over)
        if LOCAL[last.tag] in whole:
            return last
        node = last
    return None


def _roll(element: etree._Element, parts: Collection[str]) -> bool:
    """Drops the parts of an open element that are over; whether there were any."""
    found = False
    node = element
    while len(node):
        last = node[-1]
        part = last.getprevious()
        while part is not None:
            before = part.getprevious()
            if LOCAL[part.tag] in parts:
                node.remove(part)
                found = True
            part = before
        if LOCAL[last.tag] in parts:
            return found
        node = last
    return found


def elements(
    source: Source,
    *,
    wanted: Collection[str],
    whole: Collection[str] = (),
    rolling: Mapping[str, Collection[str]] = _NONE,
) -> Iterator[tuple[str, etree._Element]]:
    """Local name and element of everything `wanted`, each when it ends, in the order of the file.

    `whole`: elements whose children stay until it ends, as far as they are needed; the children of all others are gone
    soon after they were yielded. `rolling`: whole element -> its parts (at any depth) that may go once they were
    yielded, however many they are.

    Raises RefusedFile for malformed XML, a document type, more than 256 levels, or a whole element of more than 32 MB.
    """
    root(source.path, where=source.name)
    parser = _parser(("end",), wanted)
    top: etree._Element | None = None
    open_before: etree._Element | None = None
    held = 0
    with source.path.open("rb") as stream:
        while True:
            block = stream.read(_BLOCK)
            try:
                if block:
                    parser.feed(block)
                else:
                    parser.close()
            except (etree.XMLSyntaxError, ValueError) as error:
                raise xml.unreadable(error, block, where=source.name) from error
            for _, element in parser.read_events():
                if top is None:
                    top = element.getroottree().getroot()
                yield LOCAL[element.tag], element
            if not block:
                return
            if top is None:
                held += len(block)  # nothing wanted so far: it must come
            else:
                still_open = _prune(top, whole)
                is_new = still_open is None or still_open is not open_before
                if still_open is not None and (parts := rolling.get(LOCAL[still_open.tag])):
                    is_new |= _roll(still_open, parts)
                held = 0 if is_new else held + len(block)
                open_before = still_open
            if held > MAX_ELEMENT:
                raise RefusedFile(
                    f"one element of the XML holds more than {MAX_ELEMENT >> 20} MB",
                    where=source.name,
                    value=LOCAL[open_before.tag] if open_before is not None else None,
                    remedy="have it written in smaller documents",
                )
