{#- Days from issue to payment where nobody's habit and no terms are known. -#}
{%- set fallback = var('payment_lag_default_days') -%}

with billings as (

    select * from {{ ref('int_cash__billings_expected') }}

),

costs as (

    select * from {{ ref('int_cash__costs_ahead') }}

),

lines as (

    select * from {{ ref('int_cash__lines_to_bill') }}

),

items as (

    select * from {{ ref('int_balances__items_open_by_month') }}

),

invoice_lines as (

    select * from {{ ref('int_contracts__invoice_lines_attributed') }}

),

milestones as (

    select * from {{ ref('int_revenue__milestones_attributed') }}

),

order_lines as (

    select * from {{ ref('int_cost__order_lines_attributed') }}

),

customer_lags as (

    select * from {{ ref('int_cash__customer_lags') }}

),

lags as (

    select * from {{ ref('int_cash__payment_lags') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

rates as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

horizon as (

    {{ cash_horizon() }}

),

closing_rates as (

    select
        rates.currency_code,
        rates.closing_rate_to_base
    from rates
    inner join horizon
        on rates.month = horizon.as_of_month

),

-- our own habit: days from a supplier's invoice, and from the day on which it is due
habits as (

    select
        coalesce(max(case when is_measured then days_from_issue end), {{ fallback }}) as days_from_issue,
        coalesce(max(case when is_measured then days_from_due end), 0) as days_from_due
    from lags
    where
        direction = 'supplier'
        and party_id = '*'

),

acceptances as (

    select
        contract_line_id,
        count(*) = count(actual_date) as is_released,
        max(coalesce(actual_date, expected_date)) as expected_on
    from milestones
    where is_customer_acceptance
    group by contract_line_id

),

-- until when a line's retention is held; of a line without an acceptance until its end
retentions as (

    select
        lines.contract_line_id,
        coalesce(acceptances.is_released, false) as is_released,
        coalesce(acceptances.expected_on, lines.end_date) as released_on
    from lines
    left join acceptances
        on lines.contract_line_id = acceptances.contract_line_id
    where lines.retention_pct > 0

),

retained as (

    select
        invoice_lines.invoice_id,
        invoice_lines.counterparty_id,
        sum({{ money('cast(invoice_lines.net_amount as decimal(38, 2)) * invoice_lines.retention_pct') }}) as amount,
        max(retentions.released_on) as released_on
    from invoice_lines
    inner join retentions
        on invoice_lines.contract_line_id = retentions.contract_line_id
        and not retentions.is_released
    where invoice_lines.net_amount > 0
    group by
        invoice_lines.invoice_id,
        invoice_lines.counterparty_id

),

receivables as (

    select
        items.project_id,
        items.currency_code,
        items.open_amount,
        case
            when items.item_type = 'invoice' and items.open_amount > 0
                then greatest(least(coalesce(retained.amount, 0), items.open_amount), 0)
            else 0
        end as retained_amount,
        case
            -- credit notes and money without an invoice are settled with what comes first
            when items.item_type <> 'invoice' or items.open_amount < 0 then horizon.first_month
            when coalesce(customer_lags.collection_lag_basis, 'default') <> 'own payments' and items.due_date_source = 'delivered'
                then {{ cash_month('items.due_date') }}
            else
                {{ cash_month('cast(' ~ dbt.dateadd('day', 'coalesce(customer_lags.collection_lag_days, ' ~ fallback ~ ')',
                    'items.issue_date') ~ ' as date)') }}
        end as month,
        {{ cash_month('retained.released_on') }} as release_month
    from items
    inner join horizon
        on items.month = horizon.as_of_month
    left join retained
        on items.invoice_id = retained.invoice_id
        and items.counterparty_id = retained.counterparty_id
    left join customer_lags
        on items.customer_id = customer_lags.customer_id
    where items.direction = 'customer'

),

invoices_ahead as (

    select
        billings.project_id,
        billings.currency_code,
        billings.month as billing_month,
        billings.amount,
        case
            when retentions.contract_line_id is null or retentions.is_released then cast(0 as decimal(18, 2))
            else {{ money('cast(billings.amount as decimal(38, 2)) * billings.retention_pct') }}
        end as retained_amount,
        {{ cash_month(days_after_month('billings.month', 'coalesce(customer_lags.collection_lag_days, ' ~ fallback ~ ')')) }}
            as month,
        {{ cash_month('retentions.released_on') }} as release_month
    from billings
    cross join horizon
    left join retentions
        on billings.contract_line_id = retentions.contract_line_id
    left join customer_lags
        on billings.customer_id = customer_lags.customer_id

),

orders as (

    select
        order_lines.project_id,
        order_lines.purchase_order_id,
        order_lines.line_id,
        {{ cash_month('coalesce(order_lines.expected_on, order_lines.promised_on)') }} as delivery_month,
        {{ exchanged('greatest(order_lines.ordered_amount - order_lines.invoiced_amount, 0)', 'order_lines.currency_code',
            'order_rates.closing_rate_to_base', 'projects.currency_code', 'project_rates.closing_rate_to_base') }} as open_amount,
        projects.currency_code
    from order_lines
    inner join projects
        on order_lines.project_id = projects.project_id
        and projects.status not in ('cancelled', 'closed')
    cross join horizon
    left join closing_rates as order_rates
        on order_lines.currency_code = order_rates.currency_code
    left join closing_rates as project_rates
        on projects.currency_code = project_rates.currency_code
    where order_lines.ordered_amount > order_lines.invoiced_amount

),

planned_supplies as (

    select
        project_id,
        sum(amount) as amount
    from costs
    where kind = 'supplier'
    group by project_id

),

-- open orders are inside the estimate; only what they hold beyond it is added, the latest deliveries first
orders_beyond as (

    select
        orders.project_id,
        orders.currency_code,
        orders.delivery_month,
        orders.open_amount - least(
            orders.open_amount,
            greatest(
                coalesce(planned_supplies.amount, 0) - (
                    sum(orders.open_amount) over (
                        partition by orders.project_id
                        order by orders.delivery_month, orders.purchase_order_id, orders.line_id
                        rows between unbounded preceding and current row
                    ) - orders.open_amount
                ),
                0
            )
        ) as amount
    from orders
    left join planned_supplies
        on orders.project_id = planned_supplies.project_id

),

movements as (

    select
        project_id,
        month,
        'billing' as kind,
        currency_code,
        amount
    from billings

    union all

    select
        project_id,
        month,
        'collection' as kind,
        currency_code,
        open_amount - retained_amount as amount
    from receivables

    union all

    select
        project_id,
        greatest(month, release_month) as month,
        'retention' as kind,
        currency_code,
        retained_amount as amount
    from receivables

    union all

    select
        project_id,
        month,
        'collection' as kind,
        currency_code,
        amount - retained_amount as amount
    from invoices_ahead

    union all

    select
        project_id,
        greatest(month, release_month) as month,
        'retention' as kind,
        currency_code,
        retained_amount as amount
    from invoices_ahead

    union all

    select
        items.project_id,
        {{ cash_month('cast(' ~ dbt.dateadd('day', 'habits.days_from_due', 'items.due_date') ~ ' as date)') }} as month,
        'supplier' as kind,
        items.currency_code,
        items.open_amount as amount
    from items
    inner join horizon
        on items.month = horizon.as_of_month
    cross join habits
    where items.direction = 'supplier'

    union all

    select
        costs.project_id,
        {{ cash_month(days_after_month('costs.month', 'habits.days_from_issue')) }} as month,
        'supplier' as kind,
        costs.currency_code,
        costs.amount
    from costs
    cross join horizon
    cross join habits
    where costs.kind = 'supplier'

    union all

    select
        orders_beyond.project_id,
        {{ cash_month(days_after_month('orders_beyond.delivery_month', 'habits.days_from_issue')) }} as month,
        'supplier' as kind,
        orders_beyond.currency_code,
        orders_beyond.amount
    from orders_beyond
    cross join horizon
    cross join habits

    union all

    select
        project_id,
        month,
        'payroll' as kind,
        currency_code,
        amount
    from costs
    where kind = 'payroll'

)

select
    movements.project_id,
    movements.month,
    movements.kind,
    movements.currency_code,
    projects.currency_code as project_currency_code,
    cast(movements.amount as decimal(18, 2)) as amount,
    {{ exchanged('movements.amount', 'movements.currency_code', 'movement_rates.closing_rate_to_base',
        'projects.currency_code', 'project_rates.closing_rate_to_base') }} as project_amount,
    {{ money(to_base('cast(movements.amount as decimal(18, 2))', 'movement_rates.closing_rate_to_base')) }} as amount_base
from movements
left join projects
    on movements.project_id = projects.project_id
left join closing_rates as movement_rates
    on movements.currency_code = movement_rates.currency_code
left join closing_rates as project_rates
    on projects.currency_code = project_rates.currency_code
where movements.amount <> 0
