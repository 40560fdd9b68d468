with billings as (

    select * from {{ ref('int_revenue__billings_by_contract_day') }}

),

layers as (

    select
        contract_id,
        currency_code,
        issue_date,
        month,
        layer_amount,
        layer_amount_base,
        sum(layer_amount) over (
            partition by contract_id, currency_code order by issue_date
            rows between unbounded preceding and current row
        ) as layer_end,
        -- a layer of unknown worth adds nothing here; what touches it is unknown anyway
        sum(coalesce(layer_amount_base, 0)) over (
            partition by contract_id, currency_code order by issue_date
            rows between unbounded preceding and current row
        ) as value_end
    from billings
    where layer_amount > 0

)

select
    contract_id,
    currency_code,
    issue_date,
    month,
    {{ money('layer_end - layer_amount') }} as layer_start,
    {{ money('layer_end') }} as layer_end,
    layer_amount,
    layer_amount_base,
    {{ money('value_end - coalesce(layer_amount_base, 0)') }} as value_start
from layers
