with source as (

    select * from {{ source('raw', 'bill_rate') }}

)

select
    contract_line_id,
    role_id,
    employee_id,
    valid_from,
    valid_to,
    hourly_rate,
    currency_code,
    source_file_id,
    source_line
from source
