"""The walk through a 3GPP measurement file: its intervals, counters and values as they stand there.

Both shapes (TS 32.435: names and results by position; or one element each, paired by `p`) become the
same rows. What a day's value is, `performance` decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
from lxml import etree

from pipelines.errors import RefusedFile
from pipelines.formats import xml_stream
from pipelines.formats.base import Source
from pipelines.formats.kpi.intervals import Interval, instant, seconds
from pipelines.formats.kpi.options import Options
from pipelines.formats.saft.spool import Spool
from pipelines.formats.xml_stream import LOCAL

NIL = "NIL"
_ELEMENTS_AT_ONCE = 8_000  # each becomes as many rows as it has counters
ROOTS = ("measCollecFile", "measDataFile")
_WANTED = (
    "fileHeader",
    "fileSender",
    "measCollec",
    "managedElement",
    "measEntity",
    "measValue",
    "measInfo",
    "measData",
)
_ELEMENTS = ("managedElement", "measEntity")
_SCHEMA: dict[str, pl.DataType] = {
    "at": pl.Int64(), "info": pl.Int64(), "object": pl.String(), "results": pl.String(), "suspect": pl.Boolean(),
    "source_line": pl.String(), "fault": pl.String(), "shown": pl.String(),
}  # fmt: skip


@dataclass
class Info:
    """One measInfo: what all of its values share."""

    counters: list[str]
    interval: Interval | None
    fault: str | None
    project: str | None = None
    file: int = 0


@dataclass
class Walk:
    """All of one or several files. `values`: one row a measValue, `results` its values by position."""

    values: Spool
    zone: ZoneInfo
    options: Options
    infos: list[Info] = field(default_factory=list)
    no_header: list[str] = field(default_factory=list)
    no_zone: int = 0
    outside: int = 0  # intervals that end before the file begins, or begin after it ends
    files: int = 0


def new_walk(folder: Path, options: Options, zone: ZoneInfo) -> Walk:
    folder.mkdir(parents=True, exist_ok=True)
    return Walk(values=Spool(folder, "values", _SCHEMA, chunk=_ELEMENTS_AT_ONCE), zone=zone, options=options)


@dataclass
class _Place:
    """Where the walk stands in one file."""

    source: Source
    prefix: str
    root: str
    sender: str | None = None
    element: str | None = None
    has_header: bool = False
    data: int = 1
    info: int = 0
    value: int = 0
    open_info: etree._Element | None = None
    current: Info | None = None
    begin: str | None = None
    end: str | None = None
    first_info: int = 0


def walk_file(walk: Walk, source: Source, *, prefix: str = "") -> None:
    """Adds a file to the walk; `prefix` stands before its lines. Raises RefusedFile."""
    root = xml_stream.root(source.path, where=source.name)
    place = _Place(source=source, prefix=prefix, root=LOCAL[root.tag], first_info=len(walk.infos))
    found = xml_stream.elements(source, wanted=_WANTED, whole=("measInfo",), rolling={"measInfo": ("measValue",)})
    for name, element in found:
        match name:
            case "measValue":
                _value(walk, place, element)
            case "measInfo":
                _open(walk, place, element)
                place.open_info, place.current = None, None
            case "fileHeader":
                place.has_header = True
            case "fileSender":
                place.sender = element.get("localDn") or element.get("senderName")
            case "managedElement" | "measEntity":
                place.element = element.get("localDn") or element.get("userLabel")
            case _:
                _end_of_part(place, element)
    walk.files += 1
    if not place.has_header:
        walk.no_header.append(source.name)
    _outside(walk, place)


def _end_of_part(place: _Place, element: etree._Element) -> None:
    """measCollec and measData: in the header and footer they say from when to when, below the root they hold data."""
    begin, end = element.get("beginTime"), element.get("endTime")
    place.begin, place.end = begin or place.begin, end or place.end
    parent = element.getparent()
    if LOCAL[element.tag] == "measData" and parent is not None and LOCAL[parent.tag] == place.root:
        place.data, place.info, place.element = place.data + 1, 0, None


def _open(walk: Walk, place: _Place, element: etree._Element) -> Info:
    """What the measInfo around a value says; read once, when its first value is over."""
    if place.current is not None and place.open_info is element:
        return place.current
    place.open_info, place.info, place.value = element, place.info + 1, 0
    counters, interval, fault = _counters(element), None, None
    period = next((child for child in element if LOCAL[child.tag] == "granPeriod"), None)
    end = instant(period.get("endTime"), walk.zone) if period is not None else None
    length = seconds(period.get("duration")) if period is not None else None
    if period is None:
        fault = "measInfo has no granPeriod: the interval is not known"
    elif end is None:
        fault = f"granPeriod endTime is no date and time: {(period.get('endTime') or '')[:40]!r}"
    elif length is None:
        fault = f"granPeriod duration is no duration: {(period.get('duration') or '')[:40]!r}"
    else:
        interval = Interval(end[0], length)
        walk.no_zone += not end[1]
    if not counters and fault is None:
        fault = "measInfo names no counters"
    place.current = Info(counters, interval, fault, project=_project(walk, place), file=walk.files)
    walk.infos.append(place.current)
    return place.current


def _counters(info: etree._Element) -> list[str]:
    """The counters of a measInfo by position."""
    names = [name for child in info if LOCAL[child.tag] == "measTypes" for name in (child.text or "").split()]
    # an empty measTypes beside measType is common
    return names or [(child.text or "").strip() for child in info if LOCAL[child.tag] == "measType"]


def _project(walk: Walk, place: _Place) -> str | None:
    return {"managed_element": place.element, "sender": place.sender}.get(walk.options.project_from)


def _value(walk: Walk, place: _Place, element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None or LOCAL[parent.tag] != "measInfo":
        raise RefusedFile(
            "a measValue that stands in no measInfo",
            where=place.source.name,
            valid="measData/measInfo/measValue",
            remedy="have the file written as TS 32.435 or TS 28.532 say",
        )
    info = _open(walk, place, parent)
    place.value += 1
    line = f"{place.prefix}/{place.root}/measData[{place.data}]/measInfo[{place.info}]/measValue[{place.value}]"
    found: list[str] = []
    paired: dict[str, str] = {}
    suspect, fault = False, info.fault
    for child in element:
        name, text = LOCAL[child.tag], (child.text or "").strip()
        if name == "measResults":
            found += text.split()
        elif name == "r":
            at = child.get("p", "")
            if at in paired:
                fault = fault or f"p={at!r} stands twice"
            paired[at] = "".join(text.split()) or NIL
        elif name == "suspect":
            suspect = text.lower() in ("true", "1")
    shown = " ".join([*found, *paired.values()])[:200]
    if paired:
        found, fault = _by_position(parent, paired, fault)
    elif fault is None and len(found) != len(info.counters):
        fault = f"{len(found)} results for {len(info.counters)} counters: which is which cannot be told"
    if walk.options.project_from != "object" and info.project is None and fault is None:
        fault = _nameless(walk.options.project_from)
    walk.values.add(
        (
            walk.values.count,
            len(walk.infos) - 1,
            element.get("measObjLdn") or "",
            " ".join(found),
            suspect,
            line,
            fault,
            shown,
        )
    )


def _nameless(project_from: str) -> str:
    what = "managedElement with localDn" if project_from == "managed_element" else "fileSender with a name"
    return f'the file has no {what}; [kpi] project_from = "sender" or "object" in outturn.toml takes another name'


def _by_position(info: etree._Element, paired: dict[str, str], fault: str | None) -> tuple[list[str], str | None]:
    """The results of `r p=` in the order of the measInfo's counters; a counter without one is NIL."""
    keys = [child.get("p", "") for child in info if LOCAL[child.tag] == "measType"]
    if not keys:  # TS 32.435 lets r stand beside measTypes: p counts them from 1
        keys = [str(number) for number in range(1, len(_counters(info)) + 1)]
    unknown = [key for key in paired if key not in keys]
    if unknown and fault is None:
        fault = f"r p={unknown[0]!r} has no measType"
    if len(set(keys)) < len(keys) and fault is None:
        fault = "two measType have one p: which is which cannot be told"
    return [paired.get(key, NIL) for key in keys], fault


def _outside(walk: Walk, place: _Place) -> None:
    begin, end = instant(place.begin, walk.zone), instant(place.end, walk.zone)
    for info in walk.infos[place.first_info :]:
        if info.interval is None:
            continue
        if (begin and info.interval.end <= begin[0]) or (end and info.interval.start >= end[0]):
            walk.outside += 1
