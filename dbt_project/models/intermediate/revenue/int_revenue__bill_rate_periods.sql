with bill_rates as (

    select * from {{ ref('stg_erp__bill_rates') }}

),

rates as (

    select
        contract_line_id,
        case
            when employee_id is not null then 'person'
            when role_id is not null then 'role'
            else 'any'
        end as holder_kind,
        coalesce(employee_id, role_id, '') as holder_id,
        valid_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as valid_to,
        hourly_rate,
        currency_code
    from bill_rates

),

-- a period begins where a rate begins and on the day after a rate's last
beginnings as (

    select
        contract_line_id,
        holder_kind,
        holder_id,
        valid_from as period_from
    from rates

    union

    select
        contract_line_id,
        holder_kind,
        holder_id,
        cast({{ dbt.dateadd('day', 1, 'valid_to') }} as date) as period_from
    from rates
    where valid_to < cast('9999-12-31' as date)

),

periods as (

    select
        contract_line_id,
        holder_kind,
        holder_id,
        period_from,
        coalesce(
            {{ day_before('lead(period_from) over (partition by contract_line_id, holder_kind, holder_id order by period_from)') }},
            cast('9999-12-31' as date)
        ) as period_to
    from beginnings

),

-- of several rates in force on one day, the one that began last is taken
covering as (

    select
        periods.contract_line_id,
        periods.holder_kind,
        periods.holder_id,
        periods.period_from,
        periods.period_to,
        rates.hourly_rate,
        rates.currency_code,
        row_number() over (
            partition by periods.contract_line_id, periods.holder_kind, periods.holder_id, periods.period_from
            order by rates.valid_from desc, rates.valid_to, rates.hourly_rate, rates.currency_code
        ) as place
    from periods
    inner join rates
        on periods.contract_line_id = rates.contract_line_id
        and periods.holder_kind = rates.holder_kind
        and periods.holder_id = rates.holder_id
        and periods.period_from between rates.valid_from and rates.valid_to

)

select
    contract_line_id,
    holder_kind,
    holder_id,
    period_from,
    period_to,
    hourly_rate,
    currency_code
from covering
where place = 1
