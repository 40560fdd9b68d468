with documents as (

    select * from {{ ref('int_reconciliation__documents_compared') }}

),

classes as (

    select * from {{ ref('ledger_reconciliation') }}

),

differing as (

    select
        category,
        month,
        case when is_project_known then project_id end as project_id,
        case when not is_project_known then project_id end as delivered_project_id,
        document_key,
        document_type,
        document_number,
        case
            when not is_complete then 'missing_exchange_rate'
            when category in ('receivable', 'payable') then 'currency_effect'
            when document_type in ('revenue_recognised', 'contract') then 'recognised_otherwise_than_invoiced'
            when not is_project_known then 'no_known_project'
            when document_type = 'time_sheets' then 'labour_by_time_sheets'
            when document_type = 'labour_posted' then 'labour_posted_left_out'
            when document_type not in ('cost_line', 'invoice') then document_type
            else 'category_other_than_class_of_account'
        end as reason,
        posted_amount_base,
        warehouse_amount_base,
        warehouse_amount_base - posted_amount_base as difference_amount_base,
        source_file_id
    from documents
    where
        warehouse_amount_base <> posted_amount_base
        or not is_complete

),

-- what no delivered document explains: something stands in the ledger and was not delivered, or the reverse
undocumented as (

    select
        category,
        month,
        {{ surrogate_key(["'ledger'", 'category', 'month']) }} as document_key,
        undocumented_amount_base
    from classes
    where undocumented_amount_base <> 0

)

select
    category,
    month,
    project_id,
    delivered_project_id,
    {{ surrogate_key(['document_key', 'project_id', 'delivered_project_id']) }} as document_key,
    document_type,
    document_number,
    reason,
    {{ money('posted_amount_base') }} as posted_amount_base,
    {{ money('warehouse_amount_base') }} as warehouse_amount_base,
    {{ money('difference_amount_base') }} as difference_amount_base,
    source_file_id
from differing

union all

select
    category,
    month,
    cast(null as {{ dbt.type_string() }}) as project_id,
    cast(null as {{ dbt.type_string() }}) as delivered_project_id,
    document_key,
    'ledger' as document_type,
    cast(null as {{ dbt.type_string() }}) as document_number,
    'not_delivered_or_not_in_the_ledger' as reason,
    cast(null as decimal(18, 2)) as posted_amount_base,
    cast(null as decimal(18, 2)) as warehouse_amount_base,
    {{ money('undocumented_amount_base') }} as difference_amount_base,
    cast(null as {{ dbt.type_string() }}) as source_file_id
from undocumented
