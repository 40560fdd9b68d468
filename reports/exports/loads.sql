-- One row per file and table that was taken in, newest first.
select
    file_name,
    feed,
    table_name,
    format,
    loaded_at,
    rows_read,
    rows_loaded,
    rows_rejected,
    rows_unchanged,
    amount_column,
    cast(amount_read as decimal(18, 2)) as amount_read,
    cast(amount_loaded as decimal(18, 2)) as amount_loaded,
    cast(amount_rejected as decimal(18, 2)) as amount_rejected,
    cast(amount_unchanged as decimal(18, 2)) as amount_unchanged,
    case when is_amount_withheld then 'sum withheld: too few people' else warnings end as note
from wh.ops.loads
where status = 'loaded'
order by loaded_at desc, load_number desc, table_name
