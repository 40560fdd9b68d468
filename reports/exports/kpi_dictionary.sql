-- One row per KPI and scope of its thresholds in force.
with written as (
    select
        *,
        case when unit in ('fraction', 'pp') then 100 else 1 end as factor,
        case unit when 'fraction' then ' %' when 'pp' then ' pp' else '' end as mark
    from wh.core.dim_kpis
    where is_in_force
),
thresholds as (
    select
        *,
        concat_ws(
            ' or ',
            'below ' || format('{:g}', cast(factor * amber_lower as double)) || mark,
            'above ' || format('{:g}', cast(factor * amber_upper as double)) || mark
        ) as amber,
        concat_ws(
            ' or ',
            'below ' || format('{:g}', cast(factor * red_lower as double)) || mark,
            'above ' || format('{:g}', cast(factor * red_upper as double)) || mark
        ) as red,
        format('{:g}', cast(factor * target as double)) || mark as target_written
    from written
)
select
    kpi_code,
    kpi_name,
    dimension,
    formula,
    unit,
    replace(direction, '_', ' ') as direction,
    replace(target_written, '-', '−') as target,
    nullif(replace(amber, '-', '−'), '') as amber,
    nullif(replace(red, '-', '−'), '') as red,
    coalesce(
        nullif(concat_ws(', ', 'customer ' || customer_id, 'business group ' || business_group, nullif(applies_to, '')), ''),
        'all projects'
    ) as applies_to,
    valid_from_date as valid_from,
    owner
from thresholds
order by dimension, kpi_name, applies_to
