-- One row per refused file, newest first.
select
    file_name,
    feed,
    loaded_at,
    reason
from wh.ops.loads
where status = 'refused'
order by loaded_at desc, load_number desc
