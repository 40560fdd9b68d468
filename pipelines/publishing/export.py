"""What the report site gets to see: an allow-list of SELECTs from the staged snapshot, in one small DuckDB file.

Everything that is exported can be read by whoever can open the site, so a column is here because a page shows it.
Pages add and divide; which rows and columns there are is decided here. No layout, no building.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import PublicationFailed

SOURCE = "wh"

# The engine inside the site's build is DuckDB 1.4; blocks of 16 kB keep a file of small tables small.
_STORAGE = "storage_version 'v1.4.0', block_size 16384"

_SAFE_KEY = "[A-Za-z0-9_-]{1,64}"

# Delivered ids may hold anything; a page's address may not. A safe id stays as it is, any other (and any that differs
# from another only in case, which some file systems cannot tell apart) is replaced by a hash of itself.
_PROJECTS = f"""
with identified as (
    select project_id from wh.core.dim_projects
    union
    select project_id from wh.margin.margin_by_project_month where project_id is not null
),
keyed as (
    select
        project_id,
        case
            when
                regexp_full_match(project_id, '{_SAFE_KEY}')
                and lower(project_id) <> 'index'
                and count(*) over (partition by lower(project_id)) = 1
                then project_id
            else 'p-' || substr(sha256(project_id), 1, 20)
        end as project_key
    from identified
)
select
    keyed.project_key,
    keyed.project_id,
    coalesce(nullif(trim(p.project_name), ''), keyed.project_id) as project_name,
    p.customer_id,
    coalesce(p.customer_name, p.customer_id) as customer_name,
    coalesce(p.programme_name, p.programme_id) as programme_name,
    p.business_group,
    p.market,
    p.project_manager,
    p.currency_code,
    replace(p.status, '_', ' ') as status,
    p.is_key_project,
    p.start_date,
    p.planned_end_date,
    p.actual_end_date
from keyed
left join wh.core.dim_projects as p on keyed.project_id = p.project_id
order by keyed.project_id
"""

_PROJECT_MONTHS = """
select
    p.project_key,
    m.month,
    m.revenue_amount_base as revenue,
    m.cost_of_sales_amount_base as cost,
    m.gross_margin_amount_base as margin,
    m.billed_amount_base as billed,
    m.collected_amount_base as collected,
    m.gross_margin_amount_base_to_date as margin_to_date,
    cast(m.gross_margin_pct_to_date as double) as margin_pct_to_date,
    m.has_open_exceptions
from wh.margin.margin_by_project_month as m
join out.projects as p on m.project_id = p.project_id
order by m.month, p.project_key
"""

_MONTHS = """
with figures as (
    select
        month,
        bool_or(coalesce(revenue, 0) <> 0 or coalesce(cost, 0) <> 0) as has_figures,
        bool_or(has_open_exceptions) as has_open_exceptions
    from out.project_months
    group by month
),
bounds as (
    select
        min(month) as first_month,
        max(month) as last_month
    from figures
    where has_figures
)
select
    m.month,
    m.fiscal_year,
    m.is_complete,
    coalesce(f.has_figures, false) as has_figures,
    coalesce(f.has_open_exceptions, false) as has_open_exceptions
from wh.core.dim_months as m
join bounds as b on m.month between b.first_month and b.last_month
left join figures as f on m.month = f.month
order by m.month
"""

_PROJECT_FIGURES = """
with latest as (
    select
        month,
        fiscal_year
    from out.months
    where is_complete and has_figures
    order by month desc
    limit 1
),
summed as (
    select
        f.project_key,
        sum(f.revenue) filter (where f.month = l.month) as month_revenue,
        sum(f.margin) filter (where f.month = l.month) as month_margin,
        sum(f.revenue) filter (where m.fiscal_year = l.fiscal_year and f.month <= l.month) as revenue,
        sum(f.margin) filter (where m.fiscal_year = l.fiscal_year and f.month <= l.month) as margin,
        sum(f.revenue) as revenue_to_date,
        sum(f.margin) as margin_to_date
    from out.project_months as f
    left join out.months as m on f.month = m.month
    left join latest as l on true
    group by f.project_key
),
exceptions as (
    select
        project_id,
        count(*) as cases
    from wh.ops.exceptions
    where project_id is not null and severity <> 'notice'
    group by project_id
)
select
    p.project_key,
    s.month_revenue,
    s.month_margin,
    s.revenue,
    s.margin,
    s.revenue_to_date,
    s.margin_to_date,
    coalesce(e.cases, 0) as exceptions
