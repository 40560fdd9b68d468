-- One row per project and gate, as known now, those that are not ready first.
select
    p.project_key,
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
order by s.state = 'ready', s.next_due_date nulls last, p.project_key, s.rowid
