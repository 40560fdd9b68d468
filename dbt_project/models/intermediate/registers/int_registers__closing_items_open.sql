{#- What is still open on a project on the day of the refresh, item by item; unbilled revenue is
    the mart's to add. Time without its hours: beside a cost they would be
    a rate; its item is the month. -#}
with parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

order_lines as (

    select * from {{ ref('fct_purchase_order_lines') }}

),

receivables as (

    select * from {{ ref('int_balances__items_open_by_month') }}

),

time_entries as (

    select * from {{ ref('int_labour__time_entries_costed') }}

),

risks as (

    select * from {{ ref('fct_risks') }}

),

change_requests as (

    select * from {{ ref('int_registers__change_requests_dated') }}

),

complaints as (

    select * from {{ ref('fct_complaints') }}

),

handover_items as (

    select * from {{ ref('fct_handover_items') }}

)

select
    order_lines.project_id,
    'open_orders' as check_name,
    order_lines.purchase_order_id || '/' || order_lines.line_id as item,
    order_lines.ordered_amount_base - greatest(order_lines.received_amount_base, order_lines.invoiced_amount_base)
        as amount_base
from order_lines
cross join parameters
where
    order_lines.ordered_date <= parameters.as_of_date
    and order_lines.ordered_amount > greatest(order_lines.received_amount, order_lines.invoiced_amount)

union all

select
    order_lines.project_id,
    'receipts_not_invoiced' as check_name,
    order_lines.purchase_order_id || '/' || order_lines.line_id as item,
    order_lines.received_amount_base - order_lines.invoiced_amount_base as amount_base
from order_lines
cross join parameters
where
    order_lines.ordered_date <= parameters.as_of_date
    and order_lines.received_amount > order_lines.invoiced_amount

union all

select
    receivables.project_id,
    'open_receivables' as check_name,
    coalesce(receivables.invoice_id, receivables.item_key) as item,
    receivables.open_amount_base as amount_base
from receivables
inner join parameters
    on receivables.month = {{ month_of('parameters.as_of_date') }}
where
    receivables.direction = 'customer'
    and receivables.open_amount <> 0

union all

select distinct
    project_id,
    'unapproved_time' as check_name,
    cast(work_month as {{ dbt.type_string() }}) as item,
    cast(null as decimal(18, 2)) as amount_base
from time_entries
where approval_status in ('draft', 'submitted')

union all

select
    risks.project_id,
    'open_risks' as check_name,
    risks.risk_id as item,
    risks.emv_amount_base as amount_base
from risks
cross join parameters
where
    risks.raised_date <= parameters.as_of_date
    and (risks.status = 'open' or risks.closed_date > parameters.as_of_date)

union all

select
    change_requests.project_id,
    'open_changes' as check_name,
    change_requests.change_request_id as item,
    change_requests.requested_price_amount_base as amount_base
from change_requests
cross join parameters
where
    change_requests.requested_date <= parameters.as_of_date
    and coalesce(change_requests.decided_date > parameters.as_of_date, true)

union all

select
    complaints.project_id,
    'open_complaints' as check_name,
    complaints.complaint_id as item,
    complaints.cost_amount_base as amount_base
from complaints
cross join parameters
where
    complaints.opened_date <= parameters.as_of_date
    and coalesce(complaints.closed_date > parameters.as_of_date, true)

union all

select
    handover_items.project_id,
    'open_handover_items' as check_name,
    handover_items.gate || '/' || handover_items.item_id as item,
    cast(null as decimal(18, 2)) as amount_base
from handover_items
cross join parameters
where
    handover_items.is_mandatory
    and coalesce(handover_items.done_date > parameters.as_of_date, true)
