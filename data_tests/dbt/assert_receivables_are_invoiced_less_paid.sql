-- The buckets of a month sum, by currency, to what was invoiced until its end less what was paid.
with receivables as (

    select * from {{ ref('receivables_ageing') }}

),

invoices as (

    select * from {{ ref('fct_invoices') }}

),

payments as (

    select * from {{ ref('int_balances__payments_applied') }}

),

-- a payment in another currency than its document takes off what it was worth there
moved as (

    select
        currency_code,
        issue_month as month,
        gross_amount as amount
    from invoices
    where direction = 'customer'

    union all

    select
        coalesce(invoices.currency_code, payments.currency_code) as currency_code,
        payments.paid_month as month,
        -coalesce(payments.applied_amount, {{ money('payments.amount') }}) as amount
    from payments
    left join invoices
        on payments.is_applied
        and payments.invoice_id = invoices.invoice_id
        and payments.direction = invoices.direction
        and payments.counterparty_id = invoices.counterparty_id
    where payments.direction = 'customer'

),

owed as (

    select
        currency_code,
        month,
        sum(open_amount) as open_amount
    from receivables
    group by
        currency_code,
        month

),

-- every month that has a receivable or should have one
months as (

    select month
    from owed

    union

    select month
    from moved

),

expected as (

    select
        moved.currency_code,
        months.month,
        sum(moved.amount) as open_amount
    from months
    inner join moved
        on moved.month <= months.month
    group by
        moved.currency_code,
        months.month

)

select
    coalesce(expected.currency_code, owed.currency_code) as currency_code,
    coalesce(expected.month, owed.month) as month,
    coalesce(expected.open_amount, 0) as expected_amount,
    coalesce(owed.open_amount, 0) as open_amount
from expected
full outer join owed
    on expected.currency_code = owed.currency_code
    and expected.month = owed.month
where coalesce(expected.open_amount, 0) <> coalesce(owed.open_amount, 0)
