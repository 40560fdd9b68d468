-- One row per pack and project: the month, the fiscal year up to it, all to date, and what the whole is to bring.
with summed as (
    select
        f.project_id,
        sum(f.revenue_amount_base) filter (where f.month = r.month) as month_revenue,
        sum(f.cost_of_sales_amount_base) filter (where f.month = r.month) as month_cost,
        sum(f.gross_margin_amount_base) filter (where f.month = r.month) as month_margin,
        sum(f.revenue_amount_base) filter (where f.month = r.previous_month) as previous_revenue,
        sum(f.cost_of_sales_amount_base) filter (where f.month = r.previous_month) as previous_cost,
        sum(f.gross_margin_amount_base) filter (where f.month = r.previous_month) as previous_margin,
        sum(f.revenue_amount_base) filter (where f.month between r.year_month and r.month) as year_revenue,
        sum(f.gross_margin_amount_base) filter (where f.month between r.year_month and r.month) as year_margin,
        sum(f.revenue_amount_base) filter (where f.month <= r.month) as revenue_to_date,
        sum(f.cost_of_sales_amount_base) filter (where f.month <= r.month) as cost_to_date,
        sum(f.gross_margin_amount_base) filter (where f.month <= r.month) as margin_to_date,
        max(f.forecast_revenue_amount_base) filter (where f.month = r.month) as forecast_revenue,
        max(f.forecast_margin_amount_base) filter (where f.month = r.month) as forecast_margin
    from wh.margin.margin_by_project_month as f
    cross join out.reported as r
    group by f.project_id
),
backlog as (
    select
        b.project_id,
        b.closing_amount_base as backlog
    from wh.margin.backlog_by_project_month as b
    join out.reported as r on b.month = r.month
),
scores as (
    select
        k.project_id,
        replace(k.overall_status, '_', ' ') as overall_status
    from wh.kpi.scorecard_by_project_month as k
    join out.reported as r on k.month = r.month
),
exceptions as (
    select
        project_id,
        count(*) as cases
    from wh.ops.exceptions
    where project_id is not null and severity <> 'notice'
    group by project_id
)
select
    s.scope_key,
    s.project_key,
    s.project_id,
    s.project_name,
    p.customer_name,
    p.programme_name,
    p.business_group,
    p.market,
    p.project_manager,
    p.status,
    c.overall_status,
    f.month_revenue,
    f.month_cost,
    f.month_margin,
    f.previous_margin,
    coalesce(f.month_revenue, 0) - coalesce(f.previous_revenue, 0) as revenue_moved,
    coalesce(f.previous_cost, 0) - coalesce(f.month_cost, 0) as cost_moved,
    coalesce(f.month_margin, 0) - coalesce(f.previous_margin, 0) as moved,
    f.year_revenue,
    f.year_margin,
    f.revenue_to_date,
    f.cost_to_date,
    f.margin_to_date,
    f.forecast_revenue,
    f.forecast_margin,
    b.backlog,
    coalesce(e.cases, 0) as exceptions,
    p.planned_end_date
from out.scopes as s
join out.projects as p on s.project_id = p.project_id
left join summed as f on s.project_id = f.project_id
left join backlog as b on s.project_id = b.project_id
left join scores as c on s.project_id = c.project_id
left join exceptions as e on s.project_id = e.project_id
order by s.scope_key, f.year_revenue desc nulls last, s.project_id
