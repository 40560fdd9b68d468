with time_entries as (

    select * from {{ ref('int_labour__time_entries_costed') }}

),

cost_lines as (

    select * from {{ ref('int_cost__lines_classified') }}

),

invoice_lines as (

    select * from {{ ref('int_invoices__lines_attributed') }}

),

payments as (

    select * from {{ ref('int_invoices__payments_by_project') }}

),

accruals as (

    select * from {{ ref('int_cost__accruals_moved') }}

),

-- labour by month only: a day's cost would be a person's
without_rate as (

    select
        'time_entry' as subject,
        currency_code,
        project_id,
        is_project_known,
        work_month as month,
        cast(null as date) as occurred_on,
        cost_amount as amount
    from time_entries
    where
        no_cost_reason = 'no_exchange_rate'
        and '{{ var("labour_cost_source") }}' = 'timesheets'

    union all

    select
        'cost_line' as subject,
        currency_code,
        project_id,
        is_project_known,
        cost_month as month,
        case when category <> 'labour' then posting_date end as occurred_on,
        amount
    from cost_lines
    where
        amount_base is null
        and treatment = 'cost'

    union all

    select
        'invoice' as subject,
        currency_code,
        project_id,
        is_project_known,
        issue_month as month,
        issue_date as occurred_on,
        net_amount as amount
    from invoice_lines
    where
        net_amount_base_rounded is null
        and direction = 'customer'

    union all

    -- a supplier's document whose accrual has no amount; its posting will have the rate of its own day
    select
        'invoice' as subject,
        currency_code,
        project_id,
        true as is_project_known,
        issue_month as month,
        issue_date as occurred_on,
        open_amount as amount
    from accruals
    where
        amount_base is null
        and is_latest
        and open_amount <> 0
        and treatment = 'cost'

    union all

    select
        'payment' as subject,
        currency_code,
        project_id,
        project_id is not null as is_project_known,
        paid_month as month,
        paid_on as occurred_on,
        amount
    from payments
    where
        amount_base is null
        and direction = 'customer'

)

select
    'missing_exchange_rate' as rule,
    'error' as severity,
    subject,
    'currency' as entity_type,
    currency_code as entity,
    case when is_project_known then project_id end as project_id,
    month,
    occurred_on,
    'No rate of type daily from ' || currency_code || ' to {{ var("base_currency") }} is known '
    || case
        when occurred_on is null then 'on some days of ' || substring(cast(month as {{ dbt.type_string() }}), 1, 7)
        else 'on ' || cast(occurred_on as {{ dbt.type_string() }})
    end
    || ' or in the {{ var("rate_max_age_days") }} days before; the amount is in no figure. Deliver the exchange rate.'
    || case
        -- days beside a labour cost would come close to a rate
        when subject = 'time_entry' then ''
        else ' Rows of ' || subject || ': ' || cast(count(*) as {{ dbt.type_string() }}) || '.'
    end as message,
    sum(amount) as amount_at_stake,
    currency_code as unit
from without_rate
group by
    subject,
    currency_code,
    case when is_project_known then project_id end,
    month,
    occurred_on
