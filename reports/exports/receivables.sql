-- One row per customer: what it owed at the end of the latest complete month, by age, and its days of sales.
with latest as (
    select max(month) as month
    from out.months
    where is_complete and has_figures
),
aged as (
    select
        coalesce(r.customer_id, '(none)') as customer_id,
        sum(r.open_amount_base) filter (where r.bucket = 'current') as not_due,
        sum(r.open_amount_base) filter (where r.bucket = '1-30') as to_30,
        sum(r.open_amount_base) filter (where r.bucket = '31-60') as to_60,
        sum(r.open_amount_base) filter (where r.bucket = '61-90') as to_90,
        sum(r.open_amount_base) filter (where r.bucket = '91+') as over_90,
        sum(r.open_amount_base) as receivable,
        count(*) filter (where r.open_amount_base is null) as without_rate
    from wh.margin.receivables_ageing as r
    join latest on r.month = latest.month
    group by 1
)
select
    latest.month,
    coalesce(c.customer_name, d.customer_id) as customer_name,
    aged.not_due,
    aged.to_30,
    aged.to_60,
    aged.to_90,
    aged.over_90,
    coalesce(aged.receivable, 0) as receivable,
    d.overdue_amount_base as overdue,
    cast(d.dso_days as double) as dso_days,
    cast(d.dso_countback_days as double) as dso_countback_days,
    d.window_days,
    case when aged.without_rate > 0 then 'no closing rate' end as state
from wh.margin.dso_by_customer_month as d
join latest on d.month = latest.month
left join aged on d.customer_id = aged.customer_id
left join wh.core.dim_customers as c on d.customer_id = c.customer_id
where coalesce(aged.receivable, 0) <> 0 or aged.without_rate > 0
order by receivable desc, d.customer_id
