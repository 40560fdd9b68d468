with positions as (

    select * from {{ ref('int_revenue__positions_by_contract_month') }}

),

contract_line_months as (

    select * from {{ ref('int_revenue__by_contract_line_month') }}

),

receivables as (

    select * from {{ ref('int_revenue__receivables_by_contract_month') }}

),

rates_to_base as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

lines as (

    select
        contract_id,
        currency_code,
        month,
        min(project_id) as project_id,
        count(distinct project_id) as projects,
        case when count(*) = count(revenue_to_date_amount_base) then sum(revenue_to_date_amount_base) end
            as revenue_to_date_amount_base,
        max(case when no_revenue_reason is not null then 1 else 0 end) = 1 as has_unknown_revenue,
        sum(coalesce(loss_provision_amount, 0)) as loss_provision_amount,
        case
            when count(case when loss_provision_amount <> 0 and loss_provision_amount_base is null then 1 end) = 0
                then sum(coalesce(loss_provision_amount_base, 0))
        end as loss_provision_amount_base,
        -- what is still to be recognised; without a price there is no more than has been
        sum(coalesce(transaction_price_amount - coalesce(revenue_to_date_amount, 0), 0)) as backlog_amount
    from contract_line_months
    group by
        contract_id,
        currency_code,
        month

),

-- invoices in another currency than the contract's are open in theirs
receivables_to_date as (

    select
        positions.contract_id,
        positions.currency_code,
        positions.month,
        receivables.currency_code as invoice_currency_code,
        sum(receivables.open_change_amount) as open_amount,
        sum(receivables.retention_change_amount) as retention_amount
    from positions
    inner join receivables
        on positions.contract_id = receivables.contract_id
        and positions.month >= receivables.month
    group by
        positions.contract_id,
        positions.currency_code,
        positions.month,
        receivables.currency_code

),

placed as (

    select
        contract_id,
        currency_code,
        month,
        invoice_currency_code,
        open_amount,
        retention_amount,
        -- of a contract in several currencies, with the part in the invoice's, else with the first
        row_number() over (
            partition by contract_id, month, invoice_currency_code
            order by case when currency_code = invoice_currency_code then 0 else 1 end, currency_code
        ) as place
    from receivables_to_date

),

receivables_valued as (

    select
        placed.contract_id,
        placed.currency_code,
        placed.month,
        {%- for measure in ['open_amount', 'retention_amount'] %}
        sum(
            case
                when placed.invoice_currency_code = placed.currency_code then placed.{{ measure }}
                when placed.{{ measure }} = 0 then 0
                else
                    {{ divided(
                        'cast(' ~ to_base('placed.' ~ measure, 'invoice_rates.closing_rate_to_base') ~ ' as decimal(38, 6))',
                        'contract_rates.closing_rate_to_base', 6, scale=12
                    ) }}
            end
        ) as {{ measure }},
        case
            when count(case when placed.{{ measure }} <> 0 and invoice_rates.closing_rate_to_base is null then 1 end) = 0
                then
                    sum(coalesce(cast({{ to_base('placed.' ~ measure, 'invoice_rates.closing_rate_to_base') }}
                        as decimal(38, 6)), 0))
        end as {{ measure }}_base {{ ',' if not loop.last }}
        {%- endfor %}
    from placed
    left join rates_to_base as invoice_rates
        on placed.invoice_currency_code = invoice_rates.currency_code
        and placed.month = invoice_rates.month
    left join rates_to_base as contract_rates
        on placed.currency_code = contract_rates.currency_code
        and placed.month = contract_rates.month
    where placed.place = 1
    group by
        placed.contract_id,
        placed.currency_code,
        placed.month

),

