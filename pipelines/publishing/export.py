"""What the report site gets to see: an allow-list of SELECTs from the staged snapshot, in one small DuckDB file, and
beside it the figures of the other months as small files, which a page fetches when its reader chooses one.

Everything that is exported can be read by whoever can open the site, so a column is here because a page shows it.
Pages add and divide; which rows and columns there are is decided here. No layout, no building.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import duckdb
import orjson

from pipelines.errors import PublicationFailed
from pipelines.publishing.documents import write_documents
from pipelines.publishing.page_texts import drop_sections, pack_pages

SOURCE = "wh"

# The engine inside the site's build is DuckDB 1.4; blocks of 16 kB keep a file of small tables small.
_STORAGE = "storage_version 'v1.4.0', block_size 16384"


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table, made by `reports/exports/<name>.sql`; `limit` rows at most, the rest of them stands in `source`.

    `page`: its rows stand on the pages of projects or of programmes, packed with those of the other such tables into
    one text a page (`page_texts.py`); of a table with a month those of the default month, and every month in one file
    a page (`figures/project/<key>.json`), which is fetched when a reader chooses another month.

    `files`: also as files under `figures/<name>/`, "month" one a month (`2026-10.json`, and `2026-10.closed.json` for
    the rows whose column `basis` says `closed`), "whole" one for all months (`all.json`).

    `scratch`: made beside the data file, as `scratch.<name>`, and thrown away: it is only there to make others of.
    """

    name: str
    limit: int | None = None
    source: str | None = None
    files: Literal["month", "whole"] | None = None
    page: Literal["project", "programme"] | None = None
    scratch: bool = False


# What a project's and a programme's page is made of: `reports/exports/project_<section>.sql`.
PROJECT_SECTIONS = (
    "head",
    "series",
    "closed",
    "scorecard",
    "commentary",
    "kpis",
    "forecast",
    "methods",
    "earned",
    "plans",
    "bridges",
    "versions",
    "contracts",
    "registers",
    "health",
    "milestones",
    "risks",
    "changes",
    "opportunities",
    "complaints",
    "trust",
    "schedule_checks",
    "gates",
    "handover",
    "closing",
    "planned_hours",
    "exceptions",
    "files",
)
PROGRAMME_SECTIONS = (
    "head",
    "projects",
    "series",
    "closed",
    "scorecard",
    "kpis",
    "estimates",
    "earned",
    "plans",
    "bridges",
    "registers",
    "health",
    "milestones",
    "risks",
    "changes",
    "opportunities",
    "gates",
    "closing",
    "exceptions",
)

