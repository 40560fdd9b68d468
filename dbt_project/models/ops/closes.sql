with closes as (

    select * from {{ source('ledger', 'closes') }}

)

select
    month,
    closed_at,
    hash,
    code_version,
    input_hash
from closes
order by month
