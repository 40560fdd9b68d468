-- One row per change request of a programme's projects that is not decided, the oldest first; 60 at most of a programme.
select
    g.programme_key,
    p.project_name,
    s.change_request_id,
    s.title,
    s.status,
    s.requested_date,
    s.price,
    s.cost,
    s.schedule_days,
    '/projects/' || p.project_key || '/' as link
from out.project_changes as s
join out.projects as p on s.project_key = p.project_key
join out.programmes as g on p.programme_id = g.programme_id
where s.decided_date is null
qualify row_number() over (partition by g.programme_key order by s.requested_date nulls last, p.project_key, s.rowid) <= 60
order by g.programme_key, s.requested_date nulls last, p.project_key, s.rowid
