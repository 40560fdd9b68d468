with invoice_lines as (

    select * from {{ ref('int_contracts__invoice_lines_attributed') }}

),

headers as (

    select * from {{ ref('int_invoices__headers_attributed') }}

),

payments as (

    select * from {{ ref('stg_erp__payments') }}

),

contract_lines as (

    select * from {{ ref('int_contracts__lines_named') }}

),

milestones as (

    select * from {{ ref('int_revenue__milestones_attributed') }}

),

daily_rates as (

    select * from {{ ref('int_currency__daily_rates_to_base') }}

),

-- a retention is due when the last acceptance of its line is there, or when the customer has paid it
released as (

    select
        contract_line_id,
        max(actual_date) as released_on
    from milestones
    where is_customer_acceptance
    group by contract_line_id
    having count(*) = count(actual_date)

),

-- what a contract holds back of an invoice that names no line of it, if it holds back the same of each
contracts as (

    select
        contract_id,
        case when min(retention_pct) = max(retention_pct) then min(retention_pct) else 0 end as retention_pct
    from contract_lines
    group by contract_id

),

documents as (

    select
        invoice_id,
        counterparty_id,
        sum(net_amount) as net_amount,
        count(distinct coalesce(contract_id, '')) as contracts
    from invoice_lines
    group by
        invoice_id,
        counterparty_id

),

-- an invoice number that two customers share has no payments of its own
numbers as (

    select
        invoice_id,
        min(counterparty_id) as counterparty_id
    from documents
    group by invoice_id
    having count(*) = 1

),

shares as (

    select
        invoice_lines.invoice_id,
        invoice_lines.counterparty_id,
        invoice_lines.contract_id,
        invoice_lines.issue_date,
        invoice_lines.currency_code,
        sum(invoice_lines.net_amount) as net_amount
    from invoice_lines
    where invoice_lines.contract_id is not null
    group by
        invoice_lines.invoice_id,
        invoice_lines.counterparty_id,
        invoice_lines.contract_id,
        invoice_lines.issue_date,
        invoice_lines.currency_code

),

paid as (

    select
        numbers.invoice_id,
        numbers.counterparty_id,
        payments.paid_on,
        payments.payment_id,
        case
            when payments.currency_code = headers.currency_code then cast(payments.amount as decimal(38, 6))
            else
                cast(
                    {{ divided(
                        'cast(' ~ to_base('payments.amount', 'payment_rates.rate_to_base') ~ ' as decimal(38, 6))',
                        'invoice_rates.rate_to_base', 6, scale=12
                    ) }} as decimal(38, 6)
                )
        end as amount
    from payments
    inner join numbers
        on payments.invoice_id = numbers.invoice_id
    inner join headers
        on numbers.invoice_id = headers.invoice_id
        and numbers.counterparty_id = headers.counterparty_id
        and headers.direction = 'customer'
    left join daily_rates as payment_rates
        on payments.currency_code = payment_rates.currency_code
        and payments.paid_on = payment_rates.rate_date
    left join daily_rates as invoice_rates
        on headers.currency_code = invoice_rates.currency_code
        and payments.paid_on = invoice_rates.rate_date
    where payments.direction = 'customer'

),

