-- One row per project and version of its margin, as known at the end of the last complete month: at completion as sold, of the
-- baseline and as forecast, and to date.
with latest as (
    select
        f.project_id,
        max(f.month) as month
    from wh.margin.margin_by_project_month as f
    join wh.core.dim_months as m on f.month = m.month
    where m.is_complete
    group by f.project_id
),
shown as (
    select f.*
    from wh.margin.margin_by_project_month as f
    join latest as l on f.project_id = l.project_id and f.month = l.month
),
versions as (
    select project_id, 1 as position, 'as sold' as version, as_sold_revenue_amount_base as revenue,
        as_sold_cost_amount_base as cost, as_sold_margin_amount_base as margin, as_sold_margin_pct as margin_pct
    from shown
    union all
    select project_id, 2, 'baseline', baseline_revenue_amount_base, baseline_cost_amount_base,
        baseline_margin_amount_base, baseline_margin_pct
    from shown
    union all
    select project_id, 3, 'forecast', forecast_revenue_amount_base, forecast_cost_amount_base,
        forecast_margin_amount_base, forecast_margin_pct
    from shown
    union all
    select project_id, 4, 'actual to date', revenue_amount_base_to_date, cost_of_sales_amount_base_to_date,
        gross_margin_amount_base_to_date, gross_margin_pct_to_date
    from shown
)
select
    p.project_key,
    v.position,
    v.version,
    v.revenue,
    v.cost,
    v.margin,
    cast(v.margin_pct as double) as margin_pct
from versions as v
join out.projects as p on v.project_id = p.project_id
where v.revenue is not null
order by p.project_key, v.position
