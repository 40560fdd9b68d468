-- One row per severity, rule and unit.
select
    case severity when 'error' then 1 when 'warning' then 2 else 3 end as position,
    severity,
    replace(rule, '_', ' ') as rule,
    unit,
    count(*) as cases,
    count(distinct project_id) as projects,
    -- a notice is told at every level (project, customer, market): its sum would count the same cost again and again
    sum(amount_at_stake) filter (where severity <> 'notice') as amount_at_stake
from wh.ops.exceptions
group by severity, rule, unit
order by position, amount_at_stake desc nulls last, rule
