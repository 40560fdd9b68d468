with incidents as (

    select * from {{ ref('stg_kpi__safety_incidents') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

)

select
    incidents.incident_id,
    coalesce(aliases.project_id, incidents.project_id) as project_id,
    incidents.occurred_on as occurred_date,
    {{ month_of('incidents.occurred_on') }} as occurred_month,
    incidents.kind,
    incidents.days_lost,
    incidents.source_file_id,
    incidents.source_line
from incidents
left join source_files
    on incidents.source_file_id = source_files.source_file_id
left join aliases
    on incidents.project_id = aliases.alias
    and coalesce(source_files.source_system, '*') = aliases.source_system
order by incident_id
