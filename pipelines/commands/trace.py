"""`outturn trace MART KEY`: from a figure to the files and lines behind it.

Reads the private warehouse: published figures of labour are sums without persons, here each entry shows its line.
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.commands.private import private_warehouse, rows
from pipelines.errors import ConfigurationError
from pipelines.settings import Settings

# one row per source row of a project and month: measure, amount, unit, file, line
_SOURCES = {
    "margin_by_project_month": """
        select 'billed' as measure, l.net_amount_base_rounded as amount, $unit as unit, l.source_file_id, l.source_line
        from intermediate.int_invoices__lines_attributed as l
        where l.direction = 'customer' and l.project_id = $project and l.issue_month = $month
        union all
        select 'labour', e.cost_amount_base, $unit, e.source_file_id, e.source_line
        from intermediate.int_labour__time_entries_costed as e
        where e.is_costed and e.project_id = $project and e.work_month = $month
            and exists (select 1 from core.fct_cost_lines where origin = 'time_sheets')
        union all
        select c.category, c.amount_base, $unit, c.source_file_id, c.source_line
        from intermediate.int_cost__lines_classified as c
        where c.treatment = 'cost' and c.project_id = $project and c.cost_month = $month
            and (c.category <> 'labour' or not exists (select 1 from core.fct_cost_lines where origin = 'time_sheets'))
        union all
        select a.category, a.amount_base, $unit, a.source_file_id, a.source_line
        from intermediate.int_cost__accruals_moved as a
        where a.treatment = 'cost' and a.amount <> 0 and a.project_id = $project and a.cost_month = $month
    """,
    # what revenue to date is made of: price, estimate, cost, events; labour summed over files names no line
    "revenue_by_contract_line_month": """
        with line as (
            select * from intermediate.int_contracts__lines_named
            where contract_line_id = $project and $unit is not null
        ),
        branch as (
            select b.project_id, b.wbs_id from intermediate.int_contracts__wbs_branches as b semi join line
            using (project_id, branch_id)
        )
        select 'price' as measure, p.amount, line.currency_code as unit, p.source_file_id, p.source_line
        from staging.stg_erp__contract_prices as p join line using (contract_line_id)
        where p.effective_on <= last_day($month)
        union all
        select 'cost to date', case when line.currency_code = $unit then c.amount_base else c.amount end,
            case when line.currency_code = $unit then $unit else c.currency_code end, c.source_file_id, c.source_line
        from core.fct_cost_lines as c cross join line
        where c.cost_month <= $month
            and (c.project_id, coalesce(c.wbs_id, '')) in (select project_id, wbs_id from branch)
        union all
        select 'plan in force', p.amount, p.currency_code, p.source_file_id, p.source_line
        from staging.stg_erp__plan_lines as p
        join intermediate.int_eac__costs_by_contract_line_month as e
            on p.project_id = e.project_id and p.plan_version_id = e.plan_version_id
        where e.contract_line_id = $project and e.month = $month
            and p.category not in ('revenue', 'management_reserve')
            and (p.project_id, coalesce(p.wbs_id, '')) in (select project_id, wbs_id from branch)
        union all
        select 'milestones', m.revenue_amount, m.currency_code, m.source_file_id, m.source_line
        from core.fct_milestones as m
        join intermediate.int_revenue__milestones_attributed as a using (delivered_project_id, milestone_id)
        where a.contract_line_id = $project and m.actual_date <= last_day($month) and m.revenue_amount is not null
        union all
        select 'billed', f.net_amount, f.currency_code, f.source_file_id, f.source_line
        from intermediate.int_contracts__invoice_lines_attributed as i
        join core.fct_invoice_lines as f
            using (invoice_id, counterparty_id, line_id, is_remainder)
        where f.direction = 'customer' and i.contract_line_id = $project and i.issue_month <= $month
    """,
    # the hours that published exceptions withhold where few people stand behind them
    "exceptions": """
        select e.no_cost_reason as measure, e.hours as amount, 'h' as unit, e.source_file_id, e.source_line
        from intermediate.int_labour__time_entries_costed as e
        where e.no_cost_reason is not null and $unit is not null
            and coalesce(e.project_id, e.delivered_project_id) = $project and e.work_month = $month
    """,
}


def trace(settings: Settings, *, mart: str, key: str, limit: int = 50) -> dict[str, Any]:
    """The source rows behind one row of a mart, largest first, with totals by measure.

    `mart`: with or without its schema; `key`: PROJECT/YYYY-MM, of revenue CONTRACT_LINE/YYYY-MM. Raises
    ConfigurationError for either unknown.
    """
    model = mart.rpartition(".")[2]
    if model not in _SOURCES:
        raise ConfigurationError("cannot be traced", value=mart, valid=sorted(_SOURCES))
    match = re.fullmatch(r"(.+)/(\d{4}-(?:0[1-9]|1[0-2]))", key)
    if not match:
        raise ConfigurationError("not a key of this mart", value=key, valid="PROJECT/YYYY-MM, such as P-1001/2026-10")
    parameters = {"project": match[1], "month": f"{match[2]}-01", "unit": settings.base_currency}
    with private_warehouse(settings) as connection:
        sources = _SOURCES[model].replace("$month", "cast($month as date)")
        totals = rows(
            connection,
            f"select measure, unit, count(*) as rows, sum(amount) as amount from ({sources}) group by measure, unit "
            "order by measure",
            parameters,
        )
        shown = rows(
            connection,
            f"""
            select s.measure, s.amount, s.unit, f.file_name, s.source_line, f.sha256
            from ({sources}) as s
            left join (
                select source_file_id, any_value(file_name) as file_name, any_value(sha256) as sha256
                from ledger.loads group by source_file_id
            ) as f on s.source_file_id = f.source_file_id
            order by abs(s.amount) desc nulls last, f.file_name, s.source_line
            limit $limit
            """,
            {**parameters, "limit": limit},
        )
    if not totals:
        raise ConfigurationError("no source row", value=key, remedy="look the project and month up in the mart")
    return {
        "mart": model,
        "key": key,
        "rows": sum(row["rows"] for row in totals),
        "totals": totals,
        "sources": shown,
    }
