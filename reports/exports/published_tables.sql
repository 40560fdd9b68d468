-- One row per published table: what a row of it is, and how many rows it has.
select
    t.schema_name || '.' || t.table_name as table_name,
    cast(t.estimated_size as bigint) as rows_published,
    count(d.column_name) filter (where d.column_name <> '') as columns,
    max(d.meaning) filter (where d.column_name = '') as meaning
from duckdb_tables() as t
left join wh.ops.data_dictionary as d on t.schema_name = d.schema_name and t.table_name = d.model_name
where t.database_name = 'wh'
group by t.schema_name, t.table_name, t.estimated_size
order by 1
