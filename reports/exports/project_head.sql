-- One row per project: what it is, with the addresses of its programme and of its customer's other figures.
select
    p.project_key,
    p.project_id,
    p.project_name,
    p.customer_name,
    p.programme_name,
    '/programmes/' || g.programme_key || '/' as programme_link,
    p.business_group,
    p.market,
    p.project_manager,
    p.currency_code,
    p.status,
    p.is_key_project,
    p.start_date,
    p.planned_end_date,
    p.actual_end_date
from out.projects as p
left join out.programmes as g on p.programme_id = g.programme_id
order by p.project_key
