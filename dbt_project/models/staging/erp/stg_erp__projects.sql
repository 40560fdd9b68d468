with source as (

    select * from {{ source('raw', 'project') }}

)

select
    project_id,
    project_name,
    customer_id,
    programme_id,
    business_group,
    market,
    project_manager,
    currency_code,
    status,
    is_key_project,
    start_date,
    planned_end_date,
    actual_end_date,
    source_file_id,
    source_line
from source
