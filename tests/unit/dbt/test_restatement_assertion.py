"""What changed a closed figure is listed whole: the assertion finds a document that is missing or counted twice."""

from __future__ import annotations

import pytest

MEASURES = (
    "revenue_amount_base",
    "labour_cost_amount_base",
    "subcontract_cost_amount_base",
    "material_cost_amount_base",
    "equipment_cost_amount_base",
    "travel_cost_amount_base",
    "other_cost_amount_base",
    "loss_provision_change_amount_base",
    "cost_of_sales_amount_base",
    "gross_margin_amount_base",
    "billed_amount_base",
    "collected_amount_base",
)
MART = "project_id varchar, month date, " + ", ".join(f"{measure} decimal(18, 2)" for measure in MEASURES)
TABLES = {
    "margin_by_project_month_as_closed": (MART, "'P1', '2026-10-01', 100, 50, 0, 0, 0, 0, 0, 0, 50, 50, 100, 0"),
    "margin_by_project_month": (
        MART,
        "'P1', '2026-10-01', 100, 53, 0, 0, 0, 2, 0, 0, 55, 45, 100, 0",
        "'P1', '2026-11-01', 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9",
        "'P2', '2026-10-01', 7, 0, 0, 0, 0, 0, 0, 0, 0, 7, 7, 0",
    ),
    "int_restatements__closes": ("month date", "'2026-10-01'"),
    "margin_restatements": (
        "month date, project_id varchar, measure varchar, difference decimal(18, 2)",
        "'2026-10-01', 'P1', 'labour_cost_amount_base', 3",
        "'2026-10-01', 'P1', 'travel_cost_amount_base', 2",
        "'2026-10-01', 'P1', 'cost_of_sales_amount_base', 3",
        "'2026-10-01', 'P1', 'cost_of_sales_amount_base', 2",
        "'2026-10-01', 'P1', 'gross_margin_amount_base', -5",
        "'2026-10-01', 'P1', 'receivable_amount_base', 4",
        "'2026-10-01', 'P2', 'revenue_amount_base', 7",
        "'2026-10-01', 'P2', 'gross_margin_amount_base', 7",
        "'2026-10-01', 'P2', 'billed_amount_base', 7",
    ),
}


def test_restatements_that_sum_to_the_difference_pass(assertion):
    assert assertion("restatements_sum_to_differences", TABLES) == []


@pytest.mark.parametrize("place", [1, 3, 5, 8])
def test_a_missing_document_is_named(assertion, place):
    rows = TABLES["margin_restatements"]
    lost = rows[place].split("'")[5]
    tables = TABLES | {"margin_restatements": (*rows[:place], *rows[place + 1 :])}
    assert [f["measure"] for f in assertion("restatements_sum_to_differences", tables)] == [lost]


def test_a_document_that_changed_nothing_is_named(assertion):
    rows = (*TABLES["margin_restatements"], "'2026-10-01', 'P1', 'billed_amount_base', 0.01")
    found = assertion("restatements_sum_to_differences", TABLES | {"margin_restatements": rows})
    assert [(f["project_id"], f["measure"]) for f in found] == [("P1", "billed_amount_base")]
