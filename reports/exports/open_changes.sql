-- One row per change request that is not decided, as known now, the oldest first.
select
    p.project_key,
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
where s.decided_date is null
order by s.requested_date nulls last, p.project_key, s.rowid
