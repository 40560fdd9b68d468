-- One row per closed month, project, figure and document that changed it since, the latest month first. Cost of sales and
-- gross margin follow from the figures shown.
select
    r.month,
    r.project_id,
    replace(replace(r.measure, '_amount_base', ''), '_', ' ') as figure,
    r.document,
    r.amount_as_closed,
    r.amount_now,
    r.difference,
    replace(r.cause, '_', ' ') as cause,
    r.file_name
from wh.margin.margin_restatements as r
where r.measure not in ('cost_of_sales_amount_base', 'gross_margin_amount_base')
order by r.month desc, abs(r.difference) desc, r.project_id, r.measure, r.document_key
