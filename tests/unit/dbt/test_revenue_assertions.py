"""Each assertion that holds revenue, balances, order book and loss provisions together finds its planted fault."""

from __future__ import annotations

import pytest

MONEY = "decimal(18, 2)"
LINES = (
    "contract_line_id varchar, contract_id varchar, project_id varchar, currency_code varchar, month date, "
    f"revenue_method varchar, progress_pct decimal(18, 12), transaction_price_amount {MONEY}, "
    f"cost_to_date_amount {MONEY}, eac_amount {MONEY}, revenue_to_date_amount {MONEY}, revenue_amount {MONEY}, "
    f"revenue_amount_base {MONEY}, expected_loss_amount {MONEY}, loss_provision_amount {MONEY}, "
    f"loss_provision_change_amount {MONEY}"
)
NAMES = ", ".join(part.split()[0] for part in LINES.replace(", 12)", "").replace(", 2)", "").split(", "))


def line(name: str = "L1", month: str = "2026-01-01", **changed: object) -> str:
    row = {
        "contract_line_id": name, "contract_id": "C1", "project_id": "P1", "currency_code": "EUR", "month": month,
        "revenue_method": "cost_to_cost", "progress_pct": 0.5, "transaction_price_amount": 100,
        "cost_to_date_amount": 60, "eac_amount": 120, "revenue_to_date_amount": 50, "revenue_amount": 50,
        "revenue_amount_base": 45, "expected_loss_amount": 20, "loss_provision_amount": 10,
        "loss_provision_change_amount": 10,
    } | changed  # fmt: skip
    assert list(row) == NAMES.split(", ")
    return ", ".join("null" if v is None else repr(v) for v in row.values())


DONE = {
    "month": "2026-02-01", "progress_pct": 1, "cost_to_date_amount": 120, "revenue_to_date_amount": 100,
    "loss_provision_amount": 0, "loss_provision_change_amount": -10,
}  # fmt: skip
NO_SEPARATE = ("contract_line_id varchar, treatment varchar", "'L1', 'prospective'")


def test_a_price_that_closes_passes(assertion):
    tables = {
        "revenue_by_contract_line_month": (LINES, line(), line(**DONE)),
        "int_contracts__price_changes_dated": NO_SEPARATE,
    }
    assert assertion("the_last_month_closes_the_price", tables) == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"revenue_to_date_amount": 99.99, "revenue_amount": 49.99}, "work is done, price is not recognised"),
        ({"revenue_to_date_amount": None, "revenue_amount": None}, "work is done, price is not recognised"),
        ({"revenue_method": "straight_line", "transaction_price_amount": 101}, "work is done, price is not recognised"),
        ({"revenue_amount": 49.99}, "months do not add up"),
    ],
)
def test_a_price_that_does_not_close_is_named(assertion, changed, fault):
    tables = {
        "revenue_by_contract_line_month": (LINES, line(), line(**DONE | changed)),
        "int_contracts__price_changes_dated": NO_SEPARATE,
    }
    assert [f["fault"] for f in assertion("the_last_month_closes_the_price", tables)] == [fault]


def test_material_that_is_still_to_come_leaves_the_price_open(assertion):
    tables = {
        "revenue_by_contract_line_month": (
            LINES,
            line(),
            line(**DONE | {"cost_to_date_amount": 119, "revenue_to_date_amount": 99, "revenue_amount": 49}),
        ),
        "int_contracts__price_changes_dated": NO_SEPARATE,
    }
    assert assertion("the_last_month_closes_the_price", tables) == []


BALANCES = (
    f"contract_id varchar, month date, revenue_to_date {MONEY}, billed_to_date {MONEY}, "
    f"contract_asset_amount {MONEY}, contract_liability_amount {MONEY}",
    "'C1', '2026-01-01', 100, 70, 30, 0",
    "'C2', '2026-01-01', 100, 170, 0, 70",
)


def test_positions_of_contracts_pass(assertion):
    tables = {"contract_balances_by_contract_month": BALANCES}
    assert assertion("unbilled_less_overbilled_is_revenue_less_billed", tables) == []


