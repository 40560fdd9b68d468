-- One row per pack and exception, errors first, then by what is at stake; 5,000 at most of a pack. The portfolio has those of no
-- project, too.
with told as (
    select
        '' as scope_key,
        e.*
    from wh.ops.exceptions as e
    union all
    select
        s.scope_key,
        e.*
    from wh.ops.exceptions as e
    join out.scopes as s on e.project_id = s.project_id
    where s.scope_key <> ''
)
select
    t.scope_key,
    t.severity,
    case when t.profile is null then replace(t.rule, '_', ' ') else t.rule || ' (' || t.profile || ')' end as rule,
    concat_ws(' ', replace(t.entity_type, '_', ' '), t.entity) as entity,
    t.project_id,
    t.month,
    t.message,
    t.amount_at_stake,
    t.unit,
    count(*) over (partition by t.scope_key) as cases,
    case t.severity when 'error' then 1 when 'warning' then 2 else 3 end as position
from told as t
qualify
    row_number() over (
        partition by t.scope_key
        order by position, t.amount_at_stake desc nulls last, t.rule, t.entity, t.month desc, t.message
    ) <= 5000
order by t.scope_key, position, t.amount_at_stake desc nulls last, t.rule, t.entity, t.month desc, t.message
