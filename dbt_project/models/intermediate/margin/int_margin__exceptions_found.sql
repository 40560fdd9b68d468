{#- What the margin marts cannot say, or say under an assumption; none of it changes a margin. -#}
with fx_effects as (

    select * from {{ ref('int_margin__fx_effects_by_project_month') }}

),

versions as (

    select * from {{ ref('int_margin__versions_named') }}

),

stated as (

    select * from {{ ref('int_margin__versions_stated') }}

),

bridge as (

    select * from {{ ref('int_margin__bridge_steps') }}

),

judged as (

    select
        versions.project_id,
        versions.version,
        versions.plan_version_id,
        versions.dated_on,
        count(stated.measure) > count(stated.amount_base) as is_without_rate,
        max(case when stated.measure = 'revenue' then 1 else 0 end) = 0 as is_without_revenue,
        max(case when stated.measure not in ('revenue', 'loss_provision') then 1 else 0 end) = 0 as is_without_cost,
        sum(coalesce(stated.amount_base, 0)) as amount_base
    from versions
    left join stated
        on versions.project_id = stated.project_id
        and versions.version = stated.version
    where versions.version <> 'actual'
    group by
        versions.project_id,
        versions.version,
        versions.plan_version_id,
        versions.dated_on

),

incomplete as (

    select
        project_id,
        version,
        plan_version_id,
        dated_on,
        case
            when is_without_revenue then 'it has no revenue: neither lines of revenue nor a contract price'
            when is_without_cost then 'it has no cost'
            else 'a currency of it has no rate, or its revenue is not known'
        end as reason,
        amount_base
    from judged
    where
        is_without_rate
        or is_without_revenue
        or is_without_cost

)

select
    'missing_budget_rate' as rule,
    'warning' as severity,
    'margin' as subject,
    'currency' as entity_type,
    currency_without_rate as entity,
    project_id,
    month,
    cast(null as date) as occurred_on,
    'No rate of type budget from ' || currency_without_rate || ' to {{ var("base_currency") }} is in force in the month; the'
    || ' currency effect is empty, and the margin at budget rates. At stake are the amounts without it. Deliver the rate.'
        as message,
    amount_base_without_rate as amount_at_stake,
    '{{ var("base_currency") }}' as unit
from fx_effects
where not is_complete

union all

select
    'incomplete_plan' as rule,
    'warning' as severity,
    'plan_version' as subject,
    'plan version' as entity_type,
    plan_version_id as entity,
    project_id,
    {{ month_of('dated_on') }} as month,
    cast(null as date) as occurred_on,
    'The version has no margin and no bridge: ' || max(reason) || '. Deliver what is missing.' as message,
    max(amount_base) as amount_at_stake,
    '{{ var("base_currency") }}' as unit
from incomplete
group by
    plan_version_id,
    project_id,
    {{ month_of('dated_on') }}

union all

select
    'bridge_residual' as rule,
    'error' as severity,
    'margin' as subject,
    'project' as entity_type,
    project_id as entity,
    project_id,
    cast(null as date) as month,
    cast(null as date) as occurred_on,
    'Steps of the margin bridge from ' || min(from_version || ' to ' || to_version) || ' do not explain the whole difference.'
    || ' This is a fault of the programme: keep the work folder and report it.' as message,
    max(abs(effect_amount_base)) as amount_at_stake,
    '{{ var("base_currency") }}' as unit
from bridge
where
    driver = 'residual'
    and effect_amount_base <> 0
group by project_id

union all

select
    'hours_not_planned' as rule,
    'notice' as severity,
    'margin' as subject,
    'project' as entity_type,
    project_id as entity,
    project_id,
    cast(null as date) as month,
    cast(null as date) as occurred_on,
    'A version of the project''s labour has an amount and no hours, so that the margin bridge tells hours and rate together.'
    || ' Deliver plan_line.hours. Bridges: ' || cast(count(*) as {{ dbt.type_string() }}) || '.' as message,
    max(abs(effect_amount_base)) as amount_at_stake,
    '{{ var("base_currency") }}' as unit
from bridge
where note like 'hours and rate together: one of%'
group by project_id
