-- Of every file, rows and amounts read are those loaded, rejected and unchanged.
select
    source_file_id,
    table_name,
    file_name,
    rows_read,
    rows_loaded,
    rows_rejected,
    rows_unchanged
from {{ ref('loads') }}
where not is_conserved
