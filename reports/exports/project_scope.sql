-- One row per project: what a reader filters it by, and its name.
select
    p.project_key,
    p.business_group,
    p.market,
    p.customer_id,
    g.programme_key,
    p.project_name
from out.projects as p
left join out.programmes as g on p.programme_id = g.programme_id
order by p.project_key
