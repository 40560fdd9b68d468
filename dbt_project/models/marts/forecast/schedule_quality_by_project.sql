with checks as (

    select * from {{ ref('int_schedule__checks_counted') }}

)

select
    project_id,
    check_number,
    check_name,
    status_date,
    numerator,
    denominator,
    value,
    threshold,
    passes_when,
    case passes_when when 'at most' then value <= threshold else value >= threshold end as is_passed,
    not_rated_reason
from checks
order by
    project_id,
    check_number
