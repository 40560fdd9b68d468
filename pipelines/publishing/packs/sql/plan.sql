-- One row per pack and period (month, year): what the plans in force at the end of the month say, and what the projects behind
-- them have done. Which plan that is, and when it says nothing: reports/exports/plan_months.sql.
with planned as (
    select
        n.project_id,
        n.revenue,
        n.cost,
        n.year_revenue,
        n.year_cost
    from out.plan_months as n
    join out.reported as r on n.month = r.month
),
periods as (
    select 'month' as period, month as first_month, month as last_month from out.reported
    union all
    select 'year', year_month, month from out.reported
),
plans as (
    select
        s.scope_key,
        p.period,
        count(*) as projects,
        sum(case p.period when 'month' then n.revenue else n.year_revenue end) as revenue,
        sum(case p.period when 'month' then n.cost else n.year_cost end) as cost
    from planned as n
    join out.scopes as s on n.project_id = s.project_id
    cross join periods as p
    group by s.scope_key, p.period
),
done as (
    select
        s.scope_key,
        p.period,
        sum(f.revenue_amount_base) filter (where n.project_id is not null) as revenue,
        sum(f.cost_of_sales_amount_base) filter (where n.project_id is not null) as cost,
        count(distinct f.project_id) filter (
            where n.project_id is null and (f.revenue_amount_base <> 0 or f.cost_of_sales_amount_base <> 0)
        ) as unplanned_projects
    from periods as p
    join wh.margin.margin_by_project_month as f on f.month between p.first_month and p.last_month
    join out.scopes as s on f.project_id = s.project_id
    left join planned as n on f.project_id = n.project_id
    group by s.scope_key, p.period
),
keys as (
    select distinct scope_key from out.scopes
)
select
    k.scope_key,
    p.period,
    coalesce(l.projects, 0) as projects,
    l.revenue,
    l.cost,
    l.revenue - l.cost as margin,
    case when l.projects > 0 then coalesce(d.revenue, 0) end as done_revenue,
    case when l.projects > 0 then coalesce(d.cost, 0) end as done_cost,
    case when l.projects > 0 then coalesce(d.revenue, 0) - coalesce(d.cost, 0) end as done_margin,
    coalesce(d.unplanned_projects, 0) as unplanned_projects
from keys as k
cross join periods as p
left join plans as l on k.scope_key = l.scope_key and p.period = l.period
left join done as d on k.scope_key = d.scope_key and p.period = d.period
order by k.scope_key, p.period
