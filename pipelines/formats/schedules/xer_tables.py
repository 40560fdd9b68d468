"""The tab tables of a Primavera XER file: encoding, lines, tables, the numbers' decimal sign, calendars.

`%T` names a table, `%F` its columns, `%R` is a row, `%E` the end. Nothing in the file says how its texts are encoded:
it is the ANSI code page of the machine that exported it. What the tables mean belongs to `xer`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from pipelines.errors import RefusedFile
from pipelines.formats.base import Source
from pipelines.formats.schedules.calendars import FIRST, LAST, MOST_EXCEPTIONS, Calendar, Interval, intervals
from pipelines.formats.schedules.numbers import whole

MAX_BYTES = 1024**3
_LONGEST_LINE = 16 * 1024**2
_BLOCK = 1024**2

# table -> the columns that are read; everything else of a file that may hold hundreds of tables is passed over
COLUMNS: dict[str, tuple[str, ...]] = {
    "CURRTYPE": ("curr_symbol", "decimal_symbol", "curr_short_name", "base_exch_rate"),
    "PROJECT": (
        "proj_id", "proj_short_name", "project_flag", "orig_proj_id", "sum_base_proj_id", "last_recalc_date",
        "plan_start_date", "clndr_id", "guid", "name_sep_char",
    ),
    "PROJWBS": (
        "wbs_id", "proj_id", "proj_node_flag", "wbs_short_name", "wbs_name", "parent_wbs_id", "ev_compute_type",
        "seq_num",
    ),
    "CALENDAR": ("clndr_id", "base_clndr_id", "day_hr_cnt", "clndr_data", "default_flag"),
    "ROLES": ("role_id", "role_short_name"),
    "RSRC": ("rsrc_id", "rsrc_type"),
    "TASK": (
        "task_id", "proj_id", "wbs_id", "clndr_id", "phys_complete_pct", "complete_pct_type", "task_type",
        "status_code", "task_code", "task_name", "total_float_hr_cnt", "remain_drtn_hr_cnt", "target_drtn_hr_cnt",
        "act_work_qty", "remain_work_qty", "target_work_qty", "act_equip_qty", "remain_equip_qty", "cstr_type",
        "cstr_date", "cstr_type2", "cstr_date2", "act_start_date", "act_end_date", "early_start_date",
        "early_end_date", "restart_date", "reend_date", "target_start_date", "target_end_date",
    ),
    "TASKPRED": ("task_id", "pred_task_id", "proj_id", "pred_proj_id", "pred_type", "lag_hr_cnt"),
    "TASKRSRC": (
        "task_id", "proj_id", "rsrc_id", "role_id", "rsrc_type", "remain_qty", "target_qty", "act_ot_qty",
        "act_reg_qty", "target_cost", "act_reg_cost", "act_ot_cost", "remain_cost", "restart_date", "reend_date",
        "target_start_date", "target_end_date", "act_start_date", "act_end_date",
    ),
    "PROJCOST": ("task_id", "proj_id", "target_cost", "act_cost", "remain_cost", "cost_load_type"),
}  # fmt: skip
NUMBERS = frozenset(
    column for columns in COLUMNS.values() for column in columns if column.endswith(("_cost", "_qty", "_cnt", "_pct"))
)


class Row:
    """A row of a table; a column that the file does not have, or leaves empty, is an empty text."""

    __slots__ = ("columns", "line", "values")

    def __init__(self, columns: dict[str, int], values: tuple[str, ...], line: int) -> None:
        self.columns, self.values, self.line = columns, values, line

    def __getitem__(self, column: str) -> str:
        at = self.columns.get(column)
        return self.values[at] if at is not None else ""


@dataclass(kw_only=True)
class Tables:
    header: list[str]
    encoding: str
    rows: dict[str, list[Row]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def __getitem__(self, table: str) -> list[Row]:
        return self.rows.get(table, [])


# -- encoding --------------------------------------------------------------------------------------------------------

# what the euro, pound and yen signs of CURRTYPE are in each code page
_SIGNS = {"EUR": "€", "GBP": "£", "U.K.": "£", "JPY": "¥"}
_PAGES = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256")


def _encoding(source: Source, wanted: str | None) -> tuple[str, str | None]:
    """The encoding of a file's texts, and a warning where it is not certain. Raises RefusedFile."""
    with source.path.open("rb") as stream:
        head = stream.read(4)
        if head.startswith(b"\xef\xbb\xbf"):
            return "utf-8-sig", None
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16", None
        if head[1:2] == b"\0":
            return "utf-16-le", None
        if head[:1] == b"\0":
            return "utf-16-be", None
        if wanted is not None:
            try:
                return codecs.lookup(wanted).name, None
            except LookupError as error:
                raise RefusedFile(
                    "the setting encoding cannot be used",
                    where="outturn.toml [schedule_files]",
                    value=wanted,
                    valid="such as cp1252, cp1251, cp1256, utf-8",
                    remedy="correct it and drop the file again",
                ) from error
        stream.seek(0)
        return _code_page(stream)


