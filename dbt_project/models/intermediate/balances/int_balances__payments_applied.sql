with payments as (

    select * from {{ ref('stg_erp__payments') }}

),

headers as (

    select * from {{ ref('int_invoices__headers_attributed') }}

),

rates_to_base as (

    select * from {{ ref('int_currency__daily_rates_to_base') }}

),

-- a number that two parties use names no document
documents as (

    select
        invoice_id,
        direction,
        count(*) as documents,
        min(counterparty_id) as counterparty_id,
        count(distinct customer_id) as customers,
        min(customer_id) as customer_id,
        min(currency_code) as currency_code,
        min(issue_date) as issue_date
    from headers
    group by
        invoice_id,
        direction

),

matched as (

    select
        payments.payment_id,
        payments.invoice_id,
        payments.direction,
        payments.paid_on,
        payments.currency_code,
        payments.amount,
        payment_rates.rate_to_base,
        case when documents.documents = 1 then documents.counterparty_id end as counterparty_id,
        case when documents.customers = 1 then documents.customer_id end as customer_id,
        documents.issue_date,
        documents.currency_code as document_currency_code,
        case
            when documents.documents = 1 and payments.currency_code = documents.currency_code
                then {{ money('payments.amount') }}
            -- paid in another currency: worth what both are worth that day
            when documents.documents = 1
                then {{ money(divided(
                    'payments.amount * payment_rates.rate_to_base', 'document_rates.rate_to_base', 6, scale=12
                )) }}
        end as applied_amount,
        payments.source_file_id,
        payments.source_line
    from payments
    left join documents
        on payments.invoice_id = documents.invoice_id
        and payments.direction = documents.direction
    left join rates_to_base as payment_rates
        on payments.currency_code = payment_rates.currency_code
        and payments.paid_on = payment_rates.rate_date
    left join rates_to_base as document_rates
        on documents.currency_code = document_rates.currency_code
        and payments.paid_on = document_rates.rate_date

)

select
    payment_id,
    invoice_id,
    direction,
    counterparty_id,
    customer_id,
    paid_on,
    {{ month_of('paid_on') }} as paid_month,
    currency_code,
    amount,
    rate_to_base,
    applied_amount is not null as is_applied,
    applied_amount,
    -- before its document: cash on account until then
    coalesce(paid_on < issue_date, false) as is_in_advance,
    source_file_id,
    source_line
from matched
