-- One row per exception, errors first, then by what is at stake.
select
    case e.severity when 'error' then 1 when 'warning' then 2 else 3 end as position,
    e.severity,
    case when e.profile is null then replace(e.rule, '_', ' ') else e.rule || ' (' || e.profile || ')' end as rule,
    concat_ws(' ', replace(e.entity_type, '_', ' '), e.entity) as entity,
    e.month,
    e.message,
    e.amount_at_stake,
    e.unit
from wh.ops.exceptions as e
order by position, e.amount_at_stake desc nulls last, e.rule, e.entity, e.month desc, e.message
