-- One row per sales opportunity that grew out of a programme's projects; 60 at most of a programme.
select
    g.programme_key,
    p.project_name,
    s.title,
    s.kind,
    s.stage,
    s.probability_pct,
    s.amount,
    s.weighted,
    s.expected_close_date,
    '/projects/' || p.project_key || '/' as link
from out.project_opportunities as s
join out.projects as p on s.project_key = p.project_key
join out.programmes as g on p.programme_id = g.programme_id
qualify row_number() over (partition by g.programme_key order by s.weighted desc nulls last, p.project_key, s.rowid) <= 60
order by g.programme_key, s.weighted desc nulls last, p.project_key, s.rowid
