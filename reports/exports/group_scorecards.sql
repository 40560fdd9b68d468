-- One row per level (programme, business group, market, customer, key projects or not), group and month: the status of each dimension
-- with its reason where it is not green, and how many projects stand where.
with groups as (
    select 'programme' as level, programme_id as id, * exclude (programme_id) from wh.kpi.scorecard_by_programme_month
    union all by name
    select 'business group' as level, business_group as id, * exclude (business_group) from wh.kpi.scorecard_by_business_group_month
    union all by name
    select 'market' as level, market as id, * exclude (market) from wh.kpi.scorecard_by_market_month
    union all by name
    select 'customer' as level, customer_id as id, * exclude (customer_id) from wh.kpi.scorecard_by_customer_month
    union all by name
    select 'key projects' as level, project_group as id, * exclude (project_group) from wh.kpi.scorecard_by_key_projects_month
)
select
    s.month,
    s.level,
    s.id,
    g.programme_key,
    coalesce(g.programme_name, c.customer_name, case s.id when '(none)' then 'not given' else s.id end) as name,
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
    s.projects,
    s.red_projects,
    s.amber_projects,
    s.green_projects,
    s.not_rated_projects,
    s.overall_projects,
    '/programmes/' || g.programme_key || '/' as link
from groups as s
join out.months as m on s.month = m.month
left join out.programmes as g on s.level = 'programme' and s.id = g.programme_id
left join out.customers as c on s.level = 'customer' and s.id = c.customer_id
order by s.month, s.level, name
