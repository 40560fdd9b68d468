with source as (

    select * from {{ source('raw', 'progress') }}

)

select
    project_id,
    wbs_id,
    observed_on,
    percent_complete,
    source_file_id,
    source_line
from source
