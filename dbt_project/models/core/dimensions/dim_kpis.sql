with dictionary as (

    select * from {{ ref('kpi_dictionary') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

)

select
    dictionary.kpi_code,
    dictionary.kpi_name,
    dictionary.dimension,
    dictionary.formula,
    dictionary.unit,
    dictionary.direction,
    dictionary.amber_lower,
    dictionary.amber_upper,
    dictionary.red_lower,
    dictionary.red_upper,
    dictionary.valid_from as valid_from_date,
    dictionary.valid_to as valid_to_date,
    dictionary.valid_from <= parameters.as_of_date
    and (dictionary.valid_to is null or dictionary.valid_to >= parameters.as_of_date) as is_in_force,
    dictionary.owner
from dictionary
cross join parameters
order by
    kpi_code,
    valid_from_date
