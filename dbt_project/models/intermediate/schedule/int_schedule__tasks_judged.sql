{#- Working days of two months, beyond which float and duration are high (DCMA). -#}
{%- set high = 44 -%}

with tasks as (

    select * from {{ ref('fct_schedule_tasks') }}

),

links as (

    select * from {{ ref('fct_schedule_links') }}

),

tasks_computed as (

    select * from {{ ref('int_schedule__tasks_computed') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

-- as known today: of each schedule its latest status date
in_force as (

    select
        tasks.delivered_project_id,
        max(tasks.status_date) as status_date
    from tasks
    cross join parameters
    where tasks.status_date <= parameters.as_of_date
    group by tasks.delivered_project_id

),

-- a link of which one end is nowhere gives no task its logic; one to another project does
ends as (

    select
        links.delivered_project_id,
        links.status_date,
        links.successor_id as task_id,
        1 as is_successor,
        0 as is_predecessor
    from links
    inner join tasks
        on links.delivered_project_id = tasks.delivered_project_id
        and links.status_date = tasks.status_date
        and links.predecessor_id = tasks.task_id

    union all

    select
        delivered_project_id,
        status_date,
        successor_id as task_id,
        1 as is_successor,
        0 as is_predecessor
    from links
    where is_external

    union all

    select
        links.delivered_project_id,
        links.status_date,
        links.predecessor_id as task_id,
        0 as is_successor,
        1 as is_predecessor
    from links
    inner join tasks
        on links.delivered_project_id = tasks.delivered_project_id
        and links.status_date = tasks.status_date
        and links.successor_id = tasks.task_id

),

logic as (

    select
        delivered_project_id,
        status_date,
        task_id,
        max(is_successor) = 1 as has_predecessor,
        max(is_predecessor) = 1 as has_successor
    from ends
    group by
        delivered_project_id,
        status_date,
        task_id

),

stated as (

    select
        tasks.project_id,
        tasks.delivered_project_id,
        tasks.status_date,
        tasks.task_id,
        tasks.wbs_id,
        tasks.task_name,
        tasks.is_summary,
        tasks.is_milestone,
        tasks.is_loe,
        tasks.has_resource,
        tasks.duration_days,
        tasks.baseline_duration_days,
        tasks.total_float_days as stated_float_days,
        tasks.start_date,
        tasks.finish_date,
        tasks.baseline_finish_date,
        tasks.actual_start_date,
        tasks.actual_finish_date,
        tasks.constraint_type,
        tasks.progress_pct,
        coalesce(tasks.is_summary, false) = false and coalesce(tasks.is_loe, false) = false as is_detail,
        coalesce(tasks.actual_finish_date, case when tasks.progress_pct >= 1 then tasks.finish_date end) as finished_date,
        tasks.actual_finish_date is not null or coalesce(tasks.progress_pct >= 1, false) as is_finished,
        coalesce(logic.has_predecessor, false) as has_predecessor,
        coalesce(logic.has_successor, false) as has_successor
    from tasks
    inner join in_force
        on tasks.delivered_project_id = in_force.delivered_project_id
        and tasks.status_date = in_force.status_date
    inner join projects
        on tasks.project_id = projects.project_id
    left join logic
        on tasks.delivered_project_id = logic.delivered_project_id
        and tasks.status_date = logic.status_date
        and tasks.task_id = logic.task_id

)

select
    stated.project_id,
    stated.delivered_project_id,
    stated.status_date,
    stated.task_id,
    stated.wbs_id,
    stated.task_name,
    stated.is_summary,
    stated.is_milestone,
    stated.is_loe,
    stated.is_detail,
    stated.is_finished,
    stated.finished_date,
    stated.has_predecessor,
    stated.has_successor,
    stated.duration_days,
    stated.stated_float_days,
    stated.baseline_finish_date,
    stated.is_detail and not stated.is_finished as is_open,
    coalesce(
        stated.constraint_type in (
            'must_start_on', 'must_finish_on', 'start_no_later_than', 'finish_no_later_than'
        ),
        false
    ) as is_hard_constrained,
    -- without a baseline a task is as long as it is now
    coalesce(coalesce(stated.baseline_duration_days, stated.duration_days) > {{ high }}, false) as is_long,
    coalesce(stated.actual_start_date > stated.status_date, false)
    or coalesce(stated.actual_finish_date > stated.status_date, false)
    or (
        not stated.is_finished
        and (
            (stated.actual_start_date is null and coalesce(stated.start_date < stated.status_date, false))
            or coalesce(stated.finish_date < stated.status_date, false)
        )
    ) as has_invalid_date,
    stated.is_detail and not stated.is_finished and coalesce(stated.duration_days, 0) > 0 as is_open_work,
    coalesce(stated.has_resource, false) as has_resource,
    -- of what was to be finished by now only work counts, no milestone
    stated.is_detail and not coalesce(stated.is_milestone, false) as is_work,
    coalesce(stated.baseline_finish_date <= stated.status_date, false) as is_due,
    coalesce(stated.finished_date <= stated.baseline_finish_date, false) as is_on_time,
    tasks_computed.is_in_loop,
    tasks_computed.unusable_reason,
    cast(tasks_computed.early_start_days as decimal(18, 4)) as early_start_days,
    cast(tasks_computed.early_finish_days as decimal(18, 4)) as early_finish_days,
    cast(tasks_computed.late_start_days as decimal(18, 4)) as late_start_days,
    cast(tasks_computed.late_finish_days as decimal(18, 4)) as late_finish_days,
    cast(tasks_computed.total_float_days as decimal(18, 4)) as total_float_days,
    tasks_computed.early_start_date,
    tasks_computed.early_finish_date,
    tasks_computed.late_start_date,
    tasks_computed.late_finish_date,
    tasks_computed.is_critical,
    tasks_computed.is_delayed_in_test,
    tasks_computed.total_float_days > {{ high }} as is_high_float,
    tasks_computed.total_float_days < 0 as is_negative_float,
    cast(tasks_computed.status_days as decimal(18, 4)) as status_days,
    cast(tasks_computed.schedule_finish_days as decimal(18, 4)) as schedule_finish_days,
    cast(tasks_computed.delayed_finish_days as decimal(18, 4)) as delayed_finish_days,
    cast(tasks_computed.baseline_finish_days as decimal(18, 4)) as baseline_finish_days
from stated
left join tasks_computed
    on stated.delivered_project_id = tasks_computed.project_id
    and stated.status_date = tasks_computed.status_date
    and stated.task_id = tasks_computed.task_id
