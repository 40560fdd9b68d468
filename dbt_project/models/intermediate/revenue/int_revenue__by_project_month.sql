with invoice_lines as (

    select * from {{ ref('fct_invoice_lines') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

rates_to_base as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

)

select
    projects.project_id,
    invoice_lines.issue_month as month,
    cast(
        sum(
            case
                when invoice_lines.currency_code = projects.currency_code then invoice_lines.net_amount
                else {{ divided('invoice_lines.net_amount_base', 'rates_to_base.average_rate_to_base', 6, scale=12) }}
            end
        ) as decimal(38, 6)
    ) as revenue_amount,
    sum(coalesce(invoice_lines.net_amount_base, 0)) as revenue_amount_base,
    cast(0 as decimal(18, 2)) as loss_provision_change_amount_base
from invoice_lines
inner join projects
    on invoice_lines.project_id = projects.project_id
left join rates_to_base
    on projects.currency_code = rates_to_base.currency_code
    and invoice_lines.issue_month = rates_to_base.month
where invoice_lines.direction = 'customer'
group by
    projects.project_id,
    invoice_lines.issue_month
