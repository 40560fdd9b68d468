"""The Excel pack: one sheet a table, formatted, frozen, filtered and ready to print.

Nothing that was delivered is ever a formula, a link or a number: texts are written as texts. Totals are values, not
formulas, so that they are the same in every reader. The same snapshot gives the same bytes. No query.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipelines.publishing.packs import summary, words
from pipelines.publishing.packs.columns import MONTHS, PROGRAMMES, SHEETS, Column, Table
from pipelines.publishing.packs.data import Pack, Row

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
_MINUS = f'"{words.MINUS}"'
_FORMATS = {
    "amount": f"#,##0.00;{_MINUS}#,##0.00;0.00",
    "share": f"0.0%;{_MINUS}0.0%;0.0%",
    "points": f'+0.0" pp";{_MINUS}0.0" pp";0.0" pp"',
    "difference": f"+#,##0.00;{_MINUS}#,##0.00;0.00",
    "index": f"0.00;{_MINUS}0.00;0.00",
    "count": f"#,##0;{_MINUS}#,##0;0",
    "date": "yyyy-mm-dd",
    "month": "mmm yyyy",
}
_WIDTHS = {
    "amount": 16,
    "share": 11,
    "index": 9,
    "count": 10,
    "date": 12,
    "month": 11,
    "status": 11,
    "text": 14,
    "long": 48,
}
_STATUS = {"red": ("#F8D7DA", "#7A1020"), "amber": ("#FFE8B8", "#5F4200"), "green": ("#D9F0DF", "#14532D")}
_CELL_LENGTH = 32_767  # of Excel
_FIRST_YEAR = 1901  # before it, Excel knows no dates, or wrong ones
_INK, _SHADE = "#1F2A37", "#E5E9F0"
_PALE, _BLUE = "#B9C8DE", "#24527A"
_CHARTED = 24  # months
_HEADER_ROW, _HEADER_HEIGHT = 4, 42
_SUMMARY_WIDTHS = (29, *(16 for _ in range(12)))
_PAGE_WIDTH = 225  # characters: about half the size of the screen on A4


class _Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __call__(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_name": "Calibri", "font_size": 10, **properties})
        return self._made[key]

    def head(self, is_number: bool) -> Format:
        """Of a column's title; over figures it stands where they do, above the button of the filter."""
        return self(
            bold=True, text_wrap=True, valign="top", align="right" if is_number else "left", bg_color=_INK,
            font_color="#FFFFFF", border=1, border_color="#FFFFFF", indent=0 if is_number else 1,
        )  # fmt: skip

    def of(self, kind: str, value: Any, *, bold: bool = False) -> Format:
        properties: dict[str, Any] = {"valign": "top"}
        if kind in _FORMATS:
            properties["num_format"] = _number_format(kind, value)
            properties["align"] = "right"
        elif kind in ("text", "status", "long"):
            properties |= {"align": "left", "indent": 1}
        if kind == "long":
            properties["text_wrap"] = True
        if kind == "status" and value in _STATUS:
            fill, ink = _STATUS[value]
            properties |= {"bg_color": fill, "font_color": ink, "bold": value == "red"}
        if bold:
            properties |= {"bold": True, "top": 1, "bg_color": _SHADE}
        return self(**properties)


def _number_format(kind: str, value: Any) -> str:
    """A share that rounds to nothing has no sign, as everywhere."""
    number = _FORMATS[kind]
    if kind in ("share", "points") and value is not None:
        _, _, zero = number.split(";")
        scaled = abs(Decimal(str(value))) * (100 if kind == "share" else 1)
        return zero if scaled < Decimal("0.05") and value != 0 else number
    return number


def _write(sheet: Worksheet, row: int, column: int, value: Any, style: Format, *, kind: str) -> None:
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif kind in ("date", "month") and value.year < _FIRST_YEAR:
        sheet.write_string(row, column, value.isoformat(), style)
    elif kind in ("date", "month"):
        sheet.write_datetime(row, column, value, style)
    elif kind in _FORMATS:
        sheet.write_number(row, column, float(value), style)
    else:
        sheet.write_string(row, column, _fitting(words.plain(value)), style)


