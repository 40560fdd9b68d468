with tasks as (

    select * from {{ ref('int_schedule__tasks_judged') }}

)

select
    project_id,
    delivered_project_id,
    task_id,
    status_date,
    wbs_id,
    task_name,
    is_milestone,
    is_finished,
    cast(early_start_days as decimal(18, 2)) as early_start_days,
    cast(early_finish_days as decimal(18, 2)) as early_finish_days,
    cast(late_start_days as decimal(18, 2)) as late_start_days,
    cast(late_finish_days as decimal(18, 2)) as late_finish_days,
    cast(total_float_days as decimal(18, 2)) as total_float_days,
    stated_float_days,
    is_critical,
    early_start_date,
    early_finish_date,
    late_start_date,
    late_finish_date,
    baseline_finish_date
from tasks
where is_detail
order by
    project_id,
    delivered_project_id,
    task_id
