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

held as (

    select * from {{ ref('int_landing__files_held') }}

),

told as (

    select source_file_id from findings
    union
    select source_file_id from control_totals

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
    -- of a file that later ones replaced whole nothing is in force, and neither is what it said
    held.source_file_id is not null
    -- nothing of it was taken: all of it was rejected
    or (files.rows_taken = 0 and files.source_file_id in (select source_file_id from told))
