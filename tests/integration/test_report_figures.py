"""What the report adds to the marts (plan of a month, what suppliers were paid, comparisons, walks), over the demo
firm's snapshot: reckoned anew from core facts by plain SQL, and footing to the cent. No site is built.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.publishing.export import export_data
from pipelines.version import ROOT

pytestmark = pytest.mark.whole
MONTH = "2026-10-01"


@pytest.fixture(scope="module")
def report(demo: Any, tmp_path_factory: Any) -> Any:
    """A connection to what the site would see (`out`), the snapshot attached as `wh`."""
    folder = tmp_path_factory.mktemp("export")
    snapshot = demo[0].path / "published" / "warehouse.duckdb"
    export_data(snapshot, folder / "data", queries=ROOT / "reports" / "exports", figures=folder / "figures")
    with duckdb.connect() as connection:
        connection.execute(f"attach '{folder / 'data' / 'wh' / 'wh' / 'wh.duckdb'}' as out (read_only)")
        connection.execute(f"attach '{snapshot}' as wh (read_only)")
        yield connection


def _rows(report: Any, sql: str) -> list[tuple[Any, ...]]:
    return report.execute(sql).fetchall()


def test_portfolio_adds_up_to_the_mart_in_every_month(report: Any) -> None:
    differing = _rows(
        report,
        "with shown as (select month, sum(revenue) as revenue, sum(cost) as cost, sum(margin) as margin, "
        "sum(backlog) as backlog from out.portfolio where basis = 'now' group by month), "
        "mart as (select month, sum(revenue_amount_base) as revenue, sum(cost_of_sales_amount_base) as cost, "
        "sum(gross_margin_amount_base) as margin from wh.margin.margin_by_project_month group by month), "
        "backlogs as (select month, sum(closing_amount_base) as backlog from wh.margin.backlog_by_project_month "
        "group by month) "
        "select * from mart join out.months using (month) left join shown using (month) "
        "left join backlogs using (month) where "
        "(mart.revenue, mart.cost, mart.margin) is distinct from (shown.revenue, shown.cost, shown.margin) "
        "and (mart.revenue <> 0 or mart.cost <> 0) or coalesce(shown.backlog, 0) <> coalesce(backlogs.backlog, 0)",
    )
    assert differing == []


def test_comparisons_are_other_months_of_the_same_table(report: Any) -> None:
    differing = _rows(
        report,
        "select a.project_key, a.month from out.portfolio as a "
        "left join out.portfolio as b on a.project_key = b.project_key and a.basis = b.basis "
        "and b.month = a.month - interval 1 month "
        "left join out.portfolio as c on a.project_key = c.project_key and a.basis = c.basis "
        "and c.month = a.month - interval 12 month "
        # the report has no month before the first one with figures
        "where a.month > (select min(month) from out.months) and ("
        "coalesce(a.previous_revenue, 0) <> coalesce(b.revenue, 0) or coalesce(a.previous_cash, 0) <> "
        "coalesce(b.cash, 0) or coalesce(a.last_year_cost, 0) <> coalesce(c.cost, 0) "
        "or coalesce(a.previous_backlog, 0) <> coalesce(b.backlog, 0))",
    )
    assert differing == []


def test_cash_is_every_payment_of_a_project(report: Any) -> None:
    """Paid by the project of the invoice's header, which is another way than by its lines."""
    collected_less_paid = _rows(
        report,
        "select p.paid_month, sum(case p.direction when 'customer' then 1 else -1 end * p.payment_amount_base) "
        "from wh.core.fct_payments as p where p.paid_month between date '2026-01-01' and date '2026-10-01' "
        "group by 1 order by 1",
    )
    shown = _rows(
        report,
        "select month, sum(cash) from out.portfolio where basis = 'now' "
        "and month between date '2026-01-01' and date '2026-10-01' group by 1 order by 1",
    )
    assert len(shown) == 10
    assert shown == collected_less_paid
    assert _rows(
        report, f"select sum(year_cash) from out.portfolio where basis = 'now' and month = date '{MONTH}'"
    ) == [(sum(amount for _, amount in shown),)]


