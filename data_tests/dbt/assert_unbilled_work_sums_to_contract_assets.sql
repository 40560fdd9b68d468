-- The buckets of a contract and month sum to the revenue that was recognised and not billed, to the cent; never below zero.
with ageing as (

    select * from {{ ref('wip_ageing') }}

),

positions as (

    select * from {{ ref('int_balances__contract_positions_by_month') }}

),

aged as (

    select
        contract_id,
        month,
        sum(unbilled_amount) as unbilled_amount
    from ageing
    group by
        contract_id,
        month

)

select
    coalesce(positions.contract_id, aged.contract_id) as contract_id,
    coalesce(positions.month, aged.month) as month,
    greatest(positions.revenue_to_date_amount - positions.billed_to_date_amount, 0) as contract_asset_amount,
    coalesce(aged.unbilled_amount, 0) as unbilled_amount
from positions
full outer join aged
    on positions.contract_id = aged.contract_id
    and positions.month = aged.month
where
    coalesce(greatest(positions.revenue_to_date_amount - positions.billed_to_date_amount, 0), -1)
    <> coalesce(aged.unbilled_amount, 0)
