with source as (

    select * from {{ source('raw', 'invoice') }}

)

select
    invoice_id,
    direction,
    counterparty_id,
    issue_date,
    due_date,
    currency_code,
    type,
    project_id,
    contract_id,
    purchase_order_id,
    net_amount,
    tax_amount,
    gross_amount,
    source_file_id,
    source_line
from source
