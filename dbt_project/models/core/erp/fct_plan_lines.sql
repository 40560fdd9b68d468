{#- Planned hours beside planned amounts are a rate: they go out where enough people stand behind them to hide each
    one's. A line without a role plans for everyone. -#}
{%- set may_be_shown -%}
    (shown_roles.role_id is not null or (plan_lines.role_id is null and all_people.people >= {{ var('minimum_group') }}))
{%- endset -%}

with plan_lines as (

    select * from {{ ref('stg_erp__plan_lines') }}

),

versions as (

    select * from {{ ref('int_plans__versions_in_force') }}

),

rates as (

    select * from {{ ref('int_currency__daily_rates_to_base') }}

),

employees as (

    select * from {{ ref('stg_erp__employees') }}

),

shown_roles as (

    select role_id
    from employees
    where role_id is not null
    group by role_id
    having count(*) >= {{ var('minimum_group') }}

),

all_people as (

    select count(*) as people
    from employees

)

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
    -- a plan keeps the rate of the day of its approval: what it is worth must not move with the market
    {{ money('plan_lines.amount * rates.rate_to_base') }} as plan_amount_base,
    cast(case when {{ may_be_shown }} then plan_lines.hours end as decimal(18, 2)) as hours,
    plan_lines.hours is not null and not {{ may_be_shown }} as is_hours_withheld,
    plan_lines.source_file_id,
    plan_lines.source_line
from plan_lines
cross join all_people
left join versions
    on plan_lines.project_id = versions.project_id
    and plan_lines.plan_version_id = versions.plan_version_id
left join shown_roles
    on plan_lines.role_id = shown_roles.role_id
left join rates
    on plan_lines.currency_code = rates.currency_code
    and versions.approved_on = rates.rate_date
