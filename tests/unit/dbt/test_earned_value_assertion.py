"""The assertion that holds earned value, its elements, the facts and the one EAC together finds its planted fault."""

from __future__ import annotations

import pytest

MONEY = "decimal(18, 2)"
PARTS = f"bac_amount {MONEY}, pv_amount {MONEY}, ev_amount {MONEY}, ac_amount {MONEY}"


def tables(*, element: str = "60, 30, 20, 12", cost: str = "12", complete: str = "true", eac: str = "50") -> dict:
    return {
        "earned_value_by_project_month": (
            f"project_id varchar, month date, currency_code varchar, {PARTS}, is_cost_complete boolean",
            f"'P', '2026-01-01', 'EUR', 100, 50, 30, 20, {complete}",
        ),
        "earned_value_by_wbs_month": (
            f"project_id varchar, wbs_id varchar, month date, {PARTS}",
            "'P', 'A', '2026-01-01', 40, 20, 10, 8",
            f"'P', null, '2026-01-01', {element}",
        ),
        "fct_cost_lines": (
            f"project_id varchar, cost_month date, currency_code varchar, amount {MONEY}",
            "'P', '2025-12-01', 'EUR', 8",
            f"'P', '2026-01-01', 'EUR', {cost}",
            "'P', '2026-02-01', 'EUR', 99",
        ),
        "eac_by_project_month_method": (
            f"project_id varchar, month date, method varchar, eac_amount {MONEY}",
            "'P', '2026-01-01', 'bottom_up', 50",
            "'P', '2026-01-01', 'cpi', 70",
        ),
        "int_eac__costs_by_project_month": (
            f"project_id varchar, month date, eac_amount {MONEY}",
            f"'P', '2026-01-01', {eac}",
        ),
    }


def test_what_adds_up_passes(assertion):
    assert assertion("earned_value_adds_up", tables()) == []
    # lines are rounded one by one; a cost without a rate is in no sum
    assert assertion("earned_value_adds_up", tables(cost="12.01")) == []
    assert assertion("earned_value_adds_up", tables(cost="15", complete="false")) == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        *(({"element": parts}, "elements do not add up") for parts in (
            "60.01, 30, 20, 12", "60, 30.01, 20, 12", "60, 30, 20.01, 12", "60, 30, 20, 12.01",
        )),
        ({"cost": "12.03"}, "cost is not the cost of the facts"),
        ({"eac": "50.01"}, "the estimate is not the one of margin and revenue"),
    ],
)  # fmt: skip
def test_what_does_not_is_named(assertion, changed, fault):
    assert [f["fault"] for f in assertion("earned_value_adds_up", tables(**changed))] == [fault]
