"""The forecast marts of 10,000 projects and 36 months, simulation included: built once, timed.

    python -m benchmarks.forecast_scale --template WAREHOUSE [--projects N] [--months N] [--keep FILE]

WAREHOUSE is the private file of a built home (benchmarks.run has one of the demo firm); of it only the columns of the
tables that the forecast models read are taken. The rows are made here: projects that start over the first year, end
or go on, overrun as a whole and from month to month; baselines by WBS element, monthly progress and cost, a forecast
of two authors every quarter, risks, opportunities, change requests. Nothing of dbt_project is told here but names.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from rich.console import Console

from pipelines.errors import OutturnError

ROOT = Path(__file__).resolve().parents[1]
DBT = str(Path(sys.executable).parent / "dbt")
SELECTED = ("intermediate.evm", "intermediate.forecast", "marts.forecast")
GOAL_SECONDS = 60

# Rows of the tables that the selected models read; a table that is not here is empty. `p`: the projects; `pm`: projects
# by month of their life; `v`: plan versions; each made first.
_SHAPES = """
create temp table p as
    select
        'S-' || lpad(i::varchar, 6, '0') as project_id,
        i,
        date '2023-01-01' + to_months((i % 12)::integer) as start_month,
        12 + hash(i) % 30 as life,
        1e5 * (1 + hash(i + 1) % 50) as bac,
        0.8 + (hash(i + 2) % 700) / 1000 as overrun
    from range($projects) as r(i);
create temp table pm as
    select
        p.*,
        n as month_number,
        (start_month + to_months(n::integer))::date as month,
        last_day((start_month + to_months(n::integer))::date) as measured_on,
        least(1, (n + 1) / life * (0.85 + (hash(i * 64 + n) % 200) / 1000)) as done,
        least(n + 1, life) as months_spent
    from p, range($months) as r(n);
create temp table v as
    select project_id, i, start_month, life, bac, overrun, 0 as month_number, 'B1' as plan_version_id,
        'baseline' as kind, (start_month - interval 5 day)::date as approved_on, null as source from p
    union all
    select project_id, i, start_month, life, bac, overrun, n, 'F' || n || '-' || s, 'forecast',
        (start_month + to_months(n::integer) + to_days(20 + length(s)))::date, s
    from p, range(1, $months) as r(n), (values ('finance'), ('project manager')) as a(s)
    where n % 3 = 0 and n < life;
