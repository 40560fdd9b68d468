with positions as (

    select * from {{ ref('int_revenue__positions_by_contract_month') }}

)

-- what has been used and what has been billed, as the contract asset is their difference: revenue that its own invoices
-- make stands on neither side, a credit note gives back what was billed
select
    contract_id,
    currency_code,
    month,
    layers_to_date_amount + asset_amount - liability_amount as revenue_to_date_amount,
    layers_to_date_amount as billed_to_date_amount
from positions
