with source as (

    select * from {{ source('raw', 'risk') }}

)

select
    project_id,
    risk_id,
    kind,
    title,
    probability,
    cost_low_amount,
    cost_likely_amount,
    cost_high_amount,
    schedule_days,
    currency_code,
    response,
    status,
    raised_on,
    closed_on,
    source_file_id,
    source_line
from source
