-- What was delivered is held, or left out on purpose. What a file says wrongly about itself is its own fault and no
-- fault of the warehouse: ops.exceptions and the published suite tell it.
select
    feed,
    table_name,
    month,
    measure,
    unit,
    difference
from {{ ref('control_totals') }}
where
    difference <> 0
    and source_file_id is null
