-- One row per project, month and dimension that is red: its first reason, how many there are, and whether it was red the month
-- before. The KPI farthest from its band is not known across units: the reasons stand in the order of their names.
with red as (
    select
        project_id,
        month,
        dimension,
        count(*) as kpis,
        min_by(status_reason, kpi_name) as reason,
        string_agg(kpi_name, ', ' order by kpi_name) as kpi_names
    from wh.kpi.kpi_values_by_project_month
    where status = 'red' and dimension is not null
    group by project_id, month, dimension
)
select
    p.project_key,
    r.month,
    r.dimension,
    r.kpis,
    -- what the bands are stands in the dictionary of KPI; here only why it is red
    regexp_replace(r.reason, '; .*$', '.') as reason,
    case when r.kpis > 1 then r.kpi_names end as kpi_names,
    case when b.project_id is null then 'new this month' end as state
from red as r
join out.projects as p on r.project_id = p.project_id
left join red as b
    on r.project_id = b.project_id and r.dimension = b.dimension and b.month = r.month - interval 1 month
join out.months as m on r.month = m.month
order by r.month, p.project_key, r.dimension
