-- A loss provision is never below zero nor above the loss expected; it is gone where the loss is in margin; its changes add up to it.
with line_months as (

    select * from {{ ref('revenue_by_contract_line_month') }}

),

running as (

    select
        contract_line_id,
        contract_id,
        month,
        expected_loss_amount,
        loss_provision_amount,
        sum(loss_provision_change_amount) over (
            partition by contract_line_id order by month
            rows between unbounded preceding and current row
        ) as sum_of_changes
    from line_months

),

contracts as (

    select
        contract_id,
        currency_code,
        month,
        sum(loss_provision_amount) as loss_provision_amount
    from line_months
    group by
        contract_id,
        currency_code,
        month
    -- everything done and recognised
    having count(case
        when
            eac_amount is null
            or cost_to_date_amount <> eac_amount
            or revenue_to_date_amount is distinct from transaction_price_amount
            then 1
    end) = 0

)

select
    contract_line_id as entity,
    month,
    'out of bounds' as fault
from running
where
    loss_provision_amount < 0
    or loss_provision_amount > expected_loss_amount

union all

select
    contract_line_id as entity,
    month,
    'changes do not add up' as fault
from running
where coalesce(loss_provision_amount, 0) <> sum_of_changes

union all

select
    contract_id as entity,
    month,
    'done and not released' as fault
from contracts
where loss_provision_amount <> 0
