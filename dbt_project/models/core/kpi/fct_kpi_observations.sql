with observations as (

    select * from {{ ref('stg_kpi__kpi_observations') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

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
left join aliases
    on observations.project_id = aliases.alias
order by
    delivered_project_id,
    kpi_code,
    observed_date
