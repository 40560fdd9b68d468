-- One row per feed and table.
select
    feed,
    table_name,
    count(*) as files,
    cast(sum(rows_read) as bigint) as rows_read,
    cast(sum(rows_loaded) as bigint) as rows_loaded,
    cast(sum(rows_rejected) as bigint) as rows_rejected,
    cast(sum(rows_unchanged) as bigint) as rows_unchanged,
    case when bool_and(is_conserved) then 'yes' else 'no' end as adds_up
from wh.ops.loads
where status = 'loaded'
group by feed, table_name
order by feed, table_name
