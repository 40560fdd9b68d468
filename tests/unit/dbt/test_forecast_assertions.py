"""The assertions on cash and people ahead find their planted faults."""

from __future__ import annotations

import pytest

CASH = {
    "int_refresh__parameters_pivoted": ("as_of_date date", "'2026-06-30'"),
    "int_cash__lines_to_bill": (
        "project_id varchar, currency_code varchar, open_amount decimal(18, 2), ahead_amount decimal(18, 2)",
        "'P1', 'EUR', 100, 0",
        "'P1', 'EUR', 20, 30",
    ),
    "int_balances__items_open_by_month": (
        "project_id varchar, currency_code varchar, direction varchar, month date, open_amount decimal(18, 2)",
        "'P1', 'EUR', 'customer', '2026-06-01', 40",
        "'P1', 'EUR', 'customer', '2026-05-01', 99",
        "'P1', 'EUR', 'supplier', '2026-06-01', 7",
        "null, 'USD', 'customer', '2026-06-01', 5",
    ),
    "int_cash__movements_expected": (
        "project_id varchar, currency_code varchar, project_currency_code varchar, month date, kind varchar, "
        "amount decimal(18, 2), project_amount decimal(18, 2)",
        "'P1', 'EUR', 'EUR', '2026-07-01', 'billing', 150, 150",
        "'P1', 'EUR', 'EUR', '2026-08-01', 'collection', 180, 180",
        "'P1', 'EUR', 'EUR', '2026-09-01', 'retention', 10, 10",
        "'P1', 'EUR', 'EUR', '2026-07-01', 'supplier', 7, 7",
        "null, 'USD', null, '2026-07-01', 'collection', 5, null",
    ),
    "cash_forecast_by_project_month": (
        "project_id varchar, currency_code varchar, month date, collections_amount decimal(18, 2), "
        "supplier_payments_amount decimal(18, 2), payroll_amount decimal(18, 2)",
        "'P1', 'EUR', '2026-07-01', 0, 7, 0",
        "'P1', 'EUR', '2026-08-01', 180, 0, 0",
        "'P1', 'EUR', '2026-09-01', 10, 0, 0",
    ),
}


def test_a_cash_forecast_that_adds_up_passes(assertion):
    assert assertion("cash_forecast_adds_up", CASH) == []


@pytest.mark.parametrize(
    ("table", "row", "measures"),
    [
        ("int_cash__lines_to_bill", "'P1', 'EUR', 0.01, null", {"billings"}),
        ("int_balances__items_open_by_month", "'P1', 'EUR', 'customer', '2026-06-01', 0.01", {"collections"}),
        (
            "int_cash__movements_expected",
            "'P1', 'EUR', 'EUR', '2026-07-01', 'billing', 1, 1",
            {"billings", "collections"},
        ),
        ("int_cash__movements_expected", "'P1', 'EUR', 'EUR', '2026-07-01', 'payroll', 1, 1", {"net of the mart"}),
        ("cash_forecast_by_project_month", "'P1', 'EUR', '2026-10-01', 0.01, 0, 0", {"net of the mart"}),
    ],
)
def test_cash_that_does_not_add_up_is_named(assertion, table, row, measures):
    found = assertion("cash_forecast_adds_up", CASH | {table: (*CASH[table], row)})
    assert {f["measure"] for f in found} == measures


def _ahead(holders: int, planned: int | None, *, hidden: str = "") -> dict[str, tuple[str, ...]]:
    """A role that so many hold, with published hours or without; `hidden`: the person behind a withheld cell."""
    cell = (f"'P2', 'R', '2026-07-01', 'resource_plan', {str(bool(hidden)).lower()}",) if hidden else ()
    hours = "null, null, null" if planned is None else f"{planned}, 100, null"
    return {
        "resource_forecast_by_role_month": (
            "role_id varchar, month date, planned_hours integer, capacity_hours integer, cost_amount_base integer",
            f"'R', '2026-07-01', {hours}",
        ),
        "int_resources__hours_planned_ahead": (
            "project_id varchar, role_id varchar, month date, source varchar, is_hours_withheld boolean",
            "'P1', 'R', '2026-07-01', 'resource_plan', false",
            *cell,
        ),
        "stg_projects__resource_plans": (
            "project_id varchar, role_id varchar, month date, employee_id varchar",
            "'P1', 'R', '2026-07-01', null",
            *((f"'P2', 'R', '2026-07-01', '{hidden}'",) if hidden else ()),
        ),
        "stg_erp__employees": (
            "employee_id varchar, role_id varchar, start_date date, end_date date",
            *(f"'E-{n}', 'R', null, null" for n in range(holders)),
            "'E-gone', 'R', null, '2026-06-30'",
            "'E-new', 'R', '2026-08-01', null",
        ),
    }


@pytest.mark.parametrize(
    ("tables", "faults"),
    [
        (_ahead(3, 10), []),
        (_ahead(2, 10), ["too few people hold the role"]),
        (_ahead(2, None), []),
        (_ahead(3, 10, hidden="E-1"), ["what is withheld of its plan stands for too few people"]),
        (_ahead(3, None, hidden="E-1"), []),
    ],
)
def test_hours_ahead_of_too_few_people_are_named(assertion, tables, faults):
    assert [f["fault"] for f in assertion("role_hours_ahead_stand_for_enough_people", tables)] == faults
