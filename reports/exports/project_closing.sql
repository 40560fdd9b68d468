-- One row per project and check that must hold before it is closed, what blocks first.
select
    p.project_key,
    replace(c.check_name, '_', ' ') as name,
    c.open_count,
    c.open_amount_base as amount,
    case when c.is_clear then 'clear' when c.is_blocking then 'blocks' else 'open' end as state
from wh.kpi.closing_checklist as c
join out.projects as p on c.project_id = p.project_id
order by p.project_key, c.is_blocking desc, c.is_clear, c.check_name
