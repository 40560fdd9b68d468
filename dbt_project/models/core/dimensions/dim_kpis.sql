with dictionary as (

    select * from {{ ref('int_kpi__dictionary_stated') }}

),

thresholds as (

    select * from {{ ref('int_kpi__thresholds_stated') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

)

select
    dictionary.kpi_code,
    dictionary.kpi_name,
    dictionary.dimension,
    dictionary.formula,
    dictionary.numerator,
    dictionary.denominator,
    dictionary.scale,
    dictionary.unit,
    dictionary.direction,
    dictionary.natural_lower,
    dictionary.natural_upper,
    dictionary.origin,
    dictionary.aggregation,
    dictionary.within_month,
    dictionary.role,
    dictionary.carried_months,
    dictionary.is_charted,
    thresholds.customer_id,
    thresholds.business_group,
    thresholds.applies_to,
    thresholds.target,
    thresholds.amber_lower,
    thresholds.amber_upper,
    thresholds.red_lower,
    thresholds.red_upper,
    thresholds.valid_from as valid_from_date,
    thresholds.valid_to as valid_to_date,
    coalesce(
        thresholds.valid_from <= parameters.as_of_date
        and (thresholds.valid_to is null or thresholds.valid_to >= parameters.as_of_date),
        false
    ) as is_in_force,
    dictionary.owner
from dictionary
left join thresholds
    on dictionary.kpi_code = thresholds.kpi_code
cross join parameters
order by
    kpi_code,
    customer_id,
    business_group,
    applies_to,
    valid_from_date
