-- One row per pack and contract: its balances with the customer at the end of the month.
select
    s.scope_key,
    b.contract_id,
    s.project_name,
    s.project_id,
    b.revenue_to_date_base as revenue_to_date,
    b.billed_to_date_base as billed_to_date,
    b.contract_asset_amount_base as contract_asset,
    b.contract_liability_amount_base as contract_liability,
    b.receivable_amount_base as receivable,
    b.retention_amount_base as retention,
    b.loss_provision_amount_base as loss_provision,
    b.backlog_amount_base as backlog,
    case when b.has_unknown_revenue then 'revenue unknown' end as state
from wh.margin.contract_balances_by_contract_month as b
join out.reported as r on b.month = r.month
join out.scopes as s on b.project_id = s.project_id
order by s.scope_key, b.contract_id
