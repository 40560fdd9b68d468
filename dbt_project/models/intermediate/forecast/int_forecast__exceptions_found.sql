{#- What a range or a band cannot say, or says under an assumption. -#}
with risks as (

    select * from {{ ref('int_forecast__risks_open') }}

),

registers as (

    select * from {{ ref('int_forecast__registers_by_project_month') }}

),

months as (

    select * from {{ ref('int_forecast__months_measured') }}

)

select
    'risk_without_rate' as rule,
    'error' as severity,
    'forecast' as subject,
    'risk' as entity_type,
    risk_id as entity,
    project_id,
    min(month) as month,
    cast(null as date) as occurred_on,
    'No rate from ' || currency_code || ' to the project''s currency is known for the day it was raised; the project has no'
    || ' expected value of risks and no range while it is open. Deliver the rate.' as message,
    max(cost_likely_amount) as amount_at_stake,
    currency_code as unit
from risks
where likely_amount is null
group by
    risk_id,
    project_id,
    currency_code

union all

select
    'risk_points_out_of_order' as rule,
    'warning' as severity,
    'forecast' as subject,
    'risk' as entity_type,
    risk_id as entity,
    project_id,
    min(month) as month,
    cast(null as date) as occurred_on,
    'The three points of its cost are not low <= likely <= high; a point on the wrong side is taken as the likely one. Correct the'
    || ' register.' as message,
    max(cost_likely_amount) as amount_at_stake,
    currency_code as unit
from risks
where is_out_of_order
group by
    risk_id,
    project_id,
    currency_code

union all

select
    'change_request_without_rate' as rule,
    'error' as severity,
    'forecast' as subject,
    'project' as entity_type,
    registers.project_id as entity,
    registers.project_id,
    min(registers.month) as month,
    cast(null as date) as occurred_on,
    'A pending change request is in a currency without a rate to the project''s own for the day of the request; what the pending'
    || ' changes are worth is not known. Deliver the rate.' as message,
    cast(null as decimal(18, 2)) as amount_at_stake,
    min(months.currency_code) as unit
from registers
inner join months
    on registers.project_id = months.project_id
    and registers.month = months.month
where not registers.is_pending_change_known
group by registers.project_id
