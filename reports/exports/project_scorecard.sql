-- One row per project, month and dimension of its scorecard, the whole first.
with scorecards as (
    select s.*
    from wh.kpi.scorecard_by_project_month as s
    join out.months as m on s.month = m.month
),
dimensions as (
    select project_id, month, 0 as position, 'overall' as dimension, overall_status as status, overall_status_reason as reason
    from scorecards
    union all
    select project_id, month, 1, 'cost', cost_status, cost_status_reason from scorecards
    union all
    select project_id, month, 2, 'scope', scope_status, scope_status_reason from scorecards
    union all
    select project_id, month, 3, 'schedule', schedule_status, schedule_status_reason from scorecards
    union all
    select project_id, month, 4, 'quality', quality_status, quality_status_reason from scorecards
    union all
    select project_id, month, 5, 'customer', customer_status, customer_status_reason from scorecards
    union all
    select project_id, month, 6, 'safety', safety_status, safety_status_reason from scorecards
)
select
    p.project_key,
    d.month,
    d.dimension,
    d.status,
    d.reason
from dimensions as d
join out.projects as p on d.project_id = p.project_id
order by p.project_key, d.month, d.position
