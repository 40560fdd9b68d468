-- One row per customer and month: its days of sales by each way of counting, and the sums that they are made of.
with sold as (
    select
        customer_id,
        month,
        sum(sales_amount_base) over (partition by customer_id order by month range between interval 2 month preceding and current row)
            as quarter_sales,
        sum(sales_amount_base) over (partition by customer_id order by month range between interval 11 month preceding and current row)
            as year_sales
    from wh.margin.dso_by_customer_month
)
select
    d.month,
    d.customer_id,
    coalesce(c.customer_name, case when d.customer_id = '(none)' then 'no known customer' else d.customer_id end) as customer_name,
    d.receivable_amount_base as receivable,
    d.overdue_amount_base as overdue,
    s.year_sales,
    -- sales of a day in each window, by which the days of several customers are made of their sums
    d.sales_amount_base / (date_diff('day', d.month, d.balance_date) + 1) as month_daily,
    s.quarter_sales / (date_diff('day', cast(d.month - interval 2 month as date), d.balance_date) + 1) as quarter_daily,
    s.year_sales / (date_diff('day', cast(d.month - interval 11 month as date), d.balance_date) + 1) as year_daily,
    cast(d.dso_days as double) as days,
    d.window_days,
    cast(d.delinquent_dso_days as double) as overdue_days,
    cast(d.dso_month_days as double) as by_month,
    cast(d.dso_quarter_days as double) as by_quarter,
    cast(d.dso_year_days as double) as by_year,
    cast(d.dso_countback_days as double) as countback,
    d.countback_not_counted_amount_base as not_counted
from wh.margin.dso_by_customer_month as d
join sold as s on d.customer_id = s.customer_id and d.month = s.month
left join wh.core.dim_customers as c on d.customer_id = c.customer_id
where d.receivable_amount_base <> 0 or s.year_sales <> 0
order by d.month, d.customer_id
