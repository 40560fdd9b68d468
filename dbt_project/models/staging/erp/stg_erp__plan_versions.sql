with source as (

    select * from {{ source('raw', 'plan_version') }}

)

select
    project_id,
    plan_version_id,
    kind,
    approved_on,
    source,
    source_file_id,
    source_line
from source
