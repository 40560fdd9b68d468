with tasks as (

    select * from {{ ref('int_schedule__tasks_judged') }}

),

schedules as (

    select * from {{ ref('int_schedule__schedules_measured') }}

),

checks as (

    select * from {{ ref('int_schedule__checks_counted') }}

),

loops as (

    select
        project_id,
        delivered_project_id,
        status_date,
        count(*) as tasks,
        min(task_id) as first_task_id,
        max(task_id) as last_task_id
    from tasks
    where is_in_loop
    group by
        project_id,
        delivered_project_id,
        status_date

),

without_duration as (

    select
        project_id,
        delivered_project_id,
        status_date,
        count(*) as tasks,
        min(task_id) as first_task_id
    from tasks
    where
        is_open
        and duration_days is null
        and unusable_reason = 'no_duration'
    group by
        project_id,
        delivered_project_id,
        status_date

),

not_rated as (

    select
        project_id,
        status_date,
        count(*) as checks,
        min(check_number) as first_check_number
    from checks
    where not_rated_reason is not null
    group by
        project_id,
        status_date

),

found as (

    select
        'schedule_loop' as rule,
        'error' as severity,
        delivered_project_id as entity,
        project_id,
        status_date,
        'The links of the schedule of ' || delivered_project_id || ' run in a circle, through ' || first_task_id || ' and '
        || last_task_id || ' among others; it has no critical path and no float. Take one link of the circle out.' as message,
        tasks as at_stake,
        'tasks' as unit
    from loops

    union all

    select
        'schedule_link_dangling' as rule,
        'warning' as severity,
        delivered_project_id as entity,
        project_id,
        status_date,
        'Links of the schedule of ' || delivered_project_id || ' name tasks that it does not hold, such as '
        || dangling_example || '; they are left out. Deliver the tasks, or say that the predecessor is external.' as message,
        dangling_links as at_stake,
        'links' as unit
    from schedules
    where dangling_links > 0

    union all

    select
        'schedule_link_of_summary' as rule,
        'warning' as severity,
        delivered_project_id as entity,
        project_id,
        status_date,
        'Links of the schedule of ' || delivered_project_id || ' begin or end at a summary task; float and critical path are '
        || 'computed without them. Link the tasks below it.' as message,
        summary_links as at_stake,
        'links' as unit
    from schedules
    where summary_links > 0

    union all

    select
        'schedule_task_without_duration' as rule,
        'error' as severity,
        delivered_project_id as entity,
        project_id,
        status_date,
        'Unfinished tasks of the schedule of ' || delivered_project_id || ' have neither a duration nor dates, such as '
        || first_task_id || '; it has no critical path and no float. Deliver duration_hours.' as message,
        tasks as at_stake,
        'tasks' as unit
    from without_duration

    union all

    select
        'schedule_check_not_rated' as rule,
        'notice' as severity,
        project_id as entity,
        project_id,
        status_date,
        'Schedule quality has no figure for ' || cast(checks as {{ dbt.type_string() }}) || ' of 14 checks, check '
        || cast(first_check_number as {{ dbt.type_string() }})
        || ' among them; schedule_quality_by_project.not_rated_reason says why.' as message,
        checks as at_stake,
        'checks' as unit
    from not_rated

)

select
    rule,
    severity,
    'schedule' as subject,
    'project' as entity_type,
    entity,
    project_id,
    {{ month_of('status_date') }} as month,
    status_date as occurred_on,
    message,
    at_stake as amount_at_stake,
    unit
from found