from out.projects as p
left join summed as s on p.project_key = s.project_key
left join exceptions as e on p.project_id = e.project_id
order by p.project_key
"""

# One row a project: its own last complete month with figures, the month before, and everything to date.
_PROJECT_STATEMENT = """
with latest as (
    select
        f.project_key,
        max(f.month) as month
    from out.project_months as f
    join out.months as m on f.month = m.month
    where m.is_complete and (coalesce(f.revenue, 0) <> 0 or coalesce(f.cost, 0) <> 0)
    group by f.project_key
),
to_date as (
    select
        project_key,
        sum(revenue) as revenue,
        sum(cost) as cost,
        sum(margin) as margin
    from out.project_months
    group by project_key
)
select
    l.project_key,
    l.month,
    cast(l.month - interval 1 month as date) as previous_month,
    'Project' as year_label,
    f.revenue,
    f.cost,
    f.margin,
    cast(f.margin as double) / nullif(f.revenue, 0) as margin_pct,
    b.revenue as previous_revenue,
    b.cost as previous_cost,
    b.margin as previous_margin,
    cast(b.margin as double) / nullif(b.revenue, 0) as previous_margin_pct,
    t.revenue as year_revenue,
    t.cost as year_cost,
    t.margin as year_margin,
    cast(t.margin as double) / nullif(t.revenue, 0) as year_margin_pct
from latest as l
join out.project_months as f on l.project_key = f.project_key and l.month = f.month
left join out.project_months as b
    on l.project_key = b.project_key and b.month = cast(l.month - interval 1 month as date)
join to_date as t on l.project_key = t.project_key
order by l.project_key
"""

_CATEGORIES = ("labour", "subcontract", "material", "equipment", "travel", "other")


def _project_costs() -> str:
    """Cost by category as rows: what the mart holds as columns."""
    rows = " union all ".join(
        f"select project_id, month, {place} as position, '{name}' as category, {name}_cost_amount_base as cost "
        "from wh.margin.margin_by_project_month"
        for place, name in enumerate(_CATEGORIES)
    )
    return f"""
    with costs as ({rows}),
    summed as (
        select
            p.project_key,
            c.position,
            c.category,
            sum(c.cost) as cost,
            sum(c.cost) filter (where c.month = s.month) as month_cost
        from costs as c
        join out.projects as p on c.project_id = p.project_id
        left join out.project_statement as s on p.project_key = s.project_key
        group by p.project_key, c.position, c.category
    )
    select
        project_key,
        position,
        category,
        cost,
        sum(cost) over (partition by project_key) as whole,
        month_cost
    from summed
    where coalesce(cost, 0) <> 0
    order by project_key, position
    """


_PROJECT_FILES = """
with facts as (
    select
        project_id,
        source_file_id,
        case category when 'labour' then 'labour' else 'other cost' end as what,
        sum(source_rows) as facts
    from wh.core.fct_cost_lines
    group by project_id, source_file_id, case category when 'labour' then 'labour' else 'other cost' end
    union all
    select
        project_id,
        source_file_id,
        direction || ' invoices' as what,
        count(*) as facts
    from wh.core.fct_invoices
    group by project_id, source_file_id, direction
),
files as (
    select
        source_file_id,
        min(file_name) as file_name,
        max(loaded_at) as loaded_at
    from wh.ops.loads
    group by source_file_id
)
select
    p.project_key,
    coalesce(l.file_name, f.source_file_id, '(several files)') as file_name,
    f.what,
    cast(f.facts as bigint) as facts,
    l.loaded_at,
    f.source_file_id
from facts as f
join out.projects as p on f.project_id = p.project_id
left join files as l on f.source_file_id = l.source_file_id
qualify row_number() over (partition by p.project_key order by l.loaded_at desc, f.source_file_id, f.what) <= 200
order by p.project_key, l.loaded_at desc, f.source_file_id, f.what
"""

_EXCEPTIONS = """
select
    p.project_key,
    case e.severity when 'error' then 1 when 'warning' then 2 else 3 end as position,
    e.severity,
    replace(e.rule, '_', ' ') as rule,
    concat_ws(' ', replace(e.entity_type, '_', ' '), e.entity) as entity,
    e.month,
    e.message,
    e.amount_at_stake,
    e.unit
