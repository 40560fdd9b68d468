{#- Each forecast as it was stated, at the end of the month of its approval, beside what the project cost in the end. -#}
with author_estimates as (

    select * from {{ ref('int_forecast__author_estimates') }}

),

finished as (

    select * from {{ ref('int_forecast__projects_finished') }}

),

months as (

    select * from {{ ref('int_forecast__months_measured') }}

),

latest as (

    select
        project_id,
        max(month) as month
    from months
    group by project_id

),

finals as (

    select
        finished.project_id,
        finished.business_group,
        finished.project_manager,
        finished.ended_month,
        months.ac_amount as final_amount
    from finished
    inner join latest
        on finished.project_id = latest.project_id
        and finished.ended_month <= latest.month
    inner join months
        on latest.project_id = months.project_id
        and latest.month = months.month
    where months.ac_amount > 0

)

select
    finals.project_id,
    finals.business_group,
    finals.project_manager,
    author_estimates.author,
    author_estimates.plan_version_id,
    author_estimates.eac_amount,
    finals.final_amount,
    {{ divided('author_estimates.eac_amount - finals.final_amount', 'finals.final_amount', 12, scale=2) }} as error_pct
from author_estimates
inner join finals
    on author_estimates.project_id = finals.project_id
    and author_estimates.month < finals.ended_month
where
    author_estimates.is_new
    and author_estimates.eac_amount is not null
