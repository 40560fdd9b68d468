"""Early and late dates and float of every task of the schedules in force, computed from their links.

Only the way in and out is here; the arithmetic is `pipelines.schedule`.
"""

from pipelines.schedule.computed import computed, in_force


def model(dbt, session):
    dbt.config(materialized="table")
    as_of = dbt.ref("int_refresh__parameters_pivoted").select("as_of_date").fetchone()[0]
    tasks = in_force(dbt.ref("stg_projects__schedule_tasks").pl(), as_of)
    return computed(tasks, dbt.ref("stg_projects__schedule_links").pl())
