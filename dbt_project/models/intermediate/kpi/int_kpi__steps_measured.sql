{#- A step is what the identifiers of its tests have before their last separator: weld-001 and weld-002 are tests of the step
    weld. To date, as the steps of one unit fall into different months. -#}
with project_months as (

    select * from {{ ref('int_registers__project_months') }}

),

tests as (

    select * from {{ ref('fct_acceptance_tests') }}

),

first_attempts as (

    select
        project_id,
        {{ without_last_part('test_id') }} as step,
        tested_date,
        is_passed
    from tests
    where
        project_id is not null
        and attempt = 1

)

select
    project_months.project_id,
    project_months.month,
    first_attempts.step,
    sum(case when first_attempts.is_passed then 1 else 0 end) as passed,
    count(*) as attempted
from project_months
inner join first_attempts
    on project_months.project_id = first_attempts.project_id
    and project_months.measured_on >= first_attempts.tested_date
group by
    project_months.project_id,
    project_months.month,
    first_attempts.step
