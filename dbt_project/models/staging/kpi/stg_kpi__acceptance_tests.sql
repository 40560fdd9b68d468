with source as (

    select * from {{ source('raw', 'acceptance_test') }}

)

select
    project_id,
    test_id,
    tested_on,
    attempt,
    is_passed,
    defects,
    source_file_id,
    source_line
from source
