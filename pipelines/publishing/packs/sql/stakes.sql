-- One row per pack, severity, rule and unit of exceptions that are no notices: cases, and the money at stake.
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
    scope_key,
    severity,
    replace(rule, '_', ' ') as rule,
    unit,
    count(*) as cases,
    sum(amount_at_stake) as amount_at_stake
from told
where severity <> 'notice'
group by scope_key, severity, rule, unit
order by scope_key, severity, amount_at_stake desc nulls last, rule, unit
