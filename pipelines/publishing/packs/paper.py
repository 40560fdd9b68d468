"""The paper of the PDF packs: A4 landscape, header and footer of every page, styles, headings. No table, no figure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
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
from pipelines.publishing.packs.data import Pack

PAGE = landscape(A4)
MARGIN = 12 * mm
WIDTH = PAGE[0] - 2 * MARGIN
_TOP, _BOTTOM = 20 * mm, 15 * mm

INK, GREY, RULE, SHADE = HexColor("#1F2A37"), HexColor("#5B6673"), HexColor("#C5CCD6"), HexColor("#EEF1F5")
ADVERSE = HexColor("#A3122A")
SIZE = 7.2
_SHORT = 14  # rows


def style(name: str, **properties: Any) -> ParagraphStyle:
    base = {"fontName": fonts.REGULAR, "fontSize": SIZE, "leading": SIZE * 1.25, "textColor": INK, "splitLongWords": 1}
    return ParagraphStyle(name, **{**base, **properties})


BODY = style("body", fontSize=8.5, leading=11.5)
NOTE = style("note", textColor=GREY, leading=9)
CELL = style("cell")
HEADING = style("heading", fontName=fonts.BOLD, fontSize=12, leading=15, spaceBefore=6, spaceAfter=3)
MINOR = style("minor", fontName=fonts.BOLD, fontSize=9.5, leading=12, spaceBefore=5, spaceAfter=2, keepWithNext=1)


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
