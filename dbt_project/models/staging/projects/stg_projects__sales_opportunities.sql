with source as (

    select * from {{ source('raw', 'sales_opportunity') }}

)

select
    opportunity_id,
    customer_id,
    project_id,
    kind,
    title,
    amount,
    currency_code,
    probability,
    stage,
    expected_close_date,
    updated_on,
    source_file_id,
    source_line
from source
