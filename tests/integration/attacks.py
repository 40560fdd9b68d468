"""What somebody who has the published file tries: to find personal values in it, and to subtract published hours.

The attacker knows who is in which role, cost centre and market, who has booked where, and nothing of how many hours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import polars as pl

CUTS = {"role": "role_id", "cost_centre": "cost_centre", "market": "market"}
MEASURES = ("billable", "internal", "absent")
# columns of the contracts that name a person or what one costs; a project's manager is published as a role's holder
NAMES = (
    "select employee_id from raw.employee union select employee_name from raw.employee "
    "union select employee_id from raw.time_entry union select employee_id from raw.resource_plan "
    "union select employee_id from raw.cost_rate union select employee_id from raw.bill_rate "
    "union select owner from raw.handover_item union select author from raw.commentary"
)
HOLDERS = "select project_manager from raw.project union select programme_manager from raw.programme"


def personal_values(private: duckdb.DuckDBPyConnection) -> set[str]:
    """Names, identifiers and e-mail addresses that were delivered and are nobody's role."""
    holders = {value for (value,) in private.execute(HOLDERS).fetchall()}
    return {value for (value,) in private.execute(NAMES).fetchall() if value} - holders


def texts(published: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    """Every distinct text of every published table, with its column."""
    for schema, table, column in published.execute(
        "select schema_name, table_name, column_name from duckdb_columns() "
        "where data_type = 'VARCHAR' and not internal order by all"
    ).fetchall():
        for (text,) in published.execute(f'select distinct "{column}" from {schema}."{table}"').fetchall():
            if text is not None:
                yield f"{schema}.{table}.{column}", text


@dataclass(frozen=True, kw_only=True)
class Month:
    """Published sums of a month's approved and submitted hours: one row of `matrix` each, over `owners` as columns."""

    names: list[str]
    matrix: np.ndarray
    owners: np.ndarray
    sums: list[Decimal]  # as published
    hours: np.ndarray  # what the columns hold, which the attacker does not know

    def tells_on(self, people: set[str]) -> bool:
        """Whether a combination of the rows is of these people's hours alone (and not of nobody's)."""
        others = ~np.isin(self.owners, sorted(people))
        return bool(np.linalg.matrix_rank(self.matrix) > np.linalg.matrix_rank(self.matrix[:, others]))


ATOMS = """
    select
        t.employee_id,
        case when a.entry_id is not null then 'absent' when not t.is_billable then 'internal' else 'billable' end
            as measure,
        coalesce(e.role_id, '(none)') as role, coalesce(e.cost_centre, '(none)') as cost_centre,
        coalesce(e.market, '(none)') as market,
        e.employee_id is not null as is_employed, t.project_id,
        concat_ws('|', t.project_id, coalesce(t.wbs_id, '-'), coalesce(t.role_id, '-'),
            coalesce(t.is_billable::varchar, '-'), t.approval_status) as cell,
        t.source_file_id as file, sum(t.hours) as hours
    from intermediate.int_labour__time_entries_costed as t
    left join intermediate.int_people__absences_named as a on t.entry_id = a.entry_id
    left join raw.employee as e on t.employee_id = e.employee_id
    where t.is_costed and t.work_month = ?
    group by all having sum(t.hours) <> 0
"""
CELLS = """
    select concat_ws('|', project_id, coalesce(wbs_id, '-'), coalesce(role_id, '-'),
        coalesce(is_billable::varchar, '-'), approval_status), hours
    from core.fct_time_entries where month = ? and hours is not null and approval_status in ('approved', 'submitted')
"""
PROJECTS = "select project_id, hours from kpi.safety_by_project_month where month = ? and hours is not null"
FIRM = """
    select 'firm', warehouse_amount from ops.control_totals
    where month = ? and table_name = 'time_entry' and measure = 'hours' and not is_withheld and source_file_id is null
"""
FILES = """
    select source_file_id, amount_loaded from ops.loads
    where table_name = 'time_entry' and amount_loaded is not null and source_file_id in (select unnest(?))
"""
# a file of several months is published as one sum: of one month it tells nothing
FILES_OF_MONTH = """
    select source_file_id from raw.time_entry
    group by source_file_id having min(date_trunc('month', work_date)) = max(date_trunc('month', work_date))
        and min(date_trunc('month', work_date)) = ?
"""


def published_hours(
    published: duckdb.DuckDBPyConnection,
    private: duckdb.DuckDBPyConnection,
    month: Any,
    *,
    also: Sequence[tuple[str, str, str]] = (),
) -> Month:
    """All that marts, facts, control totals and loads publish of the hours of a month.

    `also`: groups (cut, name, measure) as if their hours were published too.
    """
    atoms = private.execute(ATOMS, [month]).pl()
    told: list[tuple[str, str, str, Decimal]] = [(*group, Decimal(0)) for group in also]
    for cut, column in CUTS.items():
        columns = ", ".join(f"{measure}_hours" for measure in MEASURES)
        mart = f"select {column}, {columns} from kpi.utilisation_by_{cut}_month where month = ?"
        for group, *hours in published.execute(mart, [month]).fetchall():
            told += [(cut, group, m, amount) for m, amount in zip(MEASURES, hours, strict=True) if amount is not None]
    rows = [
        (f"{cut} {name} {measure}", amount,
         (atoms[cut] == name) & atoms["is_employed"] & (atoms["measure"] == measure))
        for cut, name, measure, amount in told
    ]  # fmt: skip
    files = [file for (file,) in private.execute(FILES_OF_MONTH, [month]).fetchall()]
    for kind, query, column, given in (
        ("cell", CELLS, "cell", month), ("project", PROJECTS, "project_id", month), ("file", FILES, "file", files),
    ):  # fmt: skip
        sums = published.execute(query, [given]).fetchall()
        rows += [(f"{kind} {name}", amount, atoms[column] == name) for name, amount in sums]
    everybody = atoms["hours"].is_not_null()
    rows += [(name, amount, everybody) for name, amount in published.execute(FIRM, [month]).fetchall()]
    return assembled(atoms, rows)


def assembled(atoms: pl.DataFrame, rows: list[tuple[str, Decimal, pl.Series]]) -> Month:
    """Columns that stand in the same rows and are of one person are one column."""
    matrix = np.array([row.to_numpy().astype(float) for _, _, row in rows]).reshape(len(rows), atoms.height)
    owners, owner_of = np.unique(atoms["employee_id"].to_numpy().astype(str), return_inverse=True)
    kept, into = np.unique(np.vstack([matrix, owner_of]), axis=1, return_inverse=True)
    hours = np.bincount(into.ravel(), weights=atoms["hours"].cast(pl.Float64).to_numpy(), minlength=kept.shape[1])
    return Month(
        names=[name for name, _, _ in rows],
        matrix=kept[:-1],
        owners=owners[kept[-1].astype(int)],
        sums=[amount for _, amount, _ in rows],
        hours=hours,
    )
