with source as (

    select * from {{ source('raw', 'employee') }}

)

select
    employee_id,
    employee_name,
    role_id,
    cost_centre,
    market,
    weekly_capacity_hours,
    start_date,
    end_date,
    source_file_id,
    source_line
from source
