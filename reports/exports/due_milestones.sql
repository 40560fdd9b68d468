-- One row per milestone that is not reached, as known now, the nearest first.
select
    p.project_key,
    p.project_name,
    s.milestone,
    s.baseline_date,
    s.forecast_date,
    s.slip_days,
    s.state,
    '/projects/' || p.project_key || '/' as link
from out.project_milestones as s
join out.projects as p on s.project_key = p.project_key
where s.state <> 'reached'
order by coalesce(s.forecast_date, s.baseline_date) nulls last, p.project_key, s.rowid
