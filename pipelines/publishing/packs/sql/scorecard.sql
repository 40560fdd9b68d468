-- One row per pack and project: the status of each dimension at the end of the month, and why.
select
    s.scope_key,
    s.project_key,
    s.project_name,
    s.project_id,
    replace(k.overall_status, '_', ' ') as overall,
    replace(k.cost_status, '_', ' ') as cost,
    replace(k.scope_status, '_', ' ') as scope,
    replace(k.schedule_status, '_', ' ') as schedule,
    replace(k.quality_status, '_', ' ') as quality,
    replace(k.customer_status, '_', ' ') as customer,
    replace(k.safety_status, '_', ' ') as safety,
    k.gross_margin_amount_base as margin,
    k.gross_margin_amount_base_to_date as margin_to_date,
    k.commentary,
    k.overall_status_reason as overall_reason,
    k.cost_status_reason as cost_reason,
    k.scope_status_reason as scope_reason,
    k.schedule_status_reason as schedule_reason,
    k.quality_status_reason as quality_reason,
    k.customer_status_reason as customer_reason,
    k.safety_status_reason as safety_reason
from wh.kpi.scorecard_by_project_month as k
join out.reported as r on k.month = r.month
join out.scopes as s on k.project_id = s.project_id
order by
    s.scope_key,
    case k.overall_status when 'red' then 1 when 'amber' then 2 when 'green' then 3 else 4 end,
    s.project_id
