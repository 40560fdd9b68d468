{#- The hours of a project's month, of approved and submitted time, and whether enough people stand behind them and behind what
    is left of them when the published cells (core.fct_time_entries) are taken off; the same for those among them whose time has a
    cost. Whether they may stand beside the hours of roles, cost centres and markets is judged in int_people__groups_withheld. -#}
{%- set minimum = var('minimum_group') -%}

with cells as (

    select * from {{ ref('int_labour__hours_suppressed') }}

),

person_months as (

    select * from {{ ref('int_labour__hours_by_person_month') }}

),

worked as (

    select
        person_months.employee_id,
        person_months.project_id,
        person_months.is_project_known,
        person_months.work_month,
        person_months.hours,
        person_months.has_cost,
        cells.is_hours_withheld
    from person_months
    inner join cells
        on person_months.project_id = cells.project_id
        and person_months.work_month = cells.work_month
        and person_months.approval_status = cells.approval_status
        and person_months.wbs_id is not distinct from cells.wbs_id
        and person_months.role_id is not distinct from cells.role_id
        and person_months.is_billable is not distinct from cells.is_billable
    where
        person_months.approval_status in ('approved', 'submitted')
        and person_months.hours <> 0

),

-- a person who nets to nothing in a project hides nobody
person_projects as (

    select
        employee_id,
        project_id,
        work_month,
        sum(hours) as hours,
        max(case when has_cost then 1 else 0 end) as has_cost
    from worked
    group by
        employee_id,
        project_id,
        work_month

),

people as (

    select
        project_id,
        work_month,
        sum(hours) as hours,
        count(case when hours <> 0 then employee_id end) as people,
        count(case when hours <> 0 and has_cost = 1 then employee_id end) as people_with_cost
    from person_projects
    group by
        project_id,
        work_month

),

hidden as (

    select
        project_id,
        work_month,
        count(distinct employee_id) as people,
        count(distinct case when has_cost then employee_id end) as people_with_cost
    from worked
    where is_hours_withheld
    group by
        project_id,
        work_month

),

known as (

    select distinct
        project_id,
        is_project_known
    from worked

),

judged as (

    select
        people.project_id,
        people.work_month,
        people.hours,
        known.is_project_known,
        hidden.project_id is not null as has_withheld_cells,
        known.is_project_known
        and people.people >= {{ minimum }}
        and people.people_with_cost not between 1 and {{ minimum - 1 }}
        and coalesce(hidden.people, 0) not between 1 and {{ minimum - 1 }}
        and coalesce(hidden.people_with_cost, 0) not between 1 and {{ minimum - 1 }} as is_enough
    from people
    inner join known
        on people.project_id = known.project_id
    left join hidden
        on people.project_id = hidden.project_id
        and people.work_month = hidden.work_month

)

select
    project_id,
    work_month as month,
    hours,
    has_withheld_cells,
    not is_enough as is_hours_withheld
from judged
