-- One row per pack and project that it tells of: the portfolio (an empty key) has them all, a programme its own.
with projects as (
    select
        o.project_key,
        o.project_id,
        o.project_name,
        g.programme_key
    from out.projects as o
    left join wh.core.dim_projects as d on o.project_id = d.project_id
    left join out.programmes as g on d.programme_id = g.programme_id
)
select
    '' as scope_key,
    project_key,
    project_id,
    project_name
from projects
union all
select
    programme_key as scope_key,
    project_key,
    project_id,
    project_name
from projects
where programme_key is not null
