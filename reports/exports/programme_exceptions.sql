-- One row per open exception of a programme's projects, errors first, then by what is at stake; 100 at most of a programme.
select
    g.programme_key,
    p.project_name,
    s.severity,
    s.rule,
    s.month,
    s.message,
    s.amount_at_stake,
    s.unit,
    '/projects/' || p.project_key || '/' as link
from out.project_exceptions as s
join out.projects as p on s.project_key = p.project_key
join out.programmes as g on p.programme_id = g.programme_id
qualify row_number() over (partition by g.programme_key order by s.position, s.amount_at_stake desc nulls last, p.project_key, s.rowid) <= 100
order by g.programme_key, s.position, s.amount_at_stake desc nulls last, p.project_key, s.rowid
