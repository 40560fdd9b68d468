with source as (

    select * from {{ source('raw', 'handover_item') }}

)

select
    project_id,
    gate,
    item_id,
    item,
    is_mandatory,
    due_date,
    done_on,
    owner,
    source_file_id,
    source_line
from source
