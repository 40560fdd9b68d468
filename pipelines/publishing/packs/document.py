"""The PDF pack: the month on one page, then margin, forecast, balances, scorecard, risks and exceptions; of a programme
each project, too. What is longer than a reader wants is summed in a last row and whole in the Excel pack. No query.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, PageBreak

from pipelines.publishing.packs import charts, columns, fonts, summary, words
from pipelines.publishing.packs.blocks import project_block
from pipelines.publishing.packs.columns import Column, Table
from pipelines.publishing.packs.data import Pack, Row, total
from pipelines.publishing.packs.grids import grid
from pipelines.publishing.packs.paper import (
    BODY,
    HEADING,
    MINOR,
    NOTE,
    WIDTH,
    Document,
    beside,
    paragraph,
    section,
    space,
)

_MONTHS_CHARTED = 24
_BRIEF = 90  # characters of a text on the first page
_PROJECTS, _LISTED, _MOVED = 60, 20, 5
_BLOCKS = 60  # half-page blocks of a programme
_NOTHING_YET = "No month is complete and has figures yet: there is nothing to report."

_MEASURES = Table(
    id="measures",
    title="The month in figures",
    columns=(
        Column(id="title", title="", width=30),
        *(Column(id=str(n), title="", kind="status") for n in range(12)),
    ),
    empty=_NOTHING_YET,
)
_MOVERS = Table(
    id="movers",
    title="What moved the margin",
    columns=(
        Column(id="project_name", title="Project", width=34),
        Column(id="moved", title="Margin moved by", kind="amount"),
        Column(id="revenue_moved", title="by revenue", kind="amount"),
        Column(id="cost_moved", title="by cost", kind="amount"),
        Column(id="month_margin", title="Margin, month", kind="amount"),
    ),
    empty="No project's margin moved.",
)
_REDS = Table(
    id="reds",
    title="Red, and why",
    columns=(
        Column(id="project_name", title="Project", width=34),
        Column(id="dimension", title="Dimension", width=12),
        Column(id="why", title="Why", kind="long", width=120),
    ),
    empty="No project is red in any dimension.",
)
_ATTENTION = Table(
    id="attention",
    title="What needs attention",
    columns=(
        Column(id="what", title="What", width=30),
        Column(id="cases", title="Cases", kind="count"),
        Column(id="at_stake", title="At stake", kind="amount"),
        Column(id="unit", title="In", width=6),
        Column(id="meaning", title="What it means", kind="long", width=50),
    ),
    empty="Nothing: no exception is open.",
)
_WORDS = Table(
    id="words",
    title="What the figures mean",
    columns=(
        Column(id="title", title="Figure", width=28),
        Column(id="meaning", title="Meaning", kind="long", width=70),
    ),
    empty="The publication describes no column.",
)


def _figures(pack: Pack) -> Flowable:
    """The summary as a table: headings differ from pack to pack, so they are columns made here."""
    lines = summary.lines(pack)
    made = Table(
        id=_MEASURES.id,
        title=_MEASURES.title,
        empty=_MEASURES.empty,
        columns=(
            Column(id="title", title=f"In {pack.about.base_currency}", width=30),
            *(Column(id=str(n), title=name, kind="status") for n, name in enumerate(summary.headings(pack))),
        ),
    )
    rows = [{"title": line.title, **{str(n): cell.text() for n, cell in enumerate(line.cells)}} for line in lines]
    return grid(made, rows, names=[column.id for column in made.columns], right=True)


def _attention(pack: Pack, *, available: float) -> Flowable:
    rows: Sequence[Row] = pack.attention
    if not pack.is_portfolio:
        rows = [
            {
                "what": row["rule"].capitalize(),
                "cases": row["cases"],
                "at_stake": row["amount_at_stake"],
                "unit": row["unit"],
                "meaning": "an amount is missing in the figures"
                if row["severity"] == "error"
                else "a figure rests on an assumption",
            }
            for row in pack.rows("stakes")
        ]
    names = ["what", "cases", "at_stake", "unit", "meaning"]
    return grid(_ATTENTION, rows, names=names, limit=12, available=available, of="findings", length=_BRIEF)


def _movers(pack: Pack, *, available: float) -> Flowable:
    moved = sorted((row for row in pack.rows("project_rows") if row["moved"]), key=lambda row: -abs(row["moved"]))
    names = ["project_name", "moved", "revenue_moved", "cost_moved", "month_margin"]
    return grid(_MOVERS, moved[:_MOVED], names=names, available=available, length=_BRIEF)


def _first_page(pack: Pack) -> list[Flowable]:
    assert pack.month is not None
    half = (WIDTH - 6 * mm) / 2
    months = [row for row in pack.rows("months") if row["month"] <= pack.month][-_MONTHS_CHARTED:]
    chart = charts.margin_by_month(months, width=half, height=235, unit=pack.about.base_currency)
    programme = f", programme manager {words.shortened(pack.manager, _BRIEF)}" if pack.manager else ""
    scope = f"{pack.projects} {'project' if pack.projects == 1 else 'projects'}{programme}."
    previous = words.month(pack.reported["previous_month"]) if pack.reported else ""
    return [
        *section(
            f"{words.month(pack.month)} in figures",
            _figures(pack),
            note=f"{scope} {summary.plan_note(pack)} {summary.NOTE}",
        ),
        space(3 * mm),
        beside(
            [paragraph("Revenue and gross margin by month", MINOR), chart],
            [
                paragraph(f"What moved the margin most against {previous}", MINOR),
                _movers(pack, available=half),
                paragraph("What needs attention", MINOR),
                _attention(pack, available=half),
            ],
        ),
    ]


def _reds(pack: Pack) -> list[Flowable]:
    rows = [
        {
            "project_name": row["project_name"],
            "dimension": name.capitalize(),
            "why": words.told(row[f"{name}_reason"], status="red"),
        }
        for row in pack.rows("scorecard")
        for name in columns.DIMENSIONS
        if row[name] == "red"
    ]
    shown = section("Red, and why", grid(_REDS, rows[: 2 * _LISTED], names=["project_name", "dimension", "why"]))
    if len(rows) > 2 * _LISTED:
        text = f"{len(rows) - 2 * _LISTED:,} more stand in the Excel pack, on the sheet Scorecard."
        shown.append(paragraph(text, NOTE))
    return shown


def _projects(pack: Pack) -> list[Flowable]:
    names = ["project_name", "project_id", "overall_status", "month_revenue", "month_margin", "month_margin_share",
             "year_revenue", "year_margin", "year_margin_share", "margin_to_date", "margin_to_date_share",
             "forecast_margin", "forecast_margin_share", "backlog"]  # fmt: skip
    table = grid(columns.PROJECTS, pack.rows("project_rows"), names=names, limit=_PROJECTS, of="projects")
    shown = section("Projects", table)
    if pack.is_portfolio:
        groups = ["programme_name", "projects", "red_projects", "month_revenue", "month_margin", "month_margin_share",
                  "year_revenue", "year_margin", "year_margin_share", "revenue_to_date", "margin_to_date",
                  "margin_to_date_share", "backlog"]  # fmt: skip
        made = grid(columns.PROGRAMMES, pack.rows("groups"), names=groups, limit=_PROJECTS, of="programmes")
        shown = [*section("Programmes", made), space(), *shown]
    return shown


def walked(pack: Pack) -> tuple[Any, list[tuple[str, Any]], Any, int]:
    """The walk from as sold to forecast, summed over the projects that have both: start, steps but zeros, end."""
    rows = [row for row in pack.rows("walks") if row["is_added_up"]]
    steps = [(column.title, total(rows, column.id)) for column in columns.STEPS]
    start, end = total(rows, "from_margin"), total(rows, "to_margin")
    return start, [(name, effect) for name, effect in steps if effect], end, len(rows)


def _walk(pack: Pack) -> list[Flowable]:
    start, steps, end, count = walked(pack)
    if start is None or end is None:
        return section("Margin walk", paragraph(columns.WALKS.empty, NOTE))
    unit = pack.about.base_currency
    chart = charts.waterfall(("As sold", start), steps, ("Forecast", end), width=WIDTH, height=175, unit=unit)
    rows = sorted(
        (row for row in pack.rows("walks") if row["is_added_up"]), key=lambda row: row["to_margin"] - row["from_margin"]
    )
    used = [column.id for column in columns.STEPS if any(row[column.id] for row in rows)]
    added = Table(
        id="walks",
        title="Margin walk",
        empty=columns.WALKS.empty,
        total="All of them",
        columns=tuple(
            Column(id=c.id, title=c.title, kind=c.kind, adds=c.kind == "amount", width=c.width)
            for c in columns.WALKS.columns
        ),
    )
    table = grid(added, rows, names=["project_name", "from_margin", *used, "to_margin"], limit=_LISTED, of="projects")
    note = (
        f"The margin of the whole project, of the {count} {'project' if count == 1 else 'projects'} with a plan as "
        "sold and a forecast. Steps that hurt the margin are negative and hollow; the worst projects first. A "
        "forecast is taken as it was stated; the margin at completion in other tables knows the cost since."
    )
    return [
        *section("Margin walk, from as sold to forecast", chart, note=note),
        space(),
        table,
    ]


def _range(pack: Pack, currency: str | None) -> tuple[Any, Any, Any] | None:
    """P10, recommended and P90, summed; only where every estimate is in the curve's currency and known."""
    rows = pack.rows("estimates")
    wanted = ("p10", "recommended_eac", "p90")
    if not rows or any(row["currency_code"] != currency or any(row[n] is None for n in wanted) for row in rows):
        return None
    return total(rows, "p10"), total(rows, "recommended_eac"), total(rows, "p90")


