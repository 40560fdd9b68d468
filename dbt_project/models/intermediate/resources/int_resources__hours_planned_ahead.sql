with resource_plans as (

    select * from {{ ref('stg_projects__resource_plans') }}

),

cells as (

    select * from {{ ref('int_resources__hours_suppressed') }}

),

plan_lines as (

    select * from {{ ref('int_plans__lines_attributed') }}

),

versions as (

    select * from {{ ref('int_plans__versions_in_force') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

open_projects as (

    select project_id
    from projects
    where status not in ('closed', 'cancelled')

),

-- a project that says who will work does not also have its plan counted
planned_by_resource as (

    select distinct resource_plans.project_id
    from resource_plans
    cross join parameters
    where resource_plans.month > {{ month_of('parameters.as_of_date') }}

),

-- of the plans in force the newest kind that has hours ahead
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
        and plan_lines.category = 'labour'
        and plan_lines.hours > 0
    cross join parameters
    where
        versions.is_in_force
        and plan_lines.month > {{ month_of('parameters.as_of_date') }}

)

select
    cells.project_id,
    cells.role_id,
    cells.month,
    'resource_plan' as source,
    cells.hours,
    cells.is_hours_withheld
from cells
inner join open_projects
    on cells.project_id = open_projects.project_id
cross join parameters
where cells.month > {{ month_of('parameters.as_of_date') }}

union all

-- hours of plan lines are published nowhere: each is withheld
select
    plan_lines.project_id,
    coalesce(plan_lines.role_id, '(none)') as role_id,
    plan_lines.month,
    'plan' as source,
    sum(plan_lines.hours) as hours,
    true as is_hours_withheld
from plan_lines
inner join ranked
    on plan_lines.project_id = ranked.project_id
    and plan_lines.plan_version_id = ranked.plan_version_id
    and ranked.place = 1
inner join open_projects
    on plan_lines.project_id = open_projects.project_id
left join planned_by_resource
    on plan_lines.project_id = planned_by_resource.project_id
cross join parameters
where
    planned_by_resource.project_id is null
    and plan_lines.category = 'labour'
    and plan_lines.hours <> 0
    and plan_lines.month > {{ month_of('parameters.as_of_date') }}
group by
    plan_lines.project_id,
    coalesce(plan_lines.role_id, '(none)'),
    plan_lines.month
