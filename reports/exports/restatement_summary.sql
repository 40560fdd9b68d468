-- One row per closed month and cause: what changed it since, over all projects.
select
    r.month,
    replace(r.cause, '_', ' ') as cause,
    count(distinct r.document_key) as documents,
    count(distinct r.project_id) as projects,
    sum(r.difference) filter (where r.measure = 'revenue_amount_base') as revenue,
    sum(r.difference) filter (
        where r.measure in (
            'labour_cost_amount_base', 'subcontract_cost_amount_base', 'material_cost_amount_base',
            'equipment_cost_amount_base', 'travel_cost_amount_base', 'other_cost_amount_base',
            'loss_provision_change_amount_base'
        )
    ) as cost
from wh.margin.margin_restatements as r
group by r.month, r.cause
order by r.month desc, cause
