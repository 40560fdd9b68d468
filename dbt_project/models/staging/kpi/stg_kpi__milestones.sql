with source as (

    select * from {{ source('raw', 'milestone') }}

)

select
    project_id,
    milestone_id,
    milestone_name,
    wbs_id,
    weight,
    baseline_date,
    forecast_date,
    actual_date,
    is_customer_acceptance,
    contract_line_id,
    revenue_amount,
    reported_on,
    source_file_id,
    source_line
from source
