-- One row per pack, project and plan version approved by the end of the month.
select
    s.scope_key,
    s.project_name,
    s.project_id,
    v.plan_version_id,
    replace(v.kind, '_', ' ') as kind,
    v.source,
    v.approved_date,
    v.revenue_amount_base as revenue,
    v.cost_amount_base as cost,
    v.margin_amount_base as margin,
    v.margin_change_amount_base as margin_change,
    v.reason
from wh.forecast.forecast_versions as v
join out.reported as r on v.approved_date <= r.month_end_date
join out.scopes as s on v.project_id = s.project_id
order by s.scope_key, s.project_id, v.version_number
