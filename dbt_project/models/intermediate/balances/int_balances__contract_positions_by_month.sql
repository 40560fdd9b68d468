with contract_lines as (

    select * from {{ ref('dim_contract_lines') }}

),

invoice_lines as (

    select * from {{ ref('fct_invoice_lines') }}

),

invoices as (

    select * from {{ ref('fct_invoices') }}

),

months as (

    select * from {{ ref('dim_months') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

contracts as (

    select
        contract_id,
        min(currency_code) as currency_code
    from contract_lines
    group by contract_id
    having count(distinct currency_code) = 1

),

billed as (

    select
        coalesce(contract_lines.contract_id, invoices.contract_id) as contract_id,
        invoice_lines.issue_month as month,
        sum(invoice_lines.net_amount) as billed_amount
    from invoice_lines
    inner join invoices
        on invoice_lines.invoice_key = invoices.invoice_key
    left join contract_lines
        on invoice_lines.contract_line_id = contract_lines.contract_line_id
    where invoice_lines.direction = 'customer'
    group by
        coalesce(contract_lines.contract_id, invoices.contract_id),
        invoice_lines.issue_month

),

spans as (

    select
        billed.contract_id,
        contracts.currency_code,
        min(billed.month) as first_month,
        greatest(max(billed.month), {{ month_of('max(parameters.as_of_date)') }}) as last_month
    from billed
    inner join contracts
        on billed.contract_id = contracts.contract_id
    cross join parameters
    group by
        billed.contract_id,
        contracts.currency_code

)

select
    spans.contract_id,
    months.month,
    spans.currency_code,
    sum(coalesce(billed.billed_amount, 0)) over (
        partition by spans.contract_id
        order by months.month
        rows between unbounded preceding and current row
    ) as revenue_to_date_amount,
    sum(coalesce(billed.billed_amount, 0)) over (
        partition by spans.contract_id
        order by months.month
        rows between unbounded preceding and current row
    ) as billed_to_date_amount
from spans
inner join months
    on months.month between spans.first_month and spans.last_month
left join billed
    on spans.contract_id = billed.contract_id
    and months.month = billed.month
