-- One row per programme, month and version of its margin, as known at the end of the month: the sums of its projects at completion as
-- sold, of the baseline and as forecast, and to date.
with shown as (
    select
        g.programme_key,
        m.month as shown_month,
        f.*
    from out.programmes as g
    cross join out.months as m
    asof join wh.margin.margin_by_programme_month as f on g.programme_id = f.programme_id and m.month >= f.month
),
versions as (
    select programme_key, shown_month, 1 as position, 'as sold' as version, as_sold_revenue_amount_base as revenue,
        as_sold_cost_amount_base as cost, as_sold_margin_amount_base as margin, as_sold_margin_pct as margin_pct
    from shown
    union all
    select programme_key, shown_month, 2, 'baseline', baseline_revenue_amount_base, baseline_cost_amount_base,
        baseline_margin_amount_base, baseline_margin_pct
    from shown
    union all
    select programme_key, shown_month, 3, 'forecast', forecast_revenue_amount_base, forecast_cost_amount_base,
        forecast_margin_amount_base, forecast_margin_pct
    from shown
    union all
    select programme_key, shown_month, 4, 'actual to date', revenue_amount_base_to_date, cost_of_sales_amount_base_to_date,
        gross_margin_amount_base_to_date, gross_margin_pct_to_date
    from shown
)
select
    programme_key,
    shown_month as month,
    version,
    revenue,
    cost,
    margin,
    margin_pct
from versions
where revenue is not null
order by programme_key, month, position
