"""Finds the groups of people whose hours must not be published (pipelines/disclosure.py)."""

from pipelines.disclosure import withheld_groups


def model(dbt, session):
    dbt.config(materialized="table")
    meta = dbt.config.get("meta")  # dbt sees no `get` inside another expression
    atoms = dbt.ref("int_people__hours_by_measure").filter("hours <> 0")
    hidden = dbt.ref("int_labour__hours_controlled").filter("is_withheld").select("work_month").fetchall()
    return withheld_groups(
        atoms.select(
            "month, employee_id as person, measure, role, cost_centre, market, project, cell, file, "
            "has_cost as is_costed"
        ).pl(),
        minimum=meta["minimum_group"],
        months_without_total={month for (month,) in hidden},
    ).to_arrow()
