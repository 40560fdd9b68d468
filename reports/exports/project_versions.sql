-- One row per project and version of its plan: the margin at completion as it was stated then, and what changed it.
select
    p.project_key,
    v.plan_version_id as version,
    v.kind,
    v.source,
    v.approved_date,
    v.revenue_amount_base as revenue,
    v.cost_amount_base as cost,
    v.margin_amount_base as margin,
    v.margin_pct,
    v.margin_change_amount_base as change,
    v.reason
from wh.forecast.forecast_versions as v
join out.projects as p on v.project_id = p.project_id
order by p.project_key, v.version_number desc, v.plan_version_id
