"""What a reader fetches stays small at 1,000 projects and three years: the files of a month and of all months. The data
are made by SQL; no site is built.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest
from fixture_snapshot import write_snapshot

from pipelines.publishing.export import export_data
from pipelines.version import ROOT

PROJECTS = 1000
COSTS = ("labour", "subcontract", "material", "equipment", "travel", "other")


@pytest.fixture(scope="module")
def large(tmp_path_factory: Any) -> Path:
    folder = tmp_path_factory.mktemp("large")
    snapshot = write_snapshot(folder / "warehouse.duckdb", empty=True)
    with duckdb.connect(str(snapshot)) as connection:
        connection.execute(
            "insert into core.dim_months (month, fiscal_year, is_complete) "
            "select m, year(m), m < date '2026-11-01' from (select cast(unnest(generate_series(date '2023-11-01', "
            "date '2026-11-01', interval 1 month)) as date) as m)"
        )
        connection.execute(
            "insert into core.dim_projects (project_id, project_name, customer_id, business_group, market, status) "
            "select 'PRJ-' || n, 'Renewal of the core network, lot ' || n, 'C' || n % 90, 'G' || n % 7, 'M' || n % 12, "
            f"'execute' from range({PROJECTS}) as r (n)"
        )
        costs = ", ".join(f"{c}_cost_amount_base" for c in COSTS)
        amounts = ", ".join(f"round(10000 + random() * 90000, 2) as {c}" for c in COSTS)
        connection.execute("select setseed(0.5)")
        connection.execute(
            "insert into margin.margin_by_project_month (project_id, month, revenue_amount_base, "
            f"{costs}, loss_provision_change_amount_base, quality_cost_amount_base, cost_of_sales_amount_base, "
            "gross_margin_amount_base, collected_amount_base, fx_effect_amount_base) "
            "select project_id, month, revenue, " + ", ".join(COSTS) + ", 0, travel, cost, revenue - cost, revenue, 0 "
            "from (select *, " + " + ".join(COSTS) + " as cost from (select project_id, month, "
            f"round(100000 + random() * 900000, 2) as revenue, {amounts} from core.dim_projects, core.dim_months "
            "where is_complete))"
        )
        connection.execute(
            "insert into margin.backlog_by_project_month (project_id, month, closing_amount_base) "
            "select project_id, month, revenue_amount_base * 3 from margin.margin_by_project_month"
        )
        connection.execute(
            "insert into kpi.kpi_values_by_project_month "
            "(project_id, month, kpi_name, dimension, status, status_reason) "
            "select project_id, month, 'Cost performance index', 'cost', 'red', "
            "'Cost performance index 0.6661 (earned value 1397379.65 / actual cost 2097882.07) is red: below 0.9; x.' "
            "from margin.margin_by_project_month where revenue_amount_base < 400000"
        )
    export_data(snapshot, folder / "data", queries=ROOT / "reports" / "exports", figures=folder / "figures")
    return folder / "figures"


def test_month_of_a_thousand_projects_is_a_small_file(large: Path) -> None:
    for table in ("portfolio", "margin_costs"):
        month = orjson.loads((large / table / "2026-10.json").read_bytes())
        assert len(month["rows"]) == PROJECTS
    sizes = {
        path.relative_to(large).as_posix(): path.stat().st_size
        for path in large.rglob("2026-*.json")
        if path.parent.name in {"portfolio", "margin_costs", "reds", "losses", "fx_items"}
    }
    assert {name: size for name, size in sizes.items() if size > 400_000} == {}


def test_all_months_of_a_thousand_projects_are_fetched_at_once(large: Path) -> None:
    months = orjson.loads((large / "margin_months" / "all.json").read_bytes())
    assert len(months["rows"]) == PROJECTS * 36
    assert (large / "margin_months" / "all.json").stat().st_size < 5_000_000
