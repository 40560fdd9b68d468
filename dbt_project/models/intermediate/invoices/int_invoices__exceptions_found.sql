with headers as (

    select * from {{ ref('int_invoices__headers_attributed') }}

),

invoice_lines as (

    select * from {{ ref('int_invoices__lines_attributed') }}

),

lines_without_invoice as (

    select * from {{ ref('int_invoices__lines_without_invoice') }}

),

payments as (

    select * from {{ ref('int_invoices__payments_by_project') }}

),

findings as (

    select * from {{ source('ledger', 'findings') }}

),

-- a corrected invoice (type 384) whose amount is positive replaces the whole of an earlier one; both count until that is
-- credited
replaced as (

    select
        headers.invoice_id,
        headers.direction,
        headers.project_id,
        headers.issue_month,
        headers.currency_code,
        earlier.invoice_id as replaced_invoice_id,
        earlier.net_amount as replaced_net_amount
    from findings
    inner join headers
        on findings.source_file_id = headers.source_file_id
    inner join headers as earlier
        on findings.entity = earlier.invoice_id
        and headers.direction = earlier.direction
        and headers.counterparty_id = earlier.counterparty_id
    where
        findings.rule = 'corrected-invoice'
        and headers.net_amount > 0
        and headers.invoice_id <> earlier.invoice_id

),

found as (

    select
        'invoice_without_project' as rule,
        'error' as severity,
        'invoice' as subject,
        'invoice' as entity_type,
        invoice_id as entity,
        cast(null as {{ dbt.type_string() }}) as project_id,
        issue_month as month,
        net_amount as amount,
        currency_code as unit,
        'No known project is named by the line, the header, the contract or the order'
        || coalesce(' (it says ' || delivered_project_id || ')', '')
        || '; the amount is in no project''s revenue. Deliver a project_alias for the name or the order.' as message
    from invoice_lines
    where
        not is_project_known
        and direction = 'customer'
        and net_amount <> 0

    union all

    select
        'unknown_customer' as rule,
        'warning' as severity,
        'invoice' as subject,
        'customer' as entity_type,
        counterparty_id as entity,
        project_id,
        issue_month as month,
        net_amount as amount,
        currency_code as unit,
        'The party is no customer_id and no vat_id of exactly one customer. Deliver the customer, or its VAT number.'
            as message
    from headers
    where
        customer_id is null
        and direction = 'customer'

    union all

    select
        'positive_credit_note' as rule,
        'warning' as severity,
        'invoice' as subject,
        'invoice' as entity_type,
        invoice_id as entity,
        project_id,
        issue_month as month,
        net_amount as amount,
        currency_code as unit,
        'A credit note with a positive net amount counts as delivered, as revenue. Credits are negative: deliver it with its sign.'
            as message
    from headers
    where
        type = 'credit_note'
        and net_amount > 0
        and direction = 'customer'

    union all

    select
        'corrected_invoice_counts_twice' as rule,
        'warning' as severity,
        'invoice' as subject,
        'invoice' as entity_type,
        invoice_id as entity,
        project_id,
        issue_month as month,
        replaced_net_amount as amount,
        currency_code as unit,
        'It replaces ' || replaced_invoice_id || ' (type 384), which is booked too. '
        || 'If no credit note takes that back, the amount counts twice: ask for it.' as message
    from replaced

    union all

    select
        'line_without_invoice' as rule,
        'error' as severity,
        'invoice_line' as subject,
        'invoice' as entity_type,
        invoice_id as entity,
        cast(null as {{ dbt.type_string() }}) as project_id,
        cast(null as date) as month,
        net_amount as amount,
        cast(null as {{ dbt.type_string() }}) as unit,
        'The lines belong to an invoice that was not delivered or was rejected; without its date and currency they are'
        || ' in no figure. Deliver the invoice.' as message
    from lines_without_invoice

    union all

    select
        'payment_without_project' as rule,
        'error' as severity,
        'payment' as subject,
        'invoice' as entity_type,
        invoice_id as entity,
        cast(null as {{ dbt.type_string() }}) as project_id,
        paid_month as month,
        amount,
        currency_code as unit,
        'The invoice that was paid is unknown, not the only one of its number, or has no project; the payment is in no'
        || ' project''s collections. Deliver the invoice, or what names its project.' as message
    from payments
    where
        project_id is null
        and direction = 'customer'

)

select
    rule,
    severity,
    subject,
    entity_type,
    entity,
    project_id,
    month,
    cast(null as date) as occurred_on,
    max(message) as message,
    sum(amount) as amount_at_stake,
    unit
from found
group by
    rule,
    severity,
    subject,
    entity_type,
    entity,
    project_id,
    month,
    unit