from wh.ops.exceptions as e
left join out.projects as p on e.project_id = p.project_id
order by position, e.amount_at_stake desc nulls last, e.rule, e.entity, e.month desc, e.message
"""

_EXCEPTION_SUMMARY = """
select
    case severity when 'error' then 1 when 'warning' then 2 else 3 end as position,
    severity,
    replace(rule, '_', ' ') as rule,
    unit,
    count(*) as cases,
    count(distinct project_id) as projects,
    sum(amount_at_stake) as amount_at_stake
from wh.ops.exceptions
group by severity, rule, unit
order by position, amount_at_stake desc nulls last, rule
"""

_LOADS = """
select
    file_name,
    feed,
    table_name,
    format,
    loaded_at,
    rows_read,
    rows_loaded,
    rows_rejected,
    rows_unchanged,
    amount_column,
    cast(amount_read as decimal(18, 2)) as amount_read,
    cast(amount_loaded as decimal(18, 2)) as amount_loaded,
    cast(amount_rejected as decimal(18, 2)) as amount_rejected,
    cast(amount_unchanged as decimal(18, 2)) as amount_unchanged,
    case when is_amount_withheld then 'sum withheld: too few people' else warnings end as note
from wh.ops.loads
where status = 'loaded'
order by loaded_at desc, load_number desc, table_name
"""

_REFUSED = """
select
    file_name,
    feed,
    loaded_at,
    reason
from wh.ops.loads
where status = 'refused'
order by loaded_at desc, load_number desc
"""

_LOAD_SUMMARY = """
select
    feed,
    table_name,
    count(*) as files,
    cast(sum(rows_read) as bigint) as rows_read,
    cast(sum(rows_loaded) as bigint) as rows_loaded,
    cast(sum(rows_rejected) as bigint) as rows_rejected,
    cast(sum(rows_unchanged) as bigint) as rows_unchanged,
    case when bool_and(is_conserved) then 'yes' else 'no' end as adds_up
from wh.ops.loads
where status = 'loaded'
group by feed, table_name
order by feed, table_name
"""

_REJECTED = """
with files as (
    select
        source_file_id,
        min(file_name) as file_name,
        max(load_number) as load_number
    from wh.ops.loads
    group by source_file_id
)
select
    row_number() over (order by f.load_number desc, r.source_file_id, r.table_name, r.reject_number) as position,
    coalesce(f.file_name, r.source_file_id) as file_name,
    r.table_name,
    r.source_line,
    r.column_name,
    substr(r.value, 1, 200) as value,
    r.reason,
    r.remedy
from wh.ops.rejected_rows as r
left join files as f on r.source_file_id = f.source_file_id
order by position
"""

_CHECK_SUMMARY = """
select
    suite,
    count(*) as checks,
    count(*) filter (where status = 'passed') as passed,
    count(*) filter (where status <> 'passed' and severity <> 'critical') as warnings,
    count(*) filter (where status <> 'passed' and severity = 'critical') as critical
from wh.ops.check_results
group by suite
order by suite
"""

_FAILED_CHECKS = """
select
    check_name,
    suite,
    concat_ws('.', schema_name, model_name) as model,
    column_name,
    severity,
    failing_rows,
    message
from wh.ops.check_results
where status <> 'passed'
order by severity, suite, check_name
"""

_CONTROL_TOTALS = """
select
    row_number() over (
        order by abs(difference) desc nulls last, feed, table_name, month desc, measure, unit
    ) as position,
    feed,
    table_name,
    month,
    replace(measure, '_', ' ') as measure,
    unit,
    cast(source_amount as decimal(18, 2)) as source_amount,
    cast(warehouse_amount as decimal(18, 2)) as warehouse_amount,
    cast(excluded_amount as decimal(18, 2)) as excluded_amount,
    cast(difference as decimal(18, 2)) as difference,
    case
        when coalesce(difference, 1) <> 0 then 'differs'
        when is_withheld then 'withheld: too few people'
    end as state
