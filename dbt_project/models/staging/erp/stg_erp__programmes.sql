with source as (

    select * from {{ source('raw', 'programme') }}

)

select
    programme_id,
    programme_name,
    customer_id,
    programme_manager,
    source_file_id,
    source_line
from source
