"""A project on half a page of its programme's PDF pack."""

from __future__ import annotations

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether

from pipelines.publishing.packs import charts, columns, words
from pipelines.publishing.packs.columns import Column, Table
from pipelines.publishing.packs.data import Pack, Row
from pipelines.publishing.packs.grids import grid
from pipelines.publishing.packs.paper import CELL, MINOR, NOTE, WIDTH, beside, paragraph, space


def project_block(pack: Pack, project: Row) -> Flowable:
    """Half a page: margin, status by dimension with its reason, cost at completion, top risks and changes."""

    def own(name: str) -> list[Row]:
        return [row for row in pack.rows(name) if row["project_key"] == project["project_key"]]

    figures = ["overall_status", "month_revenue", "month_margin", "month_margin_share", "revenue_to_date",
               "margin_to_date", "margin_to_date_share", "forecast_revenue", "forecast_margin", "forecast_margin_share",
               "backlog"]  # fmt: skip
    made = Table(id="one", title="", columns=columns.PROJECTS.columns, empty="")
    shown: list[Flowable] = [
        paragraph(f"{project['project_name']} ({project['project_id']})", MINOR, length=200),
        paragraph(
            f"Project manager {project['project_manager'] or 'not named'}; "
            f"customer {project['customer_name'] or 'not named'}; "
            f"planned end {words.day(project['planned_end_date'])}.",
            NOTE,
            length=400,
        ),
        grid(made, [project], names=figures),
        space(1 * mm),
    ]
    half = (WIDTH - 6 * mm) * 0.58
    status = Table(
        id="status",
        title="",
        empty="No scorecard for the month.",
        columns=(Column(id="dimension", title="Dimension", width=15),
                 Column(id="status", title="Status", kind="status"),
                 Column(id="why", title="Why", kind="long", width=80)),
    )  # fmt: skip
    scores = [
        {
            "dimension": name.capitalize(),
            "status": card[name],
            "why": words.shortened(words.told(card[f"{name}_reason"], status=card[name]), 320),
        }
        for card in own("scorecard")[:1]
        for name in columns.DIMENSIONS
    ]
    right: list[Flowable] = []
    for row in own("estimates")[:1]:
        right += [
            paragraph(f"Cost at completion, in {row['currency_code']}", CELL),
            *([charts.estimate_range(row, width=WIDTH - 6 * mm - half)] if row["p10"] != row["p90"] else []),
            paragraph(_estimate_sentence(row), NOTE),
        ]
    registers = [f"{row['risk_id']}: {row['title']} ({words.number(row['emv'])})" for row in own("risks")[:3]]
    pending = [row for row in own("changes") if row["status"] in ("submitted", "draft")][:3]
    asked = [
        f"{row['change_request_id']}: {row['title']} ({words.number(row['price'])}, {row['status']})" for row in pending
    ]
    right += [
        paragraph("Top risks, by expected value", CELL),
        *(paragraph(text, NOTE, length=160) for text in registers or ["None is open."]),
        paragraph("Undecided changes, price", CELL),
        *(paragraph(text, NOTE, length=160) for text in asked or ["None."]),
    ]
    left = [grid(status, scores, names=["dimension", "status", "why"], available=half)]
    return KeepTogether([*shown, beside(left, right, share=0.58), space(3 * mm)])


def _estimate_sentence(row: Row) -> str:
    range_ = ", ".join(f"{name.upper()} {words.number(row[name])}" for name in ("p10", "p50", "p80", "p90"))
    return (
        f"EAC {words.number(row['recommended_eac'])} ({row['recommended_method']}); {range_}; "
        f"budget {words.number(row['bac'])}, spent {words.number(row['ac'])}."
    )
