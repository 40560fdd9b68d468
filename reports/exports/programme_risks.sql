-- One row per open risk or opportunity of a programme's projects, by what it may cost; 60 at most of a programme.
select
    g.programme_key,
    p.project_name,
    s.risk_id,
    s.kind,
    s.title,
    s.probability_pct,
    s.low,
    s.likely,
    s.high,
    s.emv,
    s.schedule_days,
    s.response,
    '/projects/' || p.project_key || '/' as link
from out.project_risks as s
join out.projects as p on s.project_key = p.project_key
join out.programmes as g on p.programme_id = g.programme_id
where s.status = 'open'
qualify row_number() over (partition by g.programme_key order by abs(s.emv) desc nulls last, p.project_key, s.rowid) <= 60
order by g.programme_key, abs(s.emv) desc nulls last, p.project_key, s.rowid
