with labour as (

    select * from {{ ref('int_cost__labour_summed') }}

)

select
    origin,
    project_id,
    is_project_known,
    wbs_id,
    role_id,
    cost_month,
    amount,
    currency_code,
    is_quality_cost,
    amount_base,
    is_complete,
    source_rows,
    source_file_id,
    source_line
from labour
where not is_in_cost
