with source as (

    select * from {{ source('raw', 'wbs_element') }}

)

select
    project_id,
    wbs_id,
    parent_wbs_id,
    wbs_name,
    earning_rule,
    source_file_id,
    source_line
from source
