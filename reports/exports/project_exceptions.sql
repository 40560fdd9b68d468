-- One row per exception of a project, errors first, then by what is at stake; 200 at most of a project.
select
    p.project_key,
    case e.severity when 'error' then 1 when 'warning' then 2 else 3 end as position,
    e.severity,
    replace(e.rule, '_', ' ') as rule,
    e.month,
    e.message,
    e.amount_at_stake,
    e.unit
from wh.ops.exceptions as e
join out.projects as p on e.project_id = p.project_id
qualify
    row_number() over (
        partition by p.project_key
        order by position, e.amount_at_stake desc nulls last, e.rule, e.entity, e.month desc, e.message
    ) <= 200
order by p.project_key, position, e.amount_at_stake desc nulls last, e.rule, e.entity, e.month desc, e.message