def _fitting(text: str) -> str:
    """As much of a text as a cell holds; Excel counts a character outside the first plane twice."""
    if len(text) <= _CELL_LENGTH // 2:
        return text
    return text.encode("utf-16-le")[: 2 * _CELL_LENGTH].decode("utf-16-le", errors="ignore")


def _escaped(text: str) -> str:
    """In a header or footer an ampersand begins a code, and 255 characters are all there is room for."""
    return text.replace("&", "&&")


def _stamp(pack: Pack) -> str:
    return f"As of {words.time(pack.about.as_of)}, in {pack.about.base_currency}"


def _set_up(
    sheet: Worksheet,
    pack: Pack,
    title: str,
    *,
    widths: Sequence[float],
    header: int | None,
    frozen: int = 0,
    below: int = 0,
) -> None:
    """Paper: landscape A4, as wide as stays readable, header repeated, stamp and page numbers on every page."""
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
    across = max(1, math.ceil(sum(widths) / _PAGE_WIDTH))
    sheet.fit_to_pages(across, 0)
    if across > 1 and frozen:
        sheet.repeat_columns(0, frozen - 1)
    name = words.shortened(words.one_line(pack.title), 80)
    sheet.set_header(f"&L&8 {_escaped(name)}&R&8 {_escaped(title)}")  # a digit after 8 would be of the size
    sheet.set_footer(f"&L&8{_escaped(_stamp(pack))}&C&8Publication {pack.about.refresh_id}&R&8Page &P of &N")
    if header is not None:
        sheet.repeat_rows(header)
    sheet.print_area(0, 0, max(sheet.dim_rowmax or 0, 5) + below, len(widths) - 1)


def _heading(sheet: Worksheet, pack: Pack, styles: _Styles, title: str, note: str | None) -> None:
    month = f", {words.month(pack.month)}" if pack.month else ""
    sheet.write_string(
        0, 0, words.plain(f"{pack.title} · {title}{month}"), styles(bold=True, font_size=14, font_color=_INK)
    )
    sheet.write_string(1, 0, _stamp(pack), styles(font_color="#5B6673"))
    sheet.write_string(2, 0, words.plain(note or ""), styles(font_color="#5B6673"))


def _table(sheet: Worksheet, pack: Pack, styles: _Styles, table: Table) -> None:
    rows = pack.rows(table.id)
    _heading(sheet, pack, styles, table.title, table.note)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width or _WIDTHS[column.kind])
        sheet.write_string(_HEADER_ROW, place, column.title, styles.head(column.kind in _FORMATS))
    sheet.set_row(_HEADER_ROW, _HEADER_HEIGHT)
    for number, row in enumerate(rows, start=_HEADER_ROW + 1):
        if height := _height(table.columns, row):
            sheet.set_row(number, height)
        for place, column in enumerate(table.columns):
            value = column.of(row)
            _write(sheet, number, place, value, styles.of(column.kind, value), kind=column.kind)
    last = _HEADER_ROW + len(rows)
    if not rows:
        sheet.write_string(_HEADER_ROW + 1, 0, table.empty, styles(italic=True))
    else:
        sheet.autofilter(_HEADER_ROW, 0, last, len(table.columns) - 1)
        if table.total:
            _total(sheet, styles, table, rows, at=last + 1)
    sheet.freeze_panes(_HEADER_ROW + 1, table.frozen)
    widths = [column.width or _WIDTHS[column.kind] for column in table.columns]
    _set_up(sheet, pack, table.title, widths=widths, header=_HEADER_ROW, frozen=table.frozen)


def _height(columns: Sequence[Column], row: Row) -> float | None:
    """Room for the longest text that is wrapped, up to a third of the screen: not every program makes it by itself."""
    lines = max((_lines(row[c.id], c.width or _WIDTHS["long"]) for c in columns if c.kind == "long"), default=1)
    return None if lines < 2 else 3 + 13 * min(lines, 12)


