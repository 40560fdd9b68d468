with items as (

    select * from {{ ref('stg_projects__handover_items') }}

)

select
    items.project_id,
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
order by
    project_id,
    gate,
    item_id
