with judged as (

    select * from {{ ref('int_kpi__values_judged') }}

)

select
    subject_type as group_type,
    subject_id as group_id,
    month,
    kpi_code,
    kpi_name,
    dimension,
    unit,
    direction,
    origin,
    numerator,
    denominator,
    reference_numerator,
    reference_denominator,
    value,
    target,
    status,
    status_reason,
    previous_1_value,
    previous_2_value,
    previous_3_value,
    trend,
    signal,
    signal_reason,
    is_beyond_limits,
    is_western_electric_4,
    is_nelson_2,
    points,
    centre_line,
    lower_control_limit,
    upper_control_limit,
    mean_moving_range,
    upper_moving_range_limit,
    amber_lower,
    amber_upper,
    red_lower,
    red_upper,
    projects
from judged
where subject_type <> 'project'
order by
    group_type,
    group_id,
    month,
    kpi_code