# In this order: a later one may read what an earlier one has made (`out.<name>`).
TABLES: tuple[Table, ...] = (
    Table(name="projects"),
    Table(name="project_months"),
    Table(name="months"),
    Table(name="default_month"),
    Table(name="programmes"),
    Table(name="customers"),
    Table(name="project_scope"),
    Table(name="project_figures"),
    # home and margin
    Table(name="plan_months"),
    Table(name="project_payments"),
    Table(name="portfolio", files="month"),
    Table(name="margin_costs", files="month"),
    Table(name="margin_months", files="whole"),
    Table(name="walks"),
    Table(name="fx_items", files="month"),
    Table(name="reds", files="month"),
    Table(name="losses", files="month"),
    Table(name="money_exceptions", limit=1000, source="ops.exceptions"),
    Table(name="restated", limit=1000, source="margin.margin_restatements"),
    Table(name="publication_changes", limit=1000, source="margin.margin_by_project_month"),
    # sections of the pages of projects, then of programmes
    *(Table(name=f"project_{section}", page="project") for section in PROJECT_SECTIONS),
    *(Table(name=f"programme_{section}", page="programme") for section in PROGRAMME_SECTIONS),
    Table(name="programme_list"),
    # the page about cost, scope, schedule and quality
    Table(name="scorecards", files="month"),
    Table(name="group_scorecards", files="month"),
    Table(name="group_kpis", files="month"),
    Table(name="watched_kpis", files="month"),
    Table(name="project_numbers", files="month"),
    Table(name="customer_health", files="month"),
    Table(name="utilisation", files="month"),
    Table(name="open_risks", limit=2000, source="core.fct_risks"),
    Table(name="open_changes", limit=2000, source="core.fct_change_requests"),
    Table(name="due_milestones", limit=2000, source="core.fct_milestones"),
    Table(name="gates", limit=4000, source="kpi.handover_readiness"),
    Table(name="closing_blocks", limit=4000, source="kpi.closing_checklist"),
    Table(name="exceptions", limit=5000, source="ops.exceptions"),
    Table(name="exception_summary"),
    Table(name="loads", limit=2000, source="ops.loads"),
    Table(name="refused", limit=500, source="ops.loads"),
    Table(name="load_summary"),
    Table(name="rejected", limit=1000, source="ops.rejected_rows"),
    Table(name="check_summary"),
    Table(name="failed_checks", limit=500, source="ops.check_results"),
    Table(name="control_totals", limit=1000, source="ops.control_totals"),
    Table(name="freshness"),
    Table(name="refreshes", limit=50, source="ops.refreshes"),
    Table(name="dictionary"),
    Table(name="attention"),
    Table(name="closed_months"),
    Table(name="restatements", limit=2000, source="margin.margin_restatements"),
    Table(name="ledger_differences", limit=500, source="margin.ledger_reconciliation"),
    # forecast
    Table(name="method_names"),
    Table(name="forecast_projects", files="month"),
    Table(name="forecast_methods", files="month"),
    Table(name="forecast_curve", files="whole"),
    Table(name="forecast_versions", files="month"),
    Table(name="forecast_version_months", files="whole"),
    Table(name="forecast_cash", files="whole"),
    Table(name="forecast_lags"),
    Table(name="forecast_people"),
    Table(name="forecast_accuracy"),
    Table(name="forecast_bias"),
    Table(name="forecast_schedules"),
    # revenue and balances
    Table(name="revenue_by_method", files="month"),
    Table(name="revenue_lines", files="month"),
    Table(name="positions", files="month"),
    Table(name="unbilled", files="month"),
    Table(name="receivables", files="month"),
    Table(name="sales_days", files="month"),
    Table(name="order_book", files="month"),
    Table(name="provisions", files="month"),
    Table(name="loss_lines", files="month"),
    # documents, trust, dictionary
    Table(name="documents", scratch=True),
    Table(name="document_figures", scratch=True),
    Table(name="document_counts", files="month"),
    Table(name="published_tables"),
    Table(name="exception_projects", limit=1000, source="ops.exceptions"),
    Table(name="ledger_months"),
    Table(name="ledger_documents", limit=1000, source="margin.reconciliation_documents"),
    Table(name="restatement_summary"),
    Table(name="kpi_dictionary"),
    Table(name="refresh_steps"),
)


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What was exported: rows by table, the keys of the projects' pages, and what every page says about itself."""

    rows: dict[str, int]
    project_keys: list[str]
    programme_keys: list[str] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)
    scope: dict[str, Any] = field(default_factory=dict)
    figure_files: list[str] = field(default_factory=list)
    with_figures: list[str] = field(default_factory=list)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _about(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    row = connection.execute(
        "select as_of, base_currency, refresh_id, code_version, input_hash from wh.ops.refreshes "
        # the last row is this one's; by time it would be another's after a clock was set back
        "where status = 'published' order by rowid desc limit 1"
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


def _attach_previous(
    connection: duckdb.DuckDBPyConnection, previous: Path | None, currency: str
) -> dict[str, Any] | None:
    """Makes `previous_margin`, the figures of the publication before, and says which one that was.

    It stays empty, and None is returned, where there is none or none that this one can be compared with: another
    reporting currency, or a layout of another age.
    """
    connection.execute(
        "create temp table previous_margin "
        "(project_id varchar, month date, revenue decimal(18, 2), cost decimal(18, 2))"
    )
    if previous is None or not previous.exists():
        return None
    connection.execute(f"attach {_literal(str(previous))} as before (read_only)")
    try:
        row = connection.execute(
            "select strftime(as_of, '%Y-%m-%dT%H:%M:%SZ'), base_currency, refresh_id from before.ops.refreshes "
            "where status = 'published' order by started_at desc limit 1"
        ).fetchone()
        if row is None or row[0] is None or row[1] != currency:
            return None
        connection.execute(
            "insert into previous_margin select project_id, month, revenue_amount_base, cost_of_sales_amount_base "
            "from before.margin.margin_by_project_month where project_id is not null and month is not null"
        )
    except duckdb.Error:
        return None
    finally:
        connection.execute("detach before")
    return {"as_of": row[0], "refresh_id": row[2]}


def _check(connection: duckdb.DuckDBPyConnection) -> None:
    """What no page could show rightly: a figure of no month, two projects at one address, a figure that is none."""

    def one(sql: str) -> Any:
        return connection.execute(sql).fetchone()[0]

    if nameless := one("select count(*) from wh.margin.margin_by_project_month where month is null"):
        raise PublicationFailed("rows without a month", where="margin.margin_by_project_month", value=nameless)
    if one("select count(*) - count(distinct lower(project_key)) from out.projects"):
        raise PublicationFailed("two projects would get the same page", where="core.dim_projects")
    silent = connection.execute(
        "select month from out.months where is_complete and not has_figures "
        "and month > coalesce((select month from out.default_month), date '0001-01-01')"
    ).fetchall()
    if silent:
        raise PublicationFailed(
            "a month that is over has no figure at all, though the months around it have",
            where="margin.margin_by_project_month",
            value=", ".join(f"{month:%Y-%m}" for (month,) in silent),
            valid="revenue or cost of at least one project",
            remedy="deliver the month's files, or look into ops.loads for what was refused",
        )
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


def _plain(value: Any) -> Any:
    """A value as JSON has it: a DECIMAL as the number that it is for a browser, exact up to 2^53 hundredths."""
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} is nothing that a page can show")


def _write_rows(connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> None:
    """Rows as columns' names and lists of values: the names once, not with every row."""
    found = connection.execute(sql)
    columns = [column[0] for column in found.description]
    path.write_bytes(orjson.dumps({"columns": columns, "rows": found.fetchall()}, default=_plain))


def _write_figures(connection: duckdb.DuckDBPyConnection, table: Table, folder: Path, written: list[str]) -> bool:
    """Writes a table's files and names them in `written`; True where it has rows as they were closed."""
    target = folder / table.name
    target.mkdir(parents=True)
    name = f'out."{table.name}"'
    if table.files == "whole":
        _write_rows(connection, f"select * from {name}", target / "all.json")
        written.append(f"{table.name}/all.json")
        return False
    columns = {column[0] for column in connection.execute(f"describe {name}").fetchall()}
    has_basis = "basis" in columns
    bases = {"now": "", "closed": ".closed"} if has_basis else {None: ""}
    shown = "* exclude (basis)" if has_basis else "*"
    months = connection.execute("select month from out.months order by 1").fetchall()
    for basis, suffix in bases.items():
        of_basis = f"and basis = '{basis}'" if basis else ""
        for (month,) in months:
            path = target / f"{month:%Y-%m}{suffix}.json"
            where = f"month = date '{month:%Y-%m-%d}' {of_basis}"
            if basis == "closed" and not connection.execute(f"select 1 from {name} where {where} limit 1").fetchone():
                continue
            _write_rows(connection, f"select {shown} from {name} where {where}", path)
            written.append(f"{table.name}/{path.name}")
    return has_basis


def _scope(connection: duckdb.DuckDBPyConnection, with_closed: list[str]) -> dict[str, Any]:
    """What a reader can choose from: months, and the projects with what they are filtered by."""

    def rows(sql: str) -> list[tuple[Any, ...]]:
        return connection.execute(sql).fetchall()

    default = connection.execute("select cast(month as varchar) from out.default_month").fetchone()
    return {
        "default_month": default and default[0],
        "months": [
            {"month": month, "fiscal_year": year, "is_complete": complete, "is_closed": closed}
            for month, year, complete, closed in rows(
                "select cast(m.month as varchar), m.fiscal_year, m.is_complete, c.month is not null "
                "from out.months as m "
                "left join (select distinct month from wh.ops.closes) as c on m.month = c.month order by m.month desc"
            )
        ],
        "with_closed": with_closed,
        "projects": rows("select * from out.project_scope order by 1"),
        "customers": rows("select customer_id, customer_name from out.customers order by 2, 1"),
        "programmes": rows("select programme_key, programme_name from out.programmes order by 2, 1"),
    }


def export_data(
    snapshot: Path, folder: Path, *, queries: Path, figures: Path, previous: Path | None = None
) -> Exported:
    """Writes the site's data file and its manifest under `folder` (made anew) and returns what is in them.

    `queries`: the folder of SELECTs, in which the snapshot is `wh` and the data file `out`. `figures`: the folder of
    the files that the published site holds, made here. `previous`: the snapshot that readers see so far, which this one
    is compared with.

    Raises PublicationFailed where the snapshot lacks a table or column that a page is made of, or holds what no page
    could show.
    """
    target = folder / SOURCE / SOURCE / f"{SOURCE}.duckdb"
    target.parent.mkdir(parents=True)
    rows: dict[str, int] = {}
    truncated: dict[str, dict[str, Any]] = {}
    with_closed: list[str] = []
    files: list[str] = []
    scratch = folder / "scratch.duckdb"
    connection = duckdb.connect(config={"threads": 2, "autoinstall_known_extensions": False})
    try:
        connection.execute(f"attach {_literal(str(snapshot))} as wh (read_only)")
        connection.execute(f"attach {_literal(str(target))} as out ({_STORAGE})")
        connection.execute(f"attach {_literal(str(scratch))} as scratch")
        about = _about(connection)
        about["previous"] = _attach_previous(connection, previous, about["base_currency"])
        for table in TABLES:
            sql = (queries / f"{table.name}.sql").read_text(encoding="utf-8")
            try:
                connection.execute(f'create table {"scratch" if table.scratch else "out"}."{table.name}" as {sql}')
            except duckdb.Error as error:
                raise PublicationFailed(
                    f"the site's table {table.name} cannot be made: {str(error).splitlines()[0]}", where=str(snapshot)
                ) from error
            if table.scratch:
                continue
            count = connection.execute(f'select count(*) from out."{table.name}"').fetchone()[0]
            if table.limit is not None and count > table.limit:
                connection.execute(f'delete from out."{table.name}" where rowid >= {table.limit}')
                truncated[table.name] = {"shown": table.limit, "rows": count, "source": table.source}
            rows[table.name] = min(count, table.limit or count)
        _check(connection)
        for table in TABLES:
            if table.files and _write_figures(connection, table, figures, files):
                with_closed.append(table.name)
        pack_pages(connection, kind="project", sections=PROJECT_SECTIONS, figures=figures)
        pack_pages(connection, kind="programme", sections=PROGRAMME_SECTIONS, figures=figures)
        drop_sections(connection, [table.name for table in TABLES if table.page])
        files += write_documents(connection, figures).files
        scope = _scope(connection, with_closed)
        keys = [key for (key,) in connection.execute("select project_key from out.projects order by 1").fetchall()]
        programmes = connection.execute("select programme_key from out.programmes order by 1").fetchall()
        with_figures = connection.execute("select distinct project_key from out.project_months order by 1").fetchall()
        connection.execute("checkpoint out")
    finally:
        connection.close()
        for leftover in folder.glob(f"{scratch.name}*"):
            leftover.unlink()
    manifest = {"renderedFiles": {SOURCE: [f"static/data/{SOURCE}/{SOURCE}/{SOURCE}.duckdb"]}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return Exported(
        rows=rows,
        project_keys=keys,
        programme_keys=[key for (key,) in programmes],
        about={**about, "truncated": truncated},
        scope=scope,
        figure_files=files,
        with_figures=[key for (key,) in with_figures],
    )
