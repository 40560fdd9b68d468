"""The first figures of a publication, for the end of `outturn demo` and `outturn refresh`."""

from __future__ import annotations

from typing import Any

from pipelines.publishing.publications import current
from pipelines.settings import Settings


def first_figures(settings: Settings) -> dict[str, Any]:
    """Revenue, cost and gross margin of the last complete month with postings, and what needs attention."""
    import duckdb

    folder = current(settings)
    if folder is None:
        return {}
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:

        def one(sql: str) -> tuple[Any, ...]:
            return connection.execute(sql).fetchone() or ()

        month, revenue, cost, margin = one(
            """
            select month, sum(revenue_amount_base), sum(cost_of_sales_amount_base), sum(gross_margin_amount_base)
            from margin.margin_by_project_month
            where month < (select date_trunc('month', max(as_of)) from ops.refreshes where status = 'published')
                and (revenue_amount_base <> 0 or cost_of_sales_amount_base <> 0)
            group by month order by month desc limit 1
            """
        ) or (None, None, None, None)
        rejected = one("select count(*) from (select distinct source_file_id, source_line from ops.rejected_rows)")[0]
        refused = one("select count(*) from ops.loads where status = 'refused'")[0]
        # a notice explains an empty ratio; it asks nobody to do anything
        exceptions = one("select count(*) from ops.exceptions where severity <> 'notice'")[0]
        projects = one("select count(*) from core.dim_projects")[0]
    return {
        "base_currency": settings.base_currency,
        "month": month and f"{month:%Y-%m}",
        "revenue": revenue,
        "cost_of_sales": cost,
        "gross_margin": margin,
        "gross_margin_pct": margin / revenue if revenue else None,
        "projects": projects,
        "rows_rejected": rejected,
        "files_refused": refused,
        "exceptions": exceptions,
    }
