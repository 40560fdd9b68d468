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

headers as (

    select * from {{ ref('int_invoices__headers_attributed') }}

),

revenue_invoices as (

    select * from {{ ref('int_contracts__invoice_lines_attributed') }}

),

contract_line_months as (

    select * from {{ ref('int_revenue__by_contract_line_month') }}

),

contract_lines as (

    select * from {{ ref('int_contracts__lines_named') }}

),

open_items as (

    select * from {{ ref('int_balances__items_open_by_month') }}

),

projects_with_lines as (

    select distinct project_id
    from contract_lines

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

    -- revenue that its invoices make
    select
        revenue_invoices.issue_month as month,
        revenue_invoices.project_id,
        'revenue_amount_base' as measure,
        {{ surrogate_key(["'invoice'", 'revenue_invoices.invoice_id', "'customer'",
            'revenue_invoices.counterparty_id']) }} as document_key,
        'invoice' as document_type,
        revenue_invoices.invoice_id as document,
        revenue_invoices.invoice_id as document_number,
        max(headers.source_file_id) as source_file_id,
        cast(sum(revenue_invoices.net_amount_base) as decimal(38, 12)) as amount_base
    from revenue_invoices
    inner join headers
        on revenue_invoices.invoice_id = headers.invoice_id
        and revenue_invoices.counterparty_id = headers.counterparty_id
        and headers.direction = 'customer'
    left join projects_with_lines
        on revenue_invoices.project_id = projects_with_lines.project_id
    where
        revenue_invoices.is_project_known
        and (
            revenue_invoices.revenue_method = 'as_invoiced'
            or (revenue_invoices.contract_line_id is null and projects_with_lines.project_id is null)
        )
    group by
        revenue_invoices.issue_month,
        revenue_invoices.project_id,
        revenue_invoices.invoice_id,
        revenue_invoices.counterparty_id

    union all

    -- revenue that follows from estimates, prices and work, and the provision for a loss: the contract line is the document
    {% for measure, amount, condition in [
        ('revenue_amount_base', 'revenue_amount_base', "revenue_method <> 'as_invoiced'"),
        ('loss_provision_change_amount_base', 'loss_provision_change_amount_base', 'loss_provision_change_amount_base <> 0')
    ] -%}
    select
        month,
        project_id,
        '{{ measure }}' as measure,
        {{ surrogate_key(["'contract line'", 'contract_line_id']) }} as document_key,
        'contract_line' as document_type,
        contract_line_id as document,
        cast(null as {{ dbt.type_string() }}) as document_number,
        cast(null as {{ dbt.type_string() }}) as source_file_id,
        cast({{ amount }} as decimal(38, 12)) as amount_base
    from contract_line_months
    where {{ condition }}

    union all

    {% endfor -%}
    select
        issue_month as month,
        project_id,
        'billed_amount_base' as measure,
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
