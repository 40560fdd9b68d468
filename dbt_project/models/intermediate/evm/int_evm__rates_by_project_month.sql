{#- One rate for the whole project: its baseline's. An index or an estimate that moves with the market tells nothing of performance. -#}
with earned_value as (

    select * from {{ ref('int_evm__by_project_month') }}

),

rates as (

    select * from {{ ref('int_plans__rates_to_base') }}

)

select
    earned_value.project_id,
    earned_value.month,
    earned_value.currency_code,
    rates.rate_to_base
from earned_value
left join rates
    on earned_value.project_id = rates.project_id
    and earned_value.plan_version_id = rates.plan_version_id
    and earned_value.currency_code = rates.currency_code
