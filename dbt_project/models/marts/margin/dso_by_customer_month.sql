{#- name -> months before the month itself that its window goes back -#}
{%- set windows = {'month': 0, 'quarter': 2, 'year': 11} -%}

with customer_months as (

    select * from {{ ref('int_balances__sales_by_customer_month') }}

),

counted_back as (

    select * from {{ ref('int_balances__days_counted_back') }}

),

windowed as (

    select
        customer_id,
        month,
        balance_date,
        receivable_amount_base,
        overdue_amount_base,
        sales_amount_base,
        receivables_without_rate,
        {%- for window, back in windows.items() %}
        sum(sales_amount_base) over (
            partition by customer_id
            order by month
            rows between {{ back }} preceding and current row
        ) as {{ window }}_sales_amount_base,
        max(sales_without_rate) over (
            partition by customer_id
            order by month
            rows between {{ back }} preceding and current row
        ) as {{ window }}_sales_without_rate,
        {{ dbt.datediff(dbt.dateadd('month', -back, 'month'), 'balance_date', 'day') }} + 1 as {{ window }}_days,
        {%- endfor %}
        -- a customer of three months has not had a year to buy in
        case
            when first_sales_month <= month
                then
                    least(
                        {{ dbt.datediff(dbt.dateadd('month', -windows['year'], 'month'), 'balance_date', 'day') }},
                        {{ dbt.datediff('first_sales_month', 'balance_date', 'day') }}
                    ) + 1
        end as window_days
    from customer_months

)

select
    windowed.customer_id,
    windowed.month,
    windowed.balance_date,
    {{ money('windowed.receivable_amount_base') }} as receivable_amount_base,
    {{ money('windowed.overdue_amount_base') }} as overdue_amount_base,
    {{ money('windowed.sales_amount_base') }} as sales_amount_base,
    {{ money('windowed.year_sales_amount_base') }} as window_sales_amount_base,
    cast(windowed.window_days as integer) as window_days,
    {{ days_of_sales('windowed.receivable_amount_base', 'windowed.year_sales_amount_base', 'windowed.window_days',
        'windowed.receivables_without_rate + windowed.year_sales_without_rate = 0') }} as dso_days,
    {{ days_of_sales('windowed.overdue_amount_base', 'windowed.year_sales_amount_base', 'windowed.window_days',
        'windowed.receivables_without_rate + windowed.year_sales_without_rate = 0') }} as delinquent_dso_days,
    {%- for window in windows %}
    {{ days_of_sales('windowed.receivable_amount_base', 'windowed.' ~ window ~ '_sales_amount_base',
        'windowed.' ~ window ~ '_days',
        'windowed.receivables_without_rate + windowed.' ~ window ~ '_sales_without_rate = 0') }} as dso_{{ window }}_days,
    {%- endfor %}
    cast(
        case
            when windowed.receivables_without_rate = 0 and windowed.receivable_amount_base = 0 then 0
            else counted_back.days_counted
        end as decimal(18, 6)
    ) as dso_countback_days,
    {{ money('case
            when windowed.receivables_without_rate = 0 and windowed.receivable_amount_base >= 0
                then coalesce(counted_back.amount_not_counted, windowed.receivable_amount_base)
        end') }} as countback_not_counted_amount_base,
    cast(
        case
            when windowed.receivables_without_rate = 0 and windowed.receivable_amount_base > 0
                then {{ divided('windowed.overdue_amount_base', 'windowed.receivable_amount_base', 6) }}
        end as decimal(18, 6)
    ) as overdue_pct
from windowed
left join counted_back
    on windowed.customer_id = counted_back.customer_id
    and windowed.month = counted_back.month
