-- One row per project and unit with open exceptions: what hangs on them. Notices ask nobody to do anything.
select
    p.project_key,
    coalesce(p.project_name, e.project_id, '(no project)') as project_name,
    count(*) filter (where e.severity = 'error') as errors,
    count(*) filter (where e.severity = 'warning') as warnings,
    sum(e.amount_at_stake) as amount_at_stake,
    e.unit,
    string_agg(distinct replace(e.rule, '_', ' '), ', ' order by replace(e.rule, '_', ' ')) as rules,
    case when p.project_key is not null then '/projects/' || p.project_key || '/' end as link
from wh.ops.exceptions as e
left join out.projects as p on e.project_id = p.project_id
where e.severity <> 'notice'
group by p.project_key, coalesce(p.project_name, e.project_id, '(no project)'), e.unit
order by errors desc, amount_at_stake desc nulls last, project_name, unit
