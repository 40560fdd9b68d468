with earned_value as (

    select * from {{ ref('int_evm__by_project_month') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

measured as (

    select
        earned_value.project_id,
        earned_value.month,
        projects.currency_code,
        earned_value.measured_on,
        earned_value.measured_on < {{ month_end_of('earned_value.month') }} as is_open,
        earned_value.bac_amount,
        earned_value.ev_amount,
        earned_value.ac_amount,
        earned_value.ac_amount - lag(earned_value.ac_amount, 1, 0) over (
            partition by earned_value.project_id
            order by earned_value.month
        ) as ac_within_amount,
        case when earned_value.bac_amount > 0 then {{ divided('earned_value.ev_amount', 'earned_value.bac_amount', 6) }} end
            as percent_complete_pct
    from earned_value
    inner join projects
        on earned_value.project_id = projects.project_id

)

select
    project_id,
    month,
    currency_code,
    measured_on,
    is_open,
    bac_amount,
    ev_amount,
    ac_amount,
    ac_within_amount,
    percent_complete_pct,
    {{ progress_band('percent_complete_pct') }} as progress_band
from measured
