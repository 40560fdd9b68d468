with source as (

    select * from {{ source('raw', 'cost_rate') }}

)

select
    employee_id,
    role_id,
    valid_from,
    valid_to,
    hourly_rate,
    currency_code,
    source_file_id,
    source_line
from source
