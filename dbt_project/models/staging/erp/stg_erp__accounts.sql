with source as (

    select * from {{ source('raw', 'account') }}

)

select
    account_code,
    account_name,
    class,
    source_file_id,
    source_line
from source
