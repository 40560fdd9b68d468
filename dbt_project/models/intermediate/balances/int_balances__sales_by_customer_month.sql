with invoices as (

    select * from {{ ref('fct_invoices') }}

),

open_items as (

    select * from {{ ref('int_balances__items_open_by_month') }}

),

months as (

    select * from {{ ref('dim_months') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

-- sales with tax, as the receivables are, at the rate of the day of issue
sales as (

    select
        coalesce(customer_id, '(none)') as customer_id,
        issue_month as month,
        sum(coalesce(gross_amount_base, 0)) as sales_amount_base,
        max(case when gross_amount_base is null then 1 else 0 end) as sales_without_rate
    from invoices
    where direction = 'customer'
    group by
        coalesce(customer_id, '(none)'),
        issue_month

),

owed as (

    select
        coalesce(customer_id, '(none)') as customer_id,
        month,
        sum(coalesce(open_amount_base, 0)) as receivable_amount_base,
        sum(case when days_overdue > 0 then coalesce(open_amount_base, 0) else 0 end) as overdue_amount_base,
        max(case when open_amount_base is null then 1 else 0 end) as receivables_without_rate
    from open_items
    where direction = 'customer'
    group by
        coalesce(customer_id, '(none)'),
        month

),

active_months as (

    select
        customer_id,
        month
    from sales

    union

    select
        customer_id,
        month
    from owed

),

spans as (

    select
        active_months.customer_id,
        min(active_months.month) as first_month,
        greatest(max(active_months.month), {{ month_of('max(parameters.as_of_date)') }}) as last_month
    from active_months
    cross join parameters
    group by active_months.customer_id

),

first_sales as (

    select
        customer_id,
        min(month) as first_sales_month
    from sales
    group by customer_id

)

select
    spans.customer_id,
    months.month,
    -- the refresh's own month lasts until the refresh's day
    case
        when parameters.as_of_date between months.month and months.month_end_date then parameters.as_of_date
        else months.month_end_date
    end as balance_date,
    first_sales.first_sales_month,
    coalesce(sales.sales_amount_base, 0) as sales_amount_base,
    coalesce(owed.receivable_amount_base, 0) as receivable_amount_base,
    coalesce(owed.overdue_amount_base, 0) as overdue_amount_base,
    coalesce(sales.sales_without_rate, 0) as sales_without_rate,
    coalesce(owed.receivables_without_rate, 0) as receivables_without_rate
from spans
inner join months
    on months.month between spans.first_month and spans.last_month
cross join parameters
left join first_sales
    on spans.customer_id = first_sales.customer_id
left join sales
    on spans.customer_id = sales.customer_id
    and months.month = sales.month
left join owed
    on spans.customer_id = owed.customer_id
    and months.month = owed.month
