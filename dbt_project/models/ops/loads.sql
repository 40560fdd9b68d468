{#- Amounts of tables whose control column is labour hours go out only where enough people stand behind the file. -#}
{%- set may_be_shown -%}
    (coalesce(loads.table_name, '') not in ('time_entry', 'resource_plan') or shown.source_file_id is not null)
{%- endset -%}

{#- So do numbers of rows where the cost of the file is published. -#}
{%- set is_told_by_cost -%}
    (late_sheets.source_file_id is not null and not {{ may_be_shown }})
{%- endset -%}

with loads as (

    select * from {{ source('ledger', 'loads') }}

),

shown as (

    select * from {{ ref('int_resources__file_hours_shown') }}

),

time_entries as (

    select * from {{ ref('int_labour__time_entries_costed') }}

),

closes as (

    select * from {{ ref('int_restatements__closes') }}

),

-- a time sheet that came after the close of a month it has work in: margin_restatements tells its cost, and how many days
-- that cost is of comes close to a rate
late_sheets as (

    select distinct
        loads.load_number,
        loads.source_file_id
    from loads
    inner join time_entries
        on loads.source_file_id = time_entries.source_file_id
    inner join closes
        on time_entries.work_month = closes.month
        and loads.load_number > closes.last_load_number
    where loads.table_name = 'time_entry'

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
    {%- for measure in ['read', 'loaded', 'rejected', 'unchanged', 'restated'] %}
    case when not {{ is_told_by_cost }} then loads.rows_{{ measure }} end as rows_{{ measure }},
    {%- endfor %}
    {{ is_told_by_cost }} as is_row_count_withheld,
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
left join late_sheets
    on loads.load_number = late_sheets.load_number
    and loads.source_file_id = late_sheets.source_file_id
    and loads.table_name = 'time_entry'
order by
    load_number,
    source_file_id,
    table_name
