-- One row per project and check of its schedule.
select
    p.project_key,
    replace(q.check_name, '_', ' ') as name,
    q.value,
    q.passes_when,
    q.threshold,
    case when q.is_passed then 'passed' when q.is_passed = false then 'failed' else 'not rated' end as state,
    q.not_rated_reason as note
from wh.forecast.schedule_quality_by_project as q
join out.projects as p on q.project_id = p.project_id
order by p.project_key, q.check_number
