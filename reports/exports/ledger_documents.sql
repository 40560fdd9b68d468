-- One row per document, project and class of account that makes warehouse and postings differ, the largest of the latest months
-- first; what moves every balance by itself (currency) is left out.
with latest as (
    select coalesce((select month from out.default_month), date '0001-01-01') as month
),
files as (
    select
        source_file_id,
        min(file_name) as file_name
    from wh.ops.loads
    group by source_file_id
)
select
    d.month,
    d.category,
    coalesce(p.project_name, d.project_id, d.delivered_project_id) as project_name,
    replace(d.document_type, '_', ' ') as document_type,
    d.document_number,
    replace(d.reason, '_', ' ') as reason,
    d.posted_amount_base as posted,
    d.warehouse_amount_base as warehouse,
    d.difference_amount_base as difference,
    f.file_name
from wh.margin.reconciliation_documents as d
left join latest on true
left join out.projects as p on d.project_id = p.project_id
left join files as f on d.source_file_id = f.source_file_id
where d.reason <> 'currency_effect' and d.difference_amount_base <> 0
order by d.month > latest.month, d.month desc, abs(d.difference_amount_base) desc, d.category, d.document_key, d.project_id
