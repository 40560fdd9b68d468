-- One row per milestone of a programme's projects that is not reached yet, the nearest first; 60 at most of a programme.
select
    g.programme_key,
    p.project_name,
    s.milestone,
    s.baseline_date,
    s.forecast_date,
    s.slip_days,
    s.state,
    '/projects/' || p.project_key || '/' as link
from out.project_milestones as s
join out.projects as p on s.project_key = p.project_key
join out.programmes as g on p.programme_id = g.programme_id
where s.state <> 'reached'
qualify row_number() over (partition by g.programme_key order by coalesce(s.forecast_date, s.baseline_date) nulls last, p.project_key, s.rowid) <= 60
order by g.programme_key, coalesce(s.forecast_date, s.baseline_date) nulls last, p.project_key, s.rowid
