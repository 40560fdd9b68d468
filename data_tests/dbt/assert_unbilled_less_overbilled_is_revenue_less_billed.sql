-- Of each contract, asset less liability is revenue less billing, and one of the two is zero; so the sum over all contracts holds too:
-- cost + earnings - billings = under-billed - over-billed.
with balances as (

    select * from {{ ref('contract_balances_by_contract_month') }}

)

select
    contract_id,
    month,
    contract_asset_amount - contract_liability_amount as position_amount,
    revenue_to_date - billed_to_date as earned_less_billed
from balances
where
    contract_asset_amount - contract_liability_amount <> revenue_to_date - billed_to_date
    or (contract_asset_amount <> 0 and contract_liability_amount <> 0)
    or contract_asset_amount < 0
    or contract_liability_amount < 0
