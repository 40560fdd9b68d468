with payments as (

    select * from {{ ref('stg_erp__payments') }}

),

rates as (

    select * from {{ ref('int_currency__daily_rates_to_base') }}

)

select
    payments.payment_id,
    payments.invoice_id,
    payments.direction,
    payments.paid_on as paid_date,
    {{ month_of('payments.paid_on') }} as paid_month,
    payments.currency_code,
    {{ money('payments.amount') }} as payment_amount,
    {{ money('payments.amount * rates.rate_to_base') }} as payment_amount_base,
    payments.source_file_id,
    payments.source_line
from payments
left join rates
    on payments.currency_code = rates.currency_code
    and payments.paid_on = rates.rate_date
order by payment_id
