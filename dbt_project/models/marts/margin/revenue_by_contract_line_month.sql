{#- A share of hours worked is shown only where enough people have worked. -#}
{%- set minimum = var('minimum_group') -%}

with contract_line_months as (

    select * from {{ ref('int_revenue__by_contract_line_month') }}

),

people as (

    select * from {{ ref('int_revenue__people_behind_hours') }}

)

select
    contract_line_months.contract_line_id,
    contract_line_months.month,
    contract_line_months.contract_id,
    contract_line_months.project_id,
    contract_line_months.revenue_method,
    contract_line_months.currency_code,
    contract_line_months.transaction_price_amount,
    case
        when contract_line_months.revenue_method <> 'labour_hours' or people.people >= {{ minimum }}
            then contract_line_months.progress_pct
    end as progress_pct,
    contract_line_months.revenue_to_date_amount,
    contract_line_months.revenue_to_date_amount_base,
    contract_line_months.revenue_amount,
    contract_line_months.revenue_amount_base,
    contract_line_months.catch_up_amount,
    contract_line_months.above_cap_amount,
    contract_line_months.cost_to_date_amount,
    contract_line_months.cost_to_date_amount_base,
    contract_line_months.uninstalled_cost_to_date_amount,
    contract_line_months.quality_cost_to_date_amount,
    contract_line_months.eac_amount,
    contract_line_months.eac_amount_base,
    contract_line_months.plan_kind as eac_basis,
    contract_line_months.plan_version_id,
    contract_line_months.is_cost_recovered,
    contract_line_months.is_above_plan,
    contract_line_months.is_loss_making,
    contract_line_months.expected_loss_amount,
    contract_line_months.loss_provision_amount,
    contract_line_months.loss_provision_amount_base,
    contract_line_months.loss_provision_change_amount,
    contract_line_months.loss_provision_change_amount_base,
    contract_line_months.no_revenue_reason
from contract_line_months
left join people
    on contract_line_months.contract_line_id = people.contract_line_id
    and contract_line_months.month = people.month
order by
    contract_line_id,
    month
