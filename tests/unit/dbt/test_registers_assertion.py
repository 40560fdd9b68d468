"""The assertion on registers names what does not roll forward, and nothing where all does."""

from __future__ import annotations

import pytest

MOMENTS = ("submitted", "approved", "rejected", "withdrawn")
REQUESTS = "project_id varchar, month date, pending_count bigint, " + ", ".join(
    f"{moment}_count bigint, {moment}_count_to_date bigint" for moment in MOMENTS
)
TOLD = {
    # pending, then month and to date of submitted, approved, rejected, withdrawn
    "change_requests_by_project_month": (
        REQUESTS,
        "'P', '2026-01-01', 2, 2, 2, 0, 0, 0, 0, 0, 0",
        "'P', '2026-02-01', 1, 1, 3, 1, 1, 1, 1, 0, 0",
        "'P', '2026-03-01', 0, 0, 3, 0, 1, 0, 1, 1, 1",
    ),
    "milestone_performance_by_project_month": (
        "project_id varchar, month date, due bigint, hit bigint, due_to_date bigint, hit_to_date bigint",
        "'P', '2026-01-01', 2, 1, 2, 1",
        "'P', '2026-02-01', 1, 1, 3, 2",
    ),
    "customer_health_by_month": (
        "customer_id varchar, month date, complaints_opened bigint, complaints_closed bigint, complaints_open bigint",
        "'C', '2026-01-01', 3, 1, 2",
        "'C', '2026-02-01', 0, 2, 0",
    ),
}


def test_registers_that_roll_forward_pass(assertion):
    assert assertion("registers_roll_forward", TOLD) == []


@pytest.mark.parametrize(
    ("table", "row", "changed", "register"),
    [
        ("change_requests_by_project_month", 2, "'P', '2026-02-01', 2, 1, 3, 1, 1, 1, 1, 0, 0", "change requests"),
        ("change_requests_by_project_month", 3, "'P', '2026-03-01', 1, 0, 4, 0, 1, 0, 1, 1, 1", "change requests"),
        ("milestone_performance_by_project_month", 2, "'P', '2026-02-01', 1, 1, 3, 1", "milestones"),
        ("milestone_performance_by_project_month", 2, "'P', '2026-02-01', 0, 0, 3, 1", "milestones"),
        ("customer_health_by_month", 2, "'C', '2026-02-01', 0, 2, 1", "complaints"),
    ],
)
def test_a_register_that_does_not_is_named(assertion, table, row, changed, register):
    header_and_rows = list(TOLD[table])
    header_and_rows[row] = changed
    found = assertion("registers_roll_forward", TOLD | {table: header_and_rows})
    assert {f["register"] for f in found} == {register}
