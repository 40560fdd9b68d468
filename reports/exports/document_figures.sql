-- One row per project, month and measure: the figure of the mart beside what its documents add up to.
with flows as (
    unpivot (
        select
            project_id,
            month,
            revenue_amount_base as revenue,
            labour_cost_amount_base as labour,
            subcontract_cost_amount_base as subcontract,
            material_cost_amount_base as material,
            equipment_cost_amount_base as equipment,
            travel_cost_amount_base as travel,
            other_cost_amount_base as other,
            loss_provision_change_amount_base as loss_provision_change,
            quality_cost_amount_base as quality,
            billed_amount_base as billed,
            collected_amount_base as collected
        from wh.margin.margin_by_project_month
    )
    on columns(* exclude (project_id, month)) into name measure value figure
),
balances as (
    unpivot (
        select
            project_id,
            month,
            sum(receivable_amount_base) as receivable,
            sum(retention_amount_base) as retention,
            sum(contract_asset_amount_base) as contract_asset,
            sum(contract_liability_amount_base) as contract_liability,
            sum(loss_provision_amount_base) as loss_provision,
            sum(backlog_amount_base) as backlog
        from wh.margin.contract_balances_by_contract_month
        group by project_id, month
    )
    on columns(* exclude (project_id, month)) into name measure value figure
),
figures as (
    select
        p.project_key,
        f.month,
        f.measure,
        f.figure
    from (select * from flows union all select * from balances) as f
    join out.projects as p on f.project_id = p.project_id
    semi join out.months as m on f.month = m.month
),
added as (
    select
        project_key,
        month,
        measure,
        count(*) as documents,
        count(*) filter (where amount_base is null) as without_amount,
        sum(amount_base) as amount
    from scratch.documents
    group by project_key, month, measure
)
select
    project_key,
    month,
    measure,
    cast(coalesce(f.figure, 0) as decimal(18, 2)) as figure,
    coalesce(a.documents, 0) as documents,
    coalesce(a.without_amount, 0) as without_amount,
    cast(coalesce(a.amount, 0) as decimal(18, 2)) as amount
from figures as f
full join added as a using (project_key, month, measure)
where f.figure <> 0 or a.documents > 0
order by project_key, month, measure
