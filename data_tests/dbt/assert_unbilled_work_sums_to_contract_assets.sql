-- The buckets of a contract and month sum to its contract asset, to the cent. Contracts in several currencies, whose asset
-- is netted over them, are left out.
with ageing as (

    select * from {{ ref('wip_ageing') }}

),

balances as (

    select * from {{ ref('contract_balances_by_contract_month') }}

),

positions as (

    select * from {{ ref('int_balances__contract_positions_by_month') }}

),

contracts as (

    select contract_id
    from positions
    group by contract_id
    having count(distinct currency_code) = 1

),

aged as (

    select
        contract_id,
        month,
        sum(unbilled_amount) as unbilled_amount,
        sum(unbilled_amount_base) as unbilled_amount_base
    from ageing
    group by
        contract_id,
        month

)

select
    coalesce(balances.contract_id, aged.contract_id) as contract_id,
    coalesce(balances.month, aged.month) as month,
    balances.contract_asset_amount,
    aged.unbilled_amount,
    balances.contract_asset_amount_base,
    aged.unbilled_amount_base
from balances
inner join contracts
    on balances.contract_id = contracts.contract_id
full outer join aged
    on balances.contract_id = aged.contract_id
    and balances.month = aged.month
where
    coalesce(balances.contract_asset_amount, 0) <> coalesce(aged.unbilled_amount, 0)
    or coalesce(balances.contract_asset_amount_base, 0) <> coalesce(aged.unbilled_amount_base, 0)