from wh.ops.control_totals
order by position
"""

_FRESHNESS = """
select
    feed,
    table_name,
    files,
    last_delivered_at,
    expected_by_at,
    case
        when is_late then 'late'
        when files = 0 then 'nothing delivered'
        when is_late is null then 'no expectation set'
        else 'in time'
    end as state
from wh.ops.feed_freshness
order by feed, table_name
"""

_REFRESHES = """
select
    started_at,
    status,
    files_loaded,
    files_refused,
    rows_loaded,
    code_version,
    substr(input_hash, 1, 12) as input_hash
from wh.ops.refreshes
order by started_at desc
"""

_DICTIONARY = """
select
    schema_name || '.' || model_name as table_name,
    row_number() over (order by schema_name, model_name, rowid) as position,
    nullif(column_name, '') as column_name,
    data_type,
    meaning,
    formula
from wh.ops.data_dictionary
order by position
"""

# What a reader should know before believing the figures; each line leads to the page that tells more.
_ATTENTION = """
with exceptions as (
    select
        position * 10 as position,
        upper(substr(rule, 1, 1)) || substr(rule, 2) as what,
        cases,
        amount_at_stake as at_stake,
        unit,
        case severity
            when 'error' then 'an amount is missing in the figures'
            else 'a figure rests on an assumption'
        end as meaning
    from out.exception_summary
    where severity <> 'notice'
),
others as (
    select
        30 as position,
        'Files refused' as what,
        count(*) as cases,
        'nothing of them is in the figures' as meaning,
        '/trust/#refused-files' as link
    from wh.ops.loads
    where status = 'refused'
    union all
    select 31, 'Rows rejected', count(distinct (source_file_id, table_name, source_line)), 'they are not in the figures', '/trust/#rejected-rows'
    from wh.ops.rejected_rows
    union all
    select 32, 'Checks that did not pass', count(*), 'warnings: the figures were published all the same', '/trust/#checks'
    from wh.ops.check_results
    where status <> 'passed'
    union all
    select 33, 'Control totals that differ', count(*), 'the files say something else than the warehouse', '/trust/#control-totals'
    from out.control_totals
    where state = 'differs'
    union all
    select 34, 'Feeds that are late', count(*), 'deliveries are missing', '/trust/#freshness'
    from wh.ops.feed_freshness
    where is_late
    union all
    select 35, 'Months that are not over', count(*), 'their figures will change', '/#margin-by-month'
    from out.months
    where not is_complete
)
select position, what, cases, at_stake, unit, meaning, '/trust/#exceptions' as link from exceptions
union all
select position, what, cases, null as at_stake, null as unit, meaning, link from others where cases > 0
order by position, at_stake desc nulls last, what
"""


@dataclass(frozen=True, kw_only=True)
class Table:
    """One exported table: `limit` rows at most, and where the rest of them stands."""

    name: str
    sql: str
    limit: int | None = None
    source: str | None = None


TABLES: tuple[Table, ...] = (
    Table(name="projects", sql=_PROJECTS),
    Table(name="project_months", sql=_PROJECT_MONTHS),
    Table(name="months", sql=_MONTHS),
    Table(name="project_figures", sql=_PROJECT_FIGURES),
    Table(name="project_statement", sql=_PROJECT_STATEMENT),
    Table(name="project_costs", sql=_project_costs()),
    Table(name="project_files", sql=_PROJECT_FILES),
    Table(name="exceptions", sql=_EXCEPTIONS, limit=5000, source="ops.exceptions"),
    Table(name="exception_summary", sql=_EXCEPTION_SUMMARY),
    Table(name="loads", sql=_LOADS, limit=2000, source="ops.loads"),
    Table(name="refused", sql=_REFUSED, limit=500, source="ops.loads"),
    Table(name="load_summary", sql=_LOAD_SUMMARY),
    Table(name="rejected", sql=_REJECTED, limit=1000, source="ops.rejected_rows"),
    Table(name="check_summary", sql=_CHECK_SUMMARY),
    Table(name="failed_checks", sql=_FAILED_CHECKS, limit=500, source="ops.check_results"),
    Table(name="control_totals", sql=_CONTROL_TOTALS, limit=1000, source="ops.control_totals"),
    Table(name="freshness", sql=_FRESHNESS),
    Table(name="refreshes", sql=_REFRESHES, limit=50, source="ops.refreshes"),
    Table(name="dictionary", sql=_DICTIONARY),
    Table(name="attention", sql=_ATTENTION),
)


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What was exported: rows by table, the keys of the projects' pages, and what every page says about itself."""

    rows: dict[str, int]
    project_keys: list[str]
    about: dict[str, Any] = field(default_factory=dict)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _about(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    row = connection.execute(
        "select as_of, base_currency, refresh_id, code_version, input_hash from wh.ops.refreshes "
        "where status = 'published' order by started_at desc limit 1"
    ).fetchone()
    if row is None or any(value is None for value in row):
        raise PublicationFailed(
            "the snapshot does not say what it stands for",
            where="ops.refreshes",
            value=row,
            valid="a published refresh with as_of, base_currency, refresh_id, code_version and input_hash",
        )
    as_of: datetime = row[0]
    as_of = as_of.replace(tzinfo=UTC) if as_of.tzinfo is None else as_of.astimezone(UTC)
    return {
        "as_of": as_of.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "base_currency": row[1],
        "refresh_id": row[2],
        "code_version": row[3],
        "input_hash": row[4],
    }


def _check(connection: duckdb.DuckDBPyConnection) -> None:
    """What no page could show rightly: a figure of no month, two projects at one address, a figure that is none."""

    def one(sql: str) -> Any:
        return connection.execute(sql).fetchone()[0]

    if nameless := one("select count(*) from wh.margin.margin_by_project_month where month is null"):
        raise PublicationFailed("rows without a month", where="margin.margin_by_project_month", value=nameless)
    if one("select count(*) - count(distinct lower(project_key)) from out.projects"):
        raise PublicationFailed("two projects would get the same page", where="core.dim_projects")
    twice = one(
        "select count(*) from (select project_key, month from out.project_months group by project_key, month "
        "having count(*) > 1)"
    )
    if twice:
        raise PublicationFailed("a project has a month twice", where="margin.margin_by_project_month", value=twice)
    floats = connection.execute(
        "select table_name, column_name from duckdb_columns() "
        "where database_name = 'out' and data_type in ('DOUBLE', 'FLOAT') order by all"
    ).fetchall()
    for table, column in floats:
        bad = one(f'select count(*) from out."{table}" where not isfinite("{column}")')
        if bad:
            raise PublicationFailed("a figure that is no number", where=f"{table}.{column}", value=f"{bad} rows")


def export_data(snapshot: Path, folder: Path) -> Exported:
    """Writes the site's data file and its manifest under `folder` (made anew) and returns what is in them.

    Raises PublicationFailed where the snapshot lacks a table or column that a page is made of, or holds what no page
    could show.
    """
    target = folder / SOURCE / SOURCE / f"{SOURCE}.duckdb"
    target.parent.mkdir(parents=True)
    rows: dict[str, int] = {}
    truncated: dict[str, dict[str, Any]] = {}
    connection = duckdb.connect(config={"threads": 2, "autoinstall_known_extensions": False})
    try:
        connection.execute(f"attach {_literal(str(snapshot))} as wh (read_only)")
        connection.execute(f"attach {_literal(str(target))} as out ({_STORAGE})")
        about = _about(connection)
        for table in TABLES:
            try:
                connection.execute(f'create table out."{table.name}" as {table.sql}')
            except duckdb.Error as error:
                raise PublicationFailed(
                    f"the site's table {table.name} cannot be made: {str(error).splitlines()[0]}", where=str(snapshot)
                ) from error
            count = connection.execute(f'select count(*) from out."{table.name}"').fetchone()[0]
            if table.limit is not None and count > table.limit:
                connection.execute(f'delete from out."{table.name}" where rowid >= {table.limit}')
                truncated[table.name] = {"shown": table.limit, "rows": count, "source": table.source}
            rows[table.name] = min(count, table.limit or count)
        _check(connection)
        keys = [key for (key,) in connection.execute("select project_key from out.projects order by 1").fetchall()]
        connection.execute("checkpoint out")
    finally:
        connection.close()
    manifest = {"renderedFiles": {SOURCE: [f"static/data/{SOURCE}/{SOURCE}/{SOURCE}.duckdb"]}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return Exported(rows=rows, project_keys=keys, about={**about, "truncated": truncated})
