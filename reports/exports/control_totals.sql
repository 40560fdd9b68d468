-- One row per control total, the largest difference first.
select
    row_number() over (
        order by abs(difference) desc nulls last, feed, table_name, month desc, measure, unit
    ) as position,
    feed,
    table_name,
    month,
    replace(measure, '_', ' ') as measure,
    unit,
    cast(source_amount as decimal(18, 2)) as source_amount,
    cast(warehouse_amount as decimal(18, 2)) as warehouse_amount,
    cast(excluded_amount as decimal(18, 2)) as excluded_amount,
    cast(difference as decimal(18, 2)) as difference,
    case
        when coalesce(difference, 1) <> 0 then 'differs'
        when is_withheld then 'withheld: too few people'
    end as state
from wh.ops.control_totals
order by position
