-- One row per pack and programme (a programme's pack: its own), with what stands in none as a row of its own.
select
    s.scope_key,
    coalesce(g.programme_name, 'No programme') as programme_name,
    g.programme_id,
    m.programme_manager,
    count(*) as projects,
    sum(p.month_revenue) as month_revenue,
    sum(p.month_margin) as month_margin,
    sum(p.year_revenue) as year_revenue,
    sum(p.year_margin) as year_margin,
    sum(p.revenue_to_date) as revenue_to_date,
    sum(p.margin_to_date) as margin_to_date,
    sum(p.backlog) as backlog,
    count(*) filter (where p.overall_status = 'red') as red_projects
from out.scopes as s
join out.project_rows as p on s.scope_key = p.scope_key and s.project_id = p.project_id
left join wh.core.dim_projects as d on s.project_id = d.project_id
left join out.programmes as g on d.programme_id = g.programme_id
left join wh.core.dim_programmes as m on g.programme_id = m.programme_id
group by s.scope_key, g.programme_name, g.programme_id, m.programme_manager
order by s.scope_key, year_revenue desc nulls last, g.programme_id
