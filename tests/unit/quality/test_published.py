"""The suite before publication: a sound file passes, and each planted fault is named in it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from data_tests.expectations.published import GRAINS, INDISPENSABLE, MARGIN_MARTS
from pipelines.quality.gate import run_gate
from pipelines.settings import Settings
from pipelines.warehouse import public_models

_MONEY = "decimal(18, 2)"
_MART = f"""
    select {{group}}, month, revenue_amount_base, labour_cost_amount_base, travel_cost_amount_base,
        loss_provision_change_amount_base, 1.00::{_MONEY} as quality_cost_amount_base,
        cast(labour_cost_amount_base + travel_cost_amount_base + loss_provision_change_amount_base as {_MONEY})
            as cost_of_sales_amount_base,
        cast(
            revenue_amount_base - labour_cost_amount_base - travel_cost_amount_base - loss_provision_change_amount_base
            as {_MONEY}
        ) as gross_margin_amount_base,
        billed_amount_base,
        fx_effect_amount_base, cast(sum(fx_effect_amount_base) over (order by month) as {_MONEY})
            + case when month = '2026-03-01' then null else 0 end as fx_effect_amount_base_to_date,
        cast(
            revenue_amount_base - labour_cost_amount_base - travel_cost_amount_base - loss_provision_change_amount_base
            - fx_effect_amount_base as {_MONEY}
        ) as gross_margin_at_budget_rates_amount_base,
        forecast_cost_amount_base + 5 as forecast_revenue_amount_base, forecast_cost_amount_base,
        case when forecast_cost_amount_base is not null then 5.00::{_MONEY} end as forecast_margin_amount_base,
        cast(gross_margin_pct as decimal(18, 6)) as gross_margin_pct,
        cast(sum(revenue_amount_base) over (order by month) as {_MONEY}) as revenue_amount_base_to_date
    from (values
        ('a', date '2026-01-01', 100.00::{_MONEY}, 60.10::{_MONEY}, 6.00::{_MONEY}, 4.00::{_MONEY}, 0.299000,
            130.00::{_MONEY}, 2.00::{_MONEY}, 300.00::{_MONEY}),
        ('a', date '2026-02-01', 0.00, 5.00, 0.00, 0.00, null, 0.00, 0.00, null),
        ('a', date '2026-03-01', 30.00, 24.00, 0.00, -4.00, 0.333333, 0.00, null, null)
    ) as rows ({{group}}, month, revenue_amount_base, labour_cost_amount_base, travel_cost_amount_base,
        loss_provision_change_amount_base, gross_margin_pct, billed_amount_base, fx_effect_amount_base,
        forecast_cost_amount_base)
