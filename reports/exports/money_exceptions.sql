-- One row per open exception that is no notice and has an amount or hours at stake, or a figure that is missing; those without a
-- project first, for they are in no project's figures.
select
    p.project_key,
    e.month,
    e.severity,
    replace(e.rule, '_', ' ') as rule,
    concat_ws(' ', replace(e.entity_type, '_', ' '), e.entity) as entity,
    e.message,
    e.amount_at_stake,
    e.unit
from wh.ops.exceptions as e
left join out.projects as p on e.project_id = p.project_id
where e.severity <> 'notice'
order by e.severity <> 'error', e.amount_at_stake desc nulls last, e.rule, e.entity, e.month desc
