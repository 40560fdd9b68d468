"""The paper of the PDF packs: A4 landscape, header and footer of every page, styles, tables. No figure, no query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
)
from reportlab.platypus import Table as Grid

from pipelines.publishing.packs import fonts, words
from pipelines.publishing.packs.columns import Column, Table
from pipelines.publishing.packs.data import Pack, Row

PAGE = landscape(A4)
MARGIN = 12 * mm
WIDTH = PAGE[0] - 2 * MARGIN
_TOP, _BOTTOM = 20 * mm, 15 * mm

INK, GREY, RULE, SHADE = HexColor("#1F2A37"), HexColor("#5B6673"), HexColor("#C5CCD6"), HexColor("#EEF1F5")
ADVERSE = HexColor("#A3122A")
STATUS = {
    "red": (HexColor("#F8D7DA"), HexColor("#7A1020")),
    "amber": (HexColor("#FFE8B8"), HexColor("#5F4200")),
    "green": (HexColor("#D9F0DF"), HexColor("#14532D")),
}
SIZE = 7.2
_PAD = 2.5
_SHORT = 14  # rows
_CELL = {"text": 320, "long": 900}  # characters: a row must fit on a page
_NUMBERS = {"amount", "share", "index", "count"}


def _style(name: str, **properties: Any) -> ParagraphStyle:
    base = {"fontName": fonts.REGULAR, "fontSize": SIZE, "leading": SIZE * 1.25, "textColor": INK, "splitLongWords": 1}
    return ParagraphStyle(name, **{**base, **properties})


BODY = _style("body", fontSize=8.5, leading=11.5)
NOTE = _style("note", textColor=GREY, leading=9)
CELL = _style("cell")
STRONG = _style("strong", fontName=fonts.BOLD)
HEAD = _style("head", fontName=fonts.BOLD, textColor=white)
HEAD_NUMBER = _style("head number", fontName=fonts.BOLD, textColor=white, alignment=2)
HEADING = _style("heading", fontName=fonts.BOLD, fontSize=12, leading=15, spaceBefore=6, spaceAfter=3)
MINOR = _style("minor", fontName=fonts.BOLD, fontSize=9.5, leading=12, spaceBefore=5, spaceAfter=2, keepWithNext=1)


def paragraph(text: object, style: ParagraphStyle = BODY, *, length: int | None = None) -> Paragraph:
    """A text as a paragraph; markup in it stays text."""
    return Paragraph(escape(fonts.shown(text, length=length)), style)


class _Numbered(Canvas):
    """A canvas with one date, that of the data, and with the number of pages on every page."""

    def __init__(self, *args: Any, as_of: datetime, **rest: Any) -> None:
        super().__init__(*args, **{**rest, "invariant": 1})
        stamp = self._doc._timeStamp
        stamp.t, stamp.lt = as_of.timestamp(), as_of.timetuple()
        stamp.YMDhms = tuple(as_of.timetuple())[:6]

    def save(self) -> None:
        pages = str(self.getPageNumber() - 1)
        self.beginForm("pages", 0, 0, 30, 10)
        self.setFont(fonts.REGULAR, 7)
        self.setFillColor(GREY)
        self.drawString(0, 2, pages)
        self.endForm()
        super().save()


class Document(BaseDocTemplate):
    """A pack on paper: `build` writes it."""

    def __init__(self, path: Path, *, pack: Pack) -> None:
        fonts.register()
        self._pack = pack
        self._headings = 0
        month = f", {words.month(pack.month)}" if pack.month else ""
        self._name = fonts.shown(f"{pack.title}{month}", length=120)
        self._stamp = (
            f"As of {words.time(pack.about.as_of)} · amounts in {pack.about.base_currency} unless said otherwise"
        )
        super().__init__(
            str(path), pagesize=PAGE, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=_TOP, bottomMargin=_BOTTOM,
            title=words.one_line(f"{pack.title}{month}"), author="Outturn", subject=self._stamp, creator="Outturn",
            lang="en-GB", displayDocTitle=True,
        )  # fmt: skip
        frame = Frame(MARGIN, _BOTTOM, WIDTH, PAGE[1] - _TOP - _BOTTOM, 0, 0, 0, 0, id="body")
        self.addPageTemplates(PageTemplate(id="page", frames=[frame], onPage=self._decorate))

    def write(self, story: Sequence[Flowable]) -> None:
        def canvas(*args: Any, **rest: Any) -> Canvas:
            return _Numbered(*args, **rest, as_of=self._pack.about.as_of)

        self.build(list(story), canvasmaker=canvas)

    def _decorate(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        canvas.saveState()
        canvas.setFillColor(INK)
        canvas.setFont(fonts.BOLD, 10)
        canvas.drawString(MARGIN, PAGE[1] - 12 * mm, self._name)
        canvas.setFont(fonts.REGULAR, 7)
        canvas.setFillColor(GREY)
        canvas.drawRightString(PAGE[0] - MARGIN, PAGE[1] - 12 * mm, "Outturn · project delivery, margin and forecast")
        canvas.setStrokeColor(RULE)
        canvas.line(MARGIN, PAGE[1] - 14.5 * mm, PAGE[0] - MARGIN, PAGE[1] - 14.5 * mm)
        canvas.line(MARGIN, 12 * mm, PAGE[0] - MARGIN, 12 * mm)
        canvas.drawString(MARGIN, 8 * mm, self._stamp)
        canvas.drawCentredString(PAGE[0] / 2 + 20 * mm, 8 * mm, f"Publication {self._pack.about.refresh_id}")
        page = f"Page {canvas.getPageNumber()} of"
        canvas.drawRightString(PAGE[0] - MARGIN - 7 * mm, 8 * mm, page)
        canvas.translate(PAGE[0] - MARGIN - 6 * mm, 8 * mm - 2)
        canvas.doForm("pages")
        canvas.restoreState()

    def afterFlowable(self, flowable: Flowable) -> None:
        """Every heading is a bookmark."""
        if isinstance(flowable, Paragraph) and flowable.style is HEADING:
            text = flowable.getPlainText()
            self._headings += 1
            key = f"heading-{self._headings}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(text, key, level=0)


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


def _cell(column: Column, text: str, *, room: float, strong: bool) -> Any:
    """A paragraph only where the text must be broken: it costs ten times as much as a line."""
    if column.kind not in ("text", "long") or fonts.width(text, size=SIZE, bold=strong) <= room - 2 * _PAD:
        return text
    return Paragraph(escape(text), STRONG if strong else CELL)


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], available: float) -> list[float]:
    """Figures get what they need, texts share the rest by what they would like."""
    needed: list[float] = []
    for place, column in enumerate(columns):
        texts = [row[place] for row in rows]
        body = max((fonts.width(text, size=SIZE, bold=True) for text in texts), default=0)
        word = max((fonts.width(part, size=SIZE, bold=True) for part in column.title.split()), default=0)
        needed.append(max(body, word) + 2 * _PAD + 0.5)
    wrapped = [place for place, column in enumerate(columns) if column.kind in ("text", "long")]
    rest = available - sum(size for place, size in enumerate(needed) if place not in wrapped)
    wanted = {place: min(needed[place], (column_width(columns[place]))) for place in wrapped}
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


def column_width(column: Column) -> float:
    """What a text column would like, in points: its width in characters."""
    return (column.width or (60 if column.kind == "long" else 14)) * SIZE * 0.56


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
    head = [
        paragraph(c.title, HEAD_NUMBER if c.kind in _NUMBERS or (right and c.kind == "status") else HEAD)
        for c in columns
    ]
    widths = _widths(columns, texts, available)
    body = [
        [_cell(c, text, room=room, strong=number == strong) for c, text, room in zip(columns, row, widths, strict=True)]
        for number, row in enumerate(texts)
    ]
    made = Grid([head, *body], colWidths=widths, repeatRows=1, hAlign="LEFT")
    made.setStyle([*_lines(), *_marks(columns, values, strong), *_adverse(columns, texts, right=right)])
    if right:
        made.setStyle([("ALIGN", (1, 1), (-1, -1), "RIGHT")])
    return made


def _summed(title: str, columns: Sequence[Column], rows: Sequence[Row]) -> list[Any]:
    return [title if place == 0 else column.in_total(rows) for place, column in enumerate(columns)]


def _lines() -> list[tuple[Any, ...]]:
    return [
        ("FONT", (0, 0), (-1, -1), fonts.REGULAR, SIZE),
        ("LEADING", (0, 0), (-1, -1), SIZE * 1.25),
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


def section(title: str, *content: Flowable, note: str | None = None) -> list[Flowable]:
    """A heading with what it heads: never the last thing on a page; a short table stays in one piece."""
    head = [paragraph(title, HEADING), *([paragraph(note, NOTE), space(1 * mm)] if note else [])]
    first, rest = content[0], list(content[1:])
    if not isinstance(first, Grid) or len(first._cellvalues) <= _SHORT:
        return [KeepTogether([*head, first]), *rest]
    return [CondPageBreak(60 * mm), *head, first, *rest]


def beside(left: Sequence[Flowable], right: Sequence[Flowable], *, share: float = 0.5, gap: float = 6 * mm) -> Grid:
    """Two columns of flowables, the left one `share` of the width."""
    first = (WIDTH - gap) * share
    made = Grid([[list(left), "", list(right)]], colWidths=[first, gap, WIDTH - gap - first], hAlign="LEFT")
    made.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0),
                   ("RIGHTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 0),
                   ("BOTTOMPADDING", (0, 0), (-1, -1), 0)])  # fmt: skip
    return made


def space(height: float = 2 * mm) -> Spacer:
    return Spacer(1, height)
