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
        earned_value.bac_amount,
        earned_value.ev_amount,
        earned_value.ac_amount,
        case
            when earned_value.bac_amount > 0
                then {{ divided('earned_value.ev_amount', 'earned_value.bac_amount', 12, scale=2) }}
        end as percent_complete_pct
    from earned_value
    inner join projects
        on earned_value.project_id = projects.project_id

)

select
    project_id,
    month,
    currency_code,
    measured_on,
    bac_amount,
    ev_amount,
    ac_amount,
    percent_complete_pct,
    {{ progress_band('percent_complete_pct') }} as progress_band
from measured
