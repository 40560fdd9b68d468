with source as (

    select * from {{ source('raw', 'change_request') }}

)

select
    project_id,
    change_request_id,
    title,
    status,
    requested_on,
    decided_on,
    price_amount,
    cost_amount,
    schedule_days,
    currency_code,
    probability,
    source_file_id,
    source_line
from source
