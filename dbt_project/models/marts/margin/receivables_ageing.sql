with items as (

    select * from {{ ref('int_balances__items_open_by_month') }}

)

select
    item_key as invoice_key,
    month,
    balance_date,
    item_type,
    invoice_id,
    customer_id,
    counterparty_id,
    project_id,
    issue_date,
    due_date,
    due_date_source,
    cast(days_overdue as integer) as days_overdue,
    {{ ageing_bucket('days_overdue', [30, 60, 90], first='current', first_to=0) }} as bucket,
    currency_code,
    open_amount,
    open_amount_base,
    source_file_id,
    source_line
from items
where direction = 'customer'
