-- One row per published table and column.
select
    schema_name || '.' || model_name as table_name,
    row_number() over (order by schema_name, model_name, rowid) as position,
    nullif(column_name, '') as column_name,
    data_type,
    meaning,
    formula
from wh.ops.data_dictionary
order by position
