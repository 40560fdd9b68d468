with tasks as (

    select * from {{ ref('int_schedule__tasks_judged') }}

),

links as (

    select * from {{ ref('fct_schedule_links') }}

),

-- of one schedule: its counts, and where its computed network ends
schedules as (

    select
        project_id,
        delivered_project_id,
        status_date,
        count(*) as tasks,
        count(case when is_detail then 1 end) as detail_tasks,
        count(case when is_open then 1 end) as open_tasks,
        count(case when is_open and not (has_predecessor and has_successor) then 1 end) as tasks_without_logic,
        count(case when is_open and is_hard_constrained then 1 end) as hard_constraints,
        count(case when is_open and is_high_float then 1 end) as high_floats,
        count(case when is_open and is_negative_float then 1 end) as negative_floats,
        count(case when is_open and total_float_days is null then 1 end) as unknown_floats,
        count(case when is_open and is_long then 1 end) as long_tasks,
        count(case when is_detail and has_invalid_date then 1 end) as invalid_dates,
        count(case when is_open_work then 1 end) as open_work,
        count(case when is_open_work and not has_resource then 1 end) as work_without_resource,
        count(case when is_work and is_due then 1 end) as due_tasks,
        count(case when is_work and is_due and not is_on_time then 1 end) as missed_tasks,
        count(case when is_work and is_finished then 1 end) as finished_tasks,
        max(unusable_reason) as unusable_reason,
        max(schedule_finish_days) as finish_days,
        max(delayed_finish_days) - max(schedule_finish_days) as moved_days,
        max(schedule_finish_days) - greatest(max(status_days), 0) as critical_path_days,
        min(case when is_open then total_float_days end) as least_float_days,
        max(baseline_finish_days) - max(schedule_finish_days) as baseline_float_days,
        max(early_finish_date) as finish_date
    from tasks
    group by
        project_id,
        delivered_project_id,
        status_date

),

known_links as (

    select
        schedules.project_id,
        schedules.delivered_project_id,
        links.link_type,
        links.lag_hours,
        links.is_external,
        links.predecessor_id,
        links.successor_id,
        before.task_id is not null or links.is_external as has_known_predecessor,
        after.task_id is not null as has_known_successor,
        coalesce(before.is_summary, false) or coalesce(after.is_summary, false) as is_of_summary
    from links
    inner join schedules
        on links.delivered_project_id = schedules.delivered_project_id
        and links.status_date = schedules.status_date
    left join tasks as before
        on links.delivered_project_id = before.delivered_project_id
        and links.status_date = before.status_date
        and links.predecessor_id = before.task_id
    left join tasks as after
        on links.delivered_project_id = after.delivered_project_id
        and links.status_date = after.status_date
        and links.successor_id = after.task_id

),

link_counts as (

    select
        delivered_project_id,
        count(case when has_known_predecessor and has_known_successor then 1 end) as links,
        count(case when has_known_predecessor and has_known_successor and lag_hours < 0 then 1 end) as leads,
        count(case when has_known_predecessor and has_known_successor and lag_hours > 0 then 1 end) as lags,
        count(case when has_known_predecessor and has_known_successor and link_type = 'fs' then 1 end) as fs_links,
        count(case when not (has_known_predecessor and has_known_successor) then 1 end) as dangling_links,
        min(
            case
                when not (has_known_predecessor and has_known_successor) then predecessor_id || ' -> ' || successor_id
            end
        ) as dangling_example,
        count(case when is_of_summary then 1 end) as summary_links
    from known_links
    group by delivered_project_id

)

select
    schedules.project_id,
    schedules.delivered_project_id,
    schedules.status_date,
    schedules.tasks,
    schedules.detail_tasks,
    schedules.open_tasks,
    schedules.tasks_without_logic,
    schedules.hard_constraints,
    schedules.high_floats,
    schedules.negative_floats,
    schedules.unknown_floats,
    schedules.long_tasks,
    schedules.invalid_dates,
    schedules.open_work,
    schedules.work_without_resource,
    schedules.due_tasks,
    schedules.missed_tasks,
    schedules.finished_tasks,
    schedules.unusable_reason,
    schedules.finish_days,
    schedules.finish_date,
    schedules.moved_days,
    schedules.critical_path_days,
    -- to the date that binds: what a constraint leaves where it leaves less than nothing, else to the baseline's finish
    case
        when schedules.least_float_days < 0
            then least(schedules.least_float_days, coalesce(schedules.baseline_float_days, schedules.least_float_days))
        else coalesce(schedules.baseline_float_days, schedules.least_float_days)
    end as finish_float_days,
    coalesce(link_counts.links, 0) as links,
    coalesce(link_counts.leads, 0) as leads,
    coalesce(link_counts.lags, 0) as lags,
    coalesce(link_counts.fs_links, 0) as fs_links,
    coalesce(link_counts.dangling_links, 0) as dangling_links,
    link_counts.dangling_example,
    coalesce(link_counts.summary_links, 0) as summary_links
from schedules
left join link_counts
    on schedules.delivered_project_id = link_counts.delivered_project_id
