-- One row per project, file and what the file gave; the 200 newest of a project.
with facts as (
    select
        project_id,
        source_file_id,
        category || ' cost' as what,
        -- how many entries stand behind a labour cost is not published
        case category when 'labour' then null else count(*) end as facts
    from wh.core.fct_cost_lines
    group by project_id, source_file_id, category
    union all
    select
        project_id,
        source_file_id,
        direction || ' invoices' as what,
        count(*) as facts
    from wh.core.fct_invoices
    group by project_id, source_file_id, direction
),
files as (
    select
        source_file_id,
        min(file_name) as file_name,
        max(loaded_at) as loaded_at
    from wh.ops.loads
    group by source_file_id
)
select
    p.project_key,
    coalesce(l.file_name, f.source_file_id, '(several files)') as file_name,
    f.what,
    cast(f.facts as bigint) as facts,
    strftime(l.loaded_at, '%Y-%m-%dT%H:%M:%SZ') as loaded_at,
    f.source_file_id
from facts as f
join out.projects as p on f.project_id = p.project_id
left join files as l on f.source_file_id = l.source_file_id
qualify row_number() over (partition by p.project_key order by l.loaded_at desc, f.source_file_id, f.what) <= 200
order by p.project_key, l.loaded_at desc, f.source_file_id, f.what
