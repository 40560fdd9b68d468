-- The lines of a document, its remainder among them, are its net: in its currency and in the reporting currency.
with line_sums as (

    select
        invoice_key,
        sum(net_amount) as net_amount,
        sum(net_amount_base) as net_amount_base,
        count(*) - count(net_amount_base) as lines_without_base
    from {{ ref('fct_invoice_lines') }}
    group by invoice_key

)

select
    invoices.invoice_key,
    invoices.net_amount,
    line_sums.net_amount as line_net_amount,
    invoices.net_amount_base,
    line_sums.net_amount_base as line_net_amount_base
from {{ ref('fct_invoices') }} as invoices
full outer join line_sums
    on invoices.invoice_key = line_sums.invoice_key
where
    invoices.net_amount is distinct from line_sums.net_amount
    or invoices.net_amount_base is distinct from line_sums.net_amount_base
    or (invoices.net_amount_base is not null and line_sums.lines_without_base > 0)
