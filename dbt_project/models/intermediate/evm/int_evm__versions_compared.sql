{#- Margin at completion as each version said it when it was approved: a whole plan as it is; a forecast as actuals to the end of
    its month and its own months after, at the price known then. A version is compared with the one before it. -#}

with versions as (

    select * from {{ ref('int_plans__versions_attributed') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

plan_totals as (

    select * from {{ ref('int_margin__plan_totals') }}

),

plans_stated as (

    select * from {{ ref('int_margin__plans_stated') }}

),

plan_amounts as (

    select * from {{ ref('int_plans__amounts_by_version') }}

),

plan_rates as (

    select * from {{ ref('int_plans__rates_to_base') }}

),

cost_lines as (

    select * from {{ ref('fct_cost_lines') }}

),

revenue as (

    select * from {{ ref('int_revenue__by_project_month') }}

),

at_completion as (

    select * from {{ ref('int_margin__at_completion_by_project_month') }}

),

contract_lines as (

    select * from {{ ref('dim_contract_lines') }}

),

changes as (

    select * from {{ ref('int_margin__changes_approved') }}

),

dated as (

    select
        versions.project_id,
        versions.plan_version_id,
        versions.kind,
        versions.source,
        versions.approved_on,
        {{ month_of('versions.approved_on') }} as month
    from versions
    inner join projects
        on versions.project_id = projects.project_id
    cross join parameters
    where versions.approved_on <= parameters.as_of_date

),

monthly_costs as (

    select
        project_id,
        cost_month as month,
        case category when 'uninstalled_material' then 'material' else category end as measure,
        sum(amount_base) as amount_base
    from cost_lines
    where
        is_project_known
        and amount_base is not null
    group by
        project_id,
        cost_month,
        case category when 'uninstalled_material' then 'material' else category end

),

parts as (

    select
        dated.project_id,
        dated.plan_version_id,
        plans_stated.measure,
        plans_stated.amount_base,
        plans_stated.amount_base is null as is_unknown
    from dated
    inner join plans_stated
        on dated.project_id = plans_stated.project_id
        and dated.plan_version_id = plans_stated.plan_version_id
        and plans_stated.measure <> 'revenue'
    where dated.kind in ('as_sold', 'baseline')

    union all

    select
        dated.project_id,
        dated.plan_version_id,
        monthly_costs.measure,
        monthly_costs.amount_base,
        false as is_unknown
    from dated
    inner join monthly_costs
        on dated.project_id = monthly_costs.project_id
        and monthly_costs.month <= dated.month
    where dated.kind = 'forecast'

    union all

    select
        dated.project_id,
        dated.plan_version_id,
        plan_amounts.measure,
        {{ to_base('plan_amounts.amount', 'plan_rates.rate_to_base') }} as amount_base,
        plan_rates.rate_to_base is null as is_unknown
    from dated
    inner join plan_amounts
        on dated.project_id = plan_amounts.project_id
        and dated.plan_version_id = plan_amounts.plan_version_id
        and plan_amounts.month > dated.month
        and plan_amounts.measure <> 'revenue'
    left join plan_rates
        on plan_amounts.project_id = plan_rates.project_id
        and plan_amounts.plan_version_id = plan_rates.plan_version_id
        and plan_amounts.currency_code = plan_rates.currency_code
    where dated.kind = 'forecast'

),

costs as (

    select
        project_id,
        plan_version_id,
        measure,
        {{ money('sum(amount_base)') }} as amount_base,
        max(case when is_unknown then 1 else 0 end) = 1 as is_unknown
    from parts
    group by
        project_id,
        plan_version_id,
        measure

),

cost_totals as (

    select
        project_id,
        plan_version_id,
        sum(amount_base) as amount_base,
        max(case when is_unknown then 1 else 0 end) = 1 as is_unknown
    from costs
    group by
        project_id,
        plan_version_id

),

earned as (

    select
        dated.project_id,
        dated.plan_version_id,
        sum(revenue.revenue_amount_base) as amount_base
    from dated
    inner join revenue
        on dated.project_id = revenue.project_id
        and revenue.month <= dated.month
    where dated.kind = 'forecast'
    group by
        dated.project_id,
        dated.plan_version_id

),

planned_revenue as (

    select
        dated.project_id,
        dated.plan_version_id,
        case
            when count(*) = count(plan_rates.rate_to_base)
                then sum({{ to_base('plan_amounts.amount', 'plan_rates.rate_to_base') }})
        end as amount_base
    from dated
    inner join plan_amounts
        on dated.project_id = plan_amounts.project_id
        and dated.plan_version_id = plan_amounts.plan_version_id
        and plan_amounts.month > dated.month
        and plan_amounts.measure = 'revenue'
    left join plan_rates
        on plan_amounts.project_id = plan_rates.project_id
        and plan_amounts.plan_version_id = plan_rates.plan_version_id
        and plan_amounts.currency_code = plan_rates.currency_code
    where dated.kind = 'forecast'
    group by
        dated.project_id,
        dated.plan_version_id

),

fixed_price_projects as (

    select project_id
    from contract_lines
    group by project_id
    having
        count(*) = count(
            case when revenue_method in ('cost_to_cost', 'labour_hours', 'milestone', 'straight_line') then 1 end
        )

),

stated as (

    select
        dated.project_id,
        dated.plan_version_id,
        dated.kind,
        dated.source,
        dated.approved_on,
        dated.month,
        case
            when dated.kind in ('as_sold', 'baseline') then plan_totals.revenue_amount_base
            -- the price of a fixed price does not depend on whose forecast it is
            when at_completion.forecast_plan_version_id = dated.plan_version_id or fixed_price_projects.project_id is not null
                then at_completion.forecast_revenue_amount_base
            else {{ money('coalesce(earned.amount_base, 0) + planned_revenue.amount_base') }}
        end as revenue_amount_base,
        case
            when dated.kind in ('as_sold', 'baseline') then plan_totals.cost_amount_base
            -- in force at the end of its month: the one EAC
            when at_completion.forecast_plan_version_id = dated.plan_version_id then at_completion.forecast_cost_amount_base
            when not cost_totals.is_unknown then cost_totals.amount_base
        end as cost_amount_base
    from dated
    left join plan_totals
        on dated.project_id = plan_totals.project_id
        and dated.plan_version_id = plan_totals.plan_version_id
    left join at_completion
        on dated.project_id = at_completion.project_id
        and dated.month = at_completion.month
        and dated.kind = 'forecast'
    left join cost_totals
        on dated.project_id = cost_totals.project_id
        and dated.plan_version_id = cost_totals.plan_version_id
    left join earned
        on dated.project_id = earned.project_id
        and dated.plan_version_id = earned.plan_version_id
    left join planned_revenue
        on dated.project_id = planned_revenue.project_id
        and dated.plan_version_id = planned_revenue.plan_version_id
    left join fixed_price_projects
        on dated.project_id = fixed_price_projects.project_id

),

numbered as (

    select
        project_id,
        plan_version_id,
        kind,
        source,
        approved_on,
        month,
        revenue_amount_base,
        cost_amount_base,
        revenue_amount_base is not null and cost_amount_base is not null as is_known,
        row_number() over (
            partition by project_id
            order by
                approved_on,
                case kind when 'as_sold' then 1 when 'baseline' then 2 else 3 end,
                plan_version_id
        ) as version_number
    from stated

),

placed as (

    select
        project_id,
        plan_version_id,
        revenue_amount_base,
        cost_amount_base,
        approved_on,
        version_number,
        lag(version_number) over (
            partition by project_id
            order by version_number
        ) as previous_version_number
    from numbered
    where is_known

),

paired as (

    select
        numbered.project_id,
        numbered.plan_version_id,
        numbered.version_number,
        numbered.kind,
        numbered.source,
        numbered.approved_on,
        numbered.month,
        numbered.revenue_amount_base,
        numbered.cost_amount_base,
        numbered.is_known,
        previous.plan_version_id as previous_plan_version_id,
        previous.approved_on as previous_approved_on,
        previous.revenue_amount_base as previous_revenue_amount_base,
        previous.cost_amount_base as previous_cost_amount_base
    from numbered
    left join placed
        on numbered.project_id = placed.project_id
        and numbered.version_number = placed.version_number
    left join placed as previous
        on placed.project_id = previous.project_id
        and placed.previous_version_number = previous.version_number

),

cost_changes as (

    select
        paired.project_id,
        paired.plan_version_id,
        costs.measure,
        costs.amount_base as amount_base
    from paired
    inner join costs
        on paired.project_id = costs.project_id
        and paired.plan_version_id = costs.plan_version_id
    where paired.previous_plan_version_id is not null

    union all

    select
        paired.project_id,
        paired.plan_version_id,
        costs.measure,
        -costs.amount_base as amount_base
    from paired
    inner join costs
        on paired.project_id = costs.project_id
        and paired.previous_plan_version_id = costs.plan_version_id

),

summed_changes as (

    select
        project_id,
        plan_version_id,
        measure,
        {{ money('sum(amount_base)') }} as amount_base
    from cost_changes
    group by
        project_id,
        plan_version_id,
        measure

),

ranked_changes as (

    select
        project_id,
        plan_version_id,
        measure,
        amount_base,
        row_number() over (
            partition by project_id, plan_version_id
            order by abs(amount_base) desc, measure
        ) as place
    from summed_changes
    where amount_base <> 0

),

approved_changes as (

    select
        paired.project_id,
        paired.plan_version_id,
        count(*) as approved_changes
    from paired
    inner join changes
        on paired.project_id = changes.project_id
        and changes.decided_on > paired.previous_approved_on
        and changes.decided_on <= paired.approved_on
    group by
        paired.project_id,
        paired.plan_version_id

)

select
    paired.project_id,
    paired.plan_version_id,
    cast(paired.version_number as integer) as version_number,
    paired.kind,
    paired.source,
    paired.approved_on,
    paired.month,
    {{ money('paired.revenue_amount_base') }} as revenue_amount_base,
    {{ money('paired.cost_amount_base') }} as cost_amount_base,
    paired.is_known,
    paired.previous_plan_version_id,
    {{ money('paired.previous_revenue_amount_base') }} as previous_revenue_amount_base,
    {{ money('paired.previous_cost_amount_base') }} as previous_cost_amount_base,
    ranked_changes.measure as main_cost_change,
    ranked_changes.amount_base as main_cost_change_amount_base,
    cast(coalesce(approved_changes.approved_changes, 0) as integer) as approved_changes
from paired
left join ranked_changes
    on paired.project_id = ranked_changes.project_id
    and paired.plan_version_id = ranked_changes.plan_version_id
    and ranked_changes.place = 1
left join approved_changes
    on paired.project_id = approved_changes.project_id
    and paired.plan_version_id = approved_changes.plan_version_id
