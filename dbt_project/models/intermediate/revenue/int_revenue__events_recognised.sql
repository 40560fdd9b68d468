{#- Methods by which revenue comes with an event, not with measured work: a milestone reached, an invoice sent. -#}
{%- set base = "'" ~ var('base_currency') ~ "'" -%}

with line_months as (

    select * from {{ ref('int_revenue__line_months_named') }}

),

milestones as (

    select * from {{ ref('int_revenue__milestones_attributed') }}

),

invoice_lines as (

    select * from {{ ref('int_contracts__invoice_lines_attributed') }}

),

rates_to_base as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

events as (

    select
        contract_line_id,
        {{ month_of('actual_date') }} as month,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        cast(revenue_amount as decimal(38, 6)) as amount,
        cast(0 as decimal(38, 6)) as amount_base
    from milestones
    where
        revenue_method = 'milestone'
        and actual_date is not null
        and revenue_amount is not null

    union all

    select
        contract_line_id,
        issue_month as month,
        currency_code,
        cast(net_amount as decimal(38, 6)) as amount,
        cast(net_amount_base as decimal(38, 6)) as amount_base
    from invoice_lines
    where revenue_method = 'as_invoiced'

),

monthly as (

    select
        line_months.contract_line_id,
        line_months.month,
        sum(
            case
                when events.currency_code is null or events.currency_code = line_months.currency_code then events.amount
                else {{ divided('events.amount_base', 'rates_to_base.average_rate_to_base', 6, scale=12) }}
            end
        ) as amount,
        -- in the reporting currency an invoice is worth what it was on its day
        {{ money('sum(events.amount_base)') }} as amount_base,
        count(case when events.amount_base is null then 1 end) as events_without_rate
    from line_months
    inner join events
        on line_months.contract_line_id = events.contract_line_id
        and line_months.month = events.month
    left join rates_to_base
        on line_months.currency_code = rates_to_base.currency_code
        and line_months.month = rates_to_base.month
    group by
        line_months.contract_line_id,
        line_months.month

)

select
    line_months.contract_line_id,
    line_months.month,
    {{ money('sum(coalesce(monthly.amount, 0)) over (partition by line_months.contract_line_id order by line_months.month'
        ~ ' rows between unbounded preceding and current row)') }} as revenue_to_date_amount,
    case when line_months.revenue_method = 'as_invoiced' then coalesce(monthly.amount_base, 0) end as invoiced_amount_base,
    coalesce(monthly.events_without_rate, 0) as events_without_rate
from line_months
left join monthly
    on line_months.contract_line_id = monthly.contract_line_id
    and line_months.month = monthly.month
where line_months.revenue_method in ('milestone', 'as_invoiced')
