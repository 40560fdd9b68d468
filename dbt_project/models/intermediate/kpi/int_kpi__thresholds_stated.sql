with thresholds as (

    select * from {{ ref('kpi_thresholds') }}

)

select
    kpi_code,
    customer_id,
    business_group,
    applies_to,
    valid_from,
    valid_to,
    target,
    amber_lower,
    amber_upper,
    red_lower,
    red_upper
from thresholds
