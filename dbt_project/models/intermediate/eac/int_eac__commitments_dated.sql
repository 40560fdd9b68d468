{#- What is ordered and not invoiced yet, of each order, project and WBS element, from which day to which.
    Invoices that name their order take off on their day; what the ERP says is invoiced beyond them, on the day of delivery (else
    the expected, the promised or the order's own): no later delivery of the order changes an earlier day. -#}
with order_lines as (

    select * from {{ ref('int_cost__order_lines_attributed') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

invoice_lines as (

    select * from {{ ref('int_invoices__lines_attributed') }}

),

headers as (

    select * from {{ ref('int_invoices__headers_attributed') }}

),

rates as (

    select * from {{ ref('int_currency__daily_rates_to_base') }}

),

orders as (

    select
        order_lines.purchase_order_id,
        order_lines.project_id,
        order_lines.currency_code,
        min(order_lines.ordered_on) as ordered_on,
        max(coalesce(order_lines.delivered_on, order_lines.expected_on, order_lines.promised_on, order_lines.ordered_on))
            as delivered_on,
        sum(order_lines.invoiced_amount) as invoiced_amount
    from order_lines
    inner join projects
        on order_lines.project_id = projects.project_id
    {%- if var('labour_cost_source') != 'erp' %}
    -- hired labour is in the time sheets
    where order_lines.category <> 'labour'
    {%- endif %}
    group by
        order_lines.purchase_order_id,
        order_lines.project_id,
        order_lines.currency_code

),

documents as (

    select
        orders.purchase_order_id,
        orders.project_id,
        orders.currency_code,
        invoice_lines.issue_date,
        sum(invoice_lines.net_amount_rounded) as amount
    from orders
    inner join headers
        on orders.purchase_order_id = headers.purchase_order_id
        and headers.direction = 'supplier'
    inner join invoice_lines
        on headers.invoice_id = invoice_lines.invoice_id
        and headers.direction = invoice_lines.direction
        and headers.counterparty_id = invoice_lines.counterparty_id
        and orders.project_id = invoice_lines.project_id
        and orders.currency_code = invoice_lines.currency_code
    group by
        orders.purchase_order_id,
        orders.project_id,
        orders.currency_code,
        invoice_lines.issue_date

),

documented as (

    select
        purchase_order_id,
        project_id,
        currency_code,
        sum(amount) as amount
    from documents
    group by
        purchase_order_id,
        project_id,
        currency_code

),

events as (

    select
        orders.purchase_order_id,
        orders.project_id,
        orders.currency_code,
        order_lines.ordered_on as moved_on,
        order_lines.ordered_amount as amount
    from orders
    inner join order_lines
        on orders.purchase_order_id = order_lines.purchase_order_id
        and orders.project_id = order_lines.project_id
        and orders.currency_code = order_lines.currency_code
    {%- if var('labour_cost_source') != 'erp' %}
    where order_lines.category <> 'labour'
    {%- endif %}

    union all

    select
        purchase_order_id,
        project_id,
        currency_code,
        issue_date as moved_on,
        -amount as amount
    from documents

    union all

    -- an order of which no invoice is known: line by line
    select
        orders.purchase_order_id,
        orders.project_id,
        orders.currency_code,
        coalesce(order_lines.delivered_on, order_lines.expected_on, order_lines.promised_on, order_lines.ordered_on) as moved_on,
        -order_lines.invoiced_amount as amount
    from orders
    inner join order_lines
        on orders.purchase_order_id = order_lines.purchase_order_id
        and orders.project_id = order_lines.project_id
        and orders.currency_code = order_lines.currency_code
    left join documented
        on orders.purchase_order_id = documented.purchase_order_id
        and orders.project_id = documented.project_id
        and orders.currency_code = documented.currency_code
    where
        documented.purchase_order_id is null
        {%- if var('labour_cost_source') != 'erp' %}
        and order_lines.category <> 'labour'
        {%- endif %}

    union all

    select
        orders.purchase_order_id,
        orders.project_id,
        orders.currency_code,
        orders.delivered_on as moved_on,
        documented.amount - orders.invoiced_amount as amount
    from orders
    inner join documented
        on orders.purchase_order_id = documented.purchase_order_id
        and orders.project_id = documented.project_id
        and orders.currency_code = documented.currency_code
    where orders.invoiced_amount > documented.amount

),

daily as (

    select
        purchase_order_id,
        project_id,
        currency_code,
        moved_on,
        sum(amount) as amount
    from events
    group by
        purchase_order_id,
        project_id,
        currency_code,
        moved_on

),

running as (

    select
        purchase_order_id,
        project_id,
        currency_code,
        moved_on,
        coalesce(
            {{ day_before(
                'lead(moved_on) over (partition by purchase_order_id, project_id, currency_code order by moved_on)'
            ) }},
            cast('9999-12-31' as date)
        ) as open_to,
        -- invoiced above its order, it is not owed less for another one
        greatest(
            sum(amount) over (
                partition by purchase_order_id, project_id, currency_code
                order by moved_on
                rows between unbounded preceding and current row
            ),
            0
        ) as amount
    from daily

),

parts as (

    select
        order_lines.purchase_order_id,
        order_lines.project_id,
        order_lines.currency_code,
        coalesce(order_lines.wbs_id, '') as wbs_id,
        sum(order_lines.ordered_amount) as amount
    from order_lines
    {%- if var('labour_cost_source') != 'erp' %}
    where order_lines.category <> 'labour'
    {%- endif %}
    group by
        order_lines.purchase_order_id,
        order_lines.project_id,
        order_lines.currency_code,
        coalesce(order_lines.wbs_id, '')

),

totals as (

    select
        purchase_order_id,
        project_id,
        currency_code,
        sum(amount) as amount
    from parts
    group by
        purchase_order_id,
        project_id,
        currency_code

),

-- an invoice names its order, not the line of it: what is open belongs to the lines' elements as what was ordered does
spread as (

    select
        running.purchase_order_id,
        running.project_id,
        running.currency_code,
        running.moved_on,
        running.open_to,
        parts.wbs_id,
        cast({{ divided('running.amount * parts.amount', 'totals.amount', 6, scale=12) }} as decimal(24, 6)) as amount
    from running
    inner join parts
        on running.purchase_order_id = parts.purchase_order_id
        and running.project_id = parts.project_id
        and running.currency_code = parts.currency_code
    inner join totals
        on running.purchase_order_id = totals.purchase_order_id
        and running.project_id = totals.project_id
        and running.currency_code = totals.currency_code
    where running.amount > 0

)

select
    spread.purchase_order_id,
    spread.project_id,
    spread.wbs_id,
    spread.currency_code as order_currency_code,
    spread.moved_on as open_from,
    spread.open_to,
    spread.amount as order_amount,
    order_rates.rate_to_base as order_rate_to_base,
    orders.ordered_on
from spread
inner join orders
    on spread.purchase_order_id = orders.purchase_order_id
    and spread.project_id = orders.project_id
    and spread.currency_code = orders.currency_code
left join rates as order_rates
    on orders.currency_code = order_rates.currency_code
    and orders.ordered_on = order_rates.rate_date
where spread.amount > 0
