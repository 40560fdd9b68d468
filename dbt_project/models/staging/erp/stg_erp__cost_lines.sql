with source as (

    select * from {{ source('raw', 'cost_line') }}

)

select
    cost_line_id,
    project_id,
    wbs_id,
    posting_date,
    account_code,
    category,
    amount,
    currency_code,
    quantity,
    supplier_id,
    document_number,
    is_billable,
    description,
    source_file_id,
    source_line
from source
