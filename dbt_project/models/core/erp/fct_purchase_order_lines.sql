with purchase_order_lines as (

    select * from {{ ref('int_cost__order_lines_attributed') }}

),

rates as (

    select * from {{ ref('int_currency__daily_rates_to_base') }}

)

select
    purchase_order_lines.purchase_order_id,
    purchase_order_lines.line_id,
    purchase_order_lines.project_id,
    purchase_order_lines.delivered_project_id,
    purchase_order_lines.wbs_id,
    purchase_order_lines.supplier_id,
    purchase_order_lines.category,
    purchase_order_lines.ordered_on as ordered_date,
    {{ month_of('purchase_order_lines.ordered_on') }} as ordered_month,
    purchase_order_lines.expected_on as expected_date,
    purchase_order_lines.promised_on as promised_date,
    purchase_order_lines.delivered_on as delivered_date,
    purchase_order_lines.currency_code,
    {{ money('purchase_order_lines.ordered_amount') }} as ordered_amount,
    {{ money('purchase_order_lines.ordered_amount * rates.rate_to_base') }} as ordered_amount_base,
    {{ money('purchase_order_lines.received_amount') }} as received_amount,
    {{ money('purchase_order_lines.received_amount * rates.rate_to_base') }} as received_amount_base,
    {{ money('purchase_order_lines.invoiced_amount') }} as invoiced_amount,
    {{ money('purchase_order_lines.invoiced_amount * rates.rate_to_base') }} as invoiced_amount_base,
    purchase_order_lines.source_file_id,
    purchase_order_lines.source_line
from purchase_order_lines
left join rates
    on purchase_order_lines.currency_code = rates.currency_code
    and purchase_order_lines.ordered_on = rates.rate_date
order by
    purchase_order_id,
    line_id
