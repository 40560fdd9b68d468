with observations as (

    select * from {{ ref('stg_kpi__kpi_observations') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

)

select
    observations.project_id as delivered_project_id,
    coalesce(aliases.project_id, observations.project_id) as project_id,
    observations.kpi_code,
    observations.observed_on as observed_date,
    {{ month_of('observations.observed_on') }} as observed_month,
    observations.value,
    observations.target,
    observations.unit,
    observations.source,
    observations.source_file_id,
    observations.source_line
from observations
left join source_files
    on observations.source_file_id = source_files.source_file_id
left join aliases
    on observations.project_id = aliases.alias
    and coalesce(source_files.source_system, '*') = aliases.source_system
order by
    delivered_project_id,
    kpi_code,
    observed_date
