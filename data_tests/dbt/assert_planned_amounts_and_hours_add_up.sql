-- What is planned adds up to what was delivered: amounts to the rounding of each line, hours exactly.
with amounts as (

    select
        sum({{ money('amount') }}) as delivered,
        (select sum(plan_amount) from {{ ref('fct_plan_lines') }}) as kept
    from {{ ref('stg_erp__plan_lines') }}

),

hours as (

    select
        sum(hours) as delivered,
        (select sum(hours) from {{ ref('int_resources__hours_suppressed') }}) as kept
    from {{ ref('stg_projects__resource_plans') }}

)

select
    'planned amounts' as measure,
    delivered,
    kept
from amounts
where coalesce(delivered, 0) <> coalesce(kept, 0)

union all

select
    'planned hours' as measure,
    delivered,
    kept
from hours
where coalesce(delivered, 0) <> coalesce(kept, 0)