-- gross amounts of documents and payments, each contract its share by net; what may be held back of them
events as (

    select
        shares.invoice_id,
        shares.counterparty_id,
        shares.contract_id,
        shares.currency_code,
        shares.issue_date as event_date,
        case
            when documents.contracts = 1 then cast(headers.gross_amount as decimal(38, 6))
            else cast({{ divided('headers.gross_amount * shares.net_amount', 'documents.net_amount', 6) }} as decimal(38, 6))
        end as open_amount,
        cast(0 as decimal(38, 6)) as retainable_amount
    from shares
    inner join documents
        on shares.invoice_id = documents.invoice_id
        and shares.counterparty_id = documents.counterparty_id
    inner join headers
        on shares.invoice_id = headers.invoice_id
        and shares.counterparty_id = headers.counterparty_id
        and headers.direction = 'customer'

    union all

    -- money that came before its invoice waits for it
    select
        shares.invoice_id,
        shares.counterparty_id,
        shares.contract_id,
        shares.currency_code,
        greatest(paid.paid_on, shares.issue_date) as event_date,
        -1 * case
            when documents.contracts = 1 then paid.amount
            else cast({{ divided('paid.amount * shares.net_amount', 'documents.net_amount', 6) }} as decimal(38, 6))
        end as open_amount,
        cast(0 as decimal(38, 6)) as retainable_amount
    from shares
    inner join documents
        on shares.invoice_id = documents.invoice_id
        and shares.counterparty_id = documents.counterparty_id
    inner join paid
        on shares.invoice_id = paid.invoice_id
        and shares.counterparty_id = paid.counterparty_id

    union all

    select
        invoice_lines.invoice_id,
        invoice_lines.counterparty_id,
        invoice_lines.contract_id,
        invoice_lines.currency_code,
        invoice_lines.issue_date as event_date,
        cast(0 as decimal(38, 6)) as open_amount,
        cast(
            cast(invoice_lines.net_amount as decimal(38, 2)) * coalesce(invoice_lines.retention_pct, contracts.retention_pct)
            as decimal(38, 6)
        ) as retainable_amount
    from invoice_lines
    inner join contracts
        on invoice_lines.contract_id = contracts.contract_id

    union all

    select
        invoice_lines.invoice_id,
        invoice_lines.counterparty_id,
        invoice_lines.contract_id,
        invoice_lines.currency_code,
        greatest(released.released_on, invoice_lines.issue_date) as event_date,
        cast(0 as decimal(38, 6)) as open_amount,
        -1 * cast(cast(invoice_lines.net_amount as decimal(38, 2)) * invoice_lines.retention_pct as decimal(38, 6))
            as retainable_amount
    from invoice_lines
    inner join released
        on invoice_lines.contract_line_id = released.contract_line_id

),

days as (

    select
        invoice_id,
        counterparty_id,
        contract_id,
        currency_code,
        event_date,
        sum(coalesce(open_amount, 0)) as open_amount,
        sum(retainable_amount) as retainable_amount
    from events
    group by
        invoice_id,
        counterparty_id,
        contract_id,
        currency_code,
        event_date

),

running as (

    select
        invoice_id,
        counterparty_id,
        contract_id,
        currency_code,
        event_date,
        open_amount,
        sum(open_amount) over (
            partition by invoice_id, counterparty_id, contract_id order by event_date
            rows between unbounded preceding and current row
        ) as open_to_date,
        sum(retainable_amount) over (
            partition by invoice_id, counterparty_id, contract_id order by event_date
            rows between unbounded preceding and current row
        ) as retainable_to_date
    from days

),

-- held back: no more than is agreed, and no more than is unpaid; of a credit note both are negative
held as (

    select
        invoice_id,
        counterparty_id,
        contract_id,
        currency_code,
        event_date,
        open_amount,
        case
            when retainable_to_date > 0 and open_to_date > 0 then least(retainable_to_date, open_to_date)
            when retainable_to_date < 0 and open_to_date < 0 then greatest(retainable_to_date, open_to_date)
            else 0
        end as retained_to_date
    from running

),

changes as (

    select
        contract_id,
        currency_code,
        {{ month_of('event_date') }} as month,
        open_amount,
        retained_to_date - lag(retained_to_date, 1, 0) over (
            partition by invoice_id, counterparty_id, contract_id order by event_date
        ) as retained_amount
    from held

)

select
    contract_id,
    currency_code,
    month,
    cast(sum(open_amount) as decimal(38, 6)) as open_change_amount,
    cast(sum(retained_amount) as decimal(38, 6)) as retention_change_amount
from changes
group by
    contract_id,
    currency_code,
    month
