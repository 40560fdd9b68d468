"""The charts of the PDF packs, as vectors: every mark has its value or name beside it, nothing lies in colour alone.

Rows in, drawings out; amounts are in the currency that the caller names, drawn in thousands. No query.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from reportlab.graphics.shapes import Drawing, Line, Polygon, PolyLine, Rect, String
from reportlab.lib.colors import Color, HexColor

from pipelines.publishing.packs import fonts, words
from pipelines.publishing.packs.data import Row
from pipelines.publishing.packs.paper import ADVERSE, GREY, INK, RULE

_SIZE = 6.5
_PALE, _BLUE, _ORANGE = HexColor("#B9C8DE"), HexColor("#24527A"), HexColor("#B85C00")


def _thousands(value: Any) -> str:
    return words.number(value / 1000)


def _text(x: float, y: float, text: str, *, anchor: str = "start", bold: bool = False, ink: Color = GREY) -> String:
    return String(
        x, y, fonts.shown(text), fontName=fonts.BOLD if bold else fonts.REGULAR, fontSize=_SIZE, fillColor=ink,
        textAnchor=anchor,
    )  # fmt: skip


def _ticks(low: float, high: float, *, about: int = 5) -> list[float]:
    """Round values that hold `low` and `high` between them, zero among them where it lies between."""
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(span / about))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if span / (power * factor) <= about)
    first, last = math.floor(low / step), max(math.ceil(high / step), math.floor(low / step) + 1)
    return [step * number for number in range(first, last + 1)]


class _Plot:
    """A drawing with a vertical axis in thousands; `y` places a value."""

    def __init__(self, width: float, height: float, *, values: Sequence[float], unit: str, right: float = 4) -> None:
        self.drawing = Drawing(width, height)
        ticks = _ticks(min(0.0, *values), max(0.0, *values))
        labels = [_thousands(tick) for tick in ticks]
        self.left = max(fonts.width(label, size=_SIZE) for label in labels) + 6
        self.right, self.bottom, self.top = width - right, 16.0, height - 14.0
        self._low, self._high = ticks[0], ticks[-1]
        for tick, label in zip(ticks, labels, strict=True):
            y = self.y(tick)
            self.drawing.add(Line(self.left, y, self.right, y, strokeColor=INK if tick == 0 else RULE, strokeWidth=0.4))
            self.drawing.add(_text(self.left - 3, y - 2, label, anchor="end"))
        self.drawing.add(_text(0, height - 7, f"k {unit}"))

    def y(self, value: float) -> float:
        return self.bottom + (value - self._low) / ((self._high - self._low) or 1) * (self.top - self.bottom)

    def bar(self, x: float, width: float, start: float, end: float, **style: Any) -> None:
        low, high = sorted((self.y(start), self.y(end)))
        self.drawing.add(Rect(x, low, width, max(high - low, 0.4), **style))

    def legend(self, entries: Sequence[tuple[str, Callable[[float, float], list[Any]]]], *, at: float) -> None:
        x, y = at, self.drawing.height - 8
        for name, mark in entries:
            for shape in mark(x, y):
                self.drawing.add(shape)
            self.drawing.add(_text(x + 14, y, name, ink=INK))
            x += 22 + fonts.width(name, size=_SIZE)


def _box(**style: Any) -> Callable[[float, float], list[Any]]:
    return lambda x, y: [Rect(x, y - 1, 10, 6, **style)]


def _stroke(**style: Any) -> Callable[[float, float], list[Any]]:
    return lambda x, y: [Line(x, y + 2, x + 11, y + 2, **style)]


_SOLD = {"fillColor": _PALE, "strokeColor": None}
_EARNED = {"fillColor": _BLUE, "strokeColor": None}
_LOST = {"fillColor": HexColor("#FFFFFF"), "strokeColor": ADVERSE, "strokeWidth": 1}


def margin_by_month(rows: Sequence[Row], *, width: float, height: float, unit: str) -> Drawing:
    """Revenue (pale) with gross margin (dark; below zero hollow) in front, month by month, margin % above."""
    values = [float(row[name] or 0) for row in rows for name in ("revenue", "margin")]
    plot = _Plot(width, height, values=values or [1.0], unit=unit)
    step = (plot.right - plot.left) / max(len(rows), 1)
    every = max(1, math.ceil(22 / step))  # a label needs 22 points
    for place, row in enumerate(rows):
        x = plot.left + place * step
        revenue, margin = float(row["revenue"] or 0), float(row["margin"] or 0)
        plot.bar(x + step * 0.1, step * 0.8, 0, revenue, **_SOLD)
        plot.bar(x + step * 0.26, step * 0.48, 0, margin, **(_EARNED if margin >= 0 else _LOST))
        if (len(rows) - 1 - place) % every == 0:
            plot.drawing.add(_text(x + step / 2, 7, f"{words.month(row['month'])[:3]}", anchor="middle"))
            if row["month"].month == 1 or place < every or every > 1:
                plot.drawing.add(_text(x + step / 2, 0, str(row["month"].year), anchor="middle"))
            if revenue > 0:
                pct = words.number(margin / revenue * 100) + "%"
                plot.drawing.add(_text(x + step / 2, plot.y(max(revenue, 0)) + 1.5, pct, anchor="middle", ink=INK))
    plot.legend([("Revenue", _box(**_SOLD)), ("Gross margin", _box(**_EARNED)),
                 ("Gross margin below zero", _box(**_LOST)), ("Above each bar: margin % of revenue", lambda x, y: [])],
                at=plot.left + 22)  # fmt: skip
    return plot.drawing


def waterfall(
    start: tuple[str, Any], steps: Sequence[tuple[str, Any]], end: tuple[str, Any], *, width: float, height: float,
    unit: str,
) -> Drawing:  # fmt: skip
    """From one sum to another: each step hangs where the one before ended; its signed value stands beside it."""
    levels = [float(start[1])]
    for _, effect in steps:
        levels.append(levels[-1] + float(effect))
    plot = _Plot(width, height, values=[*levels, float(end[1])], unit=unit)
    bars = [(start[0], 0.0, float(start[1]), False)]
    bars += [(name, levels[n], levels[n + 1], True) for n, (name, _) in enumerate(steps)]
    bars.append((end[0], 0.0, float(end[1]), False))
    step = (plot.right - plot.left) / len(bars)
    for place, (name, low, high, is_step) in enumerate(bars):
        x = plot.left + place * step
        style = _LOST if high < low else {"fillColor": _PALE if is_step else _BLUE, "strokeColor": None}
        plot.bar(x + step * 0.15, step * 0.7, low, high, **style)
        if place < len(bars) - 1:
            y = plot.y(high)
            plot.drawing.add(Line(x + step * 0.85, y, x + step * 1.15, y, strokeColor=GREY, strokeWidth=0.4))
        value = words.signed((high - low) / 1000) if is_step else _thousands(high)
        plot.drawing.add(
            _text(x + step / 2, max(plot.y(low), plot.y(high)) + 2, value, anchor="middle", bold=True, ink=INK)
        )
        for line, part in enumerate(_wrapped(name, step)):
            plot.drawing.add(_text(x + step / 2, 7 - 7 * line, part, anchor="middle"))
    return plot.drawing


def _wrapped(name: str, width: float) -> list[str]:
    """A name on at most two lines."""
    if fonts.width(name, size=_SIZE) <= width or " " not in name:
        return [name]
    first, _, rest = name.partition(" ")
    return [first, rest]


def _spread(places: Sequence[float], *, gap: float) -> list[float]:
    """Heights near the wanted ones, none nearer to another than `gap`."""
    order = sorted(range(len(places)), key=lambda n: places[n])
    found = list(places)
    for before, after in pairwise(order):
        found[after] = max(found[after], found[before] + gap)
    return found


def s_curve(
    rows: Sequence[Row], *, estimate: tuple[Any, Any, Any] | None, width: float, height: float, unit: str
) -> Drawing:  # fmt: skip
    """Planned value, earned value and actual cost by month, the budget, and the range of the cost at completion.

    `estimate`: P10, recommended and P90, in the currency of the rows; None where there is none in it.
    """
    ends = [float(value) for value in estimate or ()]
    bac = float(rows[-1]["bac"])
    values = [float(row[name]) for row in rows for name in ("pv", "ev", "ac")]
    plot = _Plot(width, height, values=[*values, bac, *ends], unit=unit, right=118)
    step = (plot.right - plot.left) / max(len(rows) - 1, 1)
    styles: dict[str, tuple[str, dict[str, Any]]] = {
        "pv": ("Planned value", {"strokeColor": GREY, "strokeWidth": 1, "strokeDashArray": [3, 2]}),
        "ev": ("Earned value", {"strokeColor": _BLUE, "strokeWidth": 1.8}),
        "ac": ("Actual cost", {"strokeColor": _ORANGE, "strokeWidth": 1.2, "strokeDashArray": [1, 1.6]}),
    }
    labels: list[tuple[float, str]] = []
    for name, (title, style) in styles.items():
        points = [(plot.left + n * step, plot.y(float(row[name]))) for n, row in enumerate(rows)]
        plot.drawing.add(PolyLine([part for point in points for part in point], **style))
        labels.append((points[-1][1], f"{title} {_thousands(rows[-1][name])}"))
    y = plot.y(bac)
    plot.drawing.add(Line(plot.left, y, plot.right, y, strokeColor=INK, strokeWidth=0.6, strokeDashArray=[6, 2]))
    labels.append((y, f"Budget (BAC) {_thousands(bac)}"))
    if estimate is not None:
        low, middle, high = (plot.y(value) for value in ends)
        x = plot.right + 4
        plot.drawing.add(Line(x, low, x, high, strokeColor=_ORANGE, strokeWidth=2))
        for end in (low, high):
            plot.drawing.add(Line(x - 2.5, end, x + 2.5, end, strokeColor=_ORANGE, strokeWidth=1))
        plot.drawing.add(
            Polygon([x - 3, middle, x, middle + 3, x + 3, middle, x, middle - 3], fillColor=_ORANGE, strokeColor=None)
        )
        labels += [(low, f"EAC P10 {_thousands(estimate[0])}"), (middle, f"EAC recommended {_thousands(estimate[1])}"),
                   (high, f"EAC P90 {_thousands(estimate[2])}")]  # fmt: skip
    for (wanted, text), y in zip(labels, _spread([place for place, _ in labels], gap=7.5), strict=True):
        plot.drawing.add(Line(plot.right + 8, wanted, plot.right + 13, y, strokeColor=RULE, strokeWidth=0.4))
        plot.drawing.add(_text(plot.right + 14, y - 2, text, ink=INK))
    _months(plot, [row["month"] for row in rows], step)
    plot.legend([(title, _stroke(**style)) for title, style in styles.values()], at=plot.left + 22)
    return plot.drawing


def _months(plot: _Plot, months: Sequence[date], step: float) -> None:
    every = max(1, math.ceil(26 / step)) if step else 1
    for place, month in enumerate(months):
        if (len(months) - 1 - place) % every == 0:
            x = plot.left + place * step
            plot.drawing.add(_text(x, 7, words.month(month)[:3], anchor="middle"))
            plot.drawing.add(_text(x, 0, str(month.year), anchor="middle"))


def estimate_range(row: Row, *, width: float) -> Drawing:
    """A project's cost at completion: a bar from P10 to P90, P50, P80 and BAC as ticks, a diamond for the EAC."""
    drawing = Drawing(width, 30)
    marks = {
        name: row[name]
        for name in ("p10", "p50", "p80", "p90", "recommended_eac", "bac", "ac")
        if row[name] is not None
    }
    if not {"p10", "p90"} <= set(marks):
        return drawing
    low, high = float(min(marks.values())), float(max(marks.values()))
    span = (high - low) or 1.0

    def x(value: Any) -> float:
        return 24 + (float(value) - low) / span * (width - 48)

    drawing.add(Line(24, 14, width - 24, 14, strokeColor=RULE, strokeWidth=0.6))
    drawing.add(
        Rect(x(marks["p10"]), 11, max(x(marks["p90"]) - x(marks["p10"]), 1), 6, fillColor=_PALE, strokeColor=None)
    )
    places: list[tuple[float, str, int]] = []
    for name, title, above in (("p10", "P10", 0), ("p50", "P50", 0), ("p80", "P80", 0), ("p90", "P90", 0),
                               ("ac", "spent", 1), ("bac", "budget", 1), ("recommended_eac", "EAC", 1)):  # fmt: skip
        if name not in marks:
            continue
        here = x(marks[name])
        places.append((here, title, above))
        if name == "recommended_eac":
            drawing.add(Polygon([here - 3, 14, here, 17, here + 3, 14, here, 11], fillColor=_ORANGE, strokeColor=None))
        else:
            drawing.add(Line(here, 10, here, 18, strokeColor=INK, strokeWidth=1.2 if name == "bac" else 0.6))
    for above, y in ((0, 3), (1, 21)):
        last = -100.0
        for here, title, side in sorted(places):
            if side == above and here - last >= fonts.width(title, size=_SIZE) + 3:
                drawing.add(_text(here, y, title, anchor="middle", ink=INK))
                last = here
    return drawing
