with source as (

    select * from {{ source('raw', 'commentary') }}

)

select
    project_id,
    month,
    topic,
    text,
    author,
    source_file_id,
    source_line
from source