def _code_page(stream: object) -> tuple[str, str | None]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, high, runs = True, 0, 0
    signs: list[tuple[str, bytes]] = []
    in_currencies, columns = False, {}
    for line in stream:  # type: ignore[attr-defined]
        if line.isascii() and not in_currencies and not line.startswith(b"%T\tCURRTYPE"):
            continue
        if line.startswith(b"%T"):
            in_currencies = line.split(b"\t")[1:2] == [b"CURRTYPE"] or line.split()[1:2] == [b"CURRTYPE"]
        elif in_currencies:
            parts = line.rstrip(b"\r\n").split(b"\t")
            if parts[0] == b"%F":
                columns = {name.decode("latin-1"): at for at, name in enumerate(parts)}
            elif parts[0] == b"%R":
                at = columns.get("curr_short_name", len(parts)), columns.get("curr_symbol", len(parts))
                if max(at) < len(parts):
                    signs.append((parts[at[0]].decode("latin-1"), parts[at[1]]))
        if is_utf8:
            try:
                decoder.decode(line)
            except UnicodeDecodeError:
                is_utf8 = False
        elsewhere = b"" if in_currencies else line
        high += len(re.findall(rb"[\x80-\xff]", elsewhere))
        runs += sum(len(run) for run in re.findall(rb"[\xc0-\xff]{3,}", elsewhere))
    if is_utf8:
        return "utf-8", None
    told = [(sign, _SIGNS[name]) for name, sign in signs if name in _SIGNS and not sign.isascii()]
    known = bool(told)
    fitting = [page for page in _PAGES if all(sign.decode(page, "replace") == meant for sign, meant in told)]
    if not high:
        return "cp1252", None
    is_latin = runs * 2 < high
    if is_latin and "cp1252" in fitting:
        return "cp1252", None
    if known and fitting and "cp1252" not in fitting:
        return fitting[0], None
    guess = "cp1251" if not is_latin and not known else next(iter(p for p in fitting if p != "cp1252"), "cp1252")
    return guess, (
        f"the file does not say how its texts are encoded; names were read as {guess}, numbers and dates are certain. "
        f'If names look wrong, say encoding = "cp1252" (or another code page) in outturn.toml under [schedule_files]'
    )


# -- lines -----------------------------------------------------------------------------------------------------------


def _lines(source: Source, encoding: str) -> Iterator[tuple[int, str]]:
    """Records with the number of their first line. A line that starts no record goes on with the one before."""
    with source.path.open("r", encoding=encoding, errors="replace", newline="\n") as stream:
        record, first = "", 1
        number = 0
        while line := stream.readline(_LONGEST_LINE):
            number += 1
            if len(line) >= _LONGEST_LINE:
                raise RefusedFile(
                    "a line of the file is longer than any honest one",
                    where=f"{source.name}, line {number}",
                    valid=f"at most {_LONGEST_LINE} characters",
                    remedy="export it again",
                )
            text = line.rstrip("\r\n").replace("\0", "")
            if text.startswith(("%T", "%F", "%R", "%E", "ERMHDR", "\ufeffERMHDR")):
                if record:
                    yield first, record
                record, first = text.lstrip("\ufeff"), number
            elif text:
                record += "\n" + text
                if len(record) > _LONGEST_LINE:
                    raise RefusedFile(
                        "a record of the file is longer than any honest one",
                        where=f"{source.name}, line {first}",
                        remedy="export it again",
                    )
        if record:
            yield first, record


