-- One row per check that blocks the close of a programme's project; 60 at most of a programme.
select
    g.programme_key,
    p.project_name,
    s.name,
    s.open_count,
    s.amount,
    s.state,
    '/projects/' || p.project_key || '/' as link
from out.project_closing as s
join out.projects as p on s.project_key = p.project_key
join out.programmes as g on p.programme_id = g.programme_id
where s.state = 'blocks'
qualify row_number() over (partition by g.programme_key order by abs(s.amount) desc nulls last, p.project_key, s.rowid) <= 60
order by g.programme_key, abs(s.amount) desc nulls last, p.project_key, s.rowid
