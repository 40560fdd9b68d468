with line_months as (

    select * from {{ ref('int_revenue__line_months_named') }}

),

price_changes as (

    select * from {{ ref('int_contracts__price_changes_dated') }}

),

over_time as (

    select * from {{ ref('int_revenue__over_time_recognised') }}

),

time_and_material as (

    select * from {{ ref('int_revenue__time_and_material_recognised') }}

),

events as (

    select * from {{ ref('int_revenue__events_recognised') }}

),

prices as (

    select
        line_months.contract_line_id,
        line_months.month,
        {{ money('sum(price_changes.amount)') }} as price_amount
    from line_months
    inner join price_changes
        on line_months.contract_line_id = price_changes.contract_line_id
        and price_changes.effective_on <= line_months.measured_on
    group by
        line_months.contract_line_id,
        line_months.month

),

recognised as (

    select
        line_months.contract_line_id,
        line_months.month,
        line_months.contract_id,
        line_months.project_id,
        line_months.branch_id,
        line_months.revenue_method,
        line_months.currency_code,
        line_months.measured_on,
        prices.price_amount,
        over_time.progress_pct,
        coalesce(over_time.is_cost_recovered, false) as is_cost_recovered,
        case
            when line_months.revenue_method = 'time_and_material' then time_and_material.revenue_to_date_amount
            when line_months.revenue_method in ('milestone', 'as_invoiced') then events.revenue_to_date_amount
            else over_time.revenue_to_date_amount
        end as revenue_to_date_amount,
        case
            when line_months.revenue_method in ('time_and_material', 'milestone', 'as_invoiced')
                then cast(0 as decimal(18, 2))
            else over_time.catch_up_amount
        end as catch_up_amount,
        coalesce(time_and_material.above_cap_amount, 0) as above_cap_amount,
        events.invoiced_amount_base,
        coalesce(time_and_material.parts_without_rate, 0) + coalesce(events.events_without_rate, 0) as parts_without_rate
    from line_months
    left join prices
        on line_months.contract_line_id = prices.contract_line_id
        and line_months.month = prices.month
    left join over_time
        on line_months.contract_line_id = over_time.contract_line_id
        and line_months.month = over_time.month
    left join time_and_material
        on line_months.contract_line_id = time_and_material.contract_line_id
        and line_months.month = time_and_material.month
    left join events
        on line_months.contract_line_id = events.contract_line_id
        and line_months.month = events.month

)

select
    contract_line_id,
    month,
    contract_id,
    project_id,
    branch_id,
    revenue_method,
    currency_code,
    measured_on,
    price_amount as transaction_price_amount,
    case
        when revenue_method in ('milestone', 'as_invoiced')
            then cast({{ divided('revenue_to_date_amount', 'price_amount', 12) }} as decimal(18, 12))
        else progress_pct
    end as progress_pct,
    {{ money('revenue_to_date_amount') }} as revenue_to_date_amount,
    -- the month is the difference of two rounded amounts to date, so that the last month closes
    case
        when revenue_to_date_amount is not null
            then
                {{ money('revenue_to_date_amount - coalesce(lag(revenue_to_date_amount) over ('
                    ~ 'partition by contract_line_id order by month), 0)') }}
    end as revenue_amount,
    {{ money('catch_up_amount') }} as catch_up_amount,
    {{ money('above_cap_amount') }} as above_cap_amount,
    is_cost_recovered,
    invoiced_amount_base,
    parts_without_rate,
    case
        when revenue_to_date_amount is not null then cast(null as {{ dbt.type_string() }})
        when price_amount is null then 'missing_price'
        when revenue_method = 'straight_line' then 'missing_line_dates'
        else 'out_of_range'
    end as no_revenue_reason
from recognised
