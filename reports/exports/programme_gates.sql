-- One row per gate of a programme's projects that is not ready, as known now; 60 at most of a programme.
select
    g.programme_key,
    p.project_name,
    s.gate,
    s.items,
    s.done,
    s.mandatory_open,
    s.overdue,
    s.next_due_date,
    s.state,
    s.waiting,
    '/projects/' || p.project_key || '/' as link
from out.project_gates as s
join out.projects as p on s.project_key = p.project_key
join out.programmes as g on p.programme_id = g.programme_id
where s.state <> 'ready'
qualify row_number() over (partition by g.programme_key order by s.next_due_date nulls last, p.project_key, s.rowid) <= 60
order by g.programme_key, s.next_due_date nulls last, p.project_key, s.rowid
