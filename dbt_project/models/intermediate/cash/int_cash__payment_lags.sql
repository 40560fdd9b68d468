{#- So many paid documents are needed before a party's habit is believed. -#}
{%- set enough = var('payment_lag_minimum_documents') -%}

with payments as (

    select * from {{ ref('int_balances__payments_applied') }}

),

items as (

    select * from {{ ref('int_balances__items_opened') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

-- of each payment the days since its document was issued and since it was due; money in advance tells no lag
paid as (

    select
        payments.direction,
        payments.customer_id,
        payments.invoice_id,
        {{ dbt.datediff('items.issue_date', 'payments.paid_on', 'day') }} as days_from_issue,
        {{ dbt.datediff('items.due_date', 'payments.paid_on', 'day') }} as days_from_due,
        cast({{ to_base('cast(payments.amount as decimal(18, 2))', 'payments.rate_to_base') }} as decimal(38, 6)) as weight
    from payments
    inner join items
        on payments.invoice_id = items.invoice_id
        and payments.direction = items.direction
        and payments.counterparty_id = items.counterparty_id
        and items.item_type = 'invoice'
    cross join parameters
    where
        payments.is_applied
        and payments.amount > 0
        and payments.rate_to_base is not null
        and payments.paid_on >= items.issue_date
        and payments.paid_on <= parameters.as_of_date

),

-- each customer by himself; all customers, and our own habit towards suppliers, under '*'
parties as (

    select
        direction,
        customer_id as party_id,
        invoice_id,
        days_from_issue,
        days_from_due,
        weight
    from paid
    where
        direction = 'customer'
        and customer_id is not null

    union all

    select
        direction,
        '*' as party_id,
        invoice_id,
        days_from_issue,
        days_from_due,
        weight
    from paid

),

totals as (

    select
        direction,
        party_id,
        count(distinct invoice_id) as documents,
        sum(weight) as weight
    from parties
    group by
        direction,
        party_id

),

ranked as (

    select
        direction,
        party_id,
        days_from_issue,
        days_from_due,
        sum(weight) over (
            partition by direction, party_id order by days_from_issue, days_from_due, invoice_id, weight
            rows between unbounded preceding and current row
        ) as weight_by_issue,
        sum(weight) over (
            partition by direction, party_id order by days_from_due, days_from_issue, invoice_id, weight
            rows between unbounded preceding and current row
        ) as weight_by_due
    from parties

)

-- the median by amount: the day by which half of the money had come
select
    totals.direction,
    totals.party_id,
    totals.documents,
    totals.documents >= {{ enough }} as is_measured,
    min(case when ranked.weight_by_issue * 2 >= totals.weight then ranked.days_from_issue end) as days_from_issue,
    min(case when ranked.weight_by_due * 2 >= totals.weight then ranked.days_from_due end) as days_from_due
from totals
inner join ranked
    on totals.direction = ranked.direction
    and totals.party_id = ranked.party_id
group by
    totals.direction,
    totals.party_id,
    totals.documents,
    totals.weight
