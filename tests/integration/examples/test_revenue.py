"""Published examples and edge cases of revenue: told in the shared refresh, read from the published marts.

The examples are those of the design's worked examples: IFRS 15 Examples 5A, 5B, 8, 19, 24, 39, 42, Kieso, and others
named there.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from tests.integration.conftest import Home
from tests.integration.examples.conftest import Told

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def home(told: Told) -> Home:
    return told.home


def months(home: Home, table: str, key: tuple[str, str], columns: str, upto: str) -> dict[str, tuple[Any, ...]]:
    """Month -> the columns, of the months that end before `upto`."""
    rows = home.published(
        f"select strftime(month, '%Y-%m'), {columns} from margin.{table} where {key[0]} = ? and month <= ?",
        key[1],
        date.fromisoformat(f"{upto}-01"),
    )
    return {month: tuple(values) for month, *values in rows}


def line(home: Home, name: str, columns: str, upto: str = "2025-03") -> dict[str, tuple[Any, ...]]:
    return months(home, "revenue_by_contract_line_month", ("contract_line_id", f"R-{name}"), columns, upto)


def contract(home: Home, name: str, columns: str, upto: str = "2025-03") -> dict[str, tuple[Any, ...]]:
    return months(home, "contract_balances_by_contract_month", ("contract_id", f"CT-R-{name}"), columns, upto)


def amounts(*texts: str) -> list[D]:
    return [D(text) for text in texts]


@pytest.mark.parametrize(
    ("name", "progress", "period", "to_date"),
    [
        ("kieso", ("0.25", "0.72", "1"), ("1125000", "2115000", "1260000"), ("1125000", "3240000", "4500000")),
        ("seg4b", ("0.466666666667", "0.675", "1"), ("350000", "156250", "243750"), ("350000", "506250", "750000")),
        ("batac", ("0.25", "0.65", "1"), ("30000000", "48000000", "42000000"), ("30000000", "78000000", "120000000")),
        ("loss-s7", ("0.5", "0.7", "1"), ("500000", "200000", "300000"), ("500000", "700000", "1000000")),
    ],
)
def test_cost_to_cost(home, name, progress, period, to_date):
    rows = line(home, f"{name}/1", "progress_pct, revenue_amount, revenue_to_date_amount").values()
    assert [list(column) for column in zip(*rows, strict=True)] == [
        amounts(*progress),
        amounts(*period),
        amounts(*to_date),
    ]


def test_billing_above_and_below_revenue(home):
    rows = contract(home, "kieso", "contract_asset_amount, contract_liability_amount")
    assert list(rows.values()) == [(225000, 0), (0, 60000), (0, 0)]


def test_under_and_over_billing_are_not_netted_across_contracts(home):
    under, over = (
        contract(home, f"orion-{side}", "contract_asset_amount, contract_liability_amount", "2025-01")["2025-01"]
        for side in ("under", "over")
    )
    assert (under, over) == ((46006, 0), (0, 33923))


def test_a_loss_is_provided_for_and_released(home):
    columns = "loss_provision_amount, loss_provision_change_amount, is_loss_making"
    assert list(line(home, "loss-s7/1", columns).values()) == [
        (0, 0, False),
        (30000, 30000, True),
        (0, -30000, True),
    ]
    margin = months(
        home, "margin_by_project_month", ("project_id", "R-loss-s7"), "loss_provision_change_amount_base", "2025-03"
    )
    assert [change for (change,) in margin.values()] == [0, 30000, -30000]


def test_a_modification_of_one_obligation_catches_up(home):
    rows = line(home, "ex8/1", "transaction_price_amount, revenue_to_date_amount, catch_up_amount")
    assert rows["2025-01"] == (1000000, 600000, 0)
    assert rows["2025-02"] == (1350000, D("691463.41"), D("91463.41"))


def test_uninstalled_material_earns_its_cost(home):
    rows = line(home, "ex19/1", "progress_pct, revenue_to_date_amount", "2025-01")
    assert rows["2025-01"] == (D("0.2"), 2200000)
    assert contract(home, "ex19", "contract_asset_amount", "2025-01")["2025-01"] == (2200000,)


@pytest.mark.parametrize("name", ["ex5b-end", "ex5b-first", "ex5b-middle"])
def test_a_prospective_change_leaves_the_past_alone(home, name):
    """The change takes effect at the end of January, in its middle, or on the first of February."""
    rows = line(home, f"{name}/1", "revenue_to_date_amount", "2025-05")
    january = 6000 if name == "ex5b-first" else 5100
    assert [amount for (amount,) in rows.values()] == [january, *amounts("5193.33", "5286.67", "5380.00", "13500.00")]
    caught = line(home, f"{name}/1", "catch_up_amount", "2025-05")
    assert sum(amount for (amount,) in caught.values()) == -900


def test_a_volume_discount_catches_up(home):
    rows = line(home, "ex24/1", "revenue_to_date_amount, revenue_amount", "2025-06")
    assert (rows["2025-03"], rows["2025-06"]) == ((7500, 7500), (51750, 44250))


def test_a_contract_asset_until_the_second_delivery(home):
    columns = "contract_asset_amount, receivable_amount"
    rows = contract(home, "ex39", columns, "2025-02")
    assert list(rows.values()) == [(400, 0), (0, 1000)]


def test_an_extension_below_its_price_is_spread_over_what_is_left(home):
    rows = line(home, "maint/1", "revenue_amount, revenue_to_date_amount", "2026-12")
    assert {amount for month, (amount, _) in rows.items() if month < "2026"} == {D("5625.00")}
    assert rows["2025-12"][1] == 67500
    assert {amount for month, (amount, _) in rows.items() if month > "2026"} == {D("5312.50")}


def test_a_separate_extension_has_its_own_months(home):
    rows = line(home, "separate/1", "revenue_amount, revenue_to_date_amount", "2026-04")
    assert {amount for month, (amount, _) in rows.items() if month < "2026"} == {1000}
    assert [rows[f"2026-0{month}"] for month in (1, 2, 3, 4)] == [(950, 12950), (950, 13900), (950, 14850), (0, 14850)]


def test_what_remains_to_be_performed(home):
    rows = contract(home, "rpo", "backlog_amount", "2026-12")
    assert [rows[month][0] for month in ("2024-12", "2025-12", "2026-06")] == [7200, 2400, 0]
    rows = months(
        home, "backlog_by_project_month", ("project_id", "R-rpo"), "opening_amount, revenue_amount", "2025-12"
    )
    assert sum(amount for month, (_, amount) in rows.items() if month >= "2025-01") == 4800


def test_book_to_bill(home):
    rows = months(
        home, "backlog_by_project_month", ("project_id", "R-b2b"), "book_to_bill_ratio, closing_amount_base", "2025-02"
    )
    assert rows == {"2025-01": (D("1.25"), 1000000), "2025-02": (None, 1000000)}


def test_an_advance_keeps_its_rate(home):
    rows = line(home, "fx-080/1", "revenue_amount_base, revenue_to_date_amount_base", "2025-12")
    assert [rows[month][0] for month in ("2025-01", "2025-06", "2025-07", "2025-12")] == [1100, 1100, 1200, 1200]
    assert rows["2025-12"][1] == 13800
    columns = "contract_liability_amount_base, fx_difference_to_date_amount_base"
    balances = contract(home, "fx-080", columns, "2025-12")
    assert [balances[month] for month in ("2025-01", "2025-06", "2025-07")] == [(5500, 0), (0, 0), (6000, 0)]


def test_a_retention_is_no_receivable_until_it_is_released(home):
    rows = contract(home, "app3", "billed_to_date, retention_amount, receivable_amount", "2025-05")
    assert rows["2025-01"] == (300000, 30000, 270000)
    # January is paid but for what is held back
    assert rows["2025-02"] == (412500, 41250, 101250)
    assert rows["2025-03"] == (750000, 75000, 405000)
    assert rows["2025-05"] == (750000, 0, 480000)


EDGES = {
    "hourly/1": ("revenue_to_date_amount", {"2025-01": ("2170.00",), "2025-02": ("2197.50",)}),
    "capped/1": (
        "revenue_to_date_amount, above_cap_amount, loss_provision_amount",
        {"2025-01": ("600", "0", "300"), "2025-02": ("1000", "200", "300"), "2025-03": ("1000", "800", "300")},
    ),
    "hours/1": (
        "progress_pct, revenue_to_date_amount",
        {"2025-01": ("0.333333333333", "30000"), "2025-02": ("0.41", "36900")},
    ),
    "few/1": ("progress_pct, revenue_to_date_amount", {"2025-01": (None, "300")}),
    "invoiced/1": ("revenue_amount, revenue_to_date_amount", {"2025-02": ("-30.05", "70.05")}),
    "unplanned/1": (
        "progress_pct, revenue_to_date_amount",
        {"2025-01": (None, "300"), "2025-02": (None, "1000")},
    ),
    "unpriced/1": ("revenue_to_date_amount, loss_provision_amount", {"2025-01": (None, None)}),
    "undated/1": ("revenue_to_date_amount, transaction_price_amount", {"2025-01": (None, "1000")}),
    "overrun/1": ("progress_pct, revenue_to_date_amount, eac_amount", {"2025-01": ("1", "1000", "130")}),
    "huge/1": ("revenue_to_date_amount", {"2025-01": ("333333333333.34",)}),
    "thirds/1": (
        "revenue_amount, revenue_to_date_amount",
        {"2025-01": ("33.33", "33.33"), "2025-02": ("33.34", "66.67"), "2025-03": ("33.33", "100.00")},
    ),
    "credit/1": ("progress_pct, revenue_to_date_amount, catch_up_amount", {"2025-02": ("0", "0", "-600")}),
    "no-rate/1": ("revenue_amount, revenue_amount_base", {"2025-02": ("100", None)}),
    "branches/1": ("cost_to_date_amount, eac_amount, revenue_to_date_amount", {"2025-01": ("200", "800", "250")}),
    "branches/2": ("cost_to_date_amount, eac_amount, revenue_to_date_amount", {"2025-01": ("100", "400", "125")}),
}


@pytest.mark.parametrize("name", EDGES)
def test_edges(home, name):
    columns, expected = EDGES[name]
    found = line(home, name, columns)
    for month, values in expected.items():
        assert found[month] == tuple(None if value is None else D(value) for value in values), month


@pytest.mark.parametrize(
    ("rule", "entity", "amount"),
    [
        ("missing_price", "R-unpriced/1", 50),
        ("missing_line_dates", "R-undated/1", 1000),
        ("missing_plan", "R-unplanned/1", 300),
        ("cost_above_plan", "R-overrun/1", 130),
        ("missing_bill_rate", "R-hourly/1", None),  # one person's hours
        ("above_cap", "R-capped/1", 200),
        ("missing_exchange_rate", "BRL", 100),
        ("project_without_contract_line", "R-no-line-001", 700),
        ("separate_change_not_apart", "R-together/1", 2850),
    ],
)
def test_what_is_missing_is_named(home, rule, entity, amount):
    rows = home.published(
        "select amount_at_stake from ops.exceptions where rule = ? and entity = ? order by month", rule, entity
    )
    assert rows[0] == (amount,)


def test_a_project_without_contract_line_earns_what_it_invoices(home):
    rows = months(home, "margin_by_project_month", ("project_id", "R-no-line"), "revenue_amount_base", "2025-01")
    assert rows == {"2025-01": (700,)}


def test_what_was_added_at_its_price_is_earned_by_its_own_work(home):
    """10 of its 30 units, then all; the penalty on it is its own, and the line does not feel it."""
    columns = "transaction_price_amount, cost_to_date_amount, eac_amount, revenue_to_date_amount, catch_up_amount"
    assert line(home, "apart/1", columns) == {
        "2025-01": (12000, 60, 120, 6000, 0),
        "2025-02": (12000, 90, 120, 9000, 0),
        "2025-03": (12000, 120, 120, 12000, 0),
    }
    # 10/30 of 2,850; then 2,565, of which the first third costs a third of the penalty of 285
    assert line(home, "apart/1 + CR-1", columns) == {
        "2025-02": (2850, 10, 30, 950, 0),
        "2025-03": (2565, 30, 30, 2565, -95),
    }
    # one contract with the customer: 9,950 earned, 9,000 billed
    rows = contract(home, "apart", "revenue_to_date, contract_asset_amount, backlog_amount")
    assert rows == {"2025-01": (6000, 6000, 6000), "2025-02": (9950, 950, 4900), "2025-03": (14565, 5565, 0)}
    rows = home.published(
        "select delivered_line_id, change_request_id, wbs_id, final_price_amount from core.dim_contract_lines "
        "where contract_line_id like 'R-apart/%' order by contract_line_id"
    )
    assert rows == [("R-apart/1", None, None, 12000), ("R-apart/1", "CR-1", "CR-1", 2565)]
    named = home.published("select * from ops.exceptions where rule = 'separate_change_not_apart'")
    assert len(named) == 1


def test_what_was_added_and_cannot_be_told_apart_is_spread_over_the_work_that_is_left(home):
    """60 of 120 units are settled at 6,000; 6,000 + 2,850 over 90 units: 98.33 each, less the penalty by progress."""
    rows = line(home, "together/1", "transaction_price_amount, revenue_to_date_amount")
    # 6,000 + 40/90 of 8,850; then the rest
    assert rows == {"2025-01": (12000, 6000), "2025-02": (14850, D("9933.33")), "2025-03": (14565, 14565)}


def test_an_alias_tells_what_was_added_apart(home):
    rows = line(home, "alias/1", "transaction_price_amount, revenue_to_date_amount", "2025-02")
    assert rows == {"2025-01": (1000, 200), "2025-02": (1000, 400)}
    rows = line(home, "alias/1 + R-CR-9", "transaction_price_amount, revenue_to_date_amount", "2025-02")
    assert rows == {"2025-02": (300, 150)}


def test_a_loss_by_the_hour_without_a_cap_is_in_the_margin_as_it_is_spent(home):
    """What the customer will pay in the end is unknown, so no loss is provided for: 10 h at 50 for 1,000 a month."""
    rows = line(home, "uncapped/1", "revenue_amount, is_loss_making, loss_provision_amount", "2025-02")
    assert rows == {"2025-01": (500, None, None), "2025-02": (500, None, None)}
    columns = (
        "revenue_amount_base, cost_of_sales_amount_base, loss_provision_change_amount_base, gross_margin_amount_base"
    )
    rows = months(home, "margin_by_project_month", ("project_id", "R-uncapped"), columns, "2025-02")
    assert rows == {"2025-01": (500, 1000, 0, -500), "2025-02": (500, 1000, 0, -500)}
