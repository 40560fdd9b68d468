"""A profile applied to a file: vectorised expressions from the file's text columns to canonical text columns.

A value that does not fit its rule stays as it stands in the file, so that landing rejects the row and shows it. What
a value means where two readings are possible is decided once for the whole file (`profile_choice`).
"""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.contracts import Column, Contract, contracts
from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, Context, RawTable, TableRead
from pipelines.formats.headers import by_normalised
from pipelines.formats.profile_choice import Cell, CrossCheck, Decided, Question, look
from pipelines.formats.profile_forms import (
    Form,
    any_date,
    clock,
    date_token,
    declared_date,
    duration,
    hours_text,
    number,
    time_of_day,
    time_token,
)
from pipelines.formats.profile_lookup import Lookup
from pipelines.formats.profiles import ANY_DATE, ColumnRule, Each, Profile, Rows

_MILLION = 1_000_000
_FIRST_ROWS = 1000
_DAY = 86_400_000_000  # microseconds
# Decimal(38) still holds the products below: 18 digits before the point, 6 after, times 3600
_EXACT = pl.Decimal(30, 6)
# A duration of two decimals or of whole minutes differs from end less start by less than a minute.
_ROUNDED = 16_667  # a minute, in millionths of an hour
_YES = ("yes", "ja", "oui", "sí", "si", "sì", "sim", "tak", "ano", "да", "true", "1")
_NO = ("no", "nein", "non", "não", "nao", "nee", "nej", "nei", "nie", "ne", "нет", "false", "0")
_WORDS_FOR_TRUTH: Mapping[str, str] = dict.fromkeys(_YES, "true") | dict.fromkeys(_NO, "false")