"""
SAFETY = (
    "create or replace table kpi.safety_by_project_month as select * from (values "
    "('a', date '2026-01-01', 800.0, false, 0.0::decimal(18, 6), 0.0, 0.0, 0.0, 0.0), "
    "('a', date '2026-02-01', null, true, null, null, null, null, null)) as t "
    "(project_id, month, hours, is_hours_withheld, trir, ltir, trifr, ltifr, severity_rate)"
)


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """One project with three months, and the facts that its margin is made of."""
    path = tmp_path / "snapshot.duckdb"
    with duckdb.connect(str(path)) as connection:
        for schema in ("core", "margin", "forecast", "ops"):
            connection.execute(f"create schema {schema}")
        for mart, group in MARGIN_MARTS.items():
            connection.execute(f"create table margin.{mart} as {_MART.format(group=group)}")
        for statement in (
            "create table core.dim_projects as select 'a' as project_id, 'Bridge @ Main St.' as project_name",
            "create table core.dim_months as select date '2026-01-01' as month",
            f"create table core.fct_cost_lines as select * from (values ('1', 'a', 85.10::{_MONEY}), "
            "('2', 'a', 10.00), ('3', 'unknown', 7.00), ('4', 'a', null)) "
            "as t (cost_line_key, project_id, amount_base)",
            "create table core.fct_invoice_lines as select * from (values "
            f"('1', 'a', 'customer', 130.00::{_MONEY}, 1.5::double), ('2', 'a', 'supplier', 9.00, null), "
            "('3', null, 'customer', 3.00, 2.5)) "
            "as t (invoice_line_key, project_id, direction, net_amount_base, weight)",
            "create table core.fct_time_entries as select * from (values ('a', date '2026-01-01', 8.0, false), "
            "('a', date '2026-02-01', null, true)) as t (project_id, month, hours, is_hours_withheld)",
            "create table ops.loads as select 'f' as source_file_id, 'a.csv' as file_name, 'customer' as table_name",
            "create table ops.control_totals as select 'erp' as feed, 'cost_line' as table_name, "
            "date '2026-01-01' as month, null::varchar as source_file_id, null::varchar as file_name, "
            "'amount' as measure, 'EUR' as unit, 0.00 as difference",
            "create table ops.exceptions (rule varchar, message varchar)",
            f"create table forecast.earned_value_by_project_month as select 'a' as project_id, "
            f"date '2026-01-01' as month, 1.00::{_MONEY} as ev_amount, 1.00::{_MONEY} as ac_amount",
            f"create table forecast.eac_by_project_month_method as select 'a' as project_id, "
            f"date '2026-01-01' as month, 'cpi' as method, 1.00::{_MONEY} as eac_amount",
        ):
            connection.execute(statement)
        connection.execute("create schema kpi")
        for (schema, model), columns in INDISPENSABLE.items():
            if schema in ("kpi", "forecast"):
                cells = ", ".join(f"'a' as {column}" for column in columns)
                connection.execute(f"create table if not exists {schema}.{model} as select {cells}")
        connection.execute(SAFETY)
        for schema, model in public_models():
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(f"create table if not exists {schema}.{model} (id integer)")
    return path


def _findings(settings: Settings, snapshot: Path, *statements: str) -> dict[str, tuple[str | None, ...]]:
    with duckdb.connect(str(snapshot)) as connection:
        for statement in statements:
            connection.execute(statement)
    snapshot.chmod(0o444)
    result = run_gate(settings, suite="published", database=snapshot)
    assert result.blocked is bool(result.failures)
    return {f"{c.model_name} {c.check_name}": tuple(line for _, line in c.rows) for c in result.failures}


def test_a_sound_file_passes_and_every_mart_is_looked_at(settings: Settings, snapshot: Path) -> None:
    assert _findings(settings, snapshot) == {}
    result = run_gate(settings, suite="published", database=snapshot)
    checked = {(c.schema_name, c.model_name) for c in result.checks}
    assert checked >= {*GRAINS, ("information_schema", "columns"), ("ops", "control_totals")}
    assert len([c for c in result.checks if c.model_name == "margin_by_project_month"]) == 11


def test_a_file_that_contradicts_itself_is_a_warning_and_stops_nothing(settings: Settings, snapshot: Path) -> None:
    with duckdb.connect(str(snapshot)) as connection:
        connection.execute(
            "insert into ops.control_totals values ('erp', null, null, 'f', 'saft.xml', 'TotalDebit', 'NOK', 3.87)"
        )
    result = run_gate(settings, suite="published", database=snapshot)
    (failed,) = result.failures
    assert (failed.check_name, failed.severity, result.blocked) == ("files_agree_with_themselves", "warning", False)
    assert failed.rows == (("f", "saft.xml TotalDebit NOK"),)


MART = "margin_by_project_month"


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            f"update margin.{MART} set gross_margin_amount_base = 29.91 where month = '2026-01-01'",
            {
                f"{MART} margin_is_revenue_minus_cost": ("a 2026-01",),
                f"{MART} {{pct}}": ("a 2026-01",),
                f"{MART} budget_rates_and_currencies_make_the_margin": ("a 2026-01",),
            },
        ),
        (
            f"update margin.{MART} set travel_cost_amount_base = 0.01 where month = '2026-03-01'",
            {f"{MART} cost_is_the_sum_of_its_categories": ("a 2026-03",)},
        ),
        (
            f"update margin.{MART} set gross_margin_pct = 0 where month = '2026-02-01'",
            {f"{MART} {{pct}}": ("a 2026-02",)},
        ),
        (
            f"update margin.{MART} set gross_margin_pct = null where month = '2026-03-01'",
            {f"{MART} {{pct}}": ("a 2026-03",)},
        ),
        (
            f"update margin.{MART} set gross_margin_pct = 0.333334 where month = '2026-03-01'",
            {f"{MART} {{pct}}": ("a 2026-03",)},
        ),
        (
            f"update margin.{MART} set revenue_amount_base_to_date = 100.01 where month = '2026-02-01'",
            {f"{MART} to_date_is_the_running_sum": ("a 2026-02",)},
        ),
        (
            f"update margin.{MART} set fx_effect_amount_base_to_date = 2.01 where month = '2026-02-01'",
            {f"{MART} to_date_is_the_running_sum": ("a 2026-02",)},
        ),
        (
            f"update margin.{MART} set gross_margin_at_budget_rates_amount_base = 0 where month = '2026-03-01'",
            {f"{MART} budget_rates_and_currencies_make_the_margin": ("a 2026-03",)},
        ),
        (
            f"update margin.{MART} set gross_margin_at_budget_rates_amount_base = 27.91 where month = '2026-01-01'",
            {f"{MART} budget_rates_and_currencies_make_the_margin": ("a 2026-01",)},
        ),
        (
            f"update margin.{MART} set forecast_margin_amount_base = 4.99 where month = '2026-01-01'",
            {f"{MART} plans_have_a_margin": ("a 2026-01",)},
        ),
        (
            f"update margin.{MART} set forecast_revenue_amount_base = 7 where month = '2026-02-01'",
            {f"{MART} plans_have_a_margin": ("a 2026-02",)},
        ),
        (
            "delete from margin.margin_by_market_month where month = '2026-02-01'",
            {
                "margin_by_market_month months_follow_each_other": ("a 2026-03",),
                "margin_by_market_month months_add_up_to_the_projects": ("2026-02",),
            },
        ),
        (
            "update margin.margin_by_market_month set month = '2026-03-02' where month = '2026-03-01'",
            {
                "margin_by_market_month months_follow_each_other": ("a 2026-03",),
                "margin_by_market_month months_add_up_to_the_projects": ("2026-03",),
            },
        ),
        (
            "insert into margin.margin_by_market_month select * from margin.margin_by_market_month "
            "where month = '2026-02-01'",
            {
                "margin_by_market_month grain_is_unique": ("a 2026-02-01",),
                "margin_by_market_month months_follow_each_other": ("a 2026-02",),
                "margin_by_market_month months_add_up_to_the_projects": ("2026-02",),
            },
        ),
        (
            "insert into core.dim_months values (null)",
            {"dim_months grain_is_filled": ("",)},
        ),
        (
            "update core.fct_cost_lines set amount_base = 10.01 where cost_line_key = '2'",
            {"dim_projects margins_are_the_sums_of_the_facts": ("a",)},
        ),
        (
            "update core.fct_invoice_lines set direction = 'supplier' where invoice_line_key = '1'",
            {"dim_projects margins_are_the_sums_of_the_facts": ("a",)},
        ),
        (
            "update kpi.safety_by_project_month set hours = 8 where is_hours_withheld",
            {"safety_by_project_month withheld_hours_are_empty": ("a 2026-02",)},
        ),
        (
            "update kpi.safety_by_project_month set trir = 25 where is_hours_withheld",
            {"safety_by_project_month withheld_hours_are_empty": ("a 2026-02",)},
        ),
        (
            "update core.dim_projects set project_id = 'b'",
            {f"{MART} projects_are_known": ("a",)},
        ),
        (
            "update ops.control_totals set difference = -0.01",
            {"control_totals totals_agree": ("erp cost_line 2026-01 amount",)},
        ),
        (
            "update core.fct_time_entries set hours = 1 where is_hours_withheld",
            {"fct_time_entries withheld_hours_are_empty": ("a 2026-02",)},
        ),
        (
            "update core.fct_invoice_lines set weight = 'inf' where invoice_line_key = '1'",
            {"fct_invoice_lines numbers_are_finite": ("weight",)},
        ),
        (
            "update core.fct_invoice_lines set weight = 'nan' where invoice_line_key = '3'",
            {"fct_invoice_lines numbers_are_finite": ("weight",)},
        ),
        (
            "update core.dim_projects set project_name = 'ask Jane (jane.doe+x@mail.example.org)'",
            {"dim_projects no_e_mail_addresses": ("project_name",)},
        ),
        (
            "alter table core.dim_projects add column employee_name varchar",
            {"columns no_personal_columns": ("core.dim_projects.employee_name",)},
        ),
        (
            "alter table core.dim_projects add column average_hourly_rate decimal(18, 2)",
            {"columns no_personal_columns": ("core.dim_projects.average_hourly_rate",)},
        ),
        (
            "alter table core.dim_projects add column budget_amount double",
            {"columns money_is_exact": ("core.dim_projects.budget_amount",)},
        ),
        (
            "create table main.raw_copy as select 1 as x",
            {"columns only_public_schemas": ("main.raw_copy.x",)},
        ),
        (
            "drop table core.dim_people",
            {"columns every_model_is_published": ("core.dim_people",)},
        ),
        (
            "alter table margin.margin_by_project_month drop column gross_margin_pct",
            {"columns indispensable_columns_are_there": ("margin.margin_by_project_month.gross_margin_pct",)},
        ),
        (
            "delete from ops.loads",
            {"columns something_was_loaded": ("ops.loads",)},
        ),
    ],
)
def test_each_planted_fault_is_named_and_nothing_else(
    statement: str, found: dict[str, tuple[str, ...]], settings: Settings, snapshot: Path
) -> None:
    actual = _findings(settings, snapshot, statement)
    expected = {key.format(pct="gross_margin_pct_is_margin_over_revenue"): rows for key, rows in found.items()}
    assert actual == expected


def test_a_leaking_cell_is_named_by_its_column_and_never_shown(settings: Settings, snapshot: Path) -> None:
    with duckdb.connect(str(snapshot)) as connection:
        connection.execute("update core.dim_projects set project_name = 'jane@example.org'")
    result = run_gate(settings, suite="published", database=snapshot)
    assert result.blocked
    assert "jane" not in (settings.work / "quality" / "published.json").read_text(encoding="utf-8")


def test_what_is_indispensable_is_a_model_of_the_project() -> None:
    assert set(INDISPENSABLE) <= set(public_models())
    assert set(GRAINS) <= set(INDISPENSABLE)
