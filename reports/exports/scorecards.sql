-- One row per project and month: the status of each dimension and, where it is not green, why.
select
    s.month,
    p.project_key,
    p.project_name,
    s.overall_status as overall,
    s.cost_status as cost,
    s.scope_status as scope,
    s.schedule_status as schedule,
    s.quality_status as quality,
    s.customer_status as customer,
    s.safety_status as safety,
    case when s.cost_status <> 'green' then s.cost_status_reason end as cost_reason,
    case when s.scope_status <> 'green' then s.scope_status_reason end as scope_reason,
    case when s.schedule_status <> 'green' then s.schedule_status_reason end as schedule_reason,
    case when s.quality_status <> 'green' then s.quality_status_reason end as quality_reason,
    case when s.customer_status <> 'green' then s.customer_status_reason end as customer_reason,
    case when s.safety_status <> 'green' then s.safety_status_reason end as safety_reason,
    s.is_commentary_missing,
    '/projects/' || p.project_key || '/' as link
from wh.kpi.scorecard_by_project_month as s
join out.projects as p on s.project_id = p.project_id
join out.months as m on s.month = m.month
order by s.month, p.project_key
