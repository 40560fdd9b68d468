-- One row per refresh, newest first.
select
    started_at,
    status,
    files_loaded,
    files_refused,
    rows_loaded,
    code_version,
    substr(input_hash, 1, 12) as input_hash
from wh.ops.refreshes
order by started_at desc
