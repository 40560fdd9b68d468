with moved as (

    select * from {{ ref('int_balances__items_moved') }}

),

items as (

    select * from {{ ref('int_balances__items_opened') }}

),

months as (

    select * from {{ ref('dim_months') }}

),

rates as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

-- balances stand until the month of the refresh, or the last movement of all if that is later
bounds as (

    select greatest(
        max(moved.month),
        {{ month_of('max(parameters.as_of_date)') }}
    ) as last_month
    from moved
    cross join parameters

),

monthly as (

    select
        item_key,
        month,
        sum(amount) as amount
    from moved
    group by
        item_key,
        month

),

balances as (

    select
        item_key,
        month,
        sum(amount) over (
            partition by item_key
            order by month
            rows between unbounded preceding and current row
        ) as open_amount,
        lead(month) over (
            partition by item_key
            order by month
        ) as next_month
    from monthly

),

-- only where something is open: a settled document costs no row
standing as (

    select
        balances.item_key,
        months.month,
        case
            when parameters.as_of_date between months.month and months.month_end_date then parameters.as_of_date
            else months.month_end_date
        end as balance_date,
        balances.open_amount
    from balances
    cross join bounds
    inner join months
        on balances.month <= months.month
        and months.month <= bounds.last_month
        and (balances.next_month is null or months.month < balances.next_month)
    cross join parameters
    where balances.open_amount <> 0

)

select
    standing.item_key,
    standing.month,
    standing.balance_date,
    case
        when {{ month_of('items.issue_date') }} > standing.month then 'unapplied_cash'
        else items.item_type
    end as item_type,
    items.direction,
    items.invoice_id,
    items.counterparty_id,
    items.customer_id,
    items.project_id,
    items.currency_code,
    items.issue_date,
    items.due_date,
    items.due_date_source,
    {{ dbt.datediff('items.due_date', 'standing.balance_date', 'day') }} as days_overdue,
    cast(standing.open_amount as decimal(18, 2)) as open_amount,
    rates.closing_rate_to_base,
    {{ money(to_base('cast(standing.open_amount as decimal(18, 2))', 'rates.closing_rate_to_base')) }} as open_amount_base,
    items.source_file_id,
    items.source_line
from standing
inner join items
    on standing.item_key = items.item_key
left join rates
    on items.currency_code = rates.currency_code
    and standing.month = rates.month
