-- One row per level, group, month and KPI, with the three values before it and what its control limits say.
select
    k.month,
    replace(replace(k.group_type, 'project_group', 'key_projects'), '_', ' ') as level,
    k.group_id as id,
    g.programme_key,
    coalesce(g.programme_name, c.customer_name, case k.group_id when '(none)' then 'not given' else k.group_id end) as name,
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
    nullif(trim(k.signal_reason), '') as signal
from wh.kpi.kpi_values_by_group_month as k
join out.months as m on k.month = m.month
left join out.programmes as g on k.group_type = 'programme' and k.group_id = g.programme_id
left join out.customers as c on k.group_type = 'customer' and k.group_id = c.customer_id
order by k.month, level, name, k.dimension, k.kpi_name
