with contract_line_months as (

    select * from {{ ref('int_revenue__by_contract_line_month') }}

),

contract_lines as (

    select * from {{ ref('int_contracts__lines_named') }}

),

invoice_lines as (

    select * from {{ ref('int_contracts__invoice_lines_attributed') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

rates_to_base as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

projects_with_lines as (

    select distinct project_id
    from contract_lines

),

parts as (

    select
        project_id,
        month,
        currency_code,
        revenue_amount,
        revenue_amount_base,
        loss_provision_amount_base,
        loss_provision_change_amount_base,
        loss_provision_fx_amount_base,
        false as is_as_invoiced
    from contract_line_months

    union all

    -- without a contract line there is no method but the invoice
    select
        invoice_lines.project_id,
        invoice_lines.issue_month as month,
        invoice_lines.currency_code,
        invoice_lines.net_amount as revenue_amount,
        invoice_lines.net_amount_base as revenue_amount_base,
        cast(0 as decimal(18, 2)) as loss_provision_amount_base,
        cast(0 as decimal(18, 2)) as loss_provision_change_amount_base,
        cast(0 as decimal(18, 2)) as loss_provision_fx_amount_base,
        true as is_as_invoiced
    from invoice_lines
    left join projects_with_lines
        on invoice_lines.project_id = projects_with_lines.project_id
    where
        invoice_lines.is_project_known
        and invoice_lines.contract_line_id is null
        and projects_with_lines.project_id is null

),

converted as (

    select
        parts.project_id,
        parts.month,
        case
            when parts.currency_code = projects.currency_code then cast(parts.revenue_amount as decimal(38, 6))
            else
                cast(
                    {{ divided('parts.revenue_amount_base', 'rates_to_base.average_rate_to_base', 6, scale=12) }}
                    as decimal(38, 6)
                )
        end as revenue_amount,
        projects.currency_code,
        parts.revenue_amount_base,
        parts.loss_provision_amount_base,
        parts.loss_provision_change_amount_base,
        parts.loss_provision_fx_amount_base,
        parts.is_as_invoiced
    from parts
    inner join projects
        on parts.project_id = projects.project_id
    left join rates_to_base
        on projects.currency_code = rates_to_base.currency_code
        and parts.month = rates_to_base.month

)

select
    project_id,
    month,
    currency_code,
    {{ money('sum(revenue_amount)') }} as revenue_amount,
    {{ money('sum(revenue_amount_base)') }} as revenue_amount_base,
    {{ money('sum(loss_provision_amount_base)') }} as loss_provision_amount_base,
    {{ money('coalesce(sum(loss_provision_change_amount_base), 0)') }} as loss_provision_change_amount_base,
    {{ money('coalesce(sum(loss_provision_fx_amount_base), 0)') }} as loss_provision_fx_amount_base,
    max(case when is_as_invoiced then 1 else 0 end) = 1 as is_as_invoiced
from converted
group by
    project_id,
    month,
    currency_code
