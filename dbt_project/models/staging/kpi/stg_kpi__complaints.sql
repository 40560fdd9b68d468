with source as (

    select * from {{ source('raw', 'complaint') }}

)

select
    complaint_id,
    project_id,
    opened_on,
    closed_on,
    severity,
    corrective_action,
    cost_amount,
    currency_code,
    source_file_id,
    source_line
from source