def _forecast(pack: Pack) -> list[Flowable]:
    shown: list[Flowable] = []
    curve = pack.rows("curve")
    if curve:
        currency = curve[-1]["currency_code"]
        estimate = _range(pack, currency)
        unit = currency or pack.about.base_currency
        count = int(curve[-1]["projects"])
        note = f"Earned value of {count} {'project' if count == 1 else 'projects'}, in {unit}."
        if currency is None:
            note += (
                " The projects' contracts are in several currencies: earned value is that of the programmes, at the "
                "rates of their baselines; the range of the cost at completion stands project by project below."
            )
        if estimate is not None:
            note += (
                " P10 and P90 are the sums of the projects' own: the widest range, as if all went well or ill together."
            )
        chart = charts.s_curve(curve, estimate=estimate, width=WIDTH, height=165, unit=unit)
        shown += section("Planned, earned, spent", chart, note=note)
    else:
        shown += section("Planned, earned, spent", paragraph("No project's work is measured yet.", NOTE))
    names = ["project_name", "currency_code", "bac", "ac", "recommended_eac", "recommended_method", "p10", "p50", "p80",
             "p90", "revenue_at_completion", "margin_at_completion", "margin_at_completion_share",
             "project_manager_eac", "finance_eac"]  # fmt: skip
    methods = ["project_name", "currency_code", "bottom_up", "remaining_at_budget", "by_cpi", "by_cpi_spi",
               "by_cpi_spi_t", "last_3", "last_6", "weighted", "reference_class", "recommended_eac"]  # fmt: skip
    versions = ["project_name", "as_sold_margin", "as_sold_margin_share", "baseline_margin", "baseline_margin_share",
                "forecast_revenue", "forecast_margin", "forecast_margin_share", "change_from_as_sold",
                "margin_to_date"]  # fmt: skip
    estimates = pack.rows("estimates")
    return [
        *shown,
        *section(
            "Cost at completion",
            grid(columns.ESTIMATES, estimates[:_PROJECTS], names=names),
            *_more(estimates, "Forecast"),
            note="Each project in the currency of its contract. P80: with 80 % probability it does not cost more.",
        ),
        *section("Cost at completion by method", grid(columns.ESTIMATES, estimates[:_PROJECTS], names=methods)),
        *section(
            "Margin at completion by version",
            grid(columns.VERSIONS, pack.rows("versions"), names=versions, limit=_PROJECTS, of="projects"),
        ),
    ]


