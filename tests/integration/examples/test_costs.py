"""What the marts say of the files of `cost_files.py`."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from tests.integration.conftest import Home
from tests.integration.examples.conftest import Told
from tests.integration.examples.cost_files import FILES

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def home(told: Told) -> Home:
    return told.home


def test_nothing_of_it_is_rejected(home: Home) -> None:
    assert not home.private("select * from ledger.rejected_rows inner join ledger.loads using (source_file_id) "
                            "where file_name like '%_costs.csv'")  # fmt: skip
    loaded = home.private(
        "select count(distinct file_name) from ledger.loads where file_name like '%_costs.csv' and status = 'loaded'"
    )
    assert loaded == [(len(FILES),)]


@pytest.mark.parametrize(
    ("project", "column", "expected"),
    [
        # posted the month after, in other writing
        ("ACC", "material_cost_amount_base", {1: "1000", 2: "5"}),
        # posted with a discount: the accrual goes in full, the difference into the month of posting
        ("DISC", "subcontract_cost_amount_base", {1: "500", 3: "-10"}),
        # posted in two parts: no hole between them
        ("PART", "travel_cost_amount_base", {1: "300"}),
        # a credit note is an accrual that lowers the cost
        ("CRED", "material_cost_amount_base", {2: "-50"}),
        # one document, two projects, posted one after the other
        ("TWO", "other_cost_amount_base", {1: "600"}),
        ("ALSO", "other_cost_amount_base", {1: "400"}),
        # accrued at the day's rate, posted at another: the difference is in the posting's month
        ("FX", "equipment_cost_amount_base", {1: "90", 2: "5"}),
        ("FX", "fx_effect_amount_base", {1: "-10", 2: "-5"}),
        ("FX", "gross_margin_at_budget_rates_amount_base", {1: "-80"}),
        # 4 h at 11 of rework, 300 and 70 posted, 200 of the register
        ("QUAL", "quality_cost_amount_base", {2: "614"}),
        ("QUAL", "cost_of_sales_amount_base", {2: "436"}),
    ],
)
def test_costs_by_month(home: Home, project: str, column: str, expected: dict[int, str]) -> None:
    rows = home.published(
        f"select month(month), {column} from margin.margin_by_project_month where project_id = ?", project
    )
    assert {month: amount for month, amount in rows if amount} == {m: D(amount) for m, amount in expected.items()}


def test_uninstalled_material_keeps_its_kind_in_the_facts(home: Home) -> None:
    rows = home.published(
        "select origin, category, sum(amount) from core.fct_cost_lines where project_id = 'ACC' "
        "group by all order by all"
    )
    assert rows == [
        ("accrual", "material", D(700)), ("accrual", "uninstalled_material", D(300)),
        ("accrual_reversal", "material", D(-700)), ("accrual_reversal", "uninstalled_material", D(-300)),
        ("erp", "material", D(1005)),
    ]  # fmt: skip


def test_what_is_doubtful_is_named(home: Home) -> None:
    found = dict(home.published("select rule || ' ' || entity, amount_at_stake from ops.exceptions"))
    assert found["supplier_invoice_without_project INV7"] == D(77)
    assert found["posting_differs_from_invoice INV2"] == D(-10)
    assert found["complaint_cost_not_posted CMP-1"] == D(200)
    # posted in full, or of no project
    of_these = {f"{number}{n}" for number in ("INV", "CN") for n in range(1, 8)}
    assert not [
        name
        for name in found
        if (name.startswith(("partly_posted", "accrual_without")) and name.split(" ", 1)[1] in of_these)
        or name.startswith("complaint_cost_not_posted CMP-2")
    ]


def steps(home: Home, project: str, walk: tuple[str, str]) -> dict[str, D]:
    rows = home.published(
        "select driver, effect_amount_base from margin.margin_bridge "
        "where project_id = ? and from_version = ? and to_version = ?",
        project,
        *walk,
    )
    return {driver: effect for driver, effect in rows if effect}


def test_price_and_quantity_split(home: Home) -> None:
    assert steps(home, "PQ", ("as_sold", "actual")) == {"price": D(-1500), "hours": D(100), "rate": D(-90)}


def test_hours_of_one_person_are_not_told_from_his_rate(home: Home) -> None:
    assert steps(home, "ONE", ("as_sold", "actual")) == {"price": D(-1500), "hours": D(10)}
    (note,) = home.published("select max(note) from margin.margin_bridge where project_id = 'ONE'")
    assert "too few people" in note[0]


def test_approved_changes_are_a_step_of_their_own(home: Home) -> None:
    """100 for 70: of the 100 that subcontract rose, 70 is the change's."""
    assert steps(home, "CHG", ("as_sold", "forecast")) == {"approved_changes": D(30), "subcontract": D(-30)}


def test_key_projects_and_plans_at_completion(home: Home) -> None:
    """Of each project; of a group of two; and key projects are those that say so, summed and then divided."""
    columns = "as_sold_margin_amount_base, as_sold_margin_pct"
    at = "month = date '2025-06-01'"
    assert home.published(
        f"select project_id, {columns} from margin.margin_by_project_month "
        f"where {at} and project_id in ('PQ', 'ONE', 'CHG') order by 1"
    ) == [("CHG", D(200), D("0.2")), ("ONE", D(500), D("0.333333")), ("PQ", D(500), D("0.333333"))]
    assert home.published(
        f"select {columns} from margin.margin_by_business_group_month where {at} and business_group = 'costs: others'"
    ) == [(D(700), D("0.280000"))]
    shown = home.published(
        f"select project_group, {columns} from margin.margin_by_key_projects_month where {at} order by 1"
    )
    assert [group for group, *_ in shown] == ["key projects", "other projects"]
    assert shown == home.published(
        f"""
        select case when is_key_project then 'key projects' else 'other projects' end as project_group,
            sum(as_sold_margin_amount_base),
            (sum(as_sold_margin_amount_base) / sum(as_sold_revenue_amount_base))::decimal(18, 6)
        from margin.margin_by_project_month inner join core.dim_projects using (project_id)
        where {at} group by 1 order by 1
        """
    )
