with source as (

    select * from {{ source('raw', 'plan_line') }}

)

select
    project_id,
    plan_version_id,
    wbs_id,
    month,
    category,
    role_id,
    hours,
    amount,
    currency_code,
    source_file_id,
    source_line
from source
