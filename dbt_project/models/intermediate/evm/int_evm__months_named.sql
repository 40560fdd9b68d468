{#- Months that are over, for a month under way has no status; what was posted ahead of time lengthens the row of months. -#}
with months as (

    select * from {{ ref('int_eac__months_by_project') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

versions as (

    select * from {{ ref('int_eac__plan_versions_dated') }}

),

baselines as (

    select * from {{ ref('int_evm__baselines_by_wbs_month') }}

),

bounded as (

    select
        project_id,
        month,
        measured_on,
        is_open,
        max(month) over (partition by project_id) as last_month
    from months

),

-- a baseline of revenue or reserve alone plans no work
planned as (

    select
        project_id,
        plan_version_id,
        min(month) as first_month,
        sum(rows_without_amount) as rows_without_amount
    from baselines
    group by
        project_id,
        plan_version_id

),

in_force as (

    select
        versions.project_id,
        versions.plan_version_id,
        versions.approved_on,
        versions.in_force_to,
        planned.first_month,
        planned.rows_without_amount
    from versions
    inner join planned
        on versions.project_id = planned.project_id
        and versions.plan_version_id = planned.plan_version_id

)

select
    bounded.project_id,
    bounded.month,
    {{ month_end_of('bounded.month') }} as measured_on,
    projects.currency_code,
    in_force.plan_version_id,
    in_force.approved_on as plan_approved_on,
    in_force.first_month as plan_first_month,
    coalesce(in_force.rows_without_amount = 0, false) as is_plan_known
from bounded
inner join projects
    on bounded.project_id = projects.project_id
left join in_force
    on bounded.project_id = in_force.project_id
    and {{ month_end_of('bounded.month') }} between in_force.approved_on and in_force.in_force_to
where
    not bounded.is_open
    or bounded.month < bounded.last_month
