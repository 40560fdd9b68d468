with progress as (

    select * from {{ ref('stg_erp__progress') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

)

select
    progress.project_id as delivered_project_id,
    coalesce(aliases.project_id, progress.project_id) as project_id,
    progress.wbs_id,
    progress.observed_on as observed_date,
    {{ month_of('progress.observed_on') }} as observed_month,
    progress.percent_complete as progress_pct,
    progress.source_file_id,
    progress.source_line
from progress
left join source_files
    on progress.source_file_id = source_files.source_file_id
left join aliases
    on progress.project_id = aliases.alias
    and coalesce(source_files.source_system, '*') = aliases.source_system
order by
    delivered_project_id,
    wbs_id,
    observed_date
