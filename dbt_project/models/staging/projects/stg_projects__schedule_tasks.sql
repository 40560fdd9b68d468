with source as (

    select * from {{ source('raw', 'schedule_task') }}

)

select
    project_id,
    status_date,
    task_id,
    wbs_id,
    task_name,
    is_summary,
    is_milestone,
    is_loe,
    duration_hours,
    hours_per_day,
    start_date,
    finish_date,
    baseline_start_date,
    baseline_finish_date,
    baseline_duration_hours,
    actual_start_date,
    actual_finish_date,
    constraint_type,
    constraint_date,
    has_resource,
    total_float_hours,
    percent_complete,
    work_hours,
    actual_work_hours,
    cost_amount,
    actual_cost_amount,
    remaining_cost_amount,
    baseline_cost_amount,
    currency_code,
    source_file_id,
    source_line
from source
