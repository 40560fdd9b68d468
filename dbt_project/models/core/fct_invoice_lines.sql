with invoice_lines as (

    select * from {{ ref('int_invoices__lines_attributed') }}

)

select
    {{ surrogate_key(['invoice_id', 'direction', 'counterparty_id', 'line_id', 'is_remainder']) }} as invoice_line_key,
    {{ surrogate_key(['invoice_id', 'direction', 'counterparty_id']) }} as invoice_key,
    invoice_id,
    direction,
    counterparty_id,
    line_id,
    is_remainder,
    customer_id,
    issue_date,
    issue_month,
    type,
    project_id,
    is_project_known,
    delivered_project_id,
    wbs_id,
    contract_line_id,
    category,
    currency_code,
    {{ money('net_amount_rounded') }} as net_amount,
    {{ money('net_amount_base_rounded') }} as net_amount_base,
    source_file_id,
    source_line
from invoice_lines
