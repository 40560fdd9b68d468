with stated as (

    select * from {{ ref('int_margin__plans_stated') }}

),

summed as (

    select
        kind,
        project_id,
        plan_version_id,
        count(case when measure = 'revenue' then 1 end) as revenue_rows,
        count(case when measure = 'revenue' then amount_base end) as revenue_rows_in_base,
        sum(case when measure = 'revenue' then amount_base end) as revenue_amount_base,
        count(case when measure <> 'revenue' then 1 end) as cost_rows,
        count(case when measure <> 'revenue' then amount_base end) as cost_rows_in_base,
        sum(case when measure <> 'revenue' then amount_base end) as cost_amount_base
    from stated
    group by
        kind,
        project_id,
        plan_version_id

)

-- whole or empty: a sum that lacks a currency is no plan
select
    kind,
    project_id,
    plan_version_id,
    case when revenue_rows > 0 and revenue_rows = revenue_rows_in_base then revenue_amount_base end as revenue_amount_base,
    case when cost_rows > 0 and cost_rows = cost_rows_in_base then cost_amount_base end as cost_amount_base
from summed
