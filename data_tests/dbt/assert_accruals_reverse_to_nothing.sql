-- What an invoice's accrual took, its reversals give back to the cent, in both currencies, once the ledger has posted
-- enough of it; and before that never more than what is open.
with moved as (

    select
        invoice_id,
        counterparty_id,
        line_id,
        is_remainder,
        sum(amount) as amount,
        sum(amount_base) as amount_base,
        max(case when is_latest then open_amount end) as open_amount
    from {{ ref('int_cost__accruals_moved') }}
    group by
        invoice_id,
        counterparty_id,
        line_id,
        is_remainder

)

select
    invoice_id,
    counterparty_id,
    line_id,
    amount,
    amount_base,
    open_amount
from moved
where
    amount is distinct from open_amount
    or (open_amount = 0 and coalesce(amount_base, 0) <> 0)
