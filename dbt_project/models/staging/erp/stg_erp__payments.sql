with source as (

    select * from {{ source('raw', 'payment') }}

)

select
    payment_id,
    invoice_id,
    direction,
    paid_on,
    amount,
    currency_code,
    source_file_id,
    source_line
from source
