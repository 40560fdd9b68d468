with source as (

    select * from {{ source('raw', 'purchase_order_line') }}

)

select
    purchase_order_id,
    line_id,
    project_id,
    wbs_id,
    supplier_id,
    ordered_on,
    expected_on,
    category,
    ordered_amount,
    received_amount,
    invoiced_amount,
    currency_code,
    promised_on,
    delivered_on,
    source_file_id,
    source_line
from source
