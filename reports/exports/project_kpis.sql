-- One row per project, month and KPI; the reason of a status that is not green.
select
    p.project_key,
    k.month,
    k.kpi_name as kpi,
    k.dimension,
    k.unit,
    k.value,
    k.target,
    k.status,
    k.previous_1_value,
    k.previous_2_value,
    k.previous_3_value,
    k.trend,
    nullif(trim(k.signal_reason), '') as signal,
    case when k.status <> 'green' then k.status_reason end as reason
from wh.kpi.kpi_values_by_project_month as k
join out.projects as p on k.project_id = p.project_id
join out.months as m on k.month = m.month
order by p.project_key, k.month, k.dimension, k.kpi_name
