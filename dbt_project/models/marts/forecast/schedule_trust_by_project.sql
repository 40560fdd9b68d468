{#- How many failed checks leave the trust high, and medium. -#}
{%- set high = var('schedule_trust_high_failed') -%}
{%- set medium = var('schedule_trust_medium_failed') -%}

with checks as (

    select * from {{ ref('schedule_quality_by_project') }}

),

schedules as (

    select * from {{ ref('int_schedule__schedules_measured') }}

),

judged as (

    select
        project_id,
        count(case when is_passed then 1 end) as passed_checks,
        count(case when not is_passed then 1 end) as failed_checks,
        count(case when is_passed is null then 1 end) as not_rated_checks,
        -- what every date rests on: logic (one task has to begin and one to end it), and a critical path that answers
        max(
            case
                when check_number = 1 and coalesce(not is_passed and numerator > 2, is_passed is null) then 1
                when check_number = 12 and coalesce(not is_passed, true) then 1
                else 0
            end
        ) = 1 as lacks_logic,
        max(case when check_number = 1 and is_passed is null then 1 else 0 end) = 1 as has_nothing_left,
        max(case when check_number = 11 then 1 - value end) as hit_task_pct
    from checks
    group by project_id

),

measured as (

    select
        project_id,
        max(status_date) as status_date,
        sum(tasks) as tasks,
        sum(links) as links,
        max(case when unusable_reason is null then finish_date end) as computed_finish_date,
        cast(max(case when critical_path_days is not null then greatest(critical_path_days, 0) end) as decimal(18, 2)) as critical_path_days,
        cast(min(finish_float_days) as decimal(18, 2)) as finish_float_days
    from schedules
    group by project_id

),

levelled as (

    select
        judged.project_id,
        measured.status_date,
        measured.tasks,
        measured.links,
        judged.passed_checks,
        judged.failed_checks,
        judged.not_rated_checks,
        judged.hit_task_pct,
        measured.computed_finish_date,
        measured.critical_path_days,
        measured.finish_float_days,
        case
            when judged.has_nothing_left then 'not_rated'
            when judged.lacks_logic or judged.failed_checks > {{ medium }} then 'low'
            when judged.failed_checks > {{ high }} then 'medium'
            else 'high'
        end as schedule_trust,
        judged.lacks_logic
    from judged
    inner join measured
        on judged.project_id = measured.project_id

)

select
    project_id,
    status_date,
    cast(tasks as bigint) as tasks,
    cast(links as bigint) as links,
    cast(passed_checks as bigint) as passed_checks,
    cast(failed_checks as bigint) as failed_checks,
    cast(not_rated_checks as bigint) as not_rated_checks,
    schedule_trust,
    case
        when schedule_trust = 'not_rated' then 'Nothing of the schedule is left to do; SPI says what was, not what will be.'
        else
            'SPI and SPI(t) rest on a schedule that failed ' || cast(failed_checks as {{ dbt.type_string() }})
            || ' of ' || cast(passed_checks + failed_checks as {{ dbt.type_string() }}) || ' checks'
            || case when not_rated_checks > 0
                then ' (' || cast(not_rated_checks as {{ dbt.type_string() }}) || ' could not be rated)' else '' end
            || case when lacks_logic then '; its logic does not carry its dates' else '' end || '.'
    end as schedule_trust_reason,
    cast(hit_task_pct as decimal(18, 6)) as hit_task_pct,
    critical_path_days,
    finish_float_days,
    computed_finish_date
from levelled
order by project_id
