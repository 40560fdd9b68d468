with source as (

    select * from {{ source('raw', 'contract_line') }}

)

select
    contract_line_id,
    contract_id,
    project_id,
    description,
    revenue_method,
    currency_code,
    start_date,
    end_date,
    not_to_exceed_amount,
    cost_markup,
    wbs_id,
    retention_pct,
    source_file_id,
    source_line
from source