"""

_ROWS = {
    "core.dim_projects": """
        select project_id, project_id as project_name, 'P' || i % 500 as programme_id, 'G' || i % 20 as business_group,
            'M' || i % 300 as project_manager, 'EUR' as currency_code,
            if(life <= $months, 'closed', 'execute') as status, false as is_key_project, start_month as start_date,
            if(life <= $months, last_day((start_month + to_months(life::integer - 1))::date), null) as actual_end_date
        from p""",
    "staging.stg_erp__projects": "select * from dim_projects_made",
    "core.dim_wbs_elements": """
        select project_id, 'W' || w as wbs_id, 'W' || w as wbs_name, 'percent_complete' as earning_rule, 1 as wbs_level,
            'W' || w as wbs_path, 'W' || w as root_wbs_id, true as is_leaf
        from p, range(3) as r(w)""",
    "core.dim_contract_lines": """
        select project_id || '-1' as contract_line_id, project_id as contract_id, project_id,
            if(i % 3 = 0, 'time_and_material', 'cost_to_cost') as revenue_method, 'EUR' as currency_code
        from p""",
    "core.fct_cost_lines": """
        select project_id || '-' || month_number || '-' || w as cost_line_key, 'erp' as origin, project_id,
            true as is_project_known, 'W' || w as wbs_id, month as cost_month, 'labour' as category,
            (bac * overrun / life / 3)::decimal(18, 2) as amount, 'EUR' as currency_code,
            (bac * overrun / life / 3)::decimal(18, 2) as amount_base, true as is_complete, false as is_quality_cost
        from pm, range(3) as r(w) where month_number < life""",
    "core.fct_progress": """
        select project_id as delivered_project_id, project_id, 'W' || w as wbs_id, measured_on as observed_date,
            month as observed_month, done as progress_pct
        from pm, range(3) as r(w) where month_number < life + 1""",
    "core.fct_risks": """
        select project_id as delivered_project_id, project_id, 'R' || r as risk_id,
            if(r = 3, 'opportunity', 'threat') as kind, 'closed' as status,
            (start_month + to_days((hash(i * 8 + r) % (life * 25)::bigint)::integer))::date as raised_date,
            (raised_date + to_days((60 + hash(i * 8 + r + 4) % 240)::integer))::date as closed_date,
            (1 + hash(i + r) % 80) / 100 as probability_pct, 'EUR' as currency_code,
            (bac * 0.01)::decimal(18, 2) as cost_low_amount, (bac * 0.03)::decimal(18, 2) as cost_likely_amount,
            (bac * 0.08)::decimal(18, 2) as cost_high_amount
        from p, range(4) as x(r)""",
    "core.fct_change_requests": """
        select project_id as delivered_project_id, project_id, 'C' || c as change_request_id, 'approved' as status,
            (start_month + to_days((hash(i * 8 + c) % (life * 25)::bigint)::integer))::date as requested_date,
            requested_date + 45 as decided_date, 'EUR' as currency_code, (bac * 0.02)::decimal(18, 2) as price_amount,
            (bac * 0.01)::decimal(18, 2) as cost_amount, 0.5 as probability_pct
        from p, range(3) as x(c)""",
    "intermediate.int_currency__daily_rates_to_base": """
        select 'EUR' as currency_code, d::date as rate_date, 1 as rate_to_base
        from generate_series(date '2022-12-01', date '2030-12-31', interval 1 day) as s(d)""",
    "intermediate.int_currency__monthly_rates_to_base": """
        select 'EUR' as currency_code, d::date as month, 1 as average_rate_to_base, 1 as closing_rate_to_base,
            1 as budget_rate_to_base
        from generate_series(date '2022-12-01', date '2030-12-01', interval 1 month) as s(d)""",
    "intermediate.int_eac__months_by_project": "select project_id, month, measured_on, false as is_open from pm",
    "intermediate.int_eac__plan_versions_dated": """
        select project_id, plan_version_id, kind, if(kind = 'forecast', 1, 2) as preference, approved_on,
            coalesce(lead(approved_on) over (partition by project_id, kind order by approved_on) - 1, date '9999-12-31')
                as in_force_to
        from v""",
    "intermediate.int_plans__versions_attributed": """
        select project_id, plan_version_id, kind, approved_on, source, project_id as delivered_project_id,
            plan_version_id as delivered_plan_version_id
        from v""",
    "intermediate.int_plans__rates_to_base": """
        select project_id, plan_version_id, 'EUR' as currency_code, 1 as rate_to_base, 'budget' as rate_source
        from v""",
    "intermediate.int_plans__lines_attributed": """
        select project_id, plan_version_id, 'W' || w as wbs_id, (start_month + to_months(n::integer))::date as month,
            'labour' as category, (bac / life / 3)::decimal(18, 2) as amount, 'EUR' as currency_code,
            project_id as delivered_project_id
        from v, range(3) as r(w), range(41) as s(n) where kind = 'baseline' and n < life
        union all
        select project_id, plan_version_id, null, (start_month + to_months(n::integer))::date, 'labour',
            (bac * overrun * 0.9 / life)::decimal(18, 2), 'EUR', project_id
        from v, range(41) as s(n) where kind = 'forecast' and n > month_number and n < life""",
    "intermediate.int_plans__amounts_by_version": """
        select project_id, plan_version_id, 'labour' as measure, month, currency_code, sum(amount) as amount,
            0 as rows_without_hours
        from int_plans__lines_attributed_made group by all""",
    "intermediate.int_eac__costs_by_project_month": """
        select pm.project_id, month, 'EUR' as currency_code, measured_on, coalesce(f.plan_version_id, 'B1') as
            plan_version_id, if(f.plan_version_id is null, 'baseline', 'forecast') as plan_kind, 0 as cost_amount,
            0 as cost_amount_base, (3 * (bac * overrun / life / 3)::decimal(18, 2) * months_spent)::decimal(18, 2) as
            cost_to_date_amount, cost_to_date_amount as cost_to_date_amount_base,
            (bac * overrun * 0.9 / life * (life - months_spent))::decimal(18, 2) as etc_amount,
            cost_to_date_amount + etc_amount as eac_amount, eac_amount as eac_amount_base, true as is_complete,
            0 as unconverted_amount_base, false as is_above_plan, 0 as stale_plan_amount, 0 as open_commitment_amount,
            0 as uncovered_commitment_amount, 0 as orders_without_rate
        from pm asof left join (select project_id, plan_version_id, approved_on from v where kind = 'forecast') as f
            on pm.project_id = f.project_id and pm.measured_on >= f.approved_on""",
    "intermediate.int_margin__at_completion_by_project_month": """
        select project_id, month, 'B1' as forecast_plan_version_id, 'baseline' as forecast_plan_kind,
            (bac * 1.3)::decimal(18, 2) as forecast_revenue_amount, forecast_revenue_amount as
            forecast_revenue_amount_base
        from pm""",
    "intermediate.int_revenue__by_project_month": """
        select project_id, month, 'EUR' as currency_code, (bac * 1.3 / life)::decimal(18, 2) as revenue_amount,
            revenue_amount as revenue_amount_base
        from pm where month_number < life""",
}


@dataclass(frozen=True, kw_only=True)
class Built:
    """Seconds of the wall clock and of the processor, MiB, and what stands in the marts afterwards."""

    seconds: float
    cpu_seconds: float
    peak: float
    rows: int
    ranges: int
    learned: int


def tables_read(manifest: Path) -> list[str]:
    """Schema and name of every table that the selected models read and do not make."""
    known = json.loads(manifest.read_text(encoding="utf-8"))
    rooms = {name.replace(".", "/") for name in SELECTED}
    made = {key for key, node in known["nodes"].items()
            if node["resource_type"] == "model" and "/".join(node["fqn"][1:3]) in rooms}  # fmt: skip
    read = {parent for key in made for parent in known["nodes"][key]["depends_on"]["nodes"]} - made
    nodes = [known["nodes"].get(key) or known["sources"][key] for key in sorted(read)]
    return [f"{node['schema']}.{node['name']}" for node in nodes]


def make(path: Path, *, template: Path, tables: Sequence[str], projects: int, months: int) -> None:
    """Writes a warehouse that has `tables`, with the columns and types of `template`."""
    if unknown := sorted(_ROWS.keys() - set(tables)):  # a model reads another table now: it needs rows
        raise OutturnError("rows are made for tables that no forecast model reads", value=", ".join(unknown))
    with duckdb.connect(str(path), config={"threads": 2}) as connection:
        # under its own name, which its views call it by
        connection.execute(f"attach '{template}' as {template.stem} (read_only)")
        shapes = _SHAPES.replace("$projects", str(projects)).replace("$months", str(months))
        connection.execute(shapes)
        for table in tables:
            connection.execute(f"create schema if not exists {table.split('.')[0]}")
            connection.execute(f"create table {table} as select * from {template.stem}.{table} limit 0")
        for table, rows in _ROWS.items():
            made = f"{table.split('.')[1]}_made"
            connection.execute(f"create temp view {made} as {rows.replace('$months', str(months))}")
            connection.execute(f"insert into {table} by name select * from {made}")


def _dbt(*command: str, path: Path, work: Path) -> str:
    options = ["--project-dir", "dbt_project", "--profiles-dir", "dbt_project", "--target-path", str(work / "target"),
               "--log-path", str(work / "log")]  # fmt: skip
    environment = {**os.environ, "OUTTURN_WAREHOUSE": str(path), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    ran = subprocess.run(
        [DBT, *command, *options], env=environment, capture_output=True, text=True, check=False, cwd=ROOT
    )
    if ran.returncode:
        raise OutturnError(f"dbt ended with {ran.returncode}: {ran.stdout[-3000:]}")
    return ran.stdout


def build(path: Path, *, work: Path) -> Built:
    """Runs dbt over the selected models, its start included; it has parsed the project before, as in a refresh."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    said = _dbt("run", "--select", *SELECTED, path=path, work=work)
    seconds = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    (work / "dbt.txt").write_text(said, encoding="utf-8")
    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute(
            "select count(*), count(eac_p80_amount), count(*) filter (is_range_calibrated) "
            "from forecast.forecast_by_project_month"
        ).fetchone()
    assert found is not None
    return Built(
        seconds=seconds,
        cpu_seconds=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        peak=after.ru_maxrss / 1024,
        rows=found[0],
        ranges=found[1],
        learned=found[2],
    )


