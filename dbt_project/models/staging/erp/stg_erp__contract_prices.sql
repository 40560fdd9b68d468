with source as (

    select * from {{ source('raw', 'contract_price') }}

)

select
    contract_line_id,
    price_change_id,
    effective_on,
    amount,
    kind,
    treatment,
    change_request_id,
    line_end_date,
    source_file_id,
    source_line
from source
