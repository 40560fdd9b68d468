with tasks as (

    select * from {{ ref('stg_projects__schedule_tasks') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

)

-- work and cost of a task are left out: beside its duration they are the rate of whoever does it
select
    tasks.project_id as delivered_project_id,
    coalesce(aliases.project_id, tasks.project_id) as project_id,
    tasks.status_date,
    {{ month_of('tasks.status_date') }} as status_month,
    tasks.task_id,
    coalesce(tasks.wbs_id, aliases.wbs_id) as wbs_id,
    tasks.task_name,
    tasks.is_summary,
    tasks.is_milestone,
    tasks.is_loe,
    tasks.has_resource,
    cast({{ divided('tasks.duration_hours', 'tasks.hours_per_day', 2) }} as decimal(18, 2)) as duration_days,
    cast({{ divided('tasks.baseline_duration_hours', 'tasks.hours_per_day', 2) }} as decimal(18, 2)) as baseline_duration_days,
    cast({{ divided('tasks.total_float_hours', 'tasks.hours_per_day', 2) }} as decimal(18, 2)) as total_float_days,
    tasks.start_date,
    tasks.finish_date,
    tasks.baseline_start_date,
    tasks.baseline_finish_date,
    tasks.actual_start_date,
    tasks.actual_finish_date,
    tasks.constraint_type,
    tasks.constraint_date,
    tasks.percent_complete as progress_pct,
    tasks.source_file_id,
    tasks.source_line
from tasks
left join source_files
    on tasks.source_file_id = source_files.source_file_id
left join aliases
    on tasks.project_id = aliases.alias
    and coalesce(source_files.source_system, '*') = aliases.source_system
order by
    delivered_project_id,
    status_date,
    task_id