def measure(template: Path, work: Path, *, projects: int = 10_000, months: int = 36) -> Built:
    """Makes the warehouse in `work` and builds the forecast marts in it."""
    path = work / "scale.duckdb"
    _dbt("parse", path=path, work=work)
    tables = tables_read(work / "target" / "manifest.json")
    make(path, template=template, tables=tables, projects=projects, months=months)
    return build(path, work=work)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--template", type=Path, required=True, help="the private warehouse of a built home")
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--keep", type=Path, help="a folder to work in that stays")
    arguments = parser.parse_args()
    work = arguments.keep or Path(tempfile.mkdtemp(prefix="outturn-scale-"))
    try:
        work.mkdir(parents=True, exist_ok=True)
        (work / "scale.duckdb").unlink(missing_ok=True)
        built = measure(arguments.template, work, projects=arguments.projects, months=arguments.months)
    finally:
        if not arguments.keep:
            shutil.rmtree(work, ignore_errors=True)
    Console(width=160).print(
        f"{arguments.projects:,} projects × {arguments.months} months: {built.seconds:.1f} s by the clock (goal "
        f"{GOAL_SECONDS}), {built.cpu_seconds:.1f} s of processor, {built.peak:,.0f} MiB; {built.rows:,} rows, "
        f"{built.ranges:,} with a range, {built.learned:,} of them learned from finished projects",
        highlight=False,
    )


if __name__ == "__main__":
    main()
