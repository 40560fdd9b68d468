-- One row per pack and period (month, year): what the plans in force at the end of the month say, and what the projects behind
-- them have done. The plan is the baseline, else the plan as sold; a project counts where its plan knows revenue and cost.
with versions as (
    select
        l.project_id,
        l.plan_version_id,
        l.version_kind,
        l.approved_date,
        bool_or(l.category = 'revenue') and bool_or(l.category not in ('revenue', 'management_reserve'))
        and count(*) = count(l.plan_amount_base) as is_whole
    from wh.core.fct_plan_lines as l
    cross join out.reported as r
    where
        l.version_kind in ('baseline', 'as_sold')
        and l.in_force_from_date <= r.month_end_date
        and coalesce(l.in_force_to_date, r.month_end_date) >= r.month_end_date
    group by l.project_id, l.plan_version_id, l.version_kind, l.approved_date
),
in_force as (
    select
        project_id,
        plan_version_id
    from versions
    qualify
        row_number() over (
            partition by project_id order by version_kind = 'as_sold', approved_date desc, plan_version_id desc
        ) = 1
        and is_whole
),
periods as (
    select 'month' as period, month as first_month, month as last_month from out.reported
    union all
    select 'year', year_month, month from out.reported
),
planned as (
    select
        s.scope_key,
        p.period,
        sum(l.plan_amount_base) filter (where l.category = 'revenue') as revenue,
        sum(l.plan_amount_base) filter (where l.category not in ('revenue', 'management_reserve')) as cost
    from periods as p
    join wh.core.fct_plan_lines as l on l.month between p.first_month and p.last_month
    join in_force as v on l.project_id = v.project_id and l.plan_version_id = v.plan_version_id
    join out.scopes as s on l.project_id = s.project_id
    group by s.scope_key, p.period
),
done as (
    select
        s.scope_key,
        p.period,
        sum(f.revenue_amount_base) filter (where v.project_id is not null) as revenue,
        sum(f.cost_of_sales_amount_base) filter (where v.project_id is not null) as cost,
        count(distinct f.project_id) filter (
            where v.project_id is null and (f.revenue_amount_base <> 0 or f.cost_of_sales_amount_base <> 0)
        ) as unplanned_projects
    from periods as p
    join wh.margin.margin_by_project_month as f on f.month between p.first_month and p.last_month
    join out.scopes as s on f.project_id = s.project_id
    left join in_force as v on f.project_id = v.project_id
    group by s.scope_key, p.period
),
keys as (
    select
        s.scope_key,
        count(v.project_id) as projects
    from out.scopes as s
    left join in_force as v on s.project_id = v.project_id
    group by s.scope_key
)
select
    k.scope_key,
    p.period,
    k.projects,
    -- a planned project without a line in the period has planned nothing for it
    case when k.projects > 0 then coalesce(l.revenue, 0) end as revenue,
    case when k.projects > 0 then coalesce(l.cost, 0) end as cost,
    case when k.projects > 0 then coalesce(l.revenue, 0) - coalesce(l.cost, 0) end as margin,
    case when k.projects > 0 then coalesce(d.revenue, 0) end as done_revenue,
    case when k.projects > 0 then coalesce(d.cost, 0) end as done_cost,
    case when k.projects > 0 then coalesce(d.revenue, 0) - coalesce(d.cost, 0) end as done_margin,
    coalesce(d.unplanned_projects, 0) as unplanned_projects
from keys as k
cross join periods as p
left join planned as l on k.scope_key = l.scope_key and p.period = l.period
left join done as d on k.scope_key = d.scope_key and p.period = d.period
order by k.scope_key, p.period
