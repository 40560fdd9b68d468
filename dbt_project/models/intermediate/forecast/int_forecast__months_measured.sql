with earned_value as (

    select * from {{ ref('earned_value_by_project_month') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

)

select
    earned_value.project_id,
    earned_value.month,
    projects.currency_code,
    -- a figure stands for the end of its month, or for the day of the refresh within it
    case
        when earned_value.month = {{ month_of('parameters.as_of_date') }} then parameters.as_of_date
        else {{ month_end_of('earned_value.month') }}
    end as measured_on,
    earned_value.month = {{ month_of('parameters.as_of_date') }}
    and parameters.as_of_date < {{ month_end_of('earned_value.month') }} as is_open,
    earned_value.bac_amount,
    earned_value.ev_amount,
    earned_value.ac_amount,
    earned_value.ac_amount - lag(earned_value.ac_amount, 1, 0) over (
        partition by earned_value.project_id
        order by earned_value.month
    ) as ac_within_amount,
    earned_value.percent_complete_pct,
    {{ progress_band('earned_value.percent_complete_pct') }} as progress_band
from earned_value
inner join projects
    on earned_value.project_id = projects.project_id
cross join parameters
