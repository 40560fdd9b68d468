{#- Methods that bill what is worked, and not a price. -#}
{%- set by_work = ['time_and_material', 'as_invoiced'] -%}

with contract_lines as (

    select * from {{ ref('int_contracts__obligations_named') }}

),

prices as (

    select * from {{ ref('dim_contract_lines') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

invoice_lines as (

    select * from {{ ref('int_contracts__invoice_lines_attributed') }}

),

revenue as (

    select * from {{ ref('int_revenue__by_contract_line_month') }}

),

revenue_planned as (

    select * from {{ ref('int_cash__revenue_planned') }}

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

-- billed by the end of the refresh's month, as the receivables beside it are
billed_by_currency as (

    select
        invoice_lines.contract_id,
        invoice_lines.contract_line_id,
        invoice_lines.currency_code,
        sum(invoice_lines.net_amount) as amount
    from invoice_lines
    cross join horizon
    where invoice_lines.issue_month <= horizon.as_of_month
    group by
        invoice_lines.contract_id,
        invoice_lines.contract_line_id,
        invoice_lines.currency_code

),

billed_exchanged as (

    select
        contract_lines.contract_line_id,
        {{ exchanged('billed_by_currency.amount', 'billed_by_currency.currency_code', 'from_rates.closing_rate_to_base',
            'contract_lines.currency_code', 'to_rates.closing_rate_to_base') }} as amount
    from billed_by_currency
    inner join contract_lines
        on billed_by_currency.contract_line_id = contract_lines.contract_line_id
    left join closing_rates as from_rates
        on billed_by_currency.currency_code = from_rates.currency_code
    left join closing_rates as to_rates
        on contract_lines.currency_code = to_rates.currency_code

),

billed as (

    select
        contract_line_id,
        -- an invoice without a way to the line's currency leaves open how much is billed
        case when count(*) = count(amount) then sum(amount) end as amount
    from billed_exchanged
    group by contract_line_id

),

-- billed under a contract without saying for which of its lines
billed_unnamed as (

    select
        contract_id,
        currency_code,
        sum(amount) as amount
    from billed_by_currency
    where contract_line_id is null
    group by
        contract_id,
        currency_code

),

earned as (

    select
        revenue.contract_line_id,
        revenue.revenue_to_date_amount,
        row_number() over (partition by revenue.contract_line_id order by revenue.month desc) as place
    from revenue
    cross join horizon
    where revenue.month <= horizon.as_of_month

),

plan_totals as (

    select
        project_id,
        plan_scope,
        sum(amount) as amount
    from revenue_planned
    group by
        project_id,
        plan_scope

),

lines as (

    select
        contract_lines.contract_line_id,
        contract_lines.contract_id,
        contract_lines.project_id,
        contract_lines.currency_code,
        contract_lines.revenue_method,
        contract_lines.revenue_method in ('{{ by_work | join("', '") }}') as is_by_work,
        projects.customer_id,
        coalesce(contract_lines.retention_pct, 0) as retention_pct,
        coalesce(prices.extended_end_date, contract_lines.end_date, projects.planned_end_date) as end_date,
        prices.current_price_amount as price_amount,
        contract_lines.not_to_exceed_amount,
        case when billed.contract_line_id is null then cast(0 as decimal(18, 2)) else billed.amount end as billed_amount,
        earned.revenue_to_date_amount,
        case when branch_totals.plan_scope is not null then branch_totals.plan_scope else project_totals.plan_scope end
            as plan_scope,
        {{ exchanged('coalesce(branch_totals.amount, project_totals.amount)', 'projects.currency_code',
            'project_rates.closing_rate_to_base', 'contract_lines.currency_code', 'line_rates.closing_rate_to_base') }}
            as planned_amount
    from contract_lines
    inner join projects
        on contract_lines.project_id = projects.project_id
        and projects.status <> 'cancelled'
    left join prices
        on contract_lines.contract_line_id = prices.contract_line_id
    left join billed
        on contract_lines.contract_line_id = billed.contract_line_id
    left join earned
        on contract_lines.contract_line_id = earned.contract_line_id
        and earned.place = 1
    left join plan_totals as branch_totals
        on contract_lines.project_id = branch_totals.project_id
        and contract_lines.branch_id = branch_totals.plan_scope
    left join plan_totals as project_totals
        on contract_lines.project_id = project_totals.project_id
        and project_totals.plan_scope = '*'
    left join closing_rates as project_rates
        on projects.currency_code = project_rates.currency_code
    left join closing_rates as line_rates
        on contract_lines.currency_code = line_rates.currency_code

),

-- of a price what is not billed; of work what is earned and not billed
opened as (

    select
        contract_line_id,
        contract_id,
        project_id,
        currency_code,
        revenue_method,
        is_by_work,
        customer_id,
        retention_pct,
        end_date,
        price_amount,
        not_to_exceed_amount,
        billed_amount,
        plan_scope,
        planned_amount,
        cast(
            greatest(
                case when is_by_work then coalesce(revenue_to_date_amount, 0) else price_amount end - billed_amount, 0
            ) as decimal(18, 2)
        ) as open_amount,
        -- billed before it was worked: of work the next of it, of a price what another line of the contract has not billed
        cast(
            greatest(
                billed_amount - case when is_by_work then coalesce(revenue_to_date_amount, 0) else price_amount end, 0
            ) as decimal(18, 2)
        ) as advance_amount
    from lines

),

-- what the contract has billed for no line in particular, or for a line beyond its price
billed_beyond_parts as (

    select
        contract_id,
        currency_code,
        amount
    from billed_unnamed

    union all

    select
        contract_id,
        currency_code,
        advance_amount as amount
    from opened
    where not is_by_work

),

billed_beyond as (

    select
        contract_id,
        currency_code,
        sum(amount) as amount
    from billed_beyond_parts
    group by
        contract_id,
        currency_code

),

-- is taken off its lines, one after the other
netted as (

    select
        opened.contract_line_id,
        opened.project_id,
        opened.currency_code,
        opened.revenue_method,
        opened.is_by_work,
        opened.customer_id,
        opened.retention_pct,
        opened.end_date,
        opened.price_amount,
        opened.not_to_exceed_amount,
        opened.billed_amount,
        opened.plan_scope,
        opened.planned_amount,
        case when opened.is_by_work then opened.advance_amount else 0 end as advance_amount,
        opened.open_amount - least(
            opened.open_amount,
            greatest(
                coalesce(billed_beyond.amount, 0) - (
                    sum(opened.open_amount) over (
                        partition by opened.contract_id, opened.currency_code order by opened.contract_line_id
                        rows between unbounded preceding and current row
                    ) - opened.open_amount
                ),
                0
            )
        ) as open_amount
    from opened
    left join billed_beyond
        on opened.contract_id = billed_beyond.contract_id
        and opened.currency_code = billed_beyond.currency_code

),

-- revenue planned beyond the prices that the same plan phases is what will be worked
shared as (

    select
        contract_line_id,
        project_id,
        currency_code,
        revenue_method,
        is_by_work,
        customer_id,
        retention_pct,
        end_date,
        price_amount,
        not_to_exceed_amount,
        billed_amount,
        plan_scope,
        planned_amount,
        advance_amount,
        open_amount,
        greatest(
            planned_amount - sum(case when is_by_work then 0 else coalesce(open_amount, 0) end) over (
                partition by project_id, plan_scope
            ),
            0
        ) as worked_amount,
        sum(case when is_by_work then 1 else 0 end) over (partition by project_id, plan_scope) as lines_by_work,
        sum(case when is_by_work then 1 else 0 end) over (
            partition by project_id, plan_scope order by contract_line_id rows between unbounded preceding and current row
        ) as place_by_work
    from netted

),

ahead as (

    select
        shared.contract_line_id,
        shared.project_id,
        shared.currency_code,
        shared.revenue_method,
        shared.is_by_work,
        shared.customer_id,
        shared.retention_pct,
        shared.end_date,
        shared.price_amount,
        shared.billed_amount,
        shared.plan_scope,
        shared.open_amount,
        shared.not_to_exceed_amount,
        case
            when not shared.is_by_work then cast(0 as decimal(18, 2))
            when shared.planned_amount is not null
                then
                    greatest(
                        cast({{ divided('cast(shared.worked_amount as decimal(38, 2)) * shared.place_by_work', 'shared.lines_by_work', 2) }}
                            as decimal(18, 2))
                        - cast({{ divided('cast(shared.worked_amount as decimal(38, 2)) * (shared.place_by_work - 1)', 'shared.lines_by_work', 2) }}
                            as decimal(18, 2))
                        - shared.advance_amount,
                        0
                    )
            -- a line that is over has no work ahead
            when shared.end_date < horizon.first_month then cast(0 as decimal(18, 2))
            when shared.price_amount is not null
                then greatest(shared.price_amount - shared.billed_amount - shared.open_amount, 0)
        end as ahead_amount
    from shared
    cross join horizon

)

select
    contract_line_id,
    project_id,
    currency_code,
    revenue_method,
    is_by_work,
    customer_id,
    retention_pct,
    end_date,
    price_amount,
    billed_amount,
    plan_scope,
    cast(
        case
            when not_to_exceed_amount is not null and is_by_work
                then least(open_amount, greatest(not_to_exceed_amount - billed_amount, 0))
            else open_amount
        end as decimal(18, 2)
    ) as open_amount,
    cast(
        case
            when not_to_exceed_amount is not null and is_by_work and ahead_amount is not null
                then least(ahead_amount, greatest(not_to_exceed_amount - billed_amount - open_amount, 0))
            else ahead_amount
        end as decimal(18, 2)
    ) as ahead_amount,
    case
        when billed_amount is null then 'no rate between the currencies of its invoices and its own'
        when not is_by_work and price_amount is null then 'no price'
        when is_by_work and ahead_amount is null then 'no revenue planned ahead'
    end as not_known_reason
from ahead
