with source as (

    select * from {{ source('raw', 'customer') }}

)

select
    customer_id,
    customer_name,
    country_code,
    segment,
    payment_terms_days,
    vat_id,
    source_file_id,
    source_line
from source
