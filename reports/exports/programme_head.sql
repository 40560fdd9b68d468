-- One row per programme: what it is.
select
    g.programme_key,
    g.programme_id,
    g.programme_name,
    g.customer_name,
    g.programme_manager,
    count(p.project_key) as projects,
    string_agg(distinct p.business_group, ', ' order by p.business_group) as business_groups,
    string_agg(distinct p.market, ', ' order by p.market) as markets,
    min(p.start_date) as start_date,
    max(p.planned_end_date) as planned_end_date
from out.programmes as g
left join out.projects as p on g.programme_id = p.programme_id
group by all
order by g.programme_key
