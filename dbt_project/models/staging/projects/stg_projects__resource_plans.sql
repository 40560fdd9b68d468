with source as (

    select * from {{ source('raw', 'resource_plan') }}

)

select
    project_id,
    role_id,
    employee_id,
    month,
    hours,
    source_file_id,
    source_line
from source
