-- One row per control total, the largest difference first.
select
    row_number() over (
        order by abs(difference) desc nulls last, feed, table_name, month desc, file_name, measure, unit
    ) as position,
    feed,
    coalesce(table_name, file_name) as table_name,
    month,
    case when file_name is null then replace(measure, '_', ' ') else measure end as measure,
    unit,
    cast(source_amount as decimal(18, 2)) as source_amount,
    cast(warehouse_amount as decimal(18, 2)) as warehouse_amount,
    cast(excluded_amount as decimal(18, 2)) as excluded_amount,
    cast(difference as decimal(18, 2)) as difference,
    case
        when is_withheld and coalesce(difference, 0) = 0 then 'withheld: too few people'
        when coalesce(difference, 1) <> 0 then 'differs'
    end as state
from wh.ops.control_totals
order by position
