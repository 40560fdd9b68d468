with documents as (

    select * from {{ ref('int_reconciliation__documents_compared') }}

),

ledger as (

    select * from {{ ref('int_reconciliation__ledger_by_class_month') }}

),

ledger_bounds as (

    select
        category,
        min(first_month) as first_month,
        max(last_month) as last_month
    from ledger
    group by category

),

compared as (

    select
        category,
        month,
        sum(posted_amount_base) as posted_amount_base,
        sum(warehouse_amount_base) as warehouse_amount_base,
        count(case when warehouse_amount_base <> posted_amount_base or not is_complete then 1 end) as documents
    from documents
    group by
        category,
        month

),

cells as (

    select
        category,
        month
    from compared

    union

    select
        category,
        month
    from ledger

),

-- within the months that the ledger delivered, a class without a movement moved by zero; outside it is not known
beside as (

    select
        cells.category,
        cells.month,
        case
            when cells.month between ledger_bounds.first_month and ledger_bounds.last_month
                then case when ledger.category is null then 0 else ledger.amount_base end
        end as ledger_amount_base,
        coalesce(compared.posted_amount_base, 0) as posted_amount_base,
        coalesce(compared.warehouse_amount_base, 0) as warehouse_amount_base,
        coalesce(compared.documents, 0) as documents
    from cells
    left join ledger_bounds
        on cells.category = ledger_bounds.category
    left join ledger
        on cells.category = ledger.category
        and cells.month = ledger.month
    left join compared
        on cells.category = compared.category
        and cells.month = compared.month

)

select
    category,
    month,
    {{ money('ledger_amount_base') }} as ledger_amount_base,
    {{ money('posted_amount_base') }} as posted_amount_base,
    {{ money('warehouse_amount_base') }} as warehouse_amount_base,
    {{ money('warehouse_amount_base - ledger_amount_base') }} as difference_amount_base,
    {{ money('warehouse_amount_base - posted_amount_base') }} as documented_amount_base,
    {{ money('posted_amount_base - ledger_amount_base') }} as undocumented_amount_base,
    cast(documents as integer) as differing_documents
from beside
