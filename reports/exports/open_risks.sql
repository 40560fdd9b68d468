-- One row per risk or opportunity that is open, as known now, by what it may cost.
select
    p.project_key,
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
where s.status = 'open'
order by abs(s.emv) desc nulls last, p.project_key, s.rowid
