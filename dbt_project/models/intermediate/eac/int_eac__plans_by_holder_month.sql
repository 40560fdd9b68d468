{#- Categories that are a cost of doing the work; a management reserve is not in the estimate until it is released into it. -#}
{%- set not_a_cost = ['revenue', 'management_reserve'] -%}

with plan_lines as (

    select * from {{ ref('int_plans__lines_attributed') }}

),

versions as (

    select * from {{ ref('int_eac__plan_versions_dated') }}

),

branches as (

    select * from {{ ref('int_contracts__wbs_branches') }}

),

holders as (

    select * from {{ ref('int_eac__holders_named') }}

),

rates_to_base as (

    select * from {{ ref('int_plans__rates_to_base') }}

),

summed as (

    select
        plan_lines.project_id,
        plan_lines.plan_version_id,
        branches.branch_id,
        plan_lines.month,
        plan_lines.currency_code,
        sum(plan_lines.amount) as amount,
        sum(case when plan_lines.category = 'uninstalled_material' then plan_lines.amount else 0 end)
            as uninstalled_amount,
        sum(case when plan_lines.category = 'labour' then coalesce(plan_lines.hours, 0) else 0 end) as hours
    from plan_lines
    left join branches
        on plan_lines.project_id = branches.project_id
        and coalesce(plan_lines.wbs_id, '') = branches.wbs_id
    where plan_lines.category not in ('{{ not_a_cost | join("', '") }}')
    group by
        plan_lines.project_id,
        plan_lines.plan_version_id,
        branches.branch_id,
        plan_lines.month,
        plan_lines.currency_code

),

-- a plan keeps the rates of its approval
valued as (

    select
        holders.holder_kind,
        holders.holder_id,
        summed.plan_version_id,
        summed.month,
        summed.hours,
        summed.currency_code = holders.currency_code as is_own_currency,
        summed.amount,
        summed.uninstalled_amount,
        {{ to_base('summed.amount', 'plan_rates.rate_to_base') }} as amount_base,
        {{ to_base('summed.uninstalled_amount', 'plan_rates.rate_to_base') }} as uninstalled_amount_base,
        holder_rates.rate_to_base as holder_rate_to_base
    from summed
    inner join versions
        on summed.project_id = versions.project_id
        and summed.plan_version_id = versions.plan_version_id
    inner join holders
        on summed.project_id = holders.project_id
        and (holders.holder_kind = 'project' or summed.branch_id = holders.branch_id)
    left join rates_to_base as plan_rates
        on summed.project_id = plan_rates.project_id
        and summed.plan_version_id = plan_rates.plan_version_id
        and summed.currency_code = plan_rates.currency_code
    left join rates_to_base as holder_rates
        on summed.project_id = holder_rates.project_id
        and summed.plan_version_id = holder_rates.plan_version_id
        and holders.currency_code = holder_rates.currency_code

),

converted as (

    select
        holder_kind,
        holder_id,
        plan_version_id,
        month,
        hours,
        case
            when is_own_currency then cast(amount as decimal(38, 6))
            else cast({{ divided('cast(amount_base as decimal(38, 6))', 'holder_rate_to_base', 6, scale=12) }} as decimal(38, 6))
        end as amount,
        case
            when is_own_currency then cast(uninstalled_amount as decimal(38, 6))
            else
                cast(
                    {{ divided('cast(uninstalled_amount_base as decimal(38, 6))', 'holder_rate_to_base', 6, scale=12) }}
                    as decimal(38, 6)
                )
        end as uninstalled_amount,
        cast(amount_base as decimal(38, 6)) as amount_base
    from valued

)

select
    holder_kind,
    holder_id,
    plan_version_id,
    month,
    cast(sum(hours) as decimal(38, 4)) as hours,
    sum(amount) as amount,
    sum(uninstalled_amount) as uninstalled_amount,
    sum(amount_base) as amount_base,
    count(*) - count(amount) as rows_without_amount,
    count(*) - count(amount_base) as rows_without_base
from converted
group by
    holder_kind,
    holder_id,
    plan_version_id,
    month
