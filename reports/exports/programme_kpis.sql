-- One row per programme, month and KPI; the reason of a status that is not green.
select
    p.programme_key,
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
from wh.kpi.kpi_values_by_group_month as k
join out.programmes as p on k.group_type = 'programme' and k.group_id = p.programme_id
join out.months as m on k.month = m.month
order by p.programme_key, k.month, k.dimension, k.kpi_name
