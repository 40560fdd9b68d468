-- One row per customer with money ahead: how long it is expected to take to pay, and what that rests on.
select
    coalesce(d.customer_id, '(none)') as customer_id,
    coalesce(any_value(d.customer_name), d.customer_id, 'not given') as customer_name,
    max(c.collection_lag_days) as lag_days,
    any_value(c.collection_lag_basis) as basis,
    count(distinct c.project_id) as projects,
    case when count(*) = count(c.collections_amount_base) then sum(c.collections_amount_base) end as collections
from wh.forecast.cash_forecast_by_project_month as c
join wh.core.dim_projects as d on c.project_id = d.project_id
group by d.customer_id
order by collections desc nulls last, 1
