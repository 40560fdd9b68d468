with contract_line_months as (

    select * from {{ ref('int_revenue__by_contract_line_month') }}

),

price_changes as (

    select * from {{ ref('int_contracts__price_changes_dated') }}

),

rates_to_base as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

originals as (

    select
        contract_line_id,
        {{ month_of('effective_on') }} as month,
        sum(amount) as amount
    from price_changes
    where kind = 'original'
    group by
        contract_line_id,
        {{ month_of('effective_on') }}

),

-- the value of the order: its price, and where there is none what has been earned, for that much was ordered
valued as (

    select
        contract_line_months.contract_line_id,
        contract_line_months.project_id,
        contract_line_months.currency_code,
        contract_line_months.month,
        contract_line_months.transaction_price_amount is not null as is_priced,
        coalesce(
            contract_line_months.transaction_price_amount, contract_line_months.revenue_to_date_amount, 0
        ) as value_amount,
        coalesce(contract_line_months.revenue_to_date_amount, 0) as revenue_to_date_amount,
        contract_line_months.revenue_amount_base,
        contract_line_months.revenue_amount is null as is_revenue_unknown,
        originals.amount as original_amount,
        rates_to_base.average_rate_to_base,
        rates_to_base.closing_rate_to_base
    from contract_line_months
    left join originals
        on contract_line_months.contract_line_id = originals.contract_line_id
        and contract_line_months.month = originals.month
    left join rates_to_base
        on contract_line_months.currency_code = rates_to_base.currency_code
        and contract_line_months.month = rates_to_base.month

),

moved as (

    select
        contract_line_id,
        project_id,
        currency_code,
        month,
        value_amount - lag(value_amount, 1, 0) over (partition by contract_line_id order by month) as value_change_amount,
        is_priced,
        original_amount,
        value_amount - revenue_to_date_amount as closing_amount,
        revenue_to_date_amount
        - lag(revenue_to_date_amount, 1, 0) over (partition by contract_line_id order by month) as revenue_amount,
        case when is_revenue_unknown then 0 else revenue_amount_base end as revenue_amount_base,
        average_rate_to_base,
        closing_rate_to_base
    from valued

),

parted as (

    select
        contract_line_id,
        project_id,
        currency_code,
        month,
        closing_amount,
        revenue_amount,
        revenue_amount_base,
        case
            when not is_priced then value_change_amount
            else {{ money('coalesce(original_amount, 0)') }}
        end as bookings_amount,
        value_change_amount,
        average_rate_to_base,
        closing_rate_to_base
    from moved

),

in_base as (

    select
        contract_line_id,
        project_id,
        currency_code,
        month,
        {{ money('bookings_amount') }} as bookings_amount,
        {{ money('value_change_amount - bookings_amount') }} as changes_amount,
        {{ money('revenue_amount') }} as revenue_amount,
        {{ money('closing_amount') }} as closing_amount,
        {%- for measure, rate in [
            ('bookings_amount', 'average'), ('value_change_amount - bookings_amount', 'average'), ('closing_amount', 'closing')
        ] %}
        case
            when {{ measure }} = 0 then cast(0 as decimal(18, 2))
            else {{ money(to_base(measure, rate ~ '_rate_to_base')) }}
        end as {{ 'changes_amount' if ' - ' in measure else measure }}_base,
        {%- endfor %}
        revenue_amount_base
    from parted

)

select
    contract_line_id,
    project_id,
    currency_code,
    month,
    {{ money('lag(closing_amount, 1, 0) over (partition by contract_line_id order by month)') }} as opening_amount,
    bookings_amount,
    changes_amount,
    revenue_amount,
    closing_amount,
    {{ money('lag(closing_amount_base, 1, 0) over (partition by contract_line_id order by month)') }} as opening_amount_base,
    bookings_amount_base,
    changes_amount_base,
    revenue_amount_base,
    closing_amount_base
from in_base
