"""Terms out of an XML tree in one walk: paths become a trie once, elements that no path names are passed by.

Knows nothing of invoices; which term stands at which path is said in `syntaxes`. An XPath for each term takes twice the
time of this walk, which takes about the time of parsing the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

# What was found under an element: term -> text, name of amounts -> elements, name of a group -> records.
Record = dict[str, Any]
Trie = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Part:
    """What is wanted of an element. Paths are written `cac:Item/cbc:Name`, an attribute at the end as `@schemeID`.

    `text`: terms and their paths in order of preference; the first that holds anything counts, as text without blanks
    around it and with single ones inside. `amounts`: elements, all of them that hold anything. `groups`: elements that
    may occur several times, a record for each. `fixed`: terms that are so without standing there.
    """

    text: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    amounts: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, Part]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [*self.text, *self.amounts, *self.groups, *self.fixed]
        if len(set(names)) < len(names):
            raise ValueError(f"a name is given twice in {names}")


def cleaned(text: str) -> str:
    """The text without blanks around it, with single ones inside."""
    return " ".join(text.split())


class _Text:
    """A term whose element is wanted for something else too, such as an attribute of it."""

    __slots__ = ("term",)

    def __init__(self, term: str) -> None:
        self.term = term

    def take(self, element: etree._Element, record: Record) -> None:
        text = cleaned(element.text or "")
        if text and self.term not in record:
            record[self.term] = text


class _Attribute:
    __slots__ = ("name", "term")

    def __init__(self, term: str, name: str) -> None:
        self.term, self.name = term, name

    def take(self, element: etree._Element, record: Record) -> None:
        text = cleaned(element.get(self.name, ""))
        if text and self.term not in record:
            record[self.term] = text


class _Amount:
    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def take(self, element: etree._Element, record: Record) -> None:
        text = element.text
        if text and not text.isspace():
            if self.name in record:
                record[self.name].append(element)
            else:
                record[self.name] = [element]


class _Group:
    __slots__ = ("form", "name")

    def __init__(self, name: str, form: Form) -> None:
        self.name, self.form = name, form

    def take(self, element: etree._Element, record: Record) -> None:
        inside = self.form.read(element)
        if self.name in record:
            record[self.name].append(inside)
        else:
            record[self.name] = [inside]


class _Several:
    __slots__ = ("takers",)

    def __init__(self, takers: Sequence[Any]) -> None:
        self.takers = tuple(takers)

    def take(self, element: etree._Element, record: Record) -> None:
        for taker in self.takers:
            taker.take(element, record)


def _place(term: str, rank: int) -> str:
    """Where the text of a term's n-th path is kept until it is known whether a better one has any."""
    return term if rank == 0 else f"{term}, else {rank}"


def _takers(part: Part, namespaces: Mapping[str, str]) -> Iterable[tuple[str, Any]]:
    """Every path of a part and what takes its element."""
    for term, paths in part.text.items():
        for rank, path in enumerate((paths,) if isinstance(paths, str) else paths):
            element, _, attribute = path.partition("/@")
            place = _place(term, rank)
            yield element, _Attribute(place, attribute) if attribute else _Text(place)
    for name, path in part.amounts.items():
        yield path, _Amount(name)
    for name, (path, inside) in part.groups.items():
        yield path, _Group(name, Form(inside, namespaces))


def _qualified(step: str, namespaces: Mapping[str, str]) -> str:
    prefix, _, name = step.partition(":")
    return f"{{{namespaces[prefix]}}}{name}"


def _trie(part: Part, namespaces: Mapping[str, str]) -> Trie:
    """Tag -> inner trie, or a term's name (the common case: its text alone), or what takes the element."""
    trie: Trie = {}
    for path, taker in _takers(part, namespaces):
        node = trie
        *steps, last = (_qualified(step, namespaces) for step in path.split("/"))
        for step in steps:
            node = node.setdefault(step, {})
            if not isinstance(node, dict):
                raise ValueError(f"{path}: part of it is wanted as a whole already")
        known = node.get(last)
        if isinstance(known, dict):
            raise ValueError(f"{path}: something inside of it is wanted already")
        node[last] = taker if known is None else _Several((*getattr(known, "takers", (known,)), taker))
    return _simplified(trie)


def _simplified(trie: Trie) -> Trie:
    for tag, node in trie.items():
        if isinstance(node, dict):
            _simplified(node)
        elif isinstance(node, _Text):
            trie[tag] = node.term
    return trie


class Form:
    """A part, ready to be filled in from elements."""

    __slots__ = ("_choices", "_fixed", "_trie")

    def __init__(self, part: Part, namespaces: Mapping[str, str]) -> None:
        self._trie, self._fixed = _trie(part, namespaces), dict(part.fixed)
        self._choices = [
            (term, tuple(_place(term, rank) for rank in range(1, len(paths))))
            for term, paths in part.text.items()
            if not isinstance(paths, str)
        ]

    def read(self, element: etree._Element) -> Record:
        """What stands below `element` at the part's paths."""
        record = self._fixed.copy()
        _walk(element, self._trie, record)
        for term, others in self._choices:
            if term not in record:
                for other in others:
                    if other in record:
                        record[term] = record[other]
                        break
        return record


def _walk(element: etree._Element, trie: Trie, record: Record) -> None:
    """Fills the record; never deeper than the trie's paths."""
    get = trie.get
    for child in element[:]:
        node = get(child.tag)
        if node is None:
            continue
        kind = node.__class__
        if kind is str:
            if node not in record and (text := child.text):
                if not text.isalnum() and (" " in text or not text.isprintable()):
                    text = cleaned(text)
                    if not text:
                        continue
                record[node] = text
        elif kind is dict:
            _walk(child, node, record)
        else:
            node.take(child, record)
