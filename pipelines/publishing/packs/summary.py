"""The month in figures: each measure beside plan, the month before, the year before and the fiscal year so far.

Differences are signed so that a negative one is adverse: more cost than planned is negative. No layout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pipelines.publishing.packs import words
from pipelines.publishing.packs.data import Pack, Row, ratio

NOTE = "Differences are signed so that a negative one is adverse: more cost than before or than planned is negative."

_PLANNED = ("revenue", "cost", "margin")
_ADVERSE = {"cost", "quality"}
_MEASURES = (
    ("revenue", "Revenue"),
    ("cost", "Cost of sales"),
    ("margin", "Gross margin"),
    ("margin_pct", "Gross margin %"),
    ("backlog", "Order backlog, end of period"),
    ("collected", "Cash collected, with tax"),
    ("billed", "Billed, net"),
    ("quality", "Cost of poor quality, of cost"),
)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One figure: an amount in the reporting currency, a share, or a difference of shares (points)."""

    kind: Literal["amount", "share", "points"]
    value: Any
    is_difference: bool = False

    def text(self) -> str:
        if self.kind == "share":
            return words.share(self.value)
        if self.kind == "points":
            return words.points(self.value)
        return words.signed(self.value) if self.is_difference else words.number(self.value)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One measure, a cell for each of the headings of `headings`."""

    id: str
    title: str
    cells: tuple[Cell, ...]


def headings(pack: Pack) -> tuple[str, ...]:
    """What stands above the cells; the month must be there."""
    reported = pack.reported
    assert reported is not None
    year = f"FY {reported['fiscal_year']} to date"
    return (
        words.month(reported["month"]),
        "Plan",
        "Against plan",
        words.month(reported["previous_month"]),
        "Change",
        words.month(reported["last_year_month"]),
        "Change",
        year,
        "Plan",
        "Against plan",
        f"Same months, FY {reported['fiscal_year'] - 1}",
        "Change",
    )


def _value(row: Row | None, measure: str, *, prefix: str = "") -> Any:
    if row is None:
        return None
    if measure == "margin_pct":
        return ratio(row[f"{prefix}margin"], row[f"{prefix}revenue"])
    return row[f"{prefix}{measure}"]


def _less(measure: str, this: Any, that: Any) -> Cell:
    kind: Literal["amount", "points"] = "points" if measure == "margin_pct" else "amount"
    if this is None or that is None:
        return Cell(kind=kind, value=None, is_difference=True)
    difference = that - this if measure in _ADVERSE else this - that
    return Cell(kind=kind, value=difference, is_difference=True)


def _cells(measure: str, actual: dict[str, Row], plan: dict[str, Row]) -> tuple[Cell, ...]:
    kind: Literal["amount", "share"] = "share" if measure == "margin_pct" else "amount"
    cells: list[Cell] = []
    for period, others in (("month", ("previous", "last_year")), ("year", ("year_before",))):
        this = _value(actual.get(period), measure)
        planned = done = None
        if measure in _PLANNED or measure == "margin_pct":
            planned = _value(plan.get(period), measure)
            # the projects with a plan only: what nobody planned is no deviation from a plan
            done = _value(plan.get(period), measure, prefix="done_")
        cells += [Cell(kind=kind, value=this), Cell(kind=kind, value=planned), _less(measure, done, planned)]
        for other in others:
            that = _value(actual.get(other), measure)
            cells += [Cell(kind=kind, value=that), _less(measure, this, that)]
    return tuple(cells)


def lines(pack: Pack) -> tuple[Line, ...]:
    """The measures of the pack; none where no month is complete and has figures."""
    if pack.reported is None:
        return ()
    actual = {row["period"]: row for row in pack.rows("summary")}
    plan = {row["period"]: row for row in pack.rows("plan")}
    return tuple(Line(id=name, title=title, cells=_cells(name, actual, plan)) for name, title in _MEASURES)


def plan_note(pack: Pack) -> str:
    """Which plan, and how many projects have one."""
    plan = {row["period"]: row for row in pack.rows("plan")}
    if not plan or not plan["month"]["projects"]:
        return "No project has a plan with revenue and cost in force: there is nothing to compare with."
    count, without = plan["month"]["projects"], plan["year"]["unplanned_projects"]
    text = (
        f"Plan: the baseline in force at the end of the month, else the plan as sold, of {count} of {pack.projects} "
        f"{'project' if pack.projects == 1 else 'projects'}"
    )
    if without:
        text += (
            f"; {without} with figures {'has' if without == 1 else 'have'} none and stand in no comparison with plan"
        )
    return text + "."
