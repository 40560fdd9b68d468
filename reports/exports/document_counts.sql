-- One row per project and month: how many documents stand under its figures, and what they do not explain.
select
    f.month,
    f.project_key,
    p.project_name,
    p.project_id,
    cast(sum(f.documents) filter (where f.measure in ('revenue', 'loss_provision_change')) as bigint) as revenue_documents,
    cast(
        sum(f.documents) filter (
            where f.measure in ('labour', 'subcontract', 'material', 'equipment', 'travel', 'other')
        ) as bigint
    ) as cost_documents,
    cast(sum(f.documents) filter (where f.measure = 'billed') as bigint) as invoice_documents,
    cast(sum(f.documents) filter (where f.measure = 'collected') as bigint) as payment_documents,
    cast(
        sum(f.documents) filter (
            where f.measure in (
                'receivable', 'retention', 'contract_asset', 'contract_liability', 'loss_provision', 'backlog'
            )
        ) as bigint
    ) as balance_documents,
    sum(abs(f.figure - f.amount)) as unexplained,
    '/documents/?month=' || strftime(f.month, '%Y-%m') || '&project=' || f.project_key as link
from scratch.document_figures as f
join out.projects as p on f.project_key = p.project_key
group by f.month, f.project_key, p.project_name, p.project_id
order by f.month, f.project_key
