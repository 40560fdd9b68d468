-- One row per programme: its projects, what they have earned and cost in all, and its status in the default month.
with summed as (
    select
        p.programme_id,
        count(*) as projects,
        sum(f.revenue_to_date) as revenue,
        sum(f.margin_to_date) as margin
    from out.projects as p
    left join out.project_figures as f on p.project_key = f.project_key
    where p.programme_id is not null
    group by p.programme_id
)
select
    g.programme_key,
    g.programme_name,
    g.programme_id,
    g.customer_name,
    g.programme_manager,
    coalesce(s.projects, 0) as projects,
    s.revenue,
    s.margin,
    cast(s.margin as double) / nullif(s.revenue, 0) as margin_pct,
    replace(c.overall_status, '_', ' ') as overall,
    '/programmes/' || g.programme_key || '/' as link
from out.programmes as g
left join summed as s on g.programme_id = s.programme_id
left join wh.kpi.scorecard_by_programme_month as c
    on g.programme_id = c.programme_id and c.month = (select month from out.default_month)
order by g.programme_key
