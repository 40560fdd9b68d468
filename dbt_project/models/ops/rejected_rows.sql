{#- What the contracts mark as personal. A manager is the holder of a role and personal only where managers are hidden. -#}
{%- set personal_kinds = "'private'" if var('show_project_managers') else "'private', 'role_holder'" -%}

with rejects as (

    select * from {{ source('ledger', 'rejected_rows') }}

),

contract_columns as (

    select * from {{ ref('contract_columns') }}

),

contract_tables as (

    select
        table_name,
        max(case when personal in ({{ personal_kinds }}) then 1 else 0 end) as has_personal_columns
    from contract_columns
    group by table_name

),

-- known to be shown: a column that is not personal, or anything of a table without a personal column.
-- A reject of a whole row (no column) and an unknown column may hold any cell of the row.
judged as (

    select
        rejects.source_file_id,
        rejects.table_name,
        rejects.source_line,
        rejects.column_name,
        rejects.value,
        rejects.reason,
        rejects.remedy,
        coalesce(contract_tables.has_personal_columns, 1) = 0
        or (
            contract_columns.column_name is not null
            and coalesce(contract_columns.personal, '') not in ({{ personal_kinds }})
        ) as may_be_shown
    from rejects
    left join contract_tables
        on rejects.table_name = contract_tables.table_name
    left join contract_columns
        on rejects.table_name = contract_columns.table_name
        and rejects.column_name = contract_columns.column_name

)

select
    source_file_id,
    table_name,
    row_number() over (
        partition by source_file_id, table_name
        order by source_line, column_name, reason, value
    ) as reject_number,
    source_line,
    column_name,
    {{ masked('value', 'may_be_shown') }} as value,
    value is not null and not may_be_shown as is_value_withheld,
    reason,
    remedy
from judged
order by
    source_file_id,
    table_name,
    reject_number
