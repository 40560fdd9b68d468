{#- A file's total less its published cells is what was withheld of it: that too must stand for nobody or for enough,
    and so must the part of it that has a cost. -#}
{%- set minimum = var('minimum_group') -%}

with time_entries as (

    select * from {{ ref('int_labour__time_entries_costed') }}

),

booked_cells as (

    select * from {{ ref('int_labour__hours_suppressed') }}

),

resource_plans as (

    select * from {{ ref('stg_projects__resource_plans') }}

),

planned_cells as (

    select * from {{ ref('int_resources__hours_suppressed') }}

),

booked_people as (

    select
        time_entries.source_file_id,
        'time_entry' as table_name,
        time_entries.employee_id,
        max(case when booked_cells.is_hours_withheld then 1 else 0 end) as is_withheld,
        max(case when booked_cells.is_hours_withheld and time_entries.cost_amount is not null then 1 else 0 end)
            as is_withheld_with_cost
    from time_entries
    inner join booked_cells
        on time_entries.project_id = booked_cells.project_id
        and time_entries.work_month = booked_cells.work_month
        and time_entries.approval_status = booked_cells.approval_status
        and coalesce(time_entries.wbs_id, '') = coalesce(booked_cells.wbs_id, '')
        and coalesce(time_entries.role_id, '') = coalesce(booked_cells.role_id, '')
        and coalesce(cast(time_entries.is_billable as {{ dbt.type_string() }}), '')
        = coalesce(cast(booked_cells.is_billable as {{ dbt.type_string() }}), '')
    where time_entries.hours <> 0
    group by
        time_entries.source_file_id,
        time_entries.employee_id

),

planned_people as (

    select
        resource_plans.source_file_id,
        'resource_plan' as table_name,
        resource_plans.employee_id,
        max(case when planned_cells.is_hours_withheld then 1 else 0 end) as is_withheld,
        0 as is_withheld_with_cost
    from resource_plans
    inner join planned_cells
        on resource_plans.project_id = planned_cells.project_id
        and resource_plans.role_id = planned_cells.role_id
        and resource_plans.month = planned_cells.month
    group by
        resource_plans.source_file_id,
        resource_plans.employee_id

),

people as (

    select
        source_file_id,
        table_name,
        employee_id,
        is_withheld,
        is_withheld_with_cost
    from booked_people

    union all

    select
        source_file_id,
        table_name,
        employee_id,
        is_withheld,
        is_withheld_with_cost
    from planned_people

)

-- a plan that names nobody has no employee_id: it hides nobody and is not counted
select
    source_file_id,
    table_name
from people
group by
    source_file_id,
    table_name
having
    count(employee_id) >= {{ minimum }}
    and (
        max(is_withheld) = 0
        or count(case when is_withheld = 1 then employee_id end) >= {{ minimum }}
    )
    and not count(case when is_withheld_with_cost = 1 then employee_id end) between 1 and {{ minimum }} - 1
