with source as (

    select * from {{ source('raw', 'exchange_rate') }}

)

select
    from_currency,
    to_currency,
    rate_date,
    rate_type,
    rate,
    source_file_id,
    source_line
from source
