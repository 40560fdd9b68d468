-- One row per project, month and KPI that is red or amber or whose control limits tell something; every KPI of a project is on its page.
select
    k.month,
    p.project_key,
    p.project_name,
    k.dimension,
    k.kpi_name as kpi,
    k.unit,
    k.value,
    k.target,
    k.status,
    k.previous_1_value,
    k.previous_2_value,
    k.previous_3_value,
    k.trend,
    nullif(trim(k.signal_reason), '') as signal,
    '/projects/' || p.project_key || '/' as link
from wh.kpi.kpi_values_by_project_month as k
join out.projects as p on k.project_id = p.project_id
join out.months as m on k.month = m.month
where k.status in ('red', 'amber') or nullif(trim(k.signal_reason), '') is not null
order by k.month, case k.status when 'red' then 1 when 'amber' then 2 else 3 end, p.project_key, k.dimension, k.kpi_name
