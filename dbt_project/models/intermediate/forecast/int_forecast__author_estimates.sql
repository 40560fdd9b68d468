{#- What a project's manager and what finance expect, side by side: each author's newest forecast, whoever's is in force. -#}
with versions as (

    select * from {{ ref('int_plans__versions_attributed') }}

),

plan_amounts as (

    select * from {{ ref('int_plans__amounts_by_version') }}

),

plan_rates as (

    select * from {{ ref('int_plans__rates_to_base') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

months as (

    select * from {{ ref('int_forecast__months_measured') }}

),

-- a version of which no line was delivered says nothing
filled as (

    select distinct
        project_id,
        plan_version_id
    from plan_amounts

),

authored as (

    select
        versions.project_id,
        versions.plan_version_id,
        {{ plan_author('versions.source') }} as author,
        versions.approved_on
    from versions
    inner join filled
        on versions.project_id = filled.project_id
        and versions.plan_version_id = filled.plan_version_id
    where versions.kind = 'forecast'

),

windowed as (

    select
        project_id,
        plan_version_id,
        author,
        approved_on,
        lead(approved_on) over (
            partition by project_id, author
            order by approved_on, plan_version_id
        ) as next_approved_on
    from authored

),

in_force as (

    select
        months.project_id,
        months.month,
        months.ac_amount,
        windowed.author,
        windowed.plan_version_id,
        windowed.approved_on
    from months
    inner join windowed
        on months.project_id = windowed.project_id
        and windowed.approved_on <= months.measured_on
        and (windowed.next_approved_on is null or windowed.next_approved_on > months.measured_on)

),

costs as (

    select
        plan_amounts.project_id,
        plan_amounts.plan_version_id,
        plan_amounts.month,
        case
            when plan_amounts.currency_code = projects.currency_code then cast(plan_amounts.amount as decimal(38, 6))
            else
                cast(
                    {{ divided('plan_amounts.amount * line_rates.rate_to_base', 'project_rates.rate_to_base', 6, scale=12) }}
                    as decimal(38, 6)
                )
        end as amount
    from plan_amounts
    inner join projects
        on plan_amounts.project_id = projects.project_id
    left join plan_rates as line_rates
        on plan_amounts.project_id = line_rates.project_id
        and plan_amounts.plan_version_id = line_rates.plan_version_id
        and plan_amounts.currency_code = line_rates.currency_code
    left join plan_rates as project_rates
        on plan_amounts.project_id = project_rates.project_id
        and plan_amounts.plan_version_id = project_rates.plan_version_id
        and projects.currency_code = project_rates.currency_code
    where plan_amounts.measure <> 'revenue'

),

-- the months that are still to come
ahead as (

    select
        in_force.project_id,
        in_force.month,
        in_force.author,
        coalesce(sum(costs.amount), 0) as amount,
        count(costs.month) = count(costs.amount) as is_known
    from in_force
    left join costs
        on in_force.project_id = costs.project_id
        and in_force.plan_version_id = costs.plan_version_id
        and costs.month > in_force.month
    group by
        in_force.project_id,
        in_force.month,
        in_force.author

)

select
    in_force.project_id,
    in_force.month,
    in_force.author,
    in_force.plan_version_id,
    in_force.approved_on,
    {{ month_of('in_force.approved_on') }} = in_force.month as is_new,
    case
        when ahead.is_known
            then
                {{ money('in_force.ac_amount + ahead.amount') }}
    end as eac_amount
from in_force
inner join ahead
    on in_force.project_id = ahead.project_id
    and in_force.month = ahead.month
    and in_force.author = ahead.author
