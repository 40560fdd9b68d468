-- A supplier's invoice is in cost as its postings or as its accrual, never as both: in the end no more is accrued of it than
-- it says, and nothing beside postings of all of it. Told by numbers and suppliers as they are written, in published facts.
with posted as (

    select
        document_number,
        supplier_id,
        currency_code,
        sum(amount) as amount
    from {{ ref('fct_cost_lines') }}
    where
        origin = 'erp'
        and document_number is not null
        and supplier_id is not null
    group by
        document_number,
        supplier_id,
        currency_code

),

accrued as (

    select
        document_number,
        supplier_id,
        currency_code,
        sum(amount) as amount,
        sum(amount_base) as amount_base
    from {{ ref('fct_cost_lines') }}
    where origin in ('accrual', 'accrual_reversal')
    group by
        document_number,
        supplier_id,
        currency_code

),

invoiced as (

    select
        invoice_id,
        counterparty_id,
        currency_code,
        sum(net_amount) as amount
    from {{ ref('fct_invoice_lines') }}
    where direction = 'supplier'
    group by
        invoice_id,
        counterparty_id,
        currency_code

)

select
    accrued.document_number,
    accrued.supplier_id,
    invoiced.amount as invoiced_amount,
    posted.amount as posted_amount,
    accrued.amount as accrued_amount
from accrued
left join invoiced
    on accrued.document_number = invoiced.invoice_id
    and accrued.supplier_id = invoiced.counterparty_id
    and accrued.currency_code = invoiced.currency_code
left join posted
    on accrued.document_number = posted.document_number
    and accrued.supplier_id = posted.supplier_id
    and accrued.currency_code = posted.currency_code
where
    invoiced.invoice_id is null
    -- both are signed: a credit note's accrual is negative
    or (accrued.amount > 0 and accrued.amount > invoiced.amount)
    or (accrued.amount < 0 and accrued.amount < invoiced.amount)
    or (accrued.amount <> 0 and posted.amount = invoiced.amount)
    or (accrued.amount = 0 and coalesce(accrued.amount_base, 0) <> 0)
