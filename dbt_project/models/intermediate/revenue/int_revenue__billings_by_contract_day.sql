{%- set base = "'" ~ var('base_currency') ~ "'" -%}

with invoice_lines as (

    select * from {{ ref('int_contracts__invoice_lines_attributed') }}

),

contract_lines as (

    select * from {{ ref('int_contracts__lines_named') }}

),

rates_to_base as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

currencies as (

    select
        contract_id,
        currency_code,
        row_number() over (partition by contract_id order by currency_code) as place
    from contract_lines
    group by
        contract_id,
        currency_code

),

-- each in the currency of its line; of no line, in its own if the contract knows it, else in the contract's first
in_contract as (

    select
        invoice_lines.contract_id,
        coalesce(contract_lines.currency_code, own_currencies.currency_code, first_currencies.currency_code)
            as currency_code,
        invoice_lines.invoice_id,
        invoice_lines.counterparty_id,
        invoice_lines.issue_date,
        invoice_lines.issue_month,
        invoice_lines.currency_code as invoice_currency_code,
        invoice_lines.net_amount,
        invoice_lines.net_amount_base,
        coalesce(invoice_lines.revenue_method = 'as_invoiced', false) as is_revenue_itself
    from invoice_lines
    left join contract_lines
        on invoice_lines.contract_line_id = contract_lines.contract_line_id
    left join currencies as own_currencies
        on invoice_lines.contract_id = own_currencies.contract_id
        and invoice_lines.currency_code = own_currencies.currency_code
    left join currencies as first_currencies
        on invoice_lines.contract_id = first_currencies.contract_id
        and first_currencies.place = 1
    where invoice_lines.contract_id is not null

),

documents as (

    select
        in_contract.contract_id,
        in_contract.currency_code,
        in_contract.invoice_id,
        in_contract.counterparty_id,
        in_contract.issue_date,
        in_contract.issue_month,
        in_contract.is_revenue_itself,
        {{ money('sum(case when in_contract.invoice_currency_code = in_contract.currency_code then in_contract.net_amount else '
            ~ divided('in_contract.net_amount_base', 'rates_to_base.average_rate_to_base', 6, scale=12) ~ ' end)') }}
            as net_amount,
        case
            when count(*) = count(in_contract.net_amount_base) then sum(in_contract.net_amount_base)
        end as net_amount_base,
        max(rates_to_base.average_rate_to_base) as average_rate_to_base
    from in_contract
    left join rates_to_base
        on in_contract.currency_code = rates_to_base.currency_code
        and in_contract.issue_month = rates_to_base.month
    group by
        in_contract.contract_id,
        in_contract.currency_code,
        in_contract.invoice_id,
        in_contract.counterparty_id,
        in_contract.issue_date,
        in_contract.issue_month,
        in_contract.is_revenue_itself

),

-- a document without a rate of its day is worth the month's average, where there is one
valued as (

    select
        contract_id,
        currency_code,
        issue_date,
        issue_month,
        is_revenue_itself,
        net_amount,
        coalesce(net_amount_base, {{ money(to_base('net_amount', 'average_rate_to_base')) }}) as net_amount_base
    from documents

)

select
    contract_id,
    currency_code,
    issue_date,
    issue_month as month,
    {{ money('sum(coalesce(net_amount, 0))') }} as billed_amount,
    case when count(*) = count(net_amount_base) then {{ money('sum(net_amount_base)') }} end as billed_amount_base,
    {{ money('sum(case when not is_revenue_itself and net_amount > 0 then net_amount else 0 end)') }} as layer_amount,
    case
        when count(case when net_amount > 0 then 1 end) = count(case when net_amount > 0 then net_amount_base end)
            then {{ money('sum(case when not is_revenue_itself and net_amount > 0 then net_amount_base else 0 end)') }}
    end as layer_amount_base,
    {{ money('sum(case when not is_revenue_itself and net_amount < 0 then -net_amount else 0 end)') }} as credit_amount,
    count(*) - count(net_amount) as documents_without_rate
from valued
group by
    contract_id,
    currency_code,
    issue_date,
    issue_month
