-- One row per reject, of the newest files first.
with files as (
    select
        source_file_id,
        min(file_name) as file_name,
        max(load_number) as load_number
    from wh.ops.loads
    group by source_file_id
)
select
    row_number() over (order by f.load_number desc, r.source_file_id, r.table_name, r.reject_number) as position,
    coalesce(f.file_name, r.source_file_id) as file_name,
    r.table_name,
    r.source_line,
    r.column_name,
    substr(r.value, 1, 200) as value,
    r.reason,
    r.remedy
from wh.ops.rejected_rows as r
left join files as f on r.source_file_id = f.source_file_id
order by position
