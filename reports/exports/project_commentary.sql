-- One row per project and month: what its manager wrote, or that it is missing.
select
    p.project_key,
    s.month,
    s.commentary,
    s.is_commentary_missing,
    s.commentary_note
from wh.kpi.scorecard_by_project_month as s
join out.projects as p on s.project_id = p.project_id
join out.months as m on s.month = m.month
order by p.project_key, s.month
