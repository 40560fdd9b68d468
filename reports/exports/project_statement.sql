-- One row per project: its own last complete month with figures, the month before it, and everything to date.
with latest as (
    select
        f.project_key,
        max(f.month) as month
    from out.project_months as f
    join out.months as m on f.month = m.month
    where m.is_complete and (coalesce(f.revenue, 0) <> 0 or coalesce(f.cost, 0) <> 0)
    group by f.project_key
),
to_date as (
    select
        project_key,
        sum(revenue) as revenue,
        sum(cost) as cost,
        sum(margin) as margin
    from out.project_months
    group by project_key
)
select
    l.project_key,
    l.month,
    cast(l.month - interval 1 month as date) as previous_month,
    'Project' as year_label,
    f.revenue,
    f.cost,
    f.margin,
    cast(f.margin as double) / nullif(f.revenue, 0) as margin_pct,
    b.revenue as previous_revenue,
    b.cost as previous_cost,
    b.margin as previous_margin,
    cast(b.margin as double) / nullif(b.revenue, 0) as previous_margin_pct,
    t.revenue as year_revenue,
    t.cost as year_cost,
    t.margin as year_margin,
    cast(t.margin as double) / nullif(t.revenue, 0) as year_margin_pct
from latest as l
join out.project_months as f on l.project_key = f.project_key and l.month = f.month
left join out.project_months as b
    on l.project_key = b.project_key and b.month = cast(l.month - interval 1 month as date)
join to_date as t on l.project_key = t.project_key
order by l.project_key
