with cost_rates as (

    select * from {{ ref('stg_erp__cost_rates') }}

),

rates as (

    select
        case when employee_id is not null then 'person' else 'role' end as holder_kind,
        coalesce(employee_id, role_id) as holder_id,
        valid_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as valid_to,
        hourly_rate,
        currency_code
    from cost_rates

),

-- a period begins where a rate begins and on the day after a rate's last
beginnings as (

    select
        holder_kind,
        holder_id,
        valid_from as period_from
    from rates

    union

    select
        holder_kind,
        holder_id,
        cast({{ dbt.dateadd('day', 1, 'valid_to') }} as date) as period_from
    from rates
    where valid_to < cast('9999-12-31' as date)

),

periods as (

    select
        holder_kind,
        holder_id,
        period_from,
        coalesce(
            cast({{ dbt.dateadd('day', -1, 'lead(period_from) over (partition by holder_kind, holder_id order by period_from)') }}
                as date),
            cast('9999-12-31' as date)
        ) as period_to
    from beginnings

),

-- of several rates in force on one day, the one that began last is taken
covering as (

    select
        periods.holder_kind,
        periods.holder_id,
        periods.period_from,
        periods.period_to,
        rates.hourly_rate,
        rates.currency_code,
        row_number() over (
            partition by periods.holder_kind, periods.holder_id, periods.period_from
            order by rates.valid_from desc, rates.valid_to, rates.hourly_rate, rates.currency_code
        ) as place,
        min(rates.hourly_rate) over (
            partition by periods.holder_kind, periods.holder_id, periods.period_from
        ) as lowest_rate,
        max(rates.hourly_rate) over (
            partition by periods.holder_kind, periods.holder_id, periods.period_from
        ) as highest_rate,
        min(rates.currency_code) over (
            partition by periods.holder_kind, periods.holder_id, periods.period_from
        ) as first_currency_code,
        max(rates.currency_code) over (
            partition by periods.holder_kind, periods.holder_id, periods.period_from
        ) as last_currency_code
    from periods
    inner join rates
        on periods.holder_kind = rates.holder_kind
        and periods.holder_id = rates.holder_id
        and periods.period_from between rates.valid_from and rates.valid_to

)

select
    holder_kind,
    holder_id,
    period_from,
    period_to,
    hourly_rate,
    currency_code,
    lowest_rate <> highest_rate or first_currency_code <> last_currency_code as is_contradicted
from covering
where place = 1
