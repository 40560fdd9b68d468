with time_entries as (

    select * from {{ ref('stg_timesheets__time_entries') }}

),

resource_plans as (

    select * from {{ ref('stg_projects__resource_plans') }}

),

planned_cells as (

    select * from {{ ref('int_resources__hours_suppressed') }}

),

booked_files as (

    select
        source_file_id,
        'time_entry' as table_name
    from time_entries
    group by source_file_id
    having count(distinct employee_id) >= {{ var('minimum_group') }}

),

-- the file's total less its published cells is what was withheld: that too must stand for nobody or for enough
planned_files as (

    select
        resource_plans.source_file_id,
        'resource_plan' as table_name
    from resource_plans
    inner join planned_cells
        on resource_plans.project_id = planned_cells.project_id
        and resource_plans.role_id = planned_cells.role_id
        and resource_plans.month = planned_cells.month
    group by resource_plans.source_file_id
    having
        count(distinct resource_plans.employee_id) >= {{ var('minimum_group') }}
        and (
            max(case when planned_cells.is_hours_withheld then 1 else 0 end) = 0
            or count(distinct case when planned_cells.is_hours_withheld then resource_plans.employee_id end)
            >= {{ var('minimum_group') }}
        )

)

select
    source_file_id,
    table_name
from booked_files

union all

select
    source_file_id,
    table_name
from planned_files
