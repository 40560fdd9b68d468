with headers as (

    select * from {{ ref('int_invoices__headers_attributed') }}

)

select
    {{ surrogate_key(['invoice_id', 'direction', 'counterparty_id']) }} as invoice_key,
    invoice_id,
    direction,
    counterparty_id,
    customer_id,
    issue_date,
    issue_month,
    due_date,
    type,
    project_id,
    delivered_project_id,
    contract_id,
    purchase_order_id,
    currency_code,
    {{ money('net_amount') }} as net_amount,
    {{ money('tax_amount') }} as tax_amount,
    {{ money('gross_amount') }} as gross_amount,
    {{ money(to_base('net_amount', 'rate_to_base')) }} as net_amount_base,
    {{ money(to_base('gross_amount', 'rate_to_base')) }} as gross_amount_base,
    source_file_id,
    source_line
from headers