@pytest.mark.parametrize(
    "row",
    [
        "'C3', '2026-01-01', 100, 70, 30.01, 0",
        "'C3', '2026-01-01', 100, 70, 40, 10",
        "'C3', '2026-01-01', 70, 100, -30, 0",
    ],
)
def test_a_position_that_is_not_revenue_less_billing_is_named(assertion, row):
    tables = {"contract_balances_by_contract_month": (*BALANCES, row)}
    found = assertion("unbilled_less_overbilled_is_revenue_less_billed", tables)
    assert [f["contract_id"] for f in found] == ["C3"]


COLUMNS = ("opening", "bookings", "changes", "revenue", "closing")
BACKLOG = (
    "project_id varchar, month date, "
    + ", ".join(f"{name}_amount {MONEY}, {name}_amount_base {MONEY}" for name in COLUMNS)
    + f", fx_amount_base {MONEY}",
    "'P1', '2026-01-01', 0, 0, 100, 90, 0, 0, 10, 9, 90, 80, -1",
)


def test_an_order_book_that_rolls_passes(assertion):
    rows = (*BACKLOG, "'P1', '2026-02-01', 90, 80, 0, 0, -5, -4, 10, 9, 75, 70, 3")
    assert assertion("backlog_rolls_forward", {"backlog_by_project_month": rows}) == []


@pytest.mark.parametrize(
    ("row", "currency"),
    [
        ("'P1', '2026-02-01', 90, 80, 0, 0, -5, -4, 10, 9, 75.01, 70, 3", "contract currency"),
        ("'P1', '2026-02-01', 90, 80, 0, 0, -5, -4, 10, 9, 75, 70, 3.01", "reporting currency"),
        ("'P1', '2026-02-01', 90, 81, 0, 0, -5, -4, 10, 9, 75, 71, 3", "reporting currency"),
    ],
)
def test_an_order_book_that_does_not_roll_is_named(assertion, row, currency):
    found = assertion("backlog_rolls_forward", {"backlog_by_project_month": (*BACKLOG, row)})
    assert [f["currency"] for f in found] == [currency]


MARGIN = (
    f"project_id varchar, month date, revenue_amount_base {MONEY}",
    "'P1', '2026-01-01', 45",
    "'P2', '2026-01-01', 7",
)
INVOICES = (
    f"project_id varchar, issue_month date, net_amount_base {MONEY}, contract_line_id varchar, "
    "is_project_known boolean",
    "'P1', '2026-01-01', 80, null, true",
    "'P2', '2026-01-01', 7, null, true",
    # names P2 and the line of another project, whose revenue it is
    "'P2', '2026-01-01', 5, 'L1', true",
)


def test_revenue_of_lines_and_of_projects_without_lines_passes(assertion):
    tables = {
        "margin_by_project_month": MARGIN,
        "revenue_by_contract_line_month": (LINES, line()),
        "int_contracts__invoice_lines_attributed": INVOICES,
    }
    assert assertion("revenue_of_margin_is_revenue_of_lines", tables) == []


@pytest.mark.parametrize(("row", "project"), [("'P1', '2026-02-01', 1", "P1"), ("'P2', '2026-01-01', -7", "P2")])
def test_revenue_that_no_line_has_is_named(assertion, row, project):
    tables = {
        "margin_by_project_month": (*MARGIN, row),
        "revenue_by_contract_line_month": (LINES, line()),
        "int_contracts__invoice_lines_attributed": INVOICES,
    }
    assert [f["project_id"] for f in assertion("revenue_of_margin_is_revenue_of_lines", tables)] == [project]


def test_a_provision_built_and_released_passes(assertion):
    tables = {"revenue_by_contract_line_month": (LINES, line(), line(**DONE))}
    assert assertion("loss_provisions_are_released", tables) == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (
            {"cost_to_date_amount": 110, "loss_provision_amount": 20.01, "loss_provision_change_amount": 10.01},
            "out of bounds",
        ),
        (
            {"cost_to_date_amount": 110, "loss_provision_amount": -1, "loss_provision_change_amount": -11},
            "out of bounds",
        ),
        ({"loss_provision_change_amount": 0}, "changes do not add up"),
        ({"loss_provision_amount": 10, "loss_provision_change_amount": 0}, "done and not released"),
    ],
)
def test_a_provision_that_does_not_end_is_named(assertion, changed, fault):
    tables = {"revenue_by_contract_line_month": (LINES, line(), line(**DONE | changed))}
    assert [f["fault"] for f in assertion("loss_provisions_are_released", tables)] == [fault]
