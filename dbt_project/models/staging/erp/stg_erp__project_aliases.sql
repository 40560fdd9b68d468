with source as (

    select * from {{ source('raw', 'project_alias') }}

)

select
    alias,
    source_system,
    project_id,
    wbs_id,
    source_file_id,
    source_line
from source
