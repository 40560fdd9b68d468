"""The tables of the PDF packs: widths, letters that fit, totals of what is cut off. No page, no query."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor, white
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph
from reportlab.platypus import Table as Grid

from pipelines.publishing.packs import fonts, words
from pipelines.publishing.packs.columns import Column, Table
from pipelines.publishing.packs.data import Row
from pipelines.publishing.packs.paper import ADVERSE, INK, NOTE, RULE, SHADE, SIZE, WIDTH, paragraph, style

STATUS = {
    "red": (HexColor("#F8D7DA"), HexColor("#7A1020")),
    "amber": (HexColor("#FFE8B8"), HexColor("#5F4200")),
    "green": (HexColor("#D9F0DF"), HexColor("#14532D")),
}
_PAD = 2.5
_SIZES = (SIZE, 6.4, 5.6, 4.8, 4.0)
_TEXT_LEAST = 44.0  # points
_CELL = {"text": 320, "long": 900}  # characters: a row must fit on a page
_NUMBERS = {"amount", "share", "index", "count"}


def written(kind: str, value: Any) -> str:
    """A value as a cell shows it."""
    if value is None:
        return "" if kind in ("text", "long") else words.NOTHING
    match kind:
        case "amount" | "count":
            return words.number(value)
        case "share":
            return words.share(value)
        case "index":
            return words.number(value, 2)
        case "date":
            return words.day(value)
        case "month":
            return words.month(value)
    return str(value)


def _told(column: Column, value: Any, *, length: int | None) -> str:
    """A value in the characters of the typeface, as long as its cell may be."""
    text = written(column.kind, value)
    if column.kind in ("text", "long"):
        return fonts.shown(words.with_minus(text), length=length or _CELL[column.kind])
    return fonts.shown(text)


def _cell(column: Column, text: str, *, room: float, size: float, strong: bool) -> Any:
    """A paragraph only where the text must be broken: it costs ten times as much as a line."""
    if column.kind not in ("text", "long") or fonts.width(text, size=size, bold=strong) <= room - 2 * _PAD:
        return text
    return Paragraph(escape(text), _style(size, is_strong=strong))


@cache
def _style(size: float, *, is_strong: bool = False, is_head: bool = False, is_right: bool = False) -> ParagraphStyle:
    face = fonts.BOLD if is_strong or is_head else fonts.REGULAR
    ink = white if is_head else INK
    return style(
        "cell", fontName=face, fontSize=size, leading=size * 1.25, textColor=ink, alignment=2 if is_right else 0
    )


def _needed(columns: Sequence[Column], rows: Sequence[Sequence[str]], *, size: float) -> list[float]:
    """The width of each column without a line broken in its body, nor within a word of its title."""
    needed: list[float] = []
    for place, column in enumerate(columns):
        body = max((fonts.width(row[place], size=size, bold=True) for row in rows), default=0)
        word = max((fonts.width(part, size=size, bold=True) for part in column.title.split()), default=0)
        needed.append(max(body, word) + 2 * _PAD + 0.5)
    return needed


def _fitted(columns: Sequence[Column], rows: Sequence[Sequence[str]], available: float) -> tuple[float, list[float]]:
    """The largest size of letters at which the figures fit, and the widths; figures beyond all measure are squeezed."""
    figures = [place for place, column in enumerate(columns) if column.kind not in ("text", "long")]
    least = _TEXT_LEAST * (len(columns) - len(figures))
    for size in _SIZES:
        needed = _needed(columns, rows, size=size)
        if sum(needed[place] for place in figures) + least <= available:
            return size, _widths(columns, needed, available, size=size)
    scale = available / (sum(needed[place] for place in figures) + least)
    widths = [needed[place] if place in figures else _TEXT_LEAST for place in range(len(columns))]
    return _SIZES[-1], [width * scale for width in widths]


def _widths(columns: Sequence[Column], needed: list[float], available: float, *, size: float) -> list[float]:
    """Figures get what they need, texts share the rest by what they would like."""
    wrapped = [place for place, column in enumerate(columns) if column.kind in ("text", "long")]
    rest = available - sum(width for place, width in enumerate(needed) if place not in wrapped)
    wanted = {place: min(needed[place], _wanted(columns[place], size=size)) for place in wrapped}
    asked = sum(wanted.values())
    long = [place for place in wrapped if columns[place].kind == "long"] or wrapped[:1]
    if asked <= rest or not wrapped:
        spare = (rest - asked) / max(len(long), 1)
        for place in wrapped:
            more = min(spare, max(needed[place] - wanted[place], 0)) if place in long else 0
            needed[place] = wanted[place] + (more if columns[place].kind == "long" else min(more, 60))
    else:
        for place in wrapped:
            needed[place] = wanted[place] * rest / asked
    return _spaced(needed, available)


def _spaced(widths: Sequence[float], available: float) -> list[float]:
    """The room that is left goes to all columns alike; of a table with few of them not so much that rows fall apart."""
    more = max(available - sum(widths), 0) / len(widths)
    return [width + (more if len(widths) > 6 else min(more, 40)) for width in widths]


def _wanted(column: Column, *, size: float) -> float:
    """What a text column would like, in points: its width in characters."""
    return (column.width or (60 if column.kind == "long" else 14)) * size * 0.56


def grid(
    table: Table, rows: Sequence[Row], *, names: Sequence[str], limit: int | None = None, available: float = WIDTH,
    of: str = "rows", right: bool = False, length: int | None = None,
) -> Flowable:  # fmt: skip
    """The named columns of a table on paper, or the sentence that it has none.

    At most `limit` rows; the rest is summed in one row named by `of`, so that the total is that of all.
    `right`: its words are figures. `length`: of a text, where the room is little.
    """
    if not rows:
        return paragraph(table.empty, NOTE)
    columns = [table.column(name) for name in names]
    kept, others = list(rows[:limit]), list(rows[limit:]) if limit is not None else []
    values = [[column.of(row) for column in columns] for row in kept]
    if others:
        values.append(_summed(f"{len(others):,} other {of}, in the Excel pack", columns, others))
    if table.total:
        values.append(_summed(table.total, columns, rows))
    strong = len(values) - 1 if table.total else None
    texts = [[_told(c, v, length=length) for c, v in zip(columns, row, strict=True)] for row in values]
    for number in range(len(kept), len(values)):  # what is not added has no sum, which is not an unknown one
        texts[number] = [
            text if column.adds or column.ratio or place == 0 else ""
            for place, (column, text) in enumerate(zip(columns, texts[number], strict=True))
        ]
    size, widths = _fitted(columns, texts, available)
    head = [
        paragraph(c.title, _style(size, is_head=True, is_right=c.kind in _NUMBERS or (right and c.kind == "status")))
        for c in columns
    ]
    body = [
        [
            _cell(c, text, room=room, size=size, strong=number == strong)
            for c, text, room in zip(columns, row, widths, strict=True)
        ]
        for number, row in enumerate(texts)
    ]
    made = Grid([head, *body], colWidths=widths, repeatRows=1, hAlign="LEFT")
    made.setStyle([*_lines(size), *_marks(columns, values, strong), *_adverse(columns, texts, right=right)])
    if right:
        made.setStyle([("ALIGN", (1, 1), (-1, -1), "RIGHT")])
    return made


def _summed(title: str, columns: Sequence[Column], rows: Sequence[Row]) -> list[Any]:
    return [title if place == 0 else column.in_total(rows) for place, column in enumerate(columns)]


def _lines(size: float) -> list[tuple[Any, ...]]:
    return [
        ("FONT", (0, 0), (-1, -1), fonts.REGULAR, size),
        ("LEADING", (0, 0), (-1, -1), size * 1.25),
        ("TEXTCOLOR", (0, 1), (-1, -1), INK),
        ("BACKGROUND", (0, 0), (-1, 0), INK),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("VALIGN", (0, 1), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, RULE),
        ("LEFTPADDING", (0, 0), (-1, -1), _PAD),
        ("RIGHTPADDING", (0, 0), (-1, -1), _PAD),
        ("TOPPADDING", (0, 0), (-1, -1), 1.6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
    ]


def _marks(columns: Sequence[Column], values: Sequence[Sequence[Any]], strong: int | None) -> list[tuple[Any, ...]]:
    marks: list[tuple[Any, ...]] = []
    for place, column in enumerate(columns):
        if column.kind in _NUMBERS:
            marks.append(("ALIGN", (place, 1), (place, -1), "RIGHT"))
        for number, row in enumerate(values, start=1):
            value = row[place]
            if column.kind == "status" and value in STATUS:
                fill, ink = STATUS[value]
                marks += [("BACKGROUND", (place, number), (place, number), fill),
                          ("TEXTCOLOR", (place, number), (place, number), ink)]  # fmt: skip
                if value == "red":
                    marks.append(("FONTNAME", (place, number), (place, number), fonts.BOLD))
    if strong is not None:
        marks += [("FONTNAME", (0, strong + 1), (-1, strong + 1), fonts.BOLD),
                  ("BACKGROUND", (0, strong + 1), (-1, strong + 1), SHADE),
                  ("LINEABOVE", (0, strong + 1), (-1, strong + 1), 0.8, INK)]  # fmt: skip
    return marks


def _adverse(columns: Sequence[Column], texts: Sequence[Sequence[str]], *, right: bool) -> list[tuple[Any, ...]]:
    """What is written with a minus has the ink of it, too."""
    return [
        ("TEXTCOLOR", (place, number), (place, number), ADVERSE)
        for number, row in enumerate(texts, start=1)
        for place, text in enumerate(row)
        if text.startswith(words.MINUS) and (right or columns[place].kind in _NUMBERS)
    ]
