with source as (

    select * from {{ source('raw', 'schedule_link') }}

)

select
    project_id,
    status_date,
    predecessor_id,
    successor_id,
    link_type,
    lag_hours,
    is_external,
    source_file_id,
    source_line
from source
