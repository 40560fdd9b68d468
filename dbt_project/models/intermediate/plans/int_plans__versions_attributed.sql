with versions as (

    select * from {{ ref('stg_erp__plan_versions') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

attributed as (

    select
        versions.project_id as delivered_project_id,
        versions.plan_version_id as delivered_plan_version_id,
        coalesce(aliases.project_id, versions.project_id) as project_id,
        aliases.wbs_id as alias_wbs_id,
        versions.kind,
        versions.approved_on,
        versions.source,
        versions.source_file_id,
        versions.source_line
    from versions
    left join source_files
        on versions.source_file_id = source_files.source_file_id
    left join aliases
        on versions.project_id = aliases.alias
        and coalesce(source_files.source_system, '*') = aliases.source_system

),

ranked as (

    select
        delivered_project_id,
        delivered_plan_version_id,
        project_id,
        alias_wbs_id,
        kind,
        approved_on,
        source,
        source_file_id,
        source_line,
        row_number() over (
            partition by project_id, delivered_plan_version_id
            order by
                case when delivered_project_id = project_id then 1 else 2 end,
                delivered_project_id
        ) as place
    from attributed

)

select
    project_id,
    -- two schedules of one project call their versions alike: both stay, the second under its own name
    case
        when place = 1 then delivered_plan_version_id
        else delivered_plan_version_id || ' (' || delivered_project_id || ')'
    end as plan_version_id,
    kind,
    approved_on,
    source,
    alias_wbs_id,
    delivered_project_id,
    delivered_plan_version_id,
    source_file_id,
    source_line
from ranked
