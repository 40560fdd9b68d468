{%- set enough = var('accrual_posted_share') -%}

with cost_lines as (

    select * from {{ ref('int_cost__lines_classified') }}

),

accruals as (

    select * from {{ ref('int_cost__accruals_moved') }}

),

invoice_lines as (

    select * from {{ ref('int_invoices__lines_attributed') }}

),

headers as (

    select * from {{ ref('int_invoices__headers_attributed') }}

),

shares as (

    select * from {{ ref('int_cost__supplier_invoices_matched') }}

),

complaints as (

    select * from {{ ref('int_quality__complaints_costed') }}

),

loads as (

    select * from {{ source('ledger', 'loads') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

latest_months as (

    select
        invoice_id,
        counterparty_id,
        max(month) as month
    from shares
    group by
        invoice_id,
        counterparty_id

),

latest_shares as (

    select
        shares.invoice_id,
        shares.counterparty_id,
        shares.project_id,
        shares.month,
        shares.document_net_amount,
        shares.document_posted_amount,
        shares.is_same_currency,
        shares.posted_share
    from shares
    inner join latest_months
        on shares.invoice_id = latest_months.invoice_id
        and shares.counterparty_id = latest_months.counterparty_id
        and shares.month = latest_months.month

),

-- what is still accrued, by document and project
open_accruals as (

    select
        invoice_id,
        counterparty_id,
        project_id,
        issue_date,
        issue_month,
        currency_code,
        max(case when is_unclassified then 1 else 0 end) = 1 as is_unclassified,
        sum(open_amount) as open_amount
    from accruals
    where
        is_latest
        and treatment = 'cost'
    group by
        invoice_id,
        counterparty_id,
        project_id,
        issue_date,
        issue_month,
        currency_code
    having sum(open_amount) <> 0

),

numbers_of_others as (

    select distinct
        {{ document_key('document_number') }} as document_key,
        {{ document_key('supplier_id') }} as supplier_key
    from cost_lines
    where
        document_number is not null
        and supplier_id is not null

),

source_systems as (

    select distinct
        source_file_id,
        coalesce(source_system, 'canonical files') as source_system
    from loads
    where table_name = 'cost_line'

),

-- a ledger and a list of the same postings meet in no key, but in day and amount
costs_by_system as (

    select
        cost_lines.project_id,
        cost_lines.is_project_known,
        cost_lines.cost_month,
        cost_lines.posting_date,
        cost_lines.currency_code,
        cost_lines.amount,
        source_systems.source_system,
        count(*) as cost_lines
    from cost_lines
    inner join source_systems
        on cost_lines.source_file_id = source_systems.source_file_id
    where
        cost_lines.treatment = 'cost'
        and cost_lines.amount <> 0
    group by
        cost_lines.project_id,
        cost_lines.is_project_known,
        cost_lines.cost_month,
        cost_lines.posting_date,
        cost_lines.currency_code,
        cost_lines.amount,
        source_systems.source_system

),

costs_of_two_systems as (

    select
        project_id,
        is_project_known,
        cost_month,
        currency_code,
        min(source_system) as first_system,
        max(source_system) as last_system,
        amount * (sum(cost_lines) - max(cost_lines)) as amount
    from costs_by_system
    group by
        project_id,
        is_project_known,
        cost_month,
        posting_date,
        currency_code,
        amount
    having count(*) > 1

),

found as (

    select
        'cost_from_two_systems' as rule,
        'warning' as severity,
        'cost_line' as subject,
        'project' as entity_type,
        project_id as entity,
        is_project_known,
        project_id,
        cost_month as month,
        amount,
        currency_code as unit,
        'The same amounts of the same days come from two systems (' || first_system || ', ' || last_system || '); if they'
        || ' are the same postings they count twice. Deliver a project''s costs from one of them.' as explanation
    from costs_of_two_systems

    union all

    select
        'unclassified_account' as rule,
        'warning' as severity,
        'cost_line' as subject,
        'account' as entity_type,
        coalesce(account_code, '(no account)') as entity,
        is_project_known,
        project_id,
        cost_month as month,
        amount,
        currency_code as unit,
        'Neither a category nor a class of the account is known; the cost counts as other cost.'
        || ' Deliver the account with its class, or the category.' as explanation
    from cost_lines
    where
        is_unclassified
        and treatment = 'cost'

    union all

    select
        'not_a_cost_account' as rule,
        'error' as severity,
        'cost_line' as subject,
        'account' as entity_type,
        coalesce(account_code, '(no account)') as entity,
        is_project_known,
        project_id,
        cost_month as month,
        amount,
        currency_code as unit,
        'An account of class ' || account_class || ' is no cost; the amount is in no figure.'
        || ' Give the lines a category, the account its right class, or the class out_of_scope.' as explanation
    from cost_lines
    where treatment = 'not_a_cost'

    union all

    select
        'unknown_project' as rule,
        'error' as severity,
        'cost_line' as subject,
        'project' as entity_type,
        project_id as entity,
        is_project_known,
        project_id,
        cost_month as month,
        amount,
        currency_code as unit,
        'No file has delivered this project; the cost is in no project''s figures.'
        || ' Deliver the project, or a project_alias for this name.' as explanation
    from cost_lines
    where
        not is_project_known
        and treatment = 'cost'

    union all

    select
        'supplier_invoice_without_project' as rule,
        'error' as severity,
        'invoice' as subject,
        'invoice' as entity_type,
        invoice_lines.invoice_id as entity,
        false as is_project_known,
        cast(null as {{ dbt.type_string() }}) as project_id,
        invoice_lines.issue_month as month,
        invoice_lines.net_amount_rounded * (1 - coalesce(latest_shares.posted_share, 0)) as amount,
        invoice_lines.currency_code as unit,
        'No known project is named by the line, the header, the contract or the order of the supplier''s document'
        || coalesce(' (it says ' || invoice_lines.delivered_project_id || ')', '')
        || '; while the ledger has not posted it, it is in no project''s cost. Deliver a project_alias for the name or the'
        || ' order.' as explanation
    from invoice_lines
    left join latest_shares
        on invoice_lines.invoice_id = latest_shares.invoice_id
        and invoice_lines.counterparty_id = latest_shares.counterparty_id
        and latest_shares.project_id is null
    where
        invoice_lines.direction = 'supplier'
        and not invoice_lines.is_project_known
        and invoice_lines.net_amount_rounded <> 0
        and coalesce(latest_shares.posted_share, 0) < 1

    union all

    select
        'unclassified_supplier_invoice' as rule,
        'warning' as severity,
        'invoice' as subject,
        'invoice' as entity_type,
        invoice_id as entity,
        true as is_project_known,
        project_id,
        issue_month as month,
        open_amount as amount,
        currency_code as unit,
        'Neither the line nor one kind of order says what the document is for; while it is accrued it counts as other cost.'
        || ' Deliver the category, or the order.' as explanation
    from open_accruals
    where is_unclassified

    union all

    select
        'accrual_without_posting' as rule,
        'warning' as severity,
        'invoice' as subject,
        'invoice' as entity_type,
        open_accruals.invoice_id as entity,
        true as is_project_known,
        open_accruals.project_id,
        open_accruals.issue_month as month,
        open_accruals.open_amount as amount,
        open_accruals.currency_code as unit,
        'The document has been accrued for more than {{ var("accrual_max_age_days") }} days and no posting has come. Have it'
        || ' posted with its number as document_number and its supplier; or, if it was posted otherwise, it counts twice.'
            as explanation
    from open_accruals
    cross join parameters
    where
        cast({{ dbt.dateadd('day', var('accrual_max_age_days'), 'open_accruals.issue_date') }} as date)
        < parameters.as_of_date

    union all

    select
        'posting_of_another_supplier' as rule,
        'warning' as severity,
        'invoice' as subject,
        'invoice' as entity_type,
        open_accruals.invoice_id as entity,
        true as is_project_known,
        open_accruals.project_id,
        open_accruals.issue_month as month,
        open_accruals.open_amount as amount,
        open_accruals.currency_code as unit,
        'The ledger has posted a document of this number, but of another supplier; if it is the same document its cost counts'
        || ' twice. Deliver the posting with the party of the document as supplier_id, or the order that names the supplier.'
            as explanation
    from open_accruals
    left join latest_shares
        on open_accruals.invoice_id = latest_shares.invoice_id
        and open_accruals.counterparty_id = latest_shares.counterparty_id
        and open_accruals.project_id = latest_shares.project_id
    where
        latest_shares.invoice_id is null
        and {{ document_key('open_accruals.invoice_id') }} in (select document_key from numbers_of_others)

    union all

    select
        'partly_posted_invoice' as rule,
        'warning' as severity,
        'invoice' as subject,
        'invoice' as entity_type,
        open_accruals.invoice_id as entity,
        true as is_project_known,
        open_accruals.project_id,
        latest_shares.month,
        open_accruals.open_amount as amount,
        open_accruals.currency_code as unit,
        'The ledger has posted less than {{ (enough * 100) | round(1) }} % of the document; the rest stays accrued.'
        || ' Have the rest posted with the same document number and supplier, or a credit note delivered.' as explanation
    from open_accruals
    inner join latest_shares
        on open_accruals.invoice_id = latest_shares.invoice_id
        and open_accruals.counterparty_id = latest_shares.counterparty_id
        and open_accruals.project_id = latest_shares.project_id
    where latest_shares.posted_share > 0

    union all

    -- one row a document, at the first of its projects
    select
        'posting_differs_from_invoice' as rule,
        'notice' as severity,
        'invoice' as subject,
        'invoice' as entity_type,
        latest_shares.invoice_id as entity,
        min(latest_shares.project_id) is not null as is_project_known,
        min(latest_shares.project_id) as project_id,
        latest_shares.month,
        latest_shares.document_posted_amount - latest_shares.document_net_amount as amount,
        headers.currency_code as unit,
        'The ledger has posted another amount than the document says. The accrual is reversed in full; the difference is in'
        || ' the cost of the month of posting.' as explanation
    from latest_shares
    inner join headers
        on latest_shares.invoice_id = headers.invoice_id
        and latest_shares.counterparty_id = headers.counterparty_id
        and headers.direction = 'supplier'
    where
        latest_shares.is_same_currency
        and latest_shares.document_posted_amount <> latest_shares.document_net_amount
    group by
        latest_shares.invoice_id,
        latest_shares.counterparty_id,
        latest_shares.month,
        latest_shares.document_posted_amount,
        latest_shares.document_net_amount,
        headers.currency_code
    having min(latest_shares.posted_share) = 1

    union all

    select
        'positive_credit_note' as rule,
        'warning' as severity,
        'invoice' as subject,
        'invoice' as entity_type,
        open_accruals.invoice_id as entity,
        true as is_project_known,
        open_accruals.project_id,
        open_accruals.issue_month as month,
        open_accruals.open_amount as amount,
        open_accruals.currency_code as unit,
        'A supplier''s credit note with a positive net amount is accrued as delivered, as cost. Credits are negative:'
        || ' deliver it with its sign.' as explanation
    from open_accruals
    inner join headers
        on open_accruals.invoice_id = headers.invoice_id
        and open_accruals.counterparty_id = headers.counterparty_id
        and headers.direction = 'supplier'
    where
        headers.type = 'credit_note'
        and open_accruals.open_amount > 0

    union all

    select
        'complaint_cost_not_posted' as rule,
        'notice' as severity,
        'complaint' as subject,
        'complaint' as entity_type,
        complaint_id as entity,
        is_project_known,
        project_id,
        opened_month as month,
        cost_amount as amount,
        currency_code as unit,
        'The cost of the complaint counts as cost of poor quality; no posting names it, so it adds nothing to the cost of'
        || ' sales. Post it with the complaint''s identifier as document_number.' as explanation
    from complaints
    where not is_posted

)

select
    rule,
    severity,
    subject,
    entity_type,
    entity,
    case when is_project_known then project_id end as project_id,
    month,
    cast(null as date) as occurred_on,
    max(explanation)
    || case
        when subject = 'cost_line' then ' Cost lines: ' || cast(count(*) as {{ dbt.type_string() }}) || '.'
        else ''
    end as message,
    sum(amount) as amount_at_stake,
    unit
from found
group by
    rule,
    severity,
    subject,
    entity_type,
    entity,
    case when is_project_known then project_id end,
    month,
    unit
