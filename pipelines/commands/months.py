"""Which rows in force two warehouses hold otherwise, by table and by the month that a row belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from pipelines.contracts import contracts
from pipelines.contracts.model import PROVENANCE

# The date by which a row belongs to a month. None: it holds in every month (masters, prices, rates of people), or
# belongs to what another table says (the lines of an invoice to the invoice).
MONTH_OF: dict[str, str | None] = {
    "acceptance_test": "tested_on",
    "account": None,
    "bill_rate": None,
    "change_request": "requested_on",
    "commentary": "month",
    "complaint": "opened_on",
    "contract_line": None,
    "contract_price": None,
    "cost_line": "posting_date",
    "cost_rate": None,
    "customer": None,
    "employee": None,
    "exchange_rate": "rate_date",
    "gl_balance": "month",
    "handover_item": None,
    "invoice": "issue_date",
    "invoice_line": "(select i.issue_date from {warehouse}.raw.invoice as i where i.invoice_id = r.invoice_id "
    "and i.direction = r.direction and i.counterparty_id is not distinct from r.counterparty_id)",
    "kpi_observation": "observed_on",
    "milestone": "reported_on",
    "payment": "paid_on",
    "plan_line": "month",
    "plan_version": None,
    "programme": None,
    "progress": "observed_on",
    "project": None,
    "project_alias": None,
    "purchase_order_line": "ordered_on",
    "resource_plan": "month",
    "risk": "raised_on",
    "safety_incident": "occurred_on",
    "sales_opportunity": "updated_on",
    "schedule_link": "status_date",
    "schedule_task": "status_date",
    "survey_response": "responded_on",
    "time_entry": "work_date",
    "wbs_element": None,
}


def _one_side(table: str, *, here: str, there: str) -> str:
    columns = ", ".join(f"r.{name}" for name in (*contracts()[table].column_names, *PROVENANCE))
    date = MONTH_OF[table]
    month = "cast(null as varchar)"
    if date is not None:
        month = f"strftime({date.format(warehouse=here) if date.startswith('(') else f'r.{date}'}, '%Y-%m')"
    return f"""
        select {month} as month, count(*) as row_count
        from (
            select {columns} from {here}.raw.{table} as r
            except all
            select {columns} from {there}.raw.{table} as r
        ) as r
        group by all
        having count(*) > 0
    """


def rows_by_month(old: Path, new: Path) -> Iterator[dict[str, Any]]:
    """For each table and month with a difference: rows in force only in the old warehouse, and only in the new one.

    `month` is None for rows that hold in every month. A row that came from another file or line is another row.
    """
    with duckdb.connect(config={"threads": 2, "memory_limit": "512MB"}) as connection:
        for name, path in (("old", old), ("new", new)):
            quoted = str(path).replace("'", "''")
            connection.execute(f"attach '{quoted}' as {name}_warehouse (read_only)")
        sides = ("old_warehouse", "new_warehouse")
        for table in contracts():
            found: dict[str | None, list[int]] = {}
            for side, (here, there) in enumerate((sides, sides[::-1])):
                for month, count in connection.execute(_one_side(table, here=here, there=there)).fetchall():
                    found.setdefault(month, [0, 0])[side] = count
            for month in sorted(found, key=str):
                gone, fresh = found[month]
                yield {"table": table, "month": month, "rows_gone": gone, "rows_new": fresh}
