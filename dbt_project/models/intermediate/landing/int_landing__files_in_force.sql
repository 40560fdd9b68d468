{#- Every canonical table; a unit test compares the list with the contracts. -#}
{%- set tables = [
    'customer', 'programme', 'project', 'project_alias', 'wbs_element', 'employee', 'cost_rate', 'bill_rate',
    'contract_line', 'contract_price', 'plan_version', 'plan_line', 'progress', 'cost_line', 'account',
    'gl_balance', 'purchase_order_line', 'payment', 'exchange_rate', 'time_entry', 'invoice', 'invoice_line',
    'kpi_observation', 'milestone', 'acceptance_test', 'survey_response', 'complaint', 'safety_incident',
    'change_request', 'risk', 'sales_opportunity', 'handover_item', 'resource_plan', 'commentary'
] -%}

with loads as (

    select * from {{ source('ledger', 'loads') }}

),

findings as (

    select * from {{ source('ledger', 'findings') }}

),

control_totals as (

    select * from {{ source('ledger', 'control_totals') }}

),

shown as (

    select * from {{ ref('int_resources__file_hours_shown') }}

),

told as (

    select source_file_id from findings
    union
    select source_file_id from control_totals

),

-- of a file that a later one replaced whole nothing is in force, and neither is what it said
held as (

    {% for table in tables %}
    select source_file_id
    from {{ source('raw', table) }}
    where source_file_id in (select source_file_id from told)
    {{ 'union' if not loop.last }}
    {%- endfor %}

),

files as (

    select
        loads.source_file_id,
        min(loads.file_name) as file_name,
        min(loads.feed) as feed,
        sum(coalesce(loads.rows_loaded, 0) + coalesce(loads.rows_unchanged, 0)) as rows_taken,
        max(
            case
                when loads.table_name in ('time_entry', 'resource_plan') and shown.source_file_id is null then 1
                else 0
            end
        ) as has_hidden_hours
    from loads
    left join shown
        on loads.source_file_id = shown.source_file_id
        and loads.table_name = shown.table_name
    where loads.status = 'loaded'
    group by loads.source_file_id

)

select
    files.source_file_id,
    files.file_name,
    files.feed,
    files.has_hidden_hours = 1 as is_hours_withheld
from files
left join held
    on files.source_file_id = held.source_file_id
where
    held.source_file_id is not null
    -- all of it was rejected
    or (files.rows_taken = 0 and files.source_file_id in (select source_file_id from told))
