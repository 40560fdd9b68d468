-- One row per contract, month and basis with a balance: where it stands with its customer, in the reporting currency.
with balances as (
    select 'now' as basis, * from wh.margin.contract_balances_by_contract_month
    union all
    select 'closed' as basis, * from wh.margin.contract_balances_by_contract_month_as_closed
)
select
    b.basis,
    b.month,
    p.project_key,
    b.contract_id as contract,
    case when p.project_key is null then 'several projects' end as project_name,
    b.contract_asset_amount_base as asset,
    b.contract_liability_amount_base as liability,
    b.receivable_amount_base as receivable,
    b.retention_amount_base as retention,
    b.loss_provision_amount_base as provision,
    b.backlog_amount_base as backlog,
    case
        when b.has_unknown_revenue then 'revenue of a line is unknown'
        when
            b.contract_asset_amount_base is null or b.contract_liability_amount_base is null
            or b.receivable_amount_base is null or b.retention_amount_base is null
            then 'a rate is missing'
    end as state
from balances as b
left join out.projects as p on b.project_id = p.project_id
where
    coalesce(b.contract_asset_amount_base, 1) <> 0 or coalesce(b.contract_liability_amount_base, 1) <> 0
    or coalesce(b.receivable_amount_base, 1) <> 0 or coalesce(b.retention_amount_base, 1) <> 0
    or coalesce(b.loss_provision_amount_base, 1) <> 0 or coalesce(b.backlog_amount_base, 1) <> 0 or b.has_unknown_revenue
order by b.basis, b.month, b.contract_id
