with plan_lines as (

    select * from {{ ref('int_plans__lines_attributed') }}

),

versions as (

    select * from {{ ref('int_plans__versions_in_force') }}

),

branches as (

    select * from {{ ref('int_contracts__wbs_branches') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

rates as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

horizon as (

    {{ cash_horizon() }}

),

-- of the plans in force the newest kind that phases revenue ahead: forecast, else baseline, else as sold
ranked as (

    select
        versions.project_id,
        versions.plan_version_id,
        row_number() over (
            partition by versions.project_id
            order by case versions.kind when 'forecast' then 1 when 'baseline' then 2 else 3 end, versions.plan_version_id
        ) as place
    from versions
    inner join plan_lines
        on versions.project_id = plan_lines.project_id
        and versions.plan_version_id = plan_lines.plan_version_id
        and plan_lines.category = 'revenue'
        and plan_lines.amount > 0
    cross join horizon
    where
        versions.is_in_force
        and plan_lines.month >= horizon.first_month

),

cells as (

    select
        plan_lines.project_id,
        branches.branch_id,
        least(plan_lines.month, horizon.last_month) as month,
        sum(
            {{ exchanged('plan_lines.amount', 'plan_lines.currency_code', 'plan_rates.closing_rate_to_base',
                'projects.currency_code', 'project_rates.closing_rate_to_base') }}
        ) as amount
    from plan_lines
    inner join ranked
        on plan_lines.project_id = ranked.project_id
        and plan_lines.plan_version_id = ranked.plan_version_id
        and ranked.place = 1
    inner join projects
        on plan_lines.project_id = projects.project_id
    left join branches
        on plan_lines.project_id = branches.project_id
        and coalesce(plan_lines.wbs_id, '') = branches.wbs_id
    cross join horizon
    left join rates as plan_rates
        on plan_lines.currency_code = plan_rates.currency_code
        and horizon.as_of_month = plan_rates.month
    left join rates as project_rates
        on projects.currency_code = project_rates.currency_code
        and horizon.as_of_month = project_rates.month
    where
        plan_lines.category = 'revenue'
        and plan_lines.month >= horizon.first_month
    group by
        plan_lines.project_id,
        branches.branch_id,
        least(plan_lines.month, horizon.last_month)

),

-- by branch for the lines that pay for one, and as a whole for those whose branch has no plan of its own
scoped as (

    select
        project_id,
        branch_id as plan_scope,
        month,
        amount
    from cells
    where branch_id is not null

    union all

    select
        project_id,
        '*' as plan_scope,
        month,
        amount
    from cells

)

select
    project_id,
    plan_scope,
    month,
    cast(sum(amount) as decimal(18, 2)) as amount
from scoped
group by
    project_id,
    plan_scope,
    month
having sum(amount) > 0
