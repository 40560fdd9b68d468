{#- Labour of each version by role: hours, amounts in their currencies, and whether enough people stand behind the hours for a
    figure that hangs on them. Hours are private; no more than a sum over roles of their effect is published. -#}
{%- set minimum = var('minimum_group') -%}

with versions as (

    select * from {{ ref('int_margin__versions_named') }}

),

plan_amounts as (

    select * from {{ ref('int_plans__amounts_by_version') }}

),

cost_lines as (

    select * from {{ ref('fct_cost_lines') }}

),

time_entries as (

    select * from {{ ref('int_labour__time_entries_costed') }}

),

employees as (

    select * from {{ ref('stg_erp__employees') }}

),

planned as (

    select
        versions.project_id,
        versions.version,
        plan_amounts.role_id,
        plan_amounts.currency_code,
        sum(plan_amounts.amount) as amount,
        sum(plan_amounts.hours) as hours,
        sum(plan_amounts.rows_without_hours) as rows_without_hours
    from versions
    inner join plan_amounts
        on versions.project_id = plan_amounts.project_id
        and versions.plan_version_id = plan_amounts.plan_version_id
        and plan_amounts.measure = 'labour'
        and (versions.month is null or plan_amounts.month > versions.month)
    group by
        versions.project_id,
        versions.version,
        plan_amounts.role_id,
        plan_amounts.currency_code

),

paid as (

    select
        versions.project_id,
        versions.version,
        cost_lines.role_id,
        cost_lines.currency_code,
        sum(cost_lines.amount) as amount
    from versions
    inner join cost_lines
        on versions.project_id = cost_lines.project_id
        and cost_lines.cost_month <= versions.month
    where
        cost_lines.category = 'labour'
        and cost_lines.amount_base is not null
    group by
        versions.project_id,
        versions.version,
        cost_lines.role_id,
        cost_lines.currency_code

),

-- with labour from time sheets the hours are those that have a cost; from the ERP, those that should have one
monthly_hours as (

    select
        project_id,
        employee_id,
        role_id,
        work_month,
        coalesce(currency_code, '{{ var("base_currency") }}') as currency_code,
        sum(hours) as hours
    from time_entries
    where
        is_project_known
        and is_costed
        and (cost_amount_base is not null or '{{ var("labour_cost_source") }}' = 'erp')
    group by
        project_id,
        employee_id,
        role_id,
        work_month,
        coalesce(currency_code, '{{ var("base_currency") }}')

),

worked as (

    select
        versions.project_id,
        versions.version,
        monthly_hours.role_id,
        monthly_hours.currency_code,
        sum(monthly_hours.hours) as hours
    from versions
    inner join monthly_hours
        on versions.project_id = monthly_hours.project_id
        and monthly_hours.work_month <= versions.month
    group by
        versions.project_id,
        versions.version,
        monthly_hours.role_id,
        monthly_hours.currency_code

),

workers as (

    select
        versions.project_id,
        versions.version,
        count(distinct monthly_hours.employee_id) as people
    from versions
    inner join monthly_hours
        on versions.project_id = monthly_hours.project_id
        and monthly_hours.work_month <= versions.month
        and monthly_hours.hours <> 0
    group by
        versions.project_id,
        versions.version

),

-- a plan names nobody: it is a plan for whoever holds the role, and without a role for anybody
planned_for as (

    select
        planned.project_id,
        planned.version,
        count(distinct employees.employee_id) as people
    from planned
    left join employees
        on planned.role_id = employees.role_id
        or planned.role_id is null
    where planned.hours <> 0
    group by
        planned.project_id,
        planned.version

),

parts as (

    select
        project_id,
        version,
        role_id,
        currency_code,
        amount,
        hours,
        rows_without_hours
    from planned

    union all

    select
        project_id,
        version,
        role_id,
        currency_code,
        amount,
        0 as hours,
        0 as rows_without_hours
    from paid

    union all

    select
        project_id,
        version,
        role_id,
        currency_code,
        0 as amount,
        hours,
        0 as rows_without_hours
    from worked

)

select
    parts.project_id,
    parts.version,
    parts.role_id,
    parts.currency_code,
    cast(sum(parts.amount) as decimal(38, 6)) as amount,
    cast(sum(parts.hours) as decimal(38, 6)) as hours,
    cast(sum(parts.rows_without_hours) as bigint) as rows_without_hours,
    coalesce(max(workers.people), {{ minimum }}) >= {{ minimum }}
    and coalesce(max(planned_for.people), {{ minimum }}) >= {{ minimum }} as has_enough_people
from parts
left join workers
    on parts.project_id = workers.project_id
    and parts.version = workers.version
left join planned_for
    on parts.project_id = planned_for.project_id
    and parts.version = planned_for.version
group by
    parts.project_id,
    parts.version,
    parts.role_id,
    parts.currency_code
