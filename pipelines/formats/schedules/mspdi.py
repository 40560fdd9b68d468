"""MS Project XML (MSPDI) of every generation: 2002/03 (no SaveVersion), 2007 (12), 2010 and later (14).

Streaming: one task, resource, calendar or assignment at a time; time-phased values are summed into months as they come.
Amounts of money are hundredfold in the file; rates are not, and are not read. Work and durations are working time.
What tasks and assignments mean together belongs to `mspdi_tasks`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from lxml import etree

from pipelines.errors import RefusedFile
from pipelines.formats import xml
from pipelines.formats.base import Context, Source, TableRead
from pipelines.formats.schedules.calendars import FIRST, LAST, moment, month_of
from pipelines.formats.schedules.canonical import canonical
from pipelines.formats.schedules.identity import first_date, options_of
from pipelines.formats.schedules.model import Options
from pipelines.formats.schedules.mspdi_calendars import local, read_calendar
from pipelines.formats.schedules.numbers import HUNDRED, ZERO, Localised, hours, plain, whole

NAMESPACE = "http://schemas.microsoft.com/project"
# 200 MB are a hundred thousand tasks; what is larger is no schedule
MAX_BYTES = 1024**3
STATUS_FROM = ("StatusDate", "LastSaved", "CurrentDate", "CreationDate")
_ITEMS = ("Calendar", "Task", "Resource", "Assignment")

# TimephasedDataType -> what it is: 1 remaining work of an assignment, 4 and 5 its baseline work and cost,
# 9 and 10 the same of a task; baselines 1 to 10 follow from 16 on in sixes (assignment, task, resource)
REMAINING = 1
_ALL = range(1, 11)
BASELINE_WORK = {4: 0, 9: 0} | {10 + 6 * n: n for n in _ALL} | {12 + 6 * n: n for n in _ALL}
BASELINE_COST = {5: 0, 10: 0} | {11 + 6 * n: n for n in _ALL} | {13 + 6 * n: n for n in _ALL}


@dataclass(slots=True, kw_only=True)
class Baseline:
    start: datetime | None = None
    finish: datetime | None = None
    duration: Decimal | None = None
    work: Decimal | None = None
    cost: Decimal | None = None
    cost_text: str | None = None  # an assignment's, written by the locale of the desktop
    fixed_cost: Decimal | None = None


@dataclass(slots=True, kw_only=True)
class Entry:
    """A task or an assignment as it stands in the file; amounts already divided by a hundred."""

    place: str
    texts: dict[str, str]
    baselines: dict[int, Baseline] = field(default_factory=dict)
    links: list[dict[str, str]] = field(default_factory=list)
    remaining: dict[int, Decimal] = field(default_factory=dict)  # month -> hours after the status date
    late: Decimal = ZERO  # hours of it that stand before the status date
    by_work: dict[int, dict[int, Decimal]] = field(default_factory=dict)  # baseline -> month -> hours
    by_cost: dict[int, dict[int, Decimal]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def date(self, name: str) -> datetime | None:
        return self._date(name, self.texts.get(name))

    def _date(self, name: str, text: str | None) -> datetime | None:
        if text is None or text == "NA":
            return None
        found = moment(text)
        if found is None:
            self.faults.append(f"{name} {text[:40]!r} is no date from {FIRST.year} to {LAST.year}")
        return found

    def amount(self, name: str) -> Decimal | None:
        return self._amount(name, self.texts.get(name))

    def _amount(self, name: str, text: str | None) -> Decimal | None:
        if text is None:
            return None
        found = plain(text)
        if found is None:
            self.faults.append(f"{name} {text[:40]!r} is no amount")
            return None
        return found / HUNDRED

    def hours(self, name: str) -> Decimal | None:
        return self._hours(name, self.texts.get(name))

    def _hours(self, name: str, text: str | None) -> Decimal | None:
        if text is None:
            return None
        found = hours(text)
        if found is None:
            self.faults.append(f"{name} {text[:40]!r} is no duration such as PT8H0M0S")
        return found

    def flag(self, name: str) -> bool:
        return self.texts.get(name, "").lower() in ("1", "true")


@dataclass(kw_only=True)
class Raw:
    """A whole file: its header, and its items in their order."""

    where: str
    options: Options
    header: dict[str, str] = field(default_factory=dict)
    calendars: dict[str, dict[str, Any]] = field(default_factory=dict)
    tasks: list[Entry] = field(default_factory=list)
    resources: dict[str, dict[str, str]] = field(default_factory=dict)
    assignments: list[Entry] = field(default_factory=list)
    amounts: Localised = field(default_factory=Localised)
    unread_phases: int = 0

    def status(self) -> date | None:
        """The day up to which the schedule tells what was done; its start where it gives no other date."""
        return first_date(*(moment(self.header.get(name)) for name in (*STATUS_FROM, "StartDate")))

    @property
    def is_dated(self) -> bool:
        return first_date(*(moment(self.header.get(name)) for name in STATUS_FROM)) is not None


def _texts(element: etree._Element) -> dict[str, str]:
    """The plain children of an element by local name; the first of each."""
    found: dict[str, str] = {}
    for child in element:
        if len(child) == 0 and child.text and isinstance(child.tag, str):
            text = child.text.strip()
            if text:
                found.setdefault(local(child), text)
    return found


class _Reader:
    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.counts = dict.fromkeys(_ITEMS, 0)
        self.status: date | None = None

    def take(self, element: etree._Element, name: str) -> None:
        self.counts[name] += 1
        place = f"/Project/{name}s/{name}[{self.counts[name]}]"
        if name == "Calendar":
            uid, content = read_calendar(element)
            self.raw.calendars.setdefault(uid, content)
        elif name == "Resource":
            texts = _texts(element)
            # never the name: it is a person's
            kept = ("UID", "Type", "IsCostResource", "IsBudget", "Group", "AccrueAt")
            self.raw.resources.setdefault(texts.get("UID", ""), {k: texts[k] for k in kept if k in texts})
        else:
            entry = Entry(place=place, texts=_texts(element))
            for child in element:
                if len(child):
                    self._part(entry, child, is_assignment=name == "Assignment")
            if name == "Task":
                self.raw.tasks.append(entry)
            else:
                self.raw.assignments.append(entry)

    def _part(self, entry: Entry, child: etree._Element, *, is_assignment: bool) -> None:
        kind = local(child)
        if kind == "TimephasedData":
            self._phase(entry, child)
        elif kind == "PredecessorLink":
            entry.links.append(_texts(child))
        elif kind == "Baseline":
            texts = _texts(child)
            number = whole(texts.get("Number", "0"))
            if number is None or not 0 <= number <= 10:
                entry.faults.append(f"a baseline has the number {texts['Number'][:20]!r}")
                return
            baseline = Baseline(
                start=entry._date("Baseline/Start", texts.get("Start")),
                finish=entry._date("Baseline/Finish", texts.get("Finish")),
                duration=entry._hours("Baseline/Duration", texts.get("Duration")),
                work=entry._hours("Baseline/Work", texts.get("Work")),
            )
            if is_assignment:
                baseline.cost_text = texts.get("Cost")
                if baseline.cost_text is not None:
                    self.raw.amounts.see(baseline.cost_text)
            else:
                baseline.cost = entry._amount("Baseline/Cost", texts.get("Cost"))
                fixed = texts.get("FixedCost")
                baseline.fixed_cost = None if fixed is None else (plain(fixed) or ZERO) / HUNDRED
            entry.baselines.setdefault(number, baseline)
            for part in child:
                if len(part) and local(part) == "TimephasedData":
                    self._phase(entry, part)

    def _phase(self, entry: Entry, element: etree._Element) -> None:
        """A time-phased value into its month. One without a value is 0."""
        texts = _texts(element)
        value = texts.get("Value")
        kind = whole(texts.get("Type")) or -1
        if value is None or not (kind == REMAINING or kind in BASELINE_WORK or kind in BASELINE_COST):
            return
        number = plain(value) if kind in BASELINE_COST else hours(value)
        start, finish = moment(texts.get("Start")), moment(texts.get("Finish"))
        if number is None or start is None:
            self.raw.unread_phases += 1
            return
        if number == 0:
            return
        if kind == REMAINING:
            self._remaining(entry, start, finish, number)
            return
        by, baseline = (
            (entry.by_cost, BASELINE_COST[kind]) if kind in BASELINE_COST else (entry.by_work, BASELINE_WORK[kind])
        )
        months = by.setdefault(baseline, {})
        for day, part in _days(start, finish, number):
            months[month_of(day)] = months.get(month_of(day), ZERO) + part

    def _remaining(self, entry: Entry, start: datetime, finish: datetime | None, number: Decimal) -> None:
        for day, part in _days(start, finish, number):
            if self.status is not None and day <= self.status:
                entry.late += part
                day = self.status + timedelta(days=1)
            entry.remaining[month_of(day)] = entry.remaining.get(month_of(day), ZERO) + part


def _days(start: datetime, finish: datetime | None, number: Decimal) -> Iterator[tuple[date, Decimal]]:
    """A value on its day; one for a longer unit on each day from Monday to Friday of its span, evenly."""
    last = (finish or start) - timedelta(minutes=1)
    if finish is None or finish - start <= timedelta(days=1) or finish - start > timedelta(days=3660):
        yield start.date(), number
        return
    days = [start.date() + timedelta(days=n) for n in range((last.date() - start.date()).days + 1)]
    days = [day for day in days if day.weekday() < 5] or days
    for day in days:
        yield day, number / len(days)


def read_raw(source: Source, *, options: Options) -> Raw:
    """The file's items. Raises RefusedFile for XML that is malformed, hostile, or no schedule."""
    if source.size > MAX_BYTES:
        raise RefusedFile(
            "the schedule is too large",
            where=source.name,
            value=f"{source.size} bytes",
            valid=f"at most {MAX_BYTES} bytes",
            remedy="export it without time-phased data, or in parts",
        )
    raw = Raw(where=source.name, options=options)
    reader = _Reader(raw)
    root: etree._Element | None = None
    with source.path.open("rb") as stream:
        events = etree.iterparse(
            stream,
            events=("start", "end"),
            tag=[f"{{*}}{name}" for name in ("Project", *_ITEMS)],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for event, element in events:
                name = local(element)
                if event == "start":
                    if root is None:
                        root = element
                        _check_root(root, where=source.name)
                    continue
                parent = element.getparent()
                if (
                    name not in _ITEMS
                    or parent is None
                    or local(parent) != f"{name}s"
                    or parent.getparent() is not root
                ):
                    continue
                if reader.status is None:
                    raw.header = _texts(root)
                    reader.status = raw.status()
                reader.take(element, name)
                element.clear()
                while element.getprevious() is not None:
                    del parent[0]
        except etree.XMLSyntaxError as error:
            raise xml.unreadable_file(error, source.path, where=source.name) from error
    assert root is not None  # a document without a root is a syntax error
    raw.header = _texts(root)
    return raw


def _check_root(root: etree._Element, *, where: str) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise xml.document_type(where)
    name = etree.QName(root)
    if name.localname != "Project" or (name.namespace or NAMESPACE) != NAMESPACE:
        raise xml.foreign(root, where=where)


def read(source: Source, context: Context) -> list[TableRead]:
    """The canonical tables of an MS Project XML file. Raises RefusedFile."""
    from pipelines.formats.schedules.mspdi_tasks import schedule_of

    options = options_of(context)
    schedule = schedule_of(read_raw(source, options=options), name=source.name, base=context.base_currency)
    return canonical([schedule], format="mspdi", source=options.source, work=context.work, where=source.name)
