-- One row per programme that has projects, with the name of its files. A delivered id may hold anything, a file's name may
-- not: the rule is that of a project's page (reports/exports/projects.sql).
with delivered as (
    select
        programme_id,
        max(programme_name) as programme_name
    from wh.core.dim_projects
    where trim(programme_id) <> ''
    group by programme_id
),
keyed as (
    select
        programme_id,
        programme_name,
        case
            when
                regexp_full_match(programme_id, '[A-Za-z0-9_-]{1,64}')
                and lower(programme_id) <> 'index'
                and count(*) over (partition by lower(programme_id)) = 1
                then programme_id
            else 'pg-' || substr(sha256(programme_id), 1, 20)
        end as programme_key
    from delivered
)
select
    k.programme_key,
    k.programme_id,
    coalesce(nullif(trim(d.programme_name), ''), nullif(trim(k.programme_name), ''), k.programme_id) as programme_name,
    d.programme_manager
from keyed as k
left join wh.core.dim_programmes as d on k.programme_id = d.programme_id
order by k.programme_id
