with source as (

    select * from {{ source('raw', 'time_entry') }}

)

select
    entry_id,
    employee_id,
    project_id,
    wbs_id,
    work_date,
    hours,
    activity,
    is_billable,
    approval_status,
    description,
    source_file_id,
    source_line
from source
