with estimates as (

    select * from {{ ref('eac_by_project_month_method') }}

),

months as (

    select * from {{ ref('int_forecast__months_measured') }}

),

registers as (

    select * from {{ ref('int_forecast__registers_by_project_month') }}

),

finished as (

    select * from {{ ref('int_forecast__projects_finished') }}

)

select
    estimates.project_id,
    estimates.month,
    estimates.method,
    months.progress_band,
    finished.ended_month,
    months.ac_amount,
    estimates.eac_amount,
    -- a register whose worth is unknown takes nothing out
    coalesce(registers.open_risk_three_point_amount - registers.open_opportunity_three_point_amount, 0) as expected_risk_amount
from estimates
inner join finished
    on estimates.project_id = finished.project_id
    and estimates.month < finished.ended_month
inner join months
    on estimates.project_id = months.project_id
    and estimates.month = months.month
inner join registers
    on estimates.project_id = registers.project_id
    and estimates.month = registers.month
where
    estimates.eac_amount is not null
    and months.progress_band is not null
