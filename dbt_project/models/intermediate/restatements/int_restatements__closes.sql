with closes as (

    select * from {{ source('ledger', 'closes') }}

)

select
    month,
    closed_at,
    last_load_number
from closes
