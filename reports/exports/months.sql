-- One row per month, from the first with figures to the last, empty ones between them included.
with figures as (
    select
        month,
        bool_or(coalesce(revenue, 0) <> 0 or coalesce(cost, 0) <> 0) as has_figures,
        bool_or(has_open_exceptions) as has_open_exceptions
    from out.project_months
    group by month
),
bounds as (
    select
        min(month) as first_month,
        max(month) as last_month
    from figures
    where has_figures
)
select
    m.month,
    m.fiscal_year,
    m.is_complete,
    coalesce(f.has_figures, false) as has_figures,
    coalesce(f.has_open_exceptions, false) as has_open_exceptions
from wh.core.dim_months as m
join bounds as b on m.month between b.first_month and b.last_month
left join figures as f on m.month = f.month
order by m.month