def read_tables(source: Source, *, encoding: str | None) -> Tables:
    """The tables that are read, in the file's order. Raises RefusedFile."""
    if source.size > MAX_BYTES:
        raise RefusedFile(
            "the schedule is too large",
            where=source.name,
            value=f"{source.size} bytes",
            valid=f"at most {MAX_BYTES} bytes",
            remedy="export fewer projects at a time",
        )
    chosen, doubt = _encoding(source, encoding)
    found = Tables(header=[], encoding=chosen)
    if doubt:
        found.warnings.append(doubt)
    table, columns, places = "", {}, []
    shared: dict[str, str] = {}
    ended, crooked = False, 0
    for number, line in _lines(source, chosen):
        parts = line.split("\t")
        kind = parts[0].strip()
        if kind == "ERMHDR":
            found.header = [part.strip() for part in parts]
        elif kind == "%T":
            table, columns, places = parts[1].strip() if len(parts) > 1 else "", {}, []
        elif kind == "%F" and table in COLUMNS:
            named = {name.strip(): at for at, name in enumerate(parts)}
            kept = [name for name in COLUMNS[table] if name in named]
            columns = {name: at for at, name in enumerate(kept)}
            places = [named[name] for name in kept]
        elif kind == "%R" and table in COLUMNS and columns:
            width = len(parts)
            crooked += width <= max(places, default=0)
            values = (parts[at].strip() if at < width else "" for at in places)
            # a schedule repeats its dates, codes and zeros: one copy of each saves half the memory
            row = Row(columns, tuple(shared.setdefault(v, v) if len(v) < 24 else v for v in values), number)
            found.rows.setdefault(table, []).append(row)
            if len(shared) > 500_000:
                shared.clear()
        elif kind == "%E":
            ended = True
    if not ended:
        found.warnings.append("the file has no end mark (%E): it may have been cut off on the way")
    if crooked:
        found.warnings.append(f"{crooked} rows are shorter than their table; what they lack counts as empty")
    return found


# -- calendars -------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"\(\s*0\s*\|\|\s*(-?\d{1,9}|[A-Za-z]\w*)\s*\(([^()]*)\)\s*\(|\)")
_EPOCH = date(1899, 12, 30)  # days are counted as in spreadsheets
_DEEPEST = 16


@dataclass(slots=True)
class _Node:
    name: str
    attributes: str
    children: list[_Node]


def _tree(text: str) -> list[_Node]:
    """The nodes `(0||name(attributes)(children))` of a calendar; what is not closed ends with the text."""
    top: list[_Node] = []
    stack: list[_Node] = []
    closing = 0
    for token in _TOKEN.finditer(text):
        if token.group(1) is None:
            closing += 1
            if closing == 2 and stack:  # one for the children, one for the node
                stack.pop()
                closing = 0
            continue
        closing = 0
        node = _Node(token.group(1), token.group(2), [])
        (stack[-1].children if stack else top).append(node)
        stack.append(node)
        if len(stack) > _DEEPEST:
            break
    return top


def _hours(node: _Node) -> tuple[Interval, ...]:
    pairs = []
    for child in node.children:
        named = dict(zip(*[iter(child.attributes.split("|"))] * 2, strict=False))
        pairs.append((named.get("s"), named.get("f")))
    return intervals(pairs)


def _day(node: _Node) -> date | None:
    named = dict(zip(*[iter(node.attributes.split("|"))] * 2, strict=False))
    number = whole(named.get("d", "").strip())
    if number is None or not 0 <= number <= 200_000:
        return None
    found = _EPOCH + timedelta(days=number)
    return found if FIRST <= found <= LAST else None


def calendar_of(data: str) -> tuple[dict[int, tuple[Interval, ...]], dict[date, tuple[Interval, ...]]]:
    """Weekdays (Monday 0) and exceptions of a CALENDAR.clndr_data."""
    week: dict[int, tuple[Interval, ...]] = {}
    exceptions: dict[date, tuple[Interval, ...]] = {}
    for top in _tree(data.replace("\x7f", " ")):
        for part in top.children:
            for node in part.children:
                if part.name == "DaysOfWeek":
                    number = whole(node.name)
                    if number is not None and 1 <= number <= 7:
                        week[(number - 2) % 7] = _hours(node)
                elif part.name == "Exceptions" and len(exceptions) < MOST_EXCEPTIONS:
                    day = _day(node)
                    if day is not None:
                        exceptions[day] = _hours(node)
    return week, exceptions


def calendars(rows: Sequence[Row], needed: set[str]) -> dict[str, Calendar]:
    """The needed calendars by clndr_id, with what they take over from their base."""
    by_id = {row["clndr_id"]: row for row in rows}
    found: dict[str, Calendar] = {}
    for uid in needed & set(by_id):
        week: dict[int, tuple[Interval, ...]] = {}
        exceptions: dict[date, tuple[Interval, ...]] = {}
        seen: list[str] = []
        at = uid
        while at in by_id and at not in seen and len(seen) < _DEEPEST:
            seen.append(at)
            days, excepted = calendar_of(by_id[at]["clndr_data"])
            week = days | week
            exceptions = excepted | exceptions
            at = by_id[at]["base_clndr_id"]
        if any(week.values()):
            found[uid] = Calendar(week=[week.get(day, ()) for day in range(7)], exceptions=exceptions)
    return found