def _more(rows: Sequence[Row], sheet: str) -> list[Flowable]:
    if len(rows) <= _PROJECTS:
        return []
    return [paragraph(f"{len(rows) - _PROJECTS:,} more stand in the Excel pack, on the sheet {sheet}.", NOTE)]


def _balances(pack: Pack) -> list[Flowable]:
    contracts = ["contract_id", "project_name", "revenue_to_date", "billed_to_date", "contract_asset",
                 "contract_liability", "receivable", "retention", "loss_provision", "backlog"]  # fmt: skip
    unbilled = [
        "contract_id",
        "project_name",
        "unbilled",
        "to_30",
        "to_60",
        "to_90",
        "to_180",
        "over_180",
        "oldest_days",
    ]
    owed = ["customer_name", "receivable", "not_due", "to_30", "to_60", "to_90", "over_90", "overdue", "overdue_share"]
    rolled = ["project_name", "opening", "bookings", "changes", "revenue", "fx", "closing"]
    return [
        *section(
            "Balances with customers",
            grid(columns.BALANCES, pack.rows("balances"), names=contracts, limit=_PROJECTS, of="contracts"),
        ),
        *section(
            "Unbilled work by age",
            grid(columns.UNBILLED, pack.rows("unbilled"), names=unbilled, limit=_LISTED, of="contracts"),
        ),
        *section(
            "Receivables by age",
            grid(columns.RECEIVABLES, pack.rows("receivables"), names=owed, limit=_LISTED, of="customers"),
            note=columns.RECEIVABLES.note,
        ),
        *section(
            "Order backlog, rolled forward",
            grid(columns.BACKLOG, pack.rows("backlog"), names=rolled, limit=_PROJECTS, of="projects"),
            note=columns.BACKLOG.note,
        ),
    ]


def _scorecard(pack: Pack) -> list[Flowable]:
    names = ["project_name", "project_id", "overall", *columns.DIMENSIONS, "margin", "margin_to_date"]
    rows = pack.rows("scorecard")
    return [
        *section(
            "Scorecard",
            grid(columns.SCORECARD, rows, names=names, limit=_PROJECTS, of="projects"),
            note="Worst first. Overall is the worst dimension; all reasons stand in the Excel pack.",
        ),
        *_reds(pack),
    ]


