-- The documents listed are the whole difference: of a class of account and month, and of a project, month and category.
with documents as (

    select * from {{ ref('reconciliation_documents') }}

),

classes as (

    select * from {{ ref('ledger_reconciliation') }}

),

projects as (

    select * from {{ ref('cost_reconciliation') }}

),

-- a class that the ledger did not deliver differs from what was posted only by documents
differences as (

    select
        'class' as level,
        category,
        month,
        cast(null as {{ dbt.type_string() }}) as project_id,
        coalesce(difference_amount_base, documented_amount_base) as difference_amount_base,
        0 as listed_amount_base
    from classes

    union all

    select
        'project' as level,
        category,
        month,
        project_id,
        difference_amount_base,
        0 as listed_amount_base
    from projects

    union all

    select
        'class' as level,
        category,
        month,
        cast(null as {{ dbt.type_string() }}) as project_id,
        0 as difference_amount_base,
        difference_amount_base as listed_amount_base
    from documents

    union all

    select
        'project' as level,
        category,
        month,
        project_id,
        0 as difference_amount_base,
        difference_amount_base as listed_amount_base
    from documents
    where
        project_id is not null
        and category not in ('receivable', 'payable', 'contract_asset', 'contract_liability')

)

select
    level,
    category,
    month,
    project_id,
    sum(difference_amount_base) as difference_amount_base,
    sum(listed_amount_base) as listed_amount_base
from differences
group by
    level,
    category,
    month,
    project_id
having sum(difference_amount_base) <> sum(listed_amount_base)
