with plan_lines as (

    select * from {{ ref('stg_erp__plan_lines') }}

),

versions as (

    select * from {{ ref('int_plans__versions_attributed') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

)

select
    coalesce(versions.project_id, aliases.project_id, plan_lines.project_id) as project_id,
    coalesce(versions.plan_version_id, plan_lines.plan_version_id) as plan_version_id,
    coalesce(plan_lines.wbs_id, versions.alias_wbs_id) as wbs_id,
    plan_lines.month,
    plan_lines.category,
    plan_lines.role_id,
    plan_lines.hours,
    plan_lines.amount,
    plan_lines.currency_code,
    plan_lines.project_id as delivered_project_id,
    plan_lines.source_file_id,
    plan_lines.source_line
from plan_lines
left join versions
    on plan_lines.project_id = versions.delivered_project_id
    and plan_lines.plan_version_id = versions.delivered_plan_version_id
left join source_files
    on plan_lines.source_file_id = source_files.source_file_id
left join aliases
    on plan_lines.project_id = aliases.alias
    and coalesce(source_files.source_system, '*') = aliases.source_system