def _lines(text: str | None, width: float) -> int:
    return sum(math.ceil((len(part) + 1) / width) for part in (text or "").split("\n"))


def _total(sheet: Worksheet, styles: _Styles, table: Table, rows: Sequence[Row], *, at: int) -> None:
    for place, column in enumerate(table.columns):
        value = table.total if place == 0 else column.in_total(rows)
        kind = "text" if place == 0 else column.kind
        _write(sheet, at, place, value, styles.of(kind if value is not None else "text", value, bold=True), kind=kind)


def _summary(book: xlsxwriter.Workbook, sheet: Worksheet, pack: Pack, styles: _Styles) -> None:
    lines = summary.lines(pack)
    _heading(sheet, pack, styles, "Summary", f"{summary.plan_note(pack)} {summary.NOTE}" if lines else None)
    for place, width in enumerate(_SUMMARY_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(_HEADER_ROW + 1, 1)
    if not lines:
        sheet.write_string(_HEADER_ROW + 1, 0, "No month is complete and has figures yet.", styles(italic=True))
        _set_up(sheet, pack, "Summary", widths=_SUMMARY_WIDTHS, header=None)
        return
    sheet.set_row(_HEADER_ROW, _HEADER_HEIGHT)
    for place, title in enumerate((f"In {pack.about.base_currency}", *summary.headings(pack))):
        sheet.write_string(_HEADER_ROW, place, title, styles.head(place > 0))
    for number, line in enumerate(lines, start=_HEADER_ROW + 1):
        sheet.write_string(number, 0, line.title, styles(bold=line.id.startswith("margin"), valign="top"))
        for place, cell in enumerate(line.cells, start=1):
            kind = "difference" if cell.kind == "amount" and cell.is_difference else cell.kind
            value = cell.value * 100 if kind == "points" and cell.value is not None else cell.value
            _write(sheet, number, place, value, styles.of(kind, value), kind=kind)
    at = _at_stake(sheet, pack, styles, at=_HEADER_ROW + len(lines) + 2)
    _chart(book, sheet, pack, at=at + 1)
    _set_up(sheet, pack, "Summary", widths=_SUMMARY_WIDTHS, header=_HEADER_ROW, below=18)  # rows of the chart


def _at_stake(sheet: Worksheet, pack: Pack, styles: _Styles, *, at: int) -> int:
    """What a reader should know before believing the figures; the row after it."""
    sheet.write_string(at, 0, "What needs attention", styles(bold=True, font_size=12, font_color=_INK))
    found = (
        [(row["what"], row["cases"], row["at_stake"], row["unit"], row["meaning"]) for row in pack.attention]
        if pack.is_portfolio
        else [
            (row["rule"].capitalize(), row["cases"], row["amount_at_stake"], row["unit"], row["severity"])
            for row in pack.rows("stakes")
        ]
    )
    if not found:
        sheet.write_string(at + 1, 0, "Nothing: no exception is open.", styles(italic=True))
        return at + 2
    titles = ("What", "Cases", "At stake", "In", "What it means")
    for place, title in enumerate(titles):
        sheet.write_string(at + 1, place, title, styles.of("amount" if place in (1, 2) else "text", None, bold=True))
    for number, row in enumerate(found, start=at + 2):
        for place, (kind, value) in enumerate(zip(("text", "count", "amount", "text", "text"), row, strict=True)):
            _write(sheet, number, place, value, styles.of(kind, value), kind=kind)
    return at + 2 + len(found)


def _chart(book: xlsxwriter.Workbook, sheet: Worksheet, pack: Pack, *, at: int) -> None:
    """Revenue and gross margin by month, drawn by the spreadsheet from the sheet of months; months that are over."""
    months = pack.rows(MONTHS.id)
    last = max((n for n, row in enumerate(months) if pack.month and row["month"] <= pack.month), default=0)
    rows = (_HEADER_ROW + 1 + max(0, last - _CHARTED + 1), _HEADER_ROW + 1 + last)
    places = {column.id: place for place, column in enumerate(MONTHS.columns)}

    def area(name: str) -> list[str | int]:
        return [MONTHS.title, rows[0], places[name], rows[1], places[name]]

    chart = book.add_chart({"type": "column"})
    for name, fill in (("revenue", _PALE), ("margin", _BLUE)):
        chart.add_series(
            {
                "name": MONTHS.column(name).title,
                "categories": area("month"),
                "values": area(name),
                "fill": {"color": fill},
                "invert_if_negative": False,
                "gap": 60,
                "overlap": 0,
            }
        )
    title = f"Revenue and gross margin by month, {pack.about.base_currency}"
    chart.set_title({"name": title, "name_font": {"size": 11}})
    chart.set_x_axis({"num_format": "mmm yy", "label_position": "low", "date_axis": False, "text_axis": True})
    lines = {"visible": True, "line": {"color": _SHADE}}
    chart.set_y_axis({"num_format": f"#,##0;{_MINUS}#,##0;0", "major_gridlines": lines})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 1150, "height": 300})
    told = "Columns of revenue and gross margin by month; the figures stand on the sheet Months"
    sheet.insert_chart(at, 0, chart, {"description": told})


