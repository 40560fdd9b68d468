-- One row per project, role and month to come: the hours that are planned; none where too few people stand behind them.
select
    p.project_key,
    f.role_id as role,
    f.month,
    f.hours,
    case when f.is_hours_withheld then 'withheld: too few people' end as note
from wh.core.fct_resource_plans as f
join out.projects as p on f.project_id = p.project_id
where f.month > (select month from out.default_month)
order by p.project_key, f.month, f.role_id
