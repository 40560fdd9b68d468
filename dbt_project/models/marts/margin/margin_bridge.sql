with steps as (

    select * from {{ ref('int_margin__bridge_steps') }}

)

select
    project_id,
    from_version,
    to_version,
    step_number,
    driver,
    {{ money('effect_amount_base') }} as effect_amount_base,
    note,
    {{ money('from_margin_amount_base') }} as from_margin_amount_base,
    {{ money('to_margin_amount_base') }} as to_margin_amount_base,
    from_plan_version_id,
    to_plan_version_id,
    from_date,
    to_date
from steps
order by
    project_id,
    from_version,
    to_version,
    step_number