def _registers(pack: Pack) -> list[Flowable]:
    risks = [
        "project_name",
        "risk_id",
        "kind",
        "title",
        "response",
        "probability_pct",
        "likely",
        "emv",
        "schedule_days",
    ]
    changes = ["project_name", "change_request_id", "title", "status", "requested_date", "price", "cost", "margin",
               "schedule_days"]  # fmt: skip
    undecided = [row for row in pack.rows("changes") if row["status"] in ("submitted", "draft")]
    decided = [row for row in pack.rows("changes") if row["status"] not in ("submitted", "draft")]
    return [
        *section(
            "Risks and opportunities",
            grid(columns.RISKS, pack.rows("risks"), names=risks, limit=_LISTED, of="risks"),
            note=columns.RISKS.note,
        ),
        *section(
            "Change requests",
            grid(columns.CHANGES, [*undecided[:_LISTED], *decided[: _LISTED // 2]], names=changes),
            note="Undecided ones first, then the latest decided ones; all of them stand in the Excel pack.",
        ),
    ]


def _exceptions(pack: Pack) -> list[Flowable]:
    names = ["severity", "rule", "project_id", "month", "message", "amount_at_stake", "unit"]
    rows = pack.rows("exceptions")
    told = [row for row in rows if row["severity"] != "notice"]
    notices = (rows[0]["cases"] if rows else 0) - len(told)
    shown = section(
        "Exceptions",
        grid(columns.EXCEPTIONS, told[: 2 * _LISTED], names=names),
        note="Errors: an amount is missing in the figures. Warnings: a figure rests on an assumption.",
    )
    if notices > 0 or len(told) > 2 * _LISTED:
        more = max(len(told) - 2 * _LISTED, 0)
        text = f"{more:,} more and {notices:,} notices" if more else f"{notices:,} notices"
        shown.append(paragraph(f"{text} stand in the Excel pack, on the sheet Exceptions.", NOTE))
    return shown


def _one_by_one(pack: Pack) -> list[Flowable]:
    rows = pack.rows("project_rows")
    shown: list[Flowable] = [PageBreak(), paragraph("Project by project", HEADING)]
    shown += [project_block(pack, row) for row in rows[:_BLOCKS]]
    if len(rows) > _BLOCKS:
        text = f"{len(rows) - _BLOCKS:,} more projects stand in the Excel pack and on the site."
        shown.append(paragraph(text, NOTE))
    return shown


def _meaning(pack: Pack) -> list[Flowable]:
    """The figures of the first page and the forecast, as the dictionary has them; and what this publication is."""
    wanted = (
        (columns.MONTHS, ("revenue", "cost", "margin", "margin_share", "quality", "billed", "collected", "backlog")),
        (columns.ESTIMATES, ("bac", "ac", "recommended_eac", "p10", "p80", "p90", "risk_adjusted_eac",
                             "margin_at_completion")),
        (columns.BALANCES, ("contract_asset", "contract_liability", "receivable", "retention", "loss_provision")),
    )  # fmt: skip
    rows = []
    for table, names in wanted:
        for name in names:
            column = table.column(name)
            meaning, formula = pack.meaning(column.source)
            if meaning or formula:
                told = [part for part in (meaning, formula and f"Formula: {formula}") if part]
                rows.append({"title": column.title, "meaning": " ".join(told)})
    about = pack.about
    return [
        *section("What the figures mean", grid(_WORDS, rows, names=["title", "meaning"])),
        space(),
        paragraph(
            f"Publication {about.refresh_id}, as of {words.time(about.as_of)}, in {about.base_currency}, "
            f"code {about.code_version}, hash of the inputs {about.input_hash}. A minus ({words.MINUS}) marks what is "
            f"negative, a dash ({words.NOTHING}) what is not known or not there. Totals of ratios are made of sums. "
            "The Excel pack describes every column.",
            NOTE,
        ),
    ]


def _story(pack: Pack) -> list[Flowable]:
    if pack.month is None:
        return [*section(pack.title, paragraph(_NOTHING_YET, BODY)), *_exceptions(pack)]
    return [
        *_first_page(pack),
        PageBreak(),
        *_projects(pack),
        CondPageBreak(110 * mm),
        *_walk(pack),
        CondPageBreak(110 * mm),
        *_forecast(pack),
        *_balances(pack),
        *_scorecard(pack),
        *_registers(pack),
        *_exceptions(pack),
        *([] if pack.is_portfolio else _one_by_one(pack)),
        *_meaning(pack),
    ]


def write_document(path: Path, *, pack: Pack) -> None:
    """Writes the pack's PDF to `path`, over what is there."""
    fonts.register()
    Document(path, pack=pack).write(_story(pack))
