with invoice_lines as (

    select * from {{ ref('stg_invoices__invoice_lines') }}

),

invoices as (

    select * from {{ ref('stg_invoices__invoices') }}

)

select
    invoice_lines.invoice_id,
    invoice_lines.direction,
    invoice_lines.counterparty_id,
    invoice_lines.line_id,
    invoice_lines.net_amount,
    invoice_lines.source_file_id,
    invoice_lines.source_line
from invoice_lines
left join invoices
    on invoice_lines.invoice_id = invoices.invoice_id
    and invoice_lines.direction = invoices.direction
    and invoice_lines.counterparty_id = invoices.counterparty_id
where invoices.invoice_id is null
