{#- A view: read for the closed months alone, and by `outturn close` for the month that it freezes. -#}
{{ config(materialized='view') }}

with cost_lines as (

    select * from {{ ref('int_cost__lines_classified') }}

),

facts as (

    select * from {{ ref('fct_cost_lines') }}

),

time_entries as (

    select * from {{ ref('int_labour__time_entries_costed') }}

),

invoice_lines as (

    select * from {{ ref('fct_invoice_lines') }}

),

payments as (

    select * from {{ ref('int_invoices__payments_by_project') }}

),

open_items as (

    select * from {{ ref('int_balances__items_open_by_month') }}

),

documents as (

    select
        cost_month as month,
        project_id,
        case when category = 'uninstalled_material' then 'material' else category end || '_cost_amount_base' as measure,
        {{ surrogate_key(["'cost line'", 'cost_line_id']) }} as document_key,
        'cost_line' as document_type,
        cost_line_id as document,
        document_number,
        source_file_id,
        cast({{ money('amount_base') }} as decimal(38, 12)) as amount_base
    from cost_lines
    where
        treatment = 'cost'
        and category <> 'labour'
        and is_project_known

    union all

    -- costs that no line of the ERP stands for, such as accruals
    select
        cost_month as month,
        project_id,
        case when category = 'uninstalled_material' then 'material' else category end || '_cost_amount_base' as measure,
        cost_line_key as document_key,
        origin as document_type,
        document_number as document,
        document_number,
        source_file_id,
        cast(amount_base as decimal(38, 12)) as amount_base
    from facts
    where
        category <> 'labour'
        and origin <> 'erp'
        and is_project_known

    union all

    -- labour by file: an entry, and a posted line, may be a person's
    select
        work_month as month,
        project_id,
        'labour_cost_amount_base' as measure,
        {{ surrogate_key(["'time sheet'", 'source_file_id']) }} as document_key,
        'time_sheet' as document_type,
        source_file_id as document,
        cast(null as {{ dbt.type_string() }}) as document_number,
        source_file_id,
        cast(sum(cost_amount_base) as decimal(38, 12)) as amount_base
    from time_entries
    where
        '{{ var("labour_cost_source") }}' = 'timesheets'
        and cost_amount is not null
        and is_project_known
    group by
        work_month,
        project_id,
        source_file_id

    union all

    select
        cost_month as month,
        project_id,
        'labour_cost_amount_base' as measure,
        {{ surrogate_key(["'labour posted'", 'source_file_id']) }} as document_key,
        'labour_posted' as document_type,
        source_file_id as document,
        cast(null as {{ dbt.type_string() }}) as document_number,
        source_file_id,
        cast(sum(amount_base) as decimal(38, 12)) as amount_base
    from cost_lines
    where
        treatment = 'cost'
        and category = 'labour'
        and is_project_known
    group by
        cost_month,
        project_id,
        source_file_id

    union all

    {% for measure in ['revenue_amount_base', 'billed_amount_base'] -%}
    select
        issue_month as month,
        project_id,
        '{{ measure }}' as measure,
        {{ surrogate_key(["'invoice'", 'invoice_id', 'direction', 'counterparty_id']) }} as document_key,
        max(type) as document_type,
        invoice_id as document,
        invoice_id as document_number,
        max(source_file_id) as source_file_id,
        cast(sum(net_amount_base) as decimal(38, 12)) as amount_base
    from invoice_lines
    where
        direction = 'customer'
        and is_project_known
    group by
        issue_month,
        project_id,
        invoice_id,
        direction,
        counterparty_id

    union all

    {% endfor -%}
    select
        paid_month as month,
        project_id,
        'collected_amount_base' as measure,
        {{ surrogate_key(["'payment'", 'payment_id']) }} as document_key,
        'payment' as document_type,
        payment_id as document,
        invoice_id as document_number,
        source_file_id,
        cast(amount_base as decimal(38, 12)) as amount_base
    from payments
    where
        direction = 'customer'
        and project_id is not null

    union all

    select
        month,
        coalesce(project_id, '(none)') as project_id,
        'receivable_amount_base' as measure,
        {{ surrogate_key(["'open item'", 'item_key']) }} as document_key,
        item_type as document_type,
        invoice_id as document,
        invoice_id as document_number,
        source_file_id,
        cast(open_amount_base as decimal(38, 12)) as amount_base
    from open_items
    where direction = 'customer'

)

select
    month,
    project_id,
    measure,
    document_key,
    document_type,
    document,
    document_number,
    source_file_id,
    amount_base
from documents
