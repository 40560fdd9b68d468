{%- set fiscal_start = var('fiscal_year_start_month') -%}

with parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

closes as (

    select * from {{ source('ledger', 'closes') }}

),

bounded as (

    select * from {{ ref('int_calendar__bounds_found') }}

),

spanned as (

    select
        {{ month_of('coalesce(bounded.first_date, parameters.as_of_date)') }} as first_month,
        {{ month_of('greatest(coalesce(bounded.last_date, parameters.as_of_date), ' ~
            dbt.dateadd('month', 24, 'parameters.as_of_date') ~ ')') }} as last_month
    from bounded
    cross join parameters

),

months as (

    {{ date_series('spanned', 'first_month', 'last_month', 'month') }}

),

numbered as (

    select
        month,
        cast({{ dbt.last_day('month', 'month') }} as date) as month_end_date,
        extract(year from month) as calendar_year,
        extract(month from month) as calendar_month_number,
        -- months since the fiscal year began, 0 to 11
        (extract(month from month) + 12 - {{ fiscal_start }}) % 12 as fiscal_months_before
    from months

)

select
    numbered.month,
    numbered.month_end_date,
    cast(numbered.calendar_year as integer) as calendar_year,
    cast(floor((numbered.calendar_month_number + 2) / 3) as integer) as calendar_quarter,
    cast(numbered.calendar_month_number as integer) as calendar_month_number,
    cast(
        numbered.calendar_year
        + case
            when {{ fiscal_start }} > 1 and numbered.calendar_month_number >= {{ fiscal_start }} then 1
            else 0
        end as integer
    ) as fiscal_year,
    cast(floor(numbered.fiscal_months_before / 3) + 1 as integer) as fiscal_quarter,
    cast(numbered.fiscal_months_before + 1 as integer) as fiscal_period,
    numbered.month_end_date < parameters.as_of_date as is_complete,
    closes.month is not null as is_closed
from numbered
cross join parameters
left join closes
    on numbered.month = closes.month
order by month
