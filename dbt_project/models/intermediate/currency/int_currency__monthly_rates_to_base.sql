{%- set base = "'" ~ var('base_currency') ~ "'" -%}
{%- set pivot = "'EUR'" -%}
{%- set max_age = var('rate_max_age_days') -%}
{%- set purposes = ['average', 'closing', 'budget'] -%}

with exchange_rates as (

    select * from {{ ref('stg_erp__exchange_rates') }}

),

daily_rates as (

    select * from {{ ref('int_currency__daily_rates_to_base') }}

),

currencies as (

    select * from {{ ref('int_currency__currencies_in_use') }}

),

bounds as (

    select * from {{ ref('int_currency__dates_in_use') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

month_bounds as (

    select
        {{ month_of('first_date') }} as first_month,
        {{ month_of('last_date') }} as last_month
    from bounds

),

months_in_use as (

    {{ date_series('month_bounds', 'first_month', 'last_month', 'month') }}

),

months as (

    select
        month,
        cast({{ dbt.last_day('month', 'month') }} as date) as month_end_date
    from months_in_use

),

-- what one unit of `from_currency` is worth in `to_currency`, as numerator over denominator; delivered rates both ways
quotes_both_ways as (

    select
        from_currency,
        to_currency,
        rate_type,
        rate_date,
        rate as numerator,
        cast(1 as decimal(24, 6)) as denominator,
        1 as preference
    from exchange_rates
    where
        rate_type in ('{{ purposes | join("', '") }}')
        and from_currency <> to_currency

    union all

    select
        to_currency as from_currency,
        from_currency as to_currency,
        rate_type,
        rate_date,
        cast(1 as decimal(24, 6)) as numerator,
        rate as denominator,
        2 as preference
    from exchange_rates
    where
        rate_type in ('{{ purposes | join("', '") }}')
        and from_currency <> to_currency
        and rate > 0

),

-- which quotes speak of a month: an average of its days, a closing rate of its end, a budget until there is a newer one
quotes_of_months as (

    select
        quotes_both_ways.from_currency,
        quotes_both_ways.to_currency,
        quotes_both_ways.rate_type,
        quotes_both_ways.rate_date,
        quotes_both_ways.numerator,
        quotes_both_ways.denominator,
        months.month,
        row_number() over (
            partition by
                quotes_both_ways.from_currency,
                quotes_both_ways.to_currency,
                quotes_both_ways.rate_type,
                months.month
            order by quotes_both_ways.rate_date desc, quotes_both_ways.preference
        ) as place
    from quotes_both_ways
    inner join months
        on quotes_both_ways.rate_date <= months.month_end_date
        and (
            quotes_both_ways.rate_type = 'budget'
            or (quotes_both_ways.rate_type = 'average' and quotes_both_ways.rate_date >= months.month)
            or (
                quotes_both_ways.rate_type = 'closing'
                and quotes_both_ways.rate_date >= months.month
                and quotes_both_ways.rate_date
                >= cast({{ dbt.dateadd('day', -max_age, 'months.month_end_date') }} as date)
            )
        )
    where quotes_both_ways.to_currency in ({{ base }}, {{ pivot }})

),

legs as (

    select
        from_currency,
        to_currency,
        rate_type,
        rate_date,
        numerator,
        denominator,
        month
    from quotes_of_months
    where place = 1

),

candidates as (

    select
        from_currency as currency_code,
        rate_type,
        month,
        rate_date,
        numerator,
        denominator,
        1 as preference
    from legs
    where to_currency = {{ base }}

    union all

    -- through the pivot; as old as the older of the two legs
    select
        to_pivot.from_currency as currency_code,
        to_pivot.rate_type,
        to_pivot.month,
        least(to_pivot.rate_date, from_pivot.rate_date) as rate_date,
        to_pivot.numerator * from_pivot.numerator as numerator,
        to_pivot.denominator * from_pivot.denominator as denominator,
        2 as preference
    from legs as to_pivot
    inner join legs as from_pivot
        on to_pivot.rate_type = from_pivot.rate_type
        and to_pivot.month = from_pivot.month
    where
        to_pivot.to_currency = {{ pivot }}
        and from_pivot.from_currency = {{ pivot }}
        and from_pivot.to_currency = {{ base }}
        and to_pivot.from_currency <> {{ base }}
        and {{ pivot }} <> {{ base }}

),

candidates_ranked as (

    select
        currency_code,
        rate_type,
        month,
        rate_date,
        numerator,
        denominator,
        row_number() over (
            partition by currency_code, rate_type, month
            order by rate_date desc, preference
        ) as place
    from candidates

),

valued as (

    select
        currency_code,
        rate_type,
        month,
        cast({{ divided('numerator', 'denominator', 12, scale=12) }} as decimal(38, 12)) as rate_to_base
    from candidates_ranked
    where place = 1

),

delivered_rates as (

    select
        currency_code,
        month
        {%- for purpose in purposes %},
        max(case when rate_type = '{{ purpose }}' then rate_to_base end) as {{ purpose }}_rate_to_base
        {%- endfor %}
    from valued
    group by
        currency_code,
        month

),

-- what the days say where nobody delivered the month's own rate
days as (

    select
        daily_rates.currency_code,
        months.month,
        daily_rates.rate_to_base,
        case when daily_rates.rate_date = months.month_end_date then daily_rates.rate_to_base end as rate_at_end,
        case when daily_rates.rate_date = parameters.as_of_date then daily_rates.rate_to_base end as rate_as_of
    from daily_rates
    inner join months
        on daily_rates.rate_date between months.month and months.month_end_date
    cross join parameters

),

day_rates as (

    select
        currency_code,
        month,
        sum(rate_to_base) as sum_of_rates,
        count(*) as days_with_rate,
        max(rate_at_end) as rate_at_end,
        -- the month of the refresh has no end yet: its closing rate is the one of the day it stands for
        max(rate_as_of) as rate_as_of
    from days
    group by
        currency_code,
        month

),

chosen as (

    select
        currencies.currency_code,
        months.month,
        delivered_rates.average_rate_to_base as delivered_average,
        cast(
            {{ divided('day_rates.sum_of_rates', 'day_rates.days_with_rate', 12, scale=12) }} as decimal(38, 12)
        ) as average_of_days,
        delivered_rates.closing_rate_to_base as delivered_closing,
        day_rates.rate_at_end,
        day_rates.rate_as_of,
        delivered_rates.budget_rate_to_base
    from currencies
    cross join months
    left join delivered_rates
        on currencies.currency_code = delivered_rates.currency_code
        and months.month = delivered_rates.month
    left join day_rates
        on currencies.currency_code = day_rates.currency_code
        and months.month = day_rates.month
    where currencies.currency_code <> {{ base }}

)

select
    {{ base }} as currency_code,
    months.month,
    cast(1 as decimal(38, 12)) as average_rate_to_base,
    cast(1 as decimal(38, 12)) as closing_rate_to_base,
    cast(1 as decimal(38, 12)) as budget_rate_to_base,
    'base' as average_rate_source,
    'base' as closing_rate_source
from months

union all

select
    currency_code,
    month,
    coalesce(delivered_average, average_of_days) as average_rate_to_base,
    coalesce(delivered_closing, rate_at_end, rate_as_of) as closing_rate_to_base,
    budget_rate_to_base,
    case
        when delivered_average is not null then 'average'
        when average_of_days is not null then 'daily'
    end as average_rate_source,
    case
        when delivered_closing is not null then 'closing'
        when coalesce(rate_at_end, rate_as_of) is not null then 'daily'
    end as closing_rate_source
from chosen
