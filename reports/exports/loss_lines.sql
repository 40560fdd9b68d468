-- One row per loss-making contract line, month and basis: price and estimate in the contract's currency, and why it makes a loss.
with lines as (
    select 'now' as basis, contract_line_id, month, project_id, revenue_method, currency_code, transaction_price_amount, eac_amount,
        eac_basis, plan_version_id, expected_loss_amount, loss_provision_amount, loss_provision_amount_base, cost_to_date_amount,
        is_above_plan
    from wh.margin.revenue_by_contract_line_month
    where is_loss_making
    union all
    select 'closed', contract_line_id, month, project_id, revenue_method, currency_code, transaction_price_amount, eac_amount,
        eac_basis, plan_version_id, expected_loss_amount, loss_provision_amount, loss_provision_amount_base, cost_to_date_amount,
        is_above_plan
    from wh.margin.revenue_by_contract_line_month_as_closed
    where is_loss_making
)
select
    l.basis,
    l.month,
    p.project_key,
    l.contract_line_id as line,
    l.currency_code as currency,
    l.transaction_price_amount as price,
    l.cost_to_date_amount as cost_to_date,
    l.eac_amount as eac,
    l.expected_loss_amount as expected_loss,
    l.loss_provision_amount as provision,
    l.loss_provision_amount_base as provision_base,
    case
        when l.is_above_plan then 'The cost to date is above the whole plan'
        else 'The ' || replace(l.eac_basis, '_', ' ') || ' ' || l.plan_version_id || ' costs more than the work is paid'
    end
    || case
        when l.loss_provision_amount = 0 and l.expected_loss_amount > 0 then '; all of the loss is in the margin already'
        when l.loss_provision_amount > 0 then '; the provision is what is in no margin yet'
        else ''
    end as why
from lines as l
join out.projects as p on l.project_id = p.project_id
order by l.basis, l.month, p.project_key, l.contract_line_id
