with source as (

    select * from {{ source('raw', 'survey_response') }}

)

select
    response_id,
    project_id,
    customer_id,
    responded_on,
    kind,
    score,
    source_file_id,
    source_line
from source
