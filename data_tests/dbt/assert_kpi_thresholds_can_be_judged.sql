-- On one day one set of thresholds of a KPI holds for a customer, a business group or the rest; red lies beyond amber; the
-- direction says on which side.
select
    kpi.kpi_code,
    kpi.valid_from_date,
    'periods overlap' as fault
from {{ ref('dim_kpis') }} as kpi
inner join {{ ref('dim_kpis') }} as later
    on kpi.kpi_code = later.kpi_code
    and kpi.customer_id is not distinct from later.customer_id
    and kpi.business_group is not distinct from later.business_group
    and kpi.applies_to is not distinct from later.applies_to
    and kpi.valid_from_date < later.valid_from_date
    and (kpi.valid_to_date is null or kpi.valid_to_date >= later.valid_from_date)

union all

select
    kpi_code,
    valid_from_date,
    'red lies inside amber' as fault
from {{ ref('dim_kpis') }}
where
    red_lower > amber_lower
    or red_upper < amber_upper
    or amber_lower > amber_upper

union all

select
    kpi_code,
    valid_from_date,
    'thresholds and direction disagree' as fault
from {{ ref('dim_kpis') }}
where
    (direction = 'higher_is_better' and (amber_upper is not null or red_upper is not null))
    or (direction = 'lower_is_better' and (amber_lower is not null or red_lower is not null))
    or direction not in ('higher_is_better', 'lower_is_better', 'target_band')
    or applies_to not in ('project', 'group')
    or dimension not in ('cost', 'scope', 'schedule', 'quality', 'customer', 'people', 'safety')
