-- One row per contract line of a project, month and basis (as it is now; as it was closed), with the balances of its contract,
-- which a close does not keep.
with lines as (
    select 'now' as basis, * from wh.margin.revenue_by_contract_line_month
    union all by name
    select 'closed' as basis, * from wh.margin.revenue_by_contract_line_month_as_closed
),
placed as (
    select
        p.project_key,
        l.*,
        row_number() over (partition by l.basis, l.month, l.contract_id, p.project_key order by l.contract_line_id) as place
    from lines as l
    join out.projects as p on l.project_id = p.project_id
    join out.months as m on l.month = m.month
)
select
    l.project_key,
    l.month,
    l.basis,
    l.contract_line_id,
    replace(l.revenue_method, '_', ' ') as method,
    l.currency_code,
    l.transaction_price_amount as price,
    l.progress_pct,
    l.revenue_to_date_amount as revenue_to_date,
    l.loss_provision_amount as loss_provision,
    b.contract_asset_amount_base as contract_asset,
    b.contract_liability_amount_base as contract_liability,
    b.receivable_amount_base as receivable,
    b.retention_amount_base as retention,
    b.backlog_amount_base as backlog,
    case when l.is_loss_making then 'loss-making' end as state
from placed as l
-- a contract's balances stand once, beside the first of its lines
left join wh.margin.contract_balances_by_contract_month as b
    on l.contract_id = b.contract_id and l.month = b.month and l.place = 1 and l.basis = 'now'
order by l.project_key, l.month, l.basis, l.contract_line_id