balances as (

    select
        positions.contract_id,
        positions.currency_code,
        positions.month,
        lines.project_id,
        lines.projects,
        lines.has_unknown_revenue,
        positions.revenue_to_date_amount as revenue_to_date,
        lines.revenue_to_date_amount_base as revenue_to_date_base,
        positions.billed_to_date_amount as billed_to_date,
        positions.billed_to_date_amount_base as billed_to_date_base,
        positions.asset_amount as contract_asset_amount,
        positions.asset_amount_base as contract_asset_amount_base,
        positions.liability_amount as contract_liability_amount,
        positions.liability_amount_base as contract_liability_amount_base,
        coalesce(receivables_valued.open_amount, 0) - coalesce(receivables_valued.retention_amount, 0) as receivable_amount,
        case
            when receivables_valued.contract_id is null then 0
            else receivables_valued.open_amount_base - receivables_valued.retention_amount_base
        end as receivable_amount_base,
        coalesce(receivables_valued.retention_amount, 0) as retention_amount,
        case
            when receivables_valued.contract_id is null then 0
            else receivables_valued.retention_amount_base
        end as retention_amount_base,
        lines.loss_provision_amount,
        lines.loss_provision_amount_base,
        lines.backlog_amount,
        case
            when lines.backlog_amount = 0 then 0
            else {{ to_base('lines.backlog_amount', 'rates_to_base.closing_rate_to_base') }}
        end as backlog_amount_base
    from positions
    inner join lines
        on positions.contract_id = lines.contract_id
        and positions.currency_code = lines.currency_code
        and positions.month = lines.month
    left join receivables_valued
        on positions.contract_id = receivables_valued.contract_id
        and positions.currency_code = receivables_valued.currency_code
        and positions.month = receivables_valued.month
    left join rates_to_base
        on positions.currency_code = rates_to_base.currency_code
        and positions.month = rates_to_base.month

),

-- a contract in several currencies is one contract all the same: it stands in the reporting currency
currencies as (

    select
        contract_id,
        count(distinct currency_code) as currencies
    from balances
    group by contract_id

),
{% set measures = [
    'revenue_to_date', 'billed_to_date', 'contract_asset_amount', 'contract_liability_amount', 'receivable_amount',
    'retention_amount', 'loss_provision_amount', 'backlog_amount'
] %}
contracts as (

    select
        balances.contract_id,
        balances.month,
        case when min(balances.project_id) = max(balances.project_id) and max(balances.projects) = 1 then min(balances.project_id) end
            as project_id,
        case when max(currencies.currencies) = 1 then min(balances.currency_code) else '{{ var("base_currency") }}' end
            as currency_code,
        max(case when balances.has_unknown_revenue then 1 else 0 end) = 1 as has_unknown_revenue,
        {%- for measure in measures %}
        case when count(*) = count(balances.{{ measure }}_base) then sum(balances.{{ measure }}_base) end
            as {{ measure }}_base,
        case
            when max(currencies.currencies) = 1 then sum(balances.{{ measure }})
            when count(*) = count(balances.{{ measure }}_base) then sum(balances.{{ measure }}_base)
        end as {{ measure }} {{ ',' if not loop.last }}
        {%- endfor %}
    from balances
    inner join currencies
        on balances.contract_id = currencies.contract_id
    group by
        balances.contract_id,
        balances.month

),

-- a contract is an asset or a liability, never both (IFRS 15.105)
netted as (

    select
        contract_id,
        month,
        project_id,
        currency_code,
        has_unknown_revenue,
        revenue_to_date,
        revenue_to_date_base,
        billed_to_date,
        billed_to_date_base,
        {%- for suffix in ['', '_base'] %}
        {%- for one, other in [('asset', 'liability'), ('liability', 'asset')] %}
        case
            when contract_{{ one }}_amount{{ suffix }} > contract_{{ other }}_amount{{ suffix }}
                then contract_{{ one }}_amount{{ suffix }} - contract_{{ other }}_amount{{ suffix }}
            when contract_{{ one }}_amount{{ suffix }} <= contract_{{ other }}_amount{{ suffix }} then 0
        end as contract_{{ one }}_amount{{ suffix }},
        {%- endfor %}
        {%- endfor %}
        receivable_amount,
        receivable_amount_base,
        retention_amount,
        retention_amount_base,
        loss_provision_amount,
        loss_provision_amount_base,
        backlog_amount,
        backlog_amount_base
    from contracts

)

select
    contract_id,
    month,
    project_id,
    currency_code,
    {%- for measure in measures %}
    {{ money(measure) }} as {{ measure }},
    {{ money(measure ~ '_base') }} as {{ measure }}_base,
    {%- endfor %}
    -- what revenue and billing at their own rates leave of the position's worth today
    {{ money(
        '(contract_asset_amount_base - contract_liability_amount_base) - (revenue_to_date_base - billed_to_date_base)'
    ) }} as fx_difference_to_date_amount_base,
    has_unknown_revenue
from netted
order by
    contract_id,
    month
