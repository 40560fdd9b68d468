-- One row per project and check that blocks its close, as known now.
select
    p.project_key,
    p.project_name,
    s.name,
    s.open_count,
    s.amount,
    s.state,
    '/projects/' || p.project_key || '/' as link
from out.project_closing as s
join out.projects as p on s.project_key = p.project_key
where s.state = 'blocks'
order by abs(s.amount) desc nulls last, p.project_key, s.rowid
