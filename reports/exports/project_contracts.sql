-- One row per contract line of a project: what its latest complete month says, with the balances of its contract.
with latest as (
    select max(month) as month
    from out.months
    where is_complete and has_figures
),
lines as (
    select
        p.project_key,
        l.contract_id,
        l.contract_line_id,
        l.month,
        replace(l.revenue_method, '_', ' ') as method,
        l.currency_code,
        l.transaction_price_amount as price,
        cast(l.progress_pct as double) as progress_pct,
        l.revenue_to_date_amount as revenue_to_date,
        l.loss_provision_amount as loss_provision,
        case when l.is_loss_making then 'loss-making' end as state,
        row_number() over (partition by l.contract_id, p.project_key order by l.contract_line_id) as place
    from wh.margin.revenue_by_contract_line_month as l
    join latest on l.month = latest.month
    join out.projects as p on l.project_id = p.project_id
)
select
    lines.project_key,
    lines.contract_line_id,
    lines.method,
    lines.currency_code,
    lines.price,
    lines.progress_pct,
    lines.revenue_to_date,
    lines.loss_provision,
    lines.state,
    b.contract_asset_amount_base as contract_asset,
    b.contract_liability_amount_base as contract_liability,
    b.receivable_amount_base as receivable,
    b.retention_amount_base as retention,
    b.backlog_amount_base as backlog
from lines
-- a contract's balances stand once, beside the first of its lines
left join wh.margin.contract_balances_by_contract_month as b
    on lines.contract_id = b.contract_id and lines.month = b.month and lines.place = 1
order by lines.project_key, lines.contract_line_id
