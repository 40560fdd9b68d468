with amounts as (

    select * from {{ ref('int_revenue__amounts_by_contract_line_month') }}

),

billings as (

    select * from {{ ref('int_revenue__billings_by_contract_day') }}

),

layers as (

    select * from {{ ref('int_revenue__layers_billed') }}

),

rates_to_base as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

revenues as (

    select
        contract_id,
        currency_code,
        month,
        sum(coalesce(revenue_to_date_amount, 0)) as revenue_to_date_amount,
        -- revenue that its own invoices make stands on neither side of the position
        sum(case when revenue_method = 'as_invoiced' then 0 else coalesce(revenue_to_date_amount, 0) end)
            as earned_to_date_amount
    from amounts
    group by
        contract_id,
        currency_code,
        month

),

to_date as (

    select
        revenues.contract_id,
        revenues.currency_code,
        revenues.month,
        revenues.revenue_to_date_amount,
        revenues.earned_to_date_amount,
        coalesce(sum(billings.billed_amount), 0) as billed_to_date_amount,
        case
            when count(billings.month) = count(billings.billed_amount_base)
                then coalesce(sum(billings.billed_amount_base), 0)
        end as billed_to_date_amount_base,
        coalesce(sum(billings.layer_amount), 0) as layers_to_date_amount,
        coalesce(sum(billings.credit_amount), 0) as credits_to_date_amount
    from revenues
    left join billings
        on revenues.contract_id = billings.contract_id
        and revenues.currency_code = billings.currency_code
        and revenues.month >= billings.month
    group by
        revenues.contract_id,
        revenues.currency_code,
        revenues.month,
        revenues.revenue_to_date_amount,
        revenues.earned_to_date_amount

),

-- what the layers have been used for: revenue, and credit notes
positions as (

    select
        contract_id,
        currency_code,
        month,
        revenue_to_date_amount,
        billed_to_date_amount,
        billed_to_date_amount_base,
        layers_to_date_amount,
        credits_to_date_amount,
        earned_to_date_amount + credits_to_date_amount as used_to_date_amount,
        least(greatest(earned_to_date_amount + credits_to_date_amount, 0), layers_to_date_amount) as used_of_layers_amount
    from to_date

),

-- layers that are not used up, first billed first used (IFRIC 22): each at the rates at which it was billed
unused as (

    select
        positions.contract_id,
        positions.currency_code,
        positions.month,
        sum(layers.layer_amount_base - case
            when positions.used_of_layers_amount <= layers.layer_start then 0
            else {{ money(divided('(positions.used_of_layers_amount - layers.layer_start) * layers.layer_amount_base',
                'layers.layer_amount', 2)) }}
        end) as unused_amount_base,
        count(*) - count(layers.layer_amount_base) as layers_without_rate
    from positions
    inner join layers
        on positions.contract_id = layers.contract_id
        and positions.currency_code = layers.currency_code
        and positions.month >= layers.month
        and positions.used_of_layers_amount < layers.layer_end
    group by
        positions.contract_id,
        positions.currency_code,
        positions.month

)

select
    positions.contract_id,
    positions.currency_code,
    positions.month,
    {{ money('positions.revenue_to_date_amount') }} as revenue_to_date_amount,
    {{ money('positions.billed_to_date_amount') }} as billed_to_date_amount,
    {{ money('positions.billed_to_date_amount_base') }} as billed_to_date_amount_base,
    {{ money('positions.layers_to_date_amount') }} as layers_to_date_amount,
    {{ money('positions.credits_to_date_amount') }} as credits_to_date_amount,
    {{ money('greatest(positions.used_to_date_amount - positions.layers_to_date_amount, 0)') }} as asset_amount,
    case
        when positions.used_to_date_amount <= positions.layers_to_date_amount then cast(0 as decimal(18, 2))
        else
            {{ money(to_base('positions.used_to_date_amount - positions.layers_to_date_amount',
                'rates_to_base.closing_rate_to_base')) }}
    end as asset_amount_base,
    {{ money('greatest(positions.layers_to_date_amount - positions.used_to_date_amount, 0)') }} as liability_amount,
    case
        when coalesce(unused.layers_without_rate, 0) > 0 then cast(null as decimal(18, 2))
        when positions.used_to_date_amount >= 0 then {{ money('coalesce(unused.unused_amount_base, 0)') }}
        -- revenue below zero is owed to the customer beyond what he has paid
        else
            {{ money('coalesce(unused.unused_amount_base, 0) - '
                ~ to_base('positions.used_to_date_amount', 'rates_to_base.closing_rate_to_base')) }}
    end as liability_amount_base
from positions
left join unused
    on positions.contract_id = unused.contract_id
    and positions.currency_code = unused.currency_code
    and positions.month = unused.month
left join rates_to_base
    on positions.currency_code = rates_to_base.currency_code
    and positions.month = rates_to_base.month
