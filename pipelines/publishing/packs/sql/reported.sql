-- One row: the month that the packs are about, the latest complete one with figures, and those beside it; no row without one.
with latest as (
    select
        month,
        fiscal_year
    from out.months
    where is_complete and has_figures
    order by month desc
    limit 1
),
years as (
    select
        fiscal_year,
        min(month) as first_month
    from wh.core.dim_months
    group by fiscal_year
)
select
    l.month,
    cast(l.month + interval 1 month - interval 1 day as date) as month_end_date,
    cast(l.month - interval 1 month as date) as previous_month,
    cast(l.month - interval 12 month as date) as last_year_month,
    y.first_month as year_month,
    cast(y.first_month - interval 12 month as date) as year_before_month,
    l.fiscal_year
from latest as l
join years as y on l.fiscal_year = y.fiscal_year