def _about(sheet: Worksheet, pack: Pack, styles: _Styles) -> None:
    """What the figures stand for, and what each column of each sheet means."""
    about = pack.about
    facts = (
        ("Pack", pack.title),
        ("Month", words.month(pack.month)),
        ("As of", words.time(about.as_of)),
        ("Reporting currency", about.base_currency),
        ("Publication", about.refresh_id),
        ("Code version", about.code_version),
        ("Hash of the inputs", about.input_hash),
        ("Negative amounts", f"a minus ({words.MINUS}) everywhere; empty: not known or not there, never 0"),
        ("Ratios in totals", "made of the sums, never of the ratios above"),
    )
    widths = (20, 24, 46, 66, 66)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, "About this pack", styles(bold=True, font_size=14, font_color=_INK))
    for number, (name, value) in enumerate(facts, start=1):
        sheet.write_string(number, 0, name, styles(bold=True))
        sheet.write_string(number, 1, words.plain(value), styles())
    at = len(facts) + 2
    titles = ("Sheet", "Column", "Published as", "Meaning", "Formula")
    for place, title in enumerate(titles):
        sheet.write_string(at, place, title, styles(bold=True, bg_color=_INK, font_color="#FFFFFF"))
    number = at
    for table, column in _described(pack):
        number += 1
        meaning, formula = pack.meaning(column.source)
        if column.ratio is not None and formula is None:
            formula = " / ".join(table.column(name).title for name in column.ratio)
        sheet.set_row(number, 3 + 13 * max(_lines(meaning, 62), _lines(formula, 62), 1))
        for place, value in enumerate((table.title, column.title, column.source, meaning, formula)):
            _write(sheet, number, place, value, styles.of("long", value), kind="long")
    sheet.freeze_panes(at + 1, 0)
    _set_up(sheet, pack, "About", widths=widths, header=at)


def _described(pack: Pack) -> list[tuple[Table, Column]]:
    return [
        (table, column)
        for table in _sheets(pack)
        for column in table.columns
        if column.source is not None or column.ratio is not None
    ]


def _sheets(pack: Pack) -> tuple[Table, ...]:
    return (PROGRAMMES, *SHEETS) if pack.is_portfolio else SHEETS


def write_workbook(path: Path, *, pack: Pack) -> None:
    """Writes the pack's workbook to `path`, over what is there."""
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        created = pack.about.as_of.replace(tzinfo=None)
        title = words.one_line(f"{pack.title}, {words.month(pack.month)}" if pack.month else pack.title)
        book.set_properties({"title": title[:255], "author": "Outturn", "subject": _stamp(pack), "created": created})
        styles, taken = _Styles(book), set()
        _summary(book, book.add_worksheet(words.sheet_name("Summary", taken=taken)), pack, styles)
        for table in _sheets(pack):
            _table(book.add_worksheet(words.sheet_name(table.title, taken=taken)), pack, styles, table)
        _about(book.add_worksheet(words.sheet_name("About", taken=taken)), pack, styles)
