-- One row per canonical table.
select
    feed,
    table_name,
    files,
    last_delivered_at,
    expected_by_at,
    case
        when is_late then 'late'
        when files = 0 then 'nothing delivered'
        when is_late is null then 'no expectation set'
        else 'in time'
    end as state
from wh.ops.feed_freshness
order by feed, table_name
