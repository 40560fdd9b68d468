with documents as (

    select * from {{ ref('int_reconciliation__documents_compared') }}

),

labour as (

    select * from {{ ref('int_cost__labour_summed') }}

),

compared as (

    select
        project_id,
        month,
        category,
        sum(posted_amount_base) as posted_amount_base,
        sum(warehouse_amount_base) as warehouse_amount_base,
        max(case when is_complete then 0 else 1 end) as has_missing_rates,
        count(case when warehouse_amount_base <> posted_amount_base or not is_complete then 1 end) as documents
    from documents
    where
        is_project_known
        and category not in ('receivable', 'payable', 'contract_asset', 'contract_liability')
    group by
        project_id,
        month,
        category

),

-- whichever of the two the margin is made of, both stand side by side
time_sheets as (

    select
        project_id,
        cost_month as month,
        'labour' as category,
        {{ money('sum(coalesce(amount_base, 0))') }} as amount_base,
        max(case when is_complete then 0 else 1 end) as has_missing_rates
    from labour
    where
        origin <> 'erp'
        and is_project_known
    group by
        project_id,
        cost_month

),

cells as (

    select
        project_id,
        month,
        category
    from compared

    union

    select
        project_id,
        month,
        category
    from time_sheets

)

select
    cells.project_id,
    cells.month,
    cells.category,
    {{ money("case when cells.category = 'labour' then coalesce(time_sheets.amount_base, 0) end") }}
        as time_sheet_amount_base,
    {{ money('coalesce(compared.posted_amount_base, 0)') }} as posted_amount_base,
    {{ money("case when cells.category = 'labour'
        then coalesce(time_sheets.amount_base, 0) - coalesce(compared.posted_amount_base, 0) end") }}
        as labour_difference_amount_base,
    {{ money('coalesce(compared.warehouse_amount_base, 0)') }} as warehouse_amount_base,
    {{ money('coalesce(compared.warehouse_amount_base, 0) - coalesce(compared.posted_amount_base, 0)') }}
        as difference_amount_base,
    cast(coalesce(compared.documents, 0) as integer) as differing_documents,
    coalesce(compared.has_missing_rates, 0) + coalesce(time_sheets.has_missing_rates, 0) > 0 as has_missing_rates
from cells
left join compared
    on cells.project_id = compared.project_id
    and cells.month = compared.month
    and cells.category = compared.category
left join time_sheets
    on cells.project_id = time_sheets.project_id
    and cells.month = time_sheets.month
    and cells.category = time_sheets.category
