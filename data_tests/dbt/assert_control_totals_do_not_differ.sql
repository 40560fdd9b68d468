-- What was delivered is held, or left out on purpose.
select
    feed,
    table_name,
    month,
    measure,
    unit,
    difference
from {{ ref('control_totals') }}
where difference <> 0
