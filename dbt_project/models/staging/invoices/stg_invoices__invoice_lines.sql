with source as (

    select * from {{ source('raw', 'invoice_line') }}

)

select
    invoice_id,
    direction,
    counterparty_id,
    line_id,
    project_id,
    wbs_id,
    contract_line_id,
    category,
    description,
    quantity,
    net_amount,
    source_file_id,
    source_line
from source
