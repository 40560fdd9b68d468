with amounts as (

    select * from {{ ref('int_revenue__amounts_by_contract_line_month') }}

),

in_base as (

    select * from {{ ref('int_revenue__line_months_in_base') }}

),

losses as (

    select * from {{ ref('int_revenue__losses_by_contract_line_month') }}

),

costs as (

    select * from {{ ref('int_eac__costs_by_contract_line_month') }}

),

rates_to_base as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

valued as (

    select
        amounts.contract_line_id,
        amounts.month,
        amounts.contract_id,
        amounts.project_id,
        amounts.branch_id,
        amounts.revenue_method,
        amounts.currency_code,
        amounts.measured_on,
        amounts.transaction_price_amount,
        amounts.progress_pct,
        amounts.revenue_to_date_amount,
        amounts.revenue_amount,
        in_base.revenue_amount_base,
        amounts.catch_up_amount,
        amounts.above_cap_amount,
        amounts.is_cost_recovered,
        amounts.parts_without_rate,
        amounts.no_revenue_reason,
        losses.is_loss_making,
        losses.expected_loss_amount,
        losses.loss_provision_amount,
        losses.loss_provision_change_amount,
        case
            when losses.loss_provision_amount = 0 then cast(0 as decimal(18, 2))
            else {{ money(to_base('losses.loss_provision_amount', 'rates_to_base.closing_rate_to_base')) }}
        end as loss_provision_amount_base,
        case
            when losses.loss_provision_change_amount = 0 then cast(0 as decimal(18, 2))
            else {{ money(to_base('losses.loss_provision_change_amount', 'rates_to_base.average_rate_to_base')) }}
        end as loss_provision_change_amount_base,
        costs.cost_to_date_amount,
        costs.cost_to_date_amount_base,
        costs.uninstalled_cost_to_date_amount,
        costs.quality_cost_to_date_amount,
        costs.eac_amount,
        costs.eac_amount_base,
        costs.plan_version_id,
        costs.plan_kind,
        costs.is_above_plan,
        costs.is_complete,
        costs.unconverted_amount_base,
        costs.stale_plan_amount,
        costs.no_eac_reason
    from amounts
    left join in_base
        on amounts.contract_line_id = in_base.contract_line_id
        and amounts.month = in_base.month
    left join losses
        on amounts.contract_line_id = losses.contract_line_id
        and amounts.month = losses.month
    left join costs
        on amounts.contract_line_id = costs.contract_line_id
        and amounts.month = costs.month
    left join rates_to_base
        on amounts.currency_code = rates_to_base.currency_code
        and amounts.month = rates_to_base.month

)

select
    contract_line_id,
    month,
    contract_id,
    project_id,
    branch_id,
    revenue_method,
    currency_code,
    measured_on,
    transaction_price_amount,
    progress_pct,
    revenue_to_date_amount,
    revenue_amount,
    revenue_amount_base,
    -- one month of unknown worth leaves the sum to date unknown
    case
        when count(case when revenue_amount <> 0 and revenue_amount_base is null then 1 end) over (
            partition by contract_line_id order by month
            rows between unbounded preceding and current row
        ) = 0 and revenue_amount is not null
            then
                {{ money('sum(revenue_amount_base) over (partition by contract_line_id order by month'
                    ~ ' rows between unbounded preceding and current row)') }}
    end as revenue_to_date_amount_base,
    catch_up_amount,
    above_cap_amount,
    is_cost_recovered,
    parts_without_rate,
    no_revenue_reason,
    is_loss_making,
    expected_loss_amount,
    loss_provision_amount,
    loss_provision_amount_base,
    loss_provision_change_amount,
    loss_provision_change_amount_base,
    -- what the provision moved beyond its change is the currency's
    case
        when loss_provision_amount_base is not null or loss_provision_amount is null
            then
                {{ money('coalesce(loss_provision_amount_base, 0) - coalesce(lag(loss_provision_amount_base) over ('
                    ~ 'partition by contract_line_id order by month), 0) - loss_provision_change_amount_base') }}
    end as loss_provision_fx_amount_base,
    cost_to_date_amount,
    cost_to_date_amount_base,
    uninstalled_cost_to_date_amount,
    quality_cost_to_date_amount,
    eac_amount,
    eac_amount_base,
    plan_version_id,
    plan_kind,
    is_above_plan,
    is_complete,
    unconverted_amount_base,
    stale_plan_amount,
    no_eac_reason
from valued
