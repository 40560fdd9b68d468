with amounts as (

    select * from {{ ref('int_revenue__amounts_by_contract_line_month') }}

),

contract_lines as (

    select * from {{ ref('int_contracts__obligations_named') }}

),

costs as (

    select * from {{ ref('int_eac__costs_by_contract_line_month') }}

),

-- what the customer will pay at most for all of the work; nobody knows it of work by the hour without a cap
priced as (

    select
        amounts.contract_line_id,
        amounts.month,
        amounts.contract_id,
        amounts.currency_code,
        amounts.project_id,
        amounts.branch_id,
        contract_lines.place_in_branch,
        case
            when amounts.revenue_method = 'time_and_material' then contract_lines.not_to_exceed_amount
            else amounts.transaction_price_amount
        end as price_amount,
        amounts.revenue_to_date_amount,
        costs.eac_amount,
        costs.cost_to_date_amount
    from amounts
    inner join contract_lines
        on amounts.contract_line_id = contract_lines.contract_line_id
    left join costs
        on amounts.contract_line_id = costs.contract_line_id
        and amounts.month = costs.month

),

-- the cost of a branch stands against the prices of all lines that pay for it; one price unknown leaves it untested
branches as (

    select
        contract_line_id,
        month,
        contract_id,
        currency_code,
        price_amount,
        revenue_to_date_amount,
        eac_amount,
        cost_to_date_amount,
        row_number() over (partition by project_id, branch_id, month order by place_in_branch) as place,
        sum(price_amount) over (partition by project_id, branch_id, month) as branch_price_amount,
        count(*) over (partition by project_id, branch_id, month)
        = count(price_amount) over (partition by project_id, branch_id, month)
        and eac_amount is not null as is_tested
    from priced

),

tested as (

    select
        contract_line_id,
        month,
        contract_id,
        currency_code,
        is_tested,
        case when is_tested then eac_amount > branch_price_amount end as is_loss_making,
        case when is_tested then price_amount else 0 end as price_amount,
        case when is_tested then coalesce(revenue_to_date_amount, 0) else 0 end as revenue_to_date_amount,
        case when is_tested and place = 1 then eac_amount else 0 end as eac_amount,
        case when is_tested and place = 1 then cost_to_date_amount else 0 end as cost_to_date_amount,
        -- how much of a contract's loss is this line's
        case
            when is_tested and place = 1 then greatest(eac_amount - branch_price_amount, 0)
            else 0
        end as own_loss_amount
    from branches

),

-- a contract loses or does not lose as a whole (IAS 37.66-69, ASC 605-35-25-45)
contracts as (

    select
        contract_id,
        currency_code,
        month,
        greatest(sum(eac_amount) - sum(price_amount), 0) as loss_amount,
        greatest(
            greatest(sum(eac_amount) - sum(price_amount), 0)
            - greatest(sum(cost_to_date_amount) - sum(revenue_to_date_amount), 0),
            0
        ) as provision_amount,
        sum(own_loss_amount) as own_loss_amount
    from tested
    group by
        contract_id,
        currency_code,
        month

),

running as (

    select
        tested.contract_line_id,
        tested.contract_id,
        tested.currency_code,
        tested.month,
        tested.is_tested,
        tested.is_loss_making,
        tested.own_loss_amount,
        sum(tested.own_loss_amount) over (
            partition by tested.contract_id, tested.currency_code, tested.month
            order by tested.contract_line_id
            rows between unbounded preceding and current row
        ) as running_loss_amount
    from tested

),

shared as (

    select
        running.contract_line_id,
        running.month,
        running.is_loss_making,
        case
            when not running.is_tested then cast(null as decimal(18, 2))
            when contracts.own_loss_amount = 0 then 0
            else
                {{ money(divided('contracts.loss_amount * running.running_loss_amount', 'contracts.own_loss_amount', 2)) }}
                - {{ money(divided('contracts.loss_amount * (running.running_loss_amount - running.own_loss_amount)',
                    'contracts.own_loss_amount', 2)) }}
        end as expected_loss_amount,
        case
            when not running.is_tested then cast(null as decimal(18, 2))
            when contracts.own_loss_amount = 0 then 0
            else
                {{ money(divided('contracts.provision_amount * running.running_loss_amount',
                    'contracts.own_loss_amount', 2)) }}
                - {{ money(divided('contracts.provision_amount * (running.running_loss_amount - running.own_loss_amount)',
                    'contracts.own_loss_amount', 2)) }}
        end as loss_provision_amount
    from running
    inner join contracts
        on running.contract_id = contracts.contract_id
        and running.currency_code = contracts.currency_code
        and running.month = contracts.month

)

select
    contract_line_id,
    month,
    is_loss_making,
    {{ money('expected_loss_amount') }} as expected_loss_amount,
    {{ money('loss_provision_amount') }} as loss_provision_amount,
    {{ money('coalesce(loss_provision_amount, 0) - coalesce(lag(loss_provision_amount) over ('
        ~ 'partition by contract_line_id order by month), 0)') }} as loss_provision_change_amount
from shared
