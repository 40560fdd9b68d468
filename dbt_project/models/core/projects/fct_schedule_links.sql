with links as (

    select * from {{ ref('stg_projects__schedule_links') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

)

select
    links.project_id as delivered_project_id,
    coalesce(aliases.project_id, links.project_id) as project_id,
    links.status_date,
    {{ month_of('links.status_date') }} as status_month,
    links.predecessor_id,
    links.successor_id,
    links.link_type,
    cast(links.lag_hours as decimal(18, 2)) as lag_hours,
    links.is_external,
    links.source_file_id,
    links.source_line
from links
left join source_files
    on links.source_file_id = source_files.source_file_id
left join aliases
    on links.project_id = aliases.alias
    and coalesce(source_files.source_system, '*') = aliases.source_system
order by
    delivered_project_id,
    status_date,
    predecessor_id,
    successor_id,
    link_type