def test_plan_of_a_month_is_the_baseline_in_force(report: Any) -> None:
    """A second road: the newest baseline approved by the month's end, by its day of approval."""
    sql = """
        with lines as (
            select * from wh.core.fct_plan_lines
            where version_kind = 'baseline' and category <> 'management_reserve'
                and approved_date <= last_day(date '{m}')
        ),
        newest as (select project_id, max(approved_date) as approved_date from lines group by project_id)
        select
            sum(plan_amount_base) filter (where category = 'revenue' and month = date '{m}'),
            sum(plan_amount_base) filter (where category <> 'revenue' and month = date '{m}'),
            sum(plan_amount_base) filter (where category = 'revenue' and month > date '{m}')
        from lines join newest using (project_id, approved_date)
        where project_id in (select project_id from out.portfolio where plan_revenue is not null and month = date '{m}')
    """
    for month in ("2025-12-01", "2026-05-01", MONTH):
        expected = _rows(report, sql.format(m=month))
        without = _rows(
            report,
            f"select count(*) from out.plan_months as p where month = date '{month}' and not exists (select 1 from "
            "wh.core.fct_plan_lines as l where l.project_id = p.project_id and version_kind = 'baseline' "
            f"and approved_date <= last_day(date '{month}'))",
        )[0][0]
        shown = _rows(
            report,
            "select sum(plan_revenue), sum(plan_cost), sum(plan_backlog) from out.portfolio "
            f"where basis = 'now' and month = date '{month}'",
        )
        assert without == 0, "the plan as sold stands in: not compared here"
        assert shown == expected, month


def test_costs_by_category_are_those_of_the_cost_lines(report: Any) -> None:
    for category in ("labour", "subcontract", "material", "equipment", "travel", "other"):
        kinds = f"'{category}'" + (", 'uninstalled_material'" if category == "material" else "")
        shown = _rows(
            report,
            f"select sum({category}), sum(year_{category}) from out.margin_costs where basis = 'now' "
            f"and month = date '{MONTH}'",
        )
        facts = _rows(
            report,
            f"select sum(amount_base) filter (where cost_month = date '{MONTH}'), sum(amount_base) from "
            f"wh.core.fct_cost_lines where category in ({kinds}) and is_project_known "
            f"and cost_month between date '2026-01-01' and date '{MONTH}'",
        )
        assert [tuple(x or 0 for x in row) for row in shown] == [tuple(x or 0 for x in row) for row in facts], category


def test_walks_foot_and_follow_each_other(report: Any) -> None:
    drivers = (
        "price + approved_changes + hours + rate + subcontract + material + equipment + travel + other + fx + risk"
    )
    assert _rows(report, f"select * from out.walks where from_margin + {drivers} + residual <> to_margin") == []
    assert _rows(
        report,
        "select count(*) from out.walks as a join out.walks as b on a.project_key = b.project_key "
        "and a.walk = 'sold' and b.walk = 'todate' where a.to_margin <> b.from_margin",
    ) == [(0,)]
    assert _rows(report, "select walk, count(*) from out.walks where walk <> 'last' group by 1 order by 1") == [
        ("sold", 17), ("todate", 17)
    ]  # fmt: skip


def test_reds_are_those_of_the_kpi(report: Any) -> None:
    assert _rows(report, f"select sum(kpis) from out.reds where month = date '{MONTH}'") == _rows(
        report,
        "select count(*) from wh.kpi.kpi_values_by_project_month "
        f"where month = date '{MONTH}' and status = 'red' and dimension is not null",
    )


def test_a_moved_cent_is_told_as_a_change(demo: Any, tmp_path: Path) -> None:
    before = tmp_path / "before.duckdb"
    snapshot = demo[0].path / "published" / "warehouse.duckdb"
    before.write_bytes(snapshot.read_bytes())
    with duckdb.connect(str(before)) as connection:
        connection.execute(
            "update margin.margin_by_project_month set cost_of_sales_amount_base = cost_of_sales_amount_base - 0.01 "
            f"where project_id = 'P-1002' and month = date '{MONTH}'"
        )
    exported = export_data(
        snapshot, tmp_path / "data", queries=ROOT / "reports" / "exports", figures=tmp_path / "figures", previous=before
    )
    assert exported.about["previous"] is not None
    with duckdb.connect(str(tmp_path / "data" / "wh" / "wh" / "wh.duckdb"), read_only=True) as connection:
        changes = connection.execute("select project_key, cast(margin_change as varchar) from publication_changes")
        assert changes.fetchall() == [("P-1002", "-0.01")]
