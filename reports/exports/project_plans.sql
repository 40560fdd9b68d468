-- One row per project, month, basis (as it is now; as it was closed) and version of the margin, as known at the end of the month:
-- at completion as sold, of the baseline and as forecast, and to date.
with figures as (
    select 'now' as basis, * from wh.margin.margin_by_project_month
    union all by name
    select 'closed' as basis, * from wh.margin.margin_by_project_month_as_closed
),
-- a month in which nothing moved has no row: what was known before is known still
shown as (
    select
        p.project_key,
        m.month,
        f.* exclude (project_id, month)
    from out.projects as p
    cross join out.months as m
    asof join figures as f on p.project_id = f.project_id and m.month >= f.month and f.basis = 'now'
    union all by name
    select
        p.project_key,
        f.month,
        f.* exclude (project_id, month)
    from figures as f
    join out.projects as p on f.project_id = p.project_id
    where f.basis = 'closed'
),
versions as (
    select project_key, month, basis, 1 as position, 'as sold' as version, as_sold_revenue_amount_base as revenue,
        as_sold_cost_amount_base as cost, as_sold_margin_amount_base as margin, as_sold_margin_pct as margin_pct
    from shown
    union all
    select project_key, month, basis, 2, 'baseline', baseline_revenue_amount_base, baseline_cost_amount_base,
        baseline_margin_amount_base, baseline_margin_pct
    from shown
    union all
    select project_key, month, basis, 3, 'forecast', forecast_revenue_amount_base, forecast_cost_amount_base,
        forecast_margin_amount_base, forecast_margin_pct
    from shown
    union all
    select project_key, month, basis, 4, 'actual to date', revenue_amount_base_to_date, cost_of_sales_amount_base_to_date,
        gross_margin_amount_base_to_date, gross_margin_pct_to_date
    from shown
)
select
    project_key,
    month,
    basis,
    version,
    revenue,
    cost,
    margin,
    margin_pct
from versions
where revenue is not null
order by project_key, month, basis, position
