with delivered as (

    select * from {{ ref('kpi_dictionary') }}

),

own as (

    select * from {{ source('ledger', 'kpi_dictionary') }}

),

own_kpis as (

    select distinct kpi_code
    from own

)

select
    delivered.kpi_code,
    delivered.kpi_name,
    delivered.dimension,
    delivered.formula,
    delivered.numerator,
    delivered.denominator,
    delivered.scale,
    delivered.unit,
    delivered.direction,
    delivered.natural_lower,
    delivered.natural_upper,
    delivered.origin,
    delivered.aggregation,
    delivered.within_month,
    delivered.numerator_kpi,
    delivered.denominator_kpi,
    delivered.role,
    delivered.carried_months,
    delivered.is_charted,
    delivered.owner
from delivered
left join own_kpis
    on delivered.kpi_code = own_kpis.kpi_code
where own_kpis.kpi_code is null

union all

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
from own
