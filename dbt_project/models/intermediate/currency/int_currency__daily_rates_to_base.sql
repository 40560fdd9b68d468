{%- set base = "'" ~ var('base_currency') ~ "'" -%}
{%- set pivot = "'EUR'" -%}
{%- set max_age = var('rate_max_age_days') -%}

with exchange_rates as (

    select * from {{ ref('stg_erp__exchange_rates') }}

),

bounds as (

    select * from {{ ref('int_currency__dates_in_use') }}

),

-- what one unit of `from_currency` is worth in `to_currency`, as numerator over denominator; delivered rates both ways
quotes_both_ways as (

    select
        from_currency,
        to_currency,
        rate_date,
        rate as numerator,
        cast(1 as decimal(24, 6)) as denominator,
        1 as preference
    from exchange_rates
    where
        rate_type = 'daily'
        and from_currency <> to_currency

    union all

    select
        to_currency as from_currency,
        from_currency as to_currency,
        rate_date,
        cast(1 as decimal(24, 6)) as numerator,
        rate as denominator,
        2 as preference
    from exchange_rates
    where
        rate_type = 'daily'
        and from_currency <> to_currency
        and rate > 0

),

quotes_ranked as (

    select
        from_currency,
        to_currency,
        rate_date,
        numerator,
        denominator,
        row_number() over (
            partition by from_currency, to_currency, rate_date
            order by preference
        ) as place
    from quotes_both_ways
    where to_currency in ({{ base }}, {{ pivot }})

),

quotes as (

    select
        from_currency,
        to_currency,
        rate_date,
        numerator,
        denominator,
        lead(rate_date) over (
            partition by from_currency, to_currency
            order by rate_date
        ) as next_rate_date
    from quotes_ranked
    where place = 1

),

-- a quote stands until the next one, never longer than the age allowed, never before its own day
ages as (

    {{ numbers(max_age) }}

),

standing as (

    select
        quotes.from_currency,
        quotes.to_currency,
        cast({{ dbt.dateadd('day', 'ages.number', 'quotes.rate_date') }} as date) as rate_date,
        quotes.numerator,
        quotes.denominator,
        ages.number as age_days
    from quotes
    cross join ages
    where
        quotes.next_rate_date is null
        or cast({{ dbt.dateadd('day', 'ages.number', 'quotes.rate_date') }} as date) < quotes.next_rate_date

),

candidates as (

    select
        from_currency as currency_code,
        rate_date,
        numerator,
        denominator,
        age_days,
        1 as preference
    from standing
    where to_currency = {{ base }}

    union all

    -- through the pivot; as old as the older of the two legs
    select
        to_pivot.from_currency as currency_code,
        to_pivot.rate_date,
        to_pivot.numerator * from_pivot.numerator as numerator,
        to_pivot.denominator * from_pivot.denominator as denominator,
        greatest(to_pivot.age_days, from_pivot.age_days) as age_days,
        2 as preference
    from standing as to_pivot
    inner join standing as from_pivot
        on to_pivot.rate_date = from_pivot.rate_date
    where
        to_pivot.to_currency = {{ pivot }}
        and from_pivot.from_currency = {{ pivot }}
        and from_pivot.to_currency = {{ base }}
        and to_pivot.from_currency <> {{ base }}
        and {{ pivot }} <> {{ base }}

),

-- the youngest rate wins; at the same age the one without a detour
candidates_ranked as (

    select
        currency_code,
        rate_date,
        numerator,
        denominator,
        age_days,
        preference,
        row_number() over (
            partition by currency_code, rate_date
            order by age_days, preference
        ) as place
    from candidates

),

base_days as (

    {{ date_series('bounds', 'first_date', 'last_date', 'day') }}

)

select
    {{ base }} as currency_code,
    day as rate_date,
    cast(1 as decimal(38, 12)) as rate_to_base,
    0 as age_days,
    false as is_triangulated
from base_days

union all

select
    candidates_ranked.currency_code,
    candidates_ranked.rate_date,
    cast({{ divided('candidates_ranked.numerator', 'candidates_ranked.denominator', 12, scale=12) }} as decimal(38, 12))
        as rate_to_base,
    candidates_ranked.age_days,
    candidates_ranked.preference = 2 as is_triangulated
from candidates_ranked
cross join bounds
where
    candidates_ranked.place = 1
    and candidates_ranked.currency_code <> {{ base }}
    and candidates_ranked.rate_date between bounds.first_date and bounds.last_date
