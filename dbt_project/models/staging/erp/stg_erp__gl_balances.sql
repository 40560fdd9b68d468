with source as (

    select * from {{ source('raw', 'gl_balance') }}

)

select
    company_id,
    account_code,
    month,
    amount,
    currency_code,
    source_file_id,
    source_line
from source
