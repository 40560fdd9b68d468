-- One row per month, class of account, project and document that makes warehouse and postings differ, the latest complete month
-- first; of labour, which stands twice, what time sheets and postings differ by; currency effects are left out.
with latest as (
    select coalesce((select month from out.default_month), date '0001-01-01') as month
),
files as (
    select
        source_file_id,
        min(file_name) as file_name
    from wh.ops.loads
    group by source_file_id
),
documents as (
    select
        d.month,
        d.category,
        coalesce(p.project_name, d.project_id, d.delivered_project_id) as project_name,
        case when d.category = 'labour' then 'time sheets' else replace(d.document_type, '_', ' ') end as document_type,
        d.document_number,
        case
            when d.reason in ('labour_by_time_sheets', 'labour_posted_left_out') then 'labour by time sheets, not as posted'
            else replace(d.reason, '_', ' ')
        end as reason,
        d.posted_amount_base,
        d.warehouse_amount_base,
        d.difference_amount_base,
        case when d.category <> 'labour' then f.file_name end as file_name,
        case when d.category <> 'labour' then d.document_key end as document_key
    from wh.margin.reconciliation_documents as d
    left join out.projects as p on d.project_id = p.project_id
    left join files as f on d.source_file_id = f.source_file_id
    where d.reason <> 'currency_effect'
),
summed as (
    select
        month,
        category,
        project_name,
        document_type,
        document_number,
        reason,
        file_name,
        document_key,
        sum(posted_amount_base) as posted,
        sum(warehouse_amount_base) as warehouse,
        sum(difference_amount_base) as difference
    from documents
    group by all
)
select
    row_number() over (
        order by
            s.month > latest.month, s.month desc, abs(s.difference) desc, s.category, s.document_key, s.project_name, s.document_type
    ) as position,
    s.month,
    s.category,
    s.project_name,
    s.document_type,
    s.document_number,
    s.reason,
    s.posted,
    s.warehouse,
    s.difference,
    s.file_name
from summed as s
cross join latest
where s.difference <> 0
order by position
