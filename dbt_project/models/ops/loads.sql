{#- Amounts of tables whose control column is labour hours go out only where enough people stand behind the file. -#}
{%- set may_be_shown -%}
    (coalesce(loads.table_name, '') not in ('time_entry', 'resource_plan') or shown.source_file_id is not null)
{%- endset -%}

with loads as (

    select * from {{ source('ledger', 'loads') }}

),

shown as (

    select * from {{ ref('int_resources__file_hours_shown') }}

)

select
    loads.load_number,
    loads.source_file_id,
    loads.table_name,
    loads.file_name,
    loads.sha256,
    loads.feed,
    loads.format,
    loads.loaded_at,
    loads.rows_read,
    loads.rows_loaded,
    loads.rows_rejected,
    loads.rows_unchanged,
    loads.rows_restated,
    loads.amount_column,
    {%- for measure in ['read', 'loaded', 'rejected', 'unchanged'] %}
    case when {{ may_be_shown }} then loads.amount_{{ measure }} end as amount_{{ measure }},
    {%- endfor %}
    loads.amounts_unreadable,
    loads.amount_read is not null and not {{ may_be_shown }} as is_amount_withheld,
    coalesce(loads.rows_read, 0)
    = coalesce(loads.rows_loaded, 0) + coalesce(loads.rows_rejected, 0) + coalesce(loads.rows_unchanged, 0)
    and coalesce(loads.amount_read, 0)
    = coalesce(loads.amount_loaded, 0) + coalesce(loads.amount_rejected, 0) + coalesce(loads.amount_unchanged, 0)
        as is_conserved,
    loads.status,
    loads.reason,
    loads.warnings
from loads
left join shown
    on loads.source_file_id = shown.source_file_id
    and loads.table_name = shown.table_name
order by
    load_number,
    source_file_id,
    table_name
