with plan_lines as (

    select * from {{ ref('int_plans__lines_attributed') }}

),

versions as (

    select * from {{ ref('int_plans__versions_in_force') }}

),

rates as (

    select * from {{ ref('int_plans__rates_to_base') }}

)

-- hours are left out: where a plan is made of one person's hours, hours beside their amount are that person's rate
select
    plan_lines.project_id,
    plan_lines.plan_version_id,
    plan_lines.wbs_id,
    plan_lines.month,
    plan_lines.category,
    plan_lines.role_id,
    versions.kind as version_kind,
    versions.source as version_source,
    versions.approved_on as approved_date,
    versions.in_force_from as in_force_from_date,
    versions.in_force_to as in_force_to_date,
    coalesce(versions.is_in_force, false) as is_in_force,
    plan_lines.currency_code,
    {{ money('plan_lines.amount') }} as plan_amount,
    -- a plan keeps the budget rate of its approval: what it is worth must not move with the market
    {{ money('plan_lines.amount * rates.rate_to_base') }} as plan_amount_base,
    plan_lines.source_file_id,
    plan_lines.source_line
from plan_lines
left join versions
    on plan_lines.project_id = versions.project_id
    and plan_lines.plan_version_id = versions.plan_version_id
left join rates
    on plan_lines.project_id = rates.project_id
    and plan_lines.plan_version_id = rates.plan_version_id
    and plan_lines.currency_code = rates.currency_code
order by
    project_id,
    plan_version_id,
    wbs_id,
    month,
    category,
    role_id
