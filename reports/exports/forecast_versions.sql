-- One row per project and plan version, by the month of its approval: the margin at completion that it states, what the version
-- before stated, and why it moved.
select
    v.month,
    p.project_key,
    v.plan_version_id as version,
    replace(v.kind, '_', ' ') as kind,
    replace(v.source, '_', ' ') as source,
    v.approved_date as approved,
    v.revenue_amount_base as revenue,
    v.margin_amount_base as margin,
    cast(v.margin_pct as double) as margin_pct,
    v.previous_margin_amount_base as previous,
    v.margin_change_amount_base as change,
    v.reason
from wh.forecast.forecast_versions as v
join out.projects as p on v.project_id = p.project_id
order by v.month, p.project_key, v.version_number
