-- One row per programme, month and dimension of its scorecard, the whole first.
with scorecards as (
    select s.*
    from wh.kpi.scorecard_by_programme_month as s
    join out.months as m on s.month = m.month
),
dimensions as (
    select programme_id, month, 0 as position, 'overall' as dimension, overall_status as status, overall_status_reason as reason,
        overall_projects as projects
    from scorecards
    union all
    select programme_id, month, 1, 'cost', cost_status, cost_status_reason, cost_projects from scorecards
    union all
    select programme_id, month, 2, 'scope', scope_status, scope_status_reason, scope_projects from scorecards
    union all
    select programme_id, month, 3, 'schedule', schedule_status, schedule_status_reason, schedule_projects from scorecards
    union all
    select programme_id, month, 4, 'quality', quality_status, quality_status_reason, quality_projects from scorecards
    union all
    select programme_id, month, 5, 'customer', customer_status, customer_status_reason, customer_projects from scorecards
    union all
    select programme_id, month, 6, 'safety', safety_status, safety_status_reason, safety_projects from scorecards
)
select
    p.programme_key,
    d.month,
    d.dimension,
    d.status,
    d.reason,
    d.projects
from dimensions as d
join out.programmes as p on d.programme_id = p.programme_id
order by p.programme_key, d.month, d.position
