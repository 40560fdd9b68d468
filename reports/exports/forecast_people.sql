-- One row per role and month ahead: hours planned and hours that there are.
select
    role_id as role,
    month,
    planned_hours as planned,
    capacity_hours as capacity,
    gap_hours as gap,
    cost_amount_base as cost,
    gap_cost_amount_base as gap_cost,
    case
        when is_hours_withheld then 'withheld: too few people'
        when gap_hours < 0 then 'people are missing'
    end as state
from wh.forecast.resource_forecast_by_role_month
order by month, role_id
