with time_valued as (

    select * from {{ ref('int_revenue__time_valued') }}

)

select
    contract_line_id,
    work_month as month,
    role_id,
    currency_code,
    sum(hours * hourly_rate) as amount,
    sum(hours) as hours,
    count(distinct case when hours <> 0 then employee_id end) as people
from time_valued
group by
    contract_line_id,
    work_month,
    role_id,
    currency_code
