-- One row per milestone of a project, as it is known now, with the days that it is late against its baseline.
select
    p.project_key,
    coalesce(f.milestone_name, f.milestone_id) as milestone,
    f.baseline_date,
    f.forecast_date,
    f.actual_date,
    datediff('day', f.baseline_date, coalesce(f.actual_date, f.forecast_date)) as slip_days,
    case
        when f.is_achieved then 'reached'
        when coalesce(f.forecast_date, f.baseline_date) < cast(r.as_of as date) then 'overdue'
        else 'ahead'
    end as state,
    f.is_customer_acceptance as is_acceptance
from wh.core.fct_milestones as f
join out.projects as p on f.project_id = p.project_id
cross join (select max(as_of) as as_of from wh.ops.refreshes where status = 'published') as r
order by p.project_key, coalesce(f.actual_date, f.forecast_date, f.baseline_date), f.milestone_id
