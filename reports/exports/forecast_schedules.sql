-- One row per project with a schedule: how far its dates, and with them SPI, can be believed, and the checks that it failed.
with failed as (
    select
        project_id,
        string_agg(
            replace(check_name, '_', ' ')
            || case
                when value is null then ''
                when check_name in ('critical_path_length_index', 'baseline_execution_index')
                    then ' ' || cast(cast(value as decimal(18, 2)) as varchar)
                when check_name = 'critical_path_test' then ''
                else ' ' || cast(cast(value * 100 as decimal(18, 1)) as varchar) || ' %'
            end
            || case
                when value is null or check_name = 'critical_path_test' then ''
                when check_name in ('critical_path_length_index', 'baseline_execution_index')
                    then ' (' || passes_when || ' ' || cast(cast(threshold as decimal(18, 2)) as varchar) || ')'
                else ' (' || passes_when || ' ' || cast(cast(threshold * 100 as decimal(18, 0)) as varchar) || ' %)'
            end,
            '; ' order by check_number
        ) as checks
    from wh.forecast.schedule_quality_by_project
    where not is_passed
    group by project_id
)
select
    p.project_key,
    t.status_date,
    replace(t.schedule_trust, '_', ' ') as trust,
    t.schedule_trust_reason as reason,
    t.failed_checks,
    t.not_rated_checks,
    cast(t.hit_task_pct as double) as hit_pct,
    cast(t.finish_float_days as double) as float_days,
    t.computed_finish_date as finish,
    failed.checks
from wh.forecast.schedule_trust_by_project as t
join out.projects as p on t.project_id = p.project_id
left join failed on t.project_id = failed.project_id
order by p.project_key
