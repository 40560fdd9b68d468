-- One row per closed month: its figures as closed beside what they are now.
with closed as (
    select
        month,
        sum(revenue_amount_base) as revenue,
        sum(cost_of_sales_amount_base) as cost,
        sum(gross_margin_amount_base) as margin
    from wh.margin.margin_by_project_month_as_closed
    group by month
),
current as (
    select
        month,
        sum(revenue_amount_base) as revenue,
        sum(cost_of_sales_amount_base) as cost,
        sum(gross_margin_amount_base) as margin
    from wh.margin.margin_by_project_month
    group by month
)
select
    c.month,
    c.closed_at,
    closed.revenue as revenue_closed,
    current.revenue as revenue_now,
    closed.cost as cost_closed,
    current.cost as cost_now,
    closed.margin as margin_closed,
    current.margin as margin_now,
    coalesce(current.margin, 0) - coalesce(closed.margin, 0) as margin_change,
    c.hash
from wh.ops.closes as c
left join closed on c.month = closed.month
left join current on c.month = current.month
order by c.month desc