def _hours(figure: pl.Expr, numerator: int, denominator: int) -> pl.Expr:
    """A number of units as hours, exact, rounded half away from zero at six decimals; as text.

    In integers, because the rounding of a division of decimals is not ours to choose.
    """
    millionths = figure.cast(_EXACT, strict=False).to_physical()
    rounded = (millionths.abs() * (2 * numerator) + denominator) // (2 * denominator)
    sign = pl.when(figure.str.starts_with("-") & (rounded > 0)).then(pl.lit("-")).otherwise(pl.lit(""))
    fraction = (rounded % _MILLION).cast(pl.String).str.zfill(6)
    return sign + (rounded // _MILLION).cast(pl.String) + pl.lit(".") + fraction


def _rounded(figure: pl.Expr, digits: int) -> pl.Expr:
    """A number at so many decimals, half away from zero: takes the noise of doubles from 2066075.5899999999."""
    unit = 10 ** (12 - digits)
    whole = (figure.cast(pl.Decimal(38, 12), strict=False).to_physical().abs() * 2 + unit) // (2 * unit)
    sign = pl.when(figure.str.starts_with("-") & (whole > 0)).then(pl.lit("-")).otherwise(pl.lit(""))
    if not digits:
        return sign + whole.cast(pl.String)
    scale = 10**digits
    return sign + (whole // scale).cast(pl.String) + pl.lit(".") + (whole % scale).cast(pl.String).str.zfill(digits)


def _millionths(hours: pl.Expr) -> pl.Expr:
    return hours.cast(_EXACT, strict=False).to_physical()


def _negated(figure: pl.Expr) -> pl.Expr:
    return (
        pl.when(figure.str.starts_with("-"))
        .then(figure.str.slice(1))
        .when(figure.str.contains("[1-9]"))
        .then(pl.lit("-") + figure)
        .otherwise(figure)
    )


def _replaced(word: pl.Expr, values: Mapping[str, str], otherwise: pl.Expr) -> pl.Expr:
    """Each of the words as what it stands for. Not by replace_strict: on a lazy frame it holds whole columns back."""
    for meaning in dict.fromkeys(values.values()):
        words = [known for known, means in values.items() if means == meaning and known != "*"]
        otherwise = pl.when(word.is_in(words)).then(pl.lit(meaning)).otherwise(otherwise)
    return otherwise


def document_text(cell: str) -> str:
    """The text of a comment in Atlassian's document format (a list of nodes as JSON), a blank between paragraphs."""
    if not cell.startswith(("[", "{")):
        return cell
    try:
        nodes = json.loads(cell)
    except (json.JSONDecodeError, RecursionError):
        return cell
    found: list[str] = []
    waiting: list[Any] = [nodes]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(reversed(node))
        elif isinstance(node, dict):
            attributes = node.get("attrs") if isinstance(node.get("attrs"), dict) else {}
            text = node.get("text") or attributes.get("text") or attributes.get("shortName")
            if isinstance(text, str):
                found.append(text)
            if node.get("type") in ("paragraph", "heading", "listItem", "hardBreak") and found:
                found.append(" ")
            waiting.append(node.get("content"))
    return " ".join("".join(found).split())


@dataclass(frozen=True, kw_only=True)
class _Span:
    """When work began and ended, as far as a file says it: the cells' dates, and times of day in microseconds."""

    start: Cell
    end: Cell
    times: tuple[Lookup, ...]  # of the start and of the end
    shares_date: bool  # both times belong to the one date that the file has: the end may lie behind midnight

    def look(self, frame: pl.LazyFrame) -> None:
        """Takes in the times of day, which few files need."""
        if all(time.table is None for time in self.times):
            look(frame, {time.held: time.token for time in self.times}, self.times)
            for time in self.times:
                time.settle()

    def microseconds(self, order: str | None) -> pl.Expr:
        """End less start; null where one is missing or the end lies before the start."""
        start, end = (time.value("time") for time in self.times)
        span = (self.end.under(order) - self.start.under(order)).dt.total_days().cast(pl.Int64) * _DAY + end - start
        if self.shares_date:
            span = pl.when(span < 0).then(span + _DAY).otherwise(span)
        return pl.when(span >= 0).then(span)


class _Applied:
    """One profile on one file."""

    def __init__(self, profile: Profile, raw: RawTable, context: Context, where: str) -> None:
        self.profile, self.raw, self.context, self.where = profile, raw, context, where
        self.contract: Contract = contracts()[profile.table]
        self.columns = profile.resolved(by_normalised(raw.header, where=where))
        self.frame = raw.frame
        self._first: pl.DataFrame | None = None
        self.warnings: list[str] = []
        self.hours_per_day = self._setting("hours_per_day", 8)
        self.days_per_week = self._setting("days_per_week", 5)

    def _setting(self, name: str, default: int) -> int:
        value = self.context.option("timesheets", name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 24:
            raise RefusedFile(
                "not a usable setting", where=f"outturn.toml, timesheets.{name}", value=value, valid="1 to 24"
            )
        return value

    # -- texts -------------------------------------------------------------------------------------------------------

    def cell(self, column: str) -> pl.Expr:
        """A column's text without blanks around it; null where nothing is left."""
        stripped = pl.col(self.columns[column]).str.strip_chars()
        nothing = stripped == ""
        if self.profile.empty:
            nothing = nothing | stripped.str.to_lowercase().is_in(list(self.profile.empty))
        return pl.when(~nothing).then(stripped)

    def joined(self, columns: Sequence[str], separator: str = " ", pad: int | None = None) -> pl.Expr | None:
        present = [self.cell(column) for column in columns if column in self.columns]
        if pad is not None:
            # spreadsheets take the zeros from a number like 00001234
            present = [pl.when(c.str.contains(r"^\d+$")).then(c.str.zfill(pad)).otherwise(c) for c in present]
        if not present:
            return None
        if len(present) == 1:
            return present[0]
        text = pl.concat_str(present, separator=separator, ignore_nulls=True)
        return pl.when(text != "").then(text)

    def text(self, rule: ColumnRule) -> pl.Expr | None:
        """The file's text that a rule starts from; None where the file has none of its columns."""
        if rule.is_verbatim and rule.sources[0] in self.columns and not self.profile.empty:
            return pl.col(self.columns[rule.sources[0]])  # landing strips every cell
        if rule.choices:
            present = [
                text for choice in rule.choices if (text := self.joined(choice, rule.join, rule.pad)) is not None
            ]
            text = pl.coalesce(present) if present else None
        else:
            text = self.joined(rule.sources, rule.join, rule.pad)
        if text is None:
            return None
        if rule.is_document:
            text = text.map_elements(document_text, return_dtype=pl.String)
        if rule.extract:
            text = pl.coalesce(text.str.extract(rule.extract, 1), text)
        if rule.values:
            others = pl.lit(rule.values["*"]) if "*" in rule.values else text
            text = pl.when(text.is_not_null()).then(_replaced(text.str.to_lowercase(), rule.values, others))
        return text

    # -- cells that may be read in several ways ----------------------------------------------------------------------

    def label(self, columns: Sequence[str]) -> str:
        return next((self.columns[column] for column in columns if column in self.columns), "")

    def dates(self, kept: str, columns: Sequence[str], text: pl.Expr, formats: tuple[str, ...]) -> Cell:
        def declared(token: pl.Expr) -> list[Form]:
            return declared_date(token, formats)

        def known(token: pl.Expr) -> list[Form]:
            return any_date(token, zone=self.context.time_zone)

        is_any = not formats or formats == (ANY_DATE,)
        return Cell(
            label=self.label(columns),
            kind="date",
            text=text,
            forms=known if is_any else declared,
            # a time of day would make every text a different one
            token=date_token(text) if is_any and self.has_times(columns) else text,
            held=f"{kept}_date",
        )

    def has_times(self, columns: Sequence[str]) -> bool:
        """Whether the cells begin with times of day beside their dates: a guess for speed, from the first rows."""
        if self._first is None:
            self._first = self.frame.head(_FIRST_ROWS).collect()
        present = [self.columns[column] for column in columns if self.columns.get(column) in self._first.columns]
        return any(self._first[column].str.contains(r"\d[:.h]\d\d").any() for column in present)

    def numbers(self, rule: ColumnRule, text: pl.Expr) -> Cell:
        def forms(token: pl.Expr) -> list[Form]:
            if rule.unit == "clock":
                return [clock(token)]
            if rule.unit == "duration":
                return duration(
                    token,
                    decimals=rule.decimals,
                    thousands=rule.thousands,
                    hours_per_day=self.hours_per_day,
                    days_per_week=self.days_per_week,
                )
            return [number(token, decimal, rule.thousands) for decimal in rule.decimals]

        is_duration = rule.unit in ("clock", "duration")
        return Cell(
            label=self.label(rule.sources),
            kind="number",
            text=text,
            forms=forms,
            token=text if is_duration else None,
            held=f"{rule.column}_number",
        )

    def span(self, rule: ColumnRule, formats: tuple[str, ...]) -> _Span | None:
        """Start and end, where the file has all of their columns."""
        if not {*rule.start, *rule.end} <= self.columns.keys():
            return None
        # with a time of its own a cell's date is in the first column, else before the time in the only one
        dates = [self.cell(columns[0]) for columns in (rule.start, rule.end)]
        return _Span(
            start=self.dates(f"{rule.column}_start", rule.start, dates[0], formats),
            end=self.dates(f"{rule.column}_end", rule.end, dates[1], formats),
            times=tuple(
                Lookup(time_token(self.cell(column)), f"{rule.column}_time_{at}", time_of_day)
                for at, column in enumerate((rule.start[-1], rule.end[-1]))
            ),
            shares_date=len(rule.start) > 1 and rule.start[0] == rule.end[0],
        )

    # -- values ------------------------------------------------------------------------------------------------------

    def figure(self, rule: ColumnRule, cell: Cell, reading: str | None) -> pl.Expr:
        """A number as canonical text; null where the cell is none."""
        value = cell.under(reading)
        if rule.units is not None and rule.unit_column is not None:
            word = self.cell(rule.unit_column).str.to_lowercase()
            unit = _replaced(word, rule.units, pl.lit(None, dtype=pl.String))
            value = pl.coalesce(
                pl.when(unit == name).then(self.in_hours(value, name)) for name in dict.fromkeys(rule.units.values())
            )
        elif rule.unit is not None:
            value = self.in_hours(value, rule.unit)
        if rule.digits is not None:
            value = _rounded(value, rule.digits)
        if rule.reverse is not None:
            turned = _negated(value)
            if rule.reverse.column is not None:
                turned = pl.when(self.is_one_of(rule.reverse.column, rule.reverse.values)).then(turned).otherwise(value)
            value = turned
        return value

    def in_hours(self, value: pl.Expr, unit: str) -> pl.Expr:
        match unit:
            case "seconds":
                return _hours(value, 1, 3600)
            case "minutes":
                return _hours(value, 1, 60)
            case "days":
                return _hours(value, self.hours_per_day, 1)
            case _:
                return value

    def spanned(self, cell: Cell | None, value: pl.Expr, span: _Span, order: str | None) -> pl.Expr:
        """Hours from start to end where the duration is missing or only rounded; else the duration, less its breaks."""
        between = span.microseconds(order)
        if cell is None:
            return hours_text(between)
        stated, exact = _millionths(value), (2 * between + 3600) // 7200
        agrees = ((stated - exact).abs() <= _ROUNDED) | ((stated == 0) & (exact > 0))
        is_rounded = ~cell.is_exact() & agrees
        return pl.when(cell.text.is_null() | is_rounded.fill_null(False)).then(hours_text(between)).otherwise(value)

    def cross_check(self, rule: ColumnRule, cell: Cell, span: _Span) -> CrossCheck:
        """Under an order of day and month, whether end less start is the duration that the row states."""

        def agrees(order: str) -> pl.Expr:
            span.look(self.frame)
            stated = _millionths(self.figure(rule, cell, self.profile.decimal or "point"))
            exact = (2 * span.microseconds(order) + 3600) // 7200
            return ((stated - exact).abs() <= _ROUNDED).fill_null(False)

        return agrees

    # -- rows --------------------------------------------------------------------------------------------------------

    def is_one_of(self, column: str, values: tuple[str, ...]) -> pl.Expr:
        text = pl.col(self.columns[column]).str.strip_chars().str.to_lowercase().fill_null("")
        return text.is_in(list(values))

    def hit(self, rule: Rows) -> pl.Expr | None:
        """Whether a row is one of `rule`; a row with a fault never is. None where the file lacks the column."""
        if rule.column not in self.columns:
            return None
        hit = self.is_one_of(rule.column, rule.values)
        return (~hit if rule.negated else hit) & pl.col(FAULT).is_null()

    def expand(self, each: Each) -> None:
        """One row for each filled cell of a column that stands several times."""
        spelled = self.columns[each.column]
        own = [spelled, *(name for name in self.raw.header if name.startswith(f"{spelled} ("))]
        others = [name for name in self.raw.header if name not in own]
        parts = "".join(rf"{each.separator}([^{each.separator}]*)" for _ in each.into[1:])
        number = pl.int_ranges(1, pl.col("__each").list.len() + 1)
        listed = self.frame.select(
            *others,
            "source_line",
            FAULT,
            pl.concat_list(pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name)) for name in own)
            .list.drop_nulls()
            .alias("__each"),
        )
        rows = listed.with_columns(number.alias("__number")).explode("__each", "__number", empty_as_null=True)
        # a part of an empty list is null: a row without entries
        without = pl.col("__each").is_null() & pl.col(FAULT).is_null()
        self.left_out.append((without, f"rows without a {spelled} of their own left out"))
        cut = pl.col("__each").str.extract_groups(
            rf"(?s)^(.*?){parts}$" if len(each.into) == 1 else rf"(?s)^(.*){parts}$"
        )
        shape = each.separator.join(each.into)
        broken = pl.col("__each").is_not_null() & cut.struct.field("1").is_null()
        self.frame = rows.with_columns(
            *(
                pl.when(cut.struct.field(str(at)) != "").then(cut.struct.field(str(at))).alias(name)
                for at, name in enumerate(each.into, start=1)
            ),
            pl.when(pl.col("__number") > 1)
            .then(pl.format("{} ({})", "source_line", pl.col("__number")))
            .otherwise("source_line")
            .alias("source_line"),
            pl.coalesce(FAULT, pl.when(broken).then(pl.lit(f"a {spelled} is not {shape}"))).alias(FAULT),
        )
        self.columns |= {name: name for name in each.into}

    # -- the whole ---------------------------------------------------------------------------------------------------

    def check_names(self) -> None:
        """A column that stands twice is no matter, unless the profile uses it."""
        each = self.profile.each.column if self.profile.each else None
        used = {source for rule in self.profile.columns for source in (*rule.sources, *rule.start, *rule.end)}
        for column in sorted((used & self.columns.keys()) - {each}):
            if column in self.raw.repeated:
                raise RefusedFile(
                    f"the header has the column {self.columns[column]!r} twice, and the profile uses it",
                    where=self.where,
                    remedy="rename or delete one of them",
                )

    def withheld(self) -> None:
        shown = [
            column
            for column in self.raw.header
            if any(fnmatch.fnmatchcase("_".join(column.casefold().split()), p) for p in self.profile.withheld)
        ]
        if shown:
            self.warnings.append(
                f"rates and amounts of time sheets are not taken: they tell people's prices ({', '.join(shown)})"
            )

    def read(self) -> TableRead:
        self.check_names()
        self.left_out: list[tuple[pl.Expr, str]] = []
        if self.profile.each is not None:
            self.expand(self.profile.each)
        for rule in self.profile.leave_out:
            if (hit := self.hit(rule)) is not None:
                relation = "is not" if rule.negated else "is"
                values = " or ".join(value or "empty" for value in rule.values)
                why = f" ({rule.why})" if rule.why else ""
                self.left_out.append(
                    (hit, f"rows left out, where {self.columns[rule.column]} {relation} {values}{why}")
                )
        told = [(hit, rule.why) for rule in self.profile.tell if (hit := self.hit(rule)) is not None]
        cells, spans, decided = self.decided(told)
        order, decimal = decided.readings.get("date"), decided.readings.get("number")
        made, mapping = self.made(cells, spans, order, decimal)
        self.tell(decided, told, made, cells, spans, order)
        self.withheld()
        return TableRead(
            format=f"{self.raw.format} ({self.profile.name})",
            table=self.profile.table,
            frame=self.kept().select(*made.values(), "source_line", FAULT),
            warnings=(*self.raw.warnings, *self.warnings),
            mapping=mapping,
            dialect="; ".join(part for part in (self.raw.dialect, *decided.said) if part),
            source_system=self.profile.source_system,
            replaces=self.profile.replaces,
            findings=self.raw.findings,
        )

    def decided(self, told: Sequence[tuple[pl.Expr, str]]) -> tuple[dict[str, Cell], dict[str, _Span], Decided]:
        """The cells by canonical column, the spans, and how the file is to be read."""
        cells: dict[str, Cell] = {}
        spans: dict[str, _Span] = {}
        every: list[Cell] = []
        cross_check: CrossCheck | None = None
        date_formats = next((rule.formats for rule in self.profile.columns if rule.formats), (ANY_DATE,))
        for rule in self.profile.columns:
            text = self.text(rule) if rule.const is None else None
            if text is not None and (rule.formats or rule.decimals):
                cells[rule.column] = (
                    self.dates(rule.column, rule.sources, text, rule.formats)
                    if rule.formats
                    else self.numbers(rule, text)
                )
                every.append(cells[rule.column])
            span = self.span(rule, date_formats) if rule.start else None
            if span is not None:
                spans[rule.column] = span
                every.extend((span.start, span.end))
                if rule.column in cells:
                    cross_check = self.cross_check(rule, cells[rule.column], span)
        counts = {f"out {at}": hit for at, (hit, _) in enumerate(self.left_out)}
        counts |= {f"told {at}": hit for at, (hit, _) in enumerate(told)}
        found = Question(
            frame=self.frame,
            cells=every,
            fixed={"date": self.profile.date_order, "number": self.profile.decimal},
            counts=counts,
            cross_check=cross_check,
            context=self.context,
            where=self.where,
        ).decide()
        self.left_out = [
            (hit, f"{found.counts[f'out {at}']} {what}")
            for at, (hit, what) in enumerate(self.left_out)
            if found.counts[f"out {at}"]
        ]
        return cells, spans, found

    def kept(self) -> pl.LazyFrame:
        frame = self.frame
        for hit, _ in self.left_out:
            frame = frame.filter(~hit)
        return frame

    def made(
        self, cells: Mapping[str, Cell], spans: Mapping[str, _Span], order: str | None, decimal: str | None
    ) -> tuple[dict[str, pl.Expr], dict[str, str]]:
        """Canonical column -> its expression, and where it comes from."""
        made: dict[str, pl.Expr] = {}
        mapping: dict[str, str] = {}
        places = {name: place for place, name in enumerate(self.contract.column_names)}
        for rule in sorted(self.profile.columns, key=lambda rule: places[rule.column]):
            target = self.contract.column(rule.column)
            value = self.value(rule, target, cells.get(rule.column), spans.get(rule.column), order, decimal)
            if value is not None:
                made[rule.column] = value.alias(rule.column)
                mapping[rule.column] = self.described(rule)
        return made, mapping

    def value(
        self,
        rule: ColumnRule,
        target: Column,
        cell: Cell | None,
        span: _Span | None,
        order: str | None,
        decimal: str | None,
    ) -> pl.Expr | None:
        if rule.const is not None:
            return pl.lit(rule.const)
        text = self.text(rule)
        if text is None and span is None:
            return pl.lit(rule.default) if rule.default is not None else None
        if text is None:
            text = pl.lit(None, dtype=pl.String)
        value = text
        if rule.formats and cell is not None:
            value = cell.written(order)
        elif cell is not None and self.is_plain(rule, cell, span):
            value = cell.written(decimal)
        elif cell is not None or span is not None:
            shown = text
            if rule.unit_column is not None:
                # not a number: the row is rejected and shows the unit that nobody knows
                shown = pl.concat_str(text, self.cell(rule.unit_column), separator=" ", ignore_nulls=True)
            figure = self.figure(rule, cell, decimal) if cell is not None else text
            if span is not None and not (cell is not None and cell.is_always_exact):
                span.look(self.frame)
                figure = self.spanned(cell, figure, span, order)
                between = pl.concat_str(span.start.text, span.end.text, separator=" to ")
                shown = pl.coalesce(shown, between)
            value = pl.coalesce(figure, shown)
        elif target.type == "boolean":
            value = _replaced(text.str.strip_chars().str.to_lowercase(), _WORDS_FOR_TRUTH, text)
        if rule.default is not None:
            value = value.fill_null(rule.default)
        if rule.prefix:
            value = pl.lit(rule.prefix) + value
        return value

    def is_plain(self, rule: ColumnRule, cell: Cell, span: _Span | None) -> bool:
        """Whether the cell alone says the number, in the unit that it is wanted in."""
        is_changed = rule.units is not None or rule.digits is not None or rule.reverse is not None
        in_unit = rule.unit in (None, "hours", "clock", "duration")
        return in_unit and not is_changed and (span is None or cell.is_always_exact)

    def tell(
        self,
        decided: Decided,
        told: Sequence[tuple[pl.Expr, str]],
        made: Mapping[str, pl.Expr],
        cells: Mapping[str, Cell],
        spans: Mapping[str, _Span],
        order: str | None,
    ) -> None:
        """Warnings about rows that are left out, with their amount, about those that a profile names, about breaks."""
        control = self.contract.control_column
        amount = made.get(control) if control else None
        for hit, what in self.left_out:
            total = None
            if amount is not None and not what.endswith("of their own left out"):
                number = amount.cast(pl.Decimal(24, 6), strict=False)
                total = self.frame.select(number.filter(hit).sum()).collect(engine="streaming").item()
            self.warnings.append(f"{what}: {control} {_plain(total)}" if total else what)
        for at, (_, why) in enumerate(told):
            if decided.counts[f"told {at}"]:
                self.warnings.append(f"{decided.counts[f'told {at}']} rows {why}")

    def described(self, rule: ColumnRule) -> str:
        """Where a canonical column comes from, for people."""
        if rule.const is not None:
            return f"always {rule.const}"
        present = [self.columns[source] for source in rule.sources if source in self.columns]
        shown = (" or " if rule.choices else " + ").join(present) or (
            f"always {rule.default}" if rule.default is not None else ""
        )
        if rule.start and self.label(rule.start) and self.label(rule.end):
            between = " + ".join(self.columns[c] for c in rule.start if c in self.columns)
            until = " + ".join(self.columns[c] for c in rule.end if c in self.columns)
            shown = f"{shown}, or {between} to {until}".removeprefix(", or ")
        if rule.unit_column is not None:
            return f"{shown} ({self.columns[rule.unit_column]})"
        return f"{shown} ({rule.unit})" if rule.unit in ("seconds", "minutes", "days", "clock") else shown


def _plain(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def apply_profile(profile: Profile, raw: RawTable, *, where: str, context: Context | None = None) -> TableRead:
    """The canonical table that `profile` makes of `raw`, whose header it fits.

    Raises RefusedFile where a spelling cannot be decided.
    """
    return _Applied(profile, raw, context or Context(work=Path()), where).read()


def preview(profile: Profile, raw: RawTable, n: int = 5, *, context: Context | None = None) -> pl.DataFrame:
    """The first `n` canonical rows that `profile` makes of `raw`: a look before the file is dropped."""
    return apply_profile(profile, raw, where=raw.name, context=context).frame.head(n).collect()
