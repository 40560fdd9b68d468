with dictionary as (

    select * from {{ ref('kpi_dictionary') }}

)

select
    kpi_code,
    kpi_name,
    dimension,
    formula,
    numerator,
    denominator,
    scale,
    unit,
    direction,
    natural_lower,
    natural_upper,
    origin,
    aggregation,
    within_month,
    numerator_kpi,
    denominator_kpi,
    role,
    carried_months,
    is_charted,
    owner
from dictionary
