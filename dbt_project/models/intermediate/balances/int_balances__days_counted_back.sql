with customer_months as (

    select * from {{ ref('int_balances__sales_by_customer_month') }}

),

-- a month without sales above zero, or with sales that are not known, ends the counting; months between two such ends
-- share a number
numbered as (

    select
        customer_id,
        month,
        cast(extract(day from balance_date) as integer) as days,
        sales_amount_base,
        receivable_amount_base,
        receivables_without_rate,
        sales_amount_base > 0 and sales_without_rate = 0 as is_countable,
        sum(case when sales_amount_base > 0 and sales_without_rate = 0 then 0 else 1 end) over (
            partition by customer_id
            order by month
            rows between unbounded preceding and current row
        ) as stretch,
        sum(sales_amount_base) over (
            partition by customer_id
            order by month
            rows between unbounded preceding and current row
        ) as sales_to_date
    from customer_months

),

-- the latest month first: what it and the months after it sold, with and without it
counted as (

    select
        balances.customer_id,
        balances.month,
        balances.receivable_amount_base,
        earlier.days,
        earlier.sales_amount_base,
        balances.sales_to_date - earlier.sales_to_date as sales_after,
        balances.sales_to_date - earlier.sales_to_date + earlier.sales_amount_base as sales_with
    from numbered as balances
    inner join numbered as earlier
        on balances.customer_id = earlier.customer_id
        and balances.stretch = earlier.stretch
        and earlier.month <= balances.month
    where
        earlier.is_countable
        and balances.receivables_without_rate = 0
        and balances.receivable_amount_base > balances.sales_to_date - earlier.sales_to_date

),

-- whole months count their days; the month in which the receivable runs out counts the part of it that is left
daily as (

    select
        customer_id,
        month,
        receivable_amount_base,
        sales_with,
        case when receivable_amount_base >= sales_with then days else 0 end as whole_days,
        case
            when receivable_amount_base < sales_with
                then {{ divided('(receivable_amount_base - sales_after) * days', 'sales_amount_base', 6) }}
            else 0
        end as part_days
    from counted

)

select
    customer_id,
    month,
    cast(sum(whole_days + part_days) as decimal(18, 6)) as days_counted,
    cast(
        greatest(max(receivable_amount_base) - max(sales_with), 0) as decimal(18, 2)
    ) as amount_not_counted
from daily
group by
    customer_id,
    month
