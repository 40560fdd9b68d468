with items as (

    select * from {{ ref('stg_projects__handover_items') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

)

select
    items.project_id as delivered_project_id,
    coalesce(aliases.project_id, items.project_id) as project_id,
    items.gate,
    items.item_id,
    items.item,
    items.is_mandatory,
    items.due_date,
    items.done_on as done_date,
    items.done_on is not null as is_done,
    items.source_file_id,
    items.source_line
from items
left join source_files
    on items.source_file_id = source_files.source_file_id
left join aliases
    on items.project_id = aliases.alias
    and coalesce(source_files.source_system, '*') = aliases.source_system
order by
    delivered_project_id,
    gate,
    item_id
