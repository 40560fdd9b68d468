-- One row per project: the portfolio's latest complete month, the fiscal year up to it, and everything to date.
with latest as (
    select
        month,
        fiscal_year
    from out.months
    where is_complete and has_figures
    order by month desc
    limit 1
),
summed as (
    select
        f.project_key,
        sum(f.revenue) filter (where f.month = l.month) as month_revenue,
        sum(f.margin) filter (where f.month = l.month) as month_margin,
        sum(f.revenue) filter (where m.fiscal_year = l.fiscal_year and f.month <= l.month) as revenue,
        sum(f.margin) filter (where m.fiscal_year = l.fiscal_year and f.month <= l.month) as margin,
        sum(f.revenue) as revenue_to_date,
        sum(f.margin) as margin_to_date
    from out.project_months as f
    left join out.months as m on f.month = m.month
    left join latest as l on true
    group by f.project_key
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
    p.project_key,
    s.month_revenue,
    s.month_margin,
    s.revenue,
    s.margin,
    s.revenue_to_date,
    s.margin_to_date,
    coalesce(e.cases, 0) as exceptions
from out.projects as p
left join summed as s on p.project_key = s.project_key
left join exceptions as e on p.project_id = e.project_id
order by p.project_key
