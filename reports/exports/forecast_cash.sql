-- One row per project and month ahead: money expected in and out, in the reporting currency.
select
    p.project_key,
    c.month,
    c.billings_amount_base as billings,
    c.collections_amount_base as collections,
    c.retention_released_amount_base as retention,
    -c.supplier_payments_amount_base as suppliers,
    -c.payroll_amount_base as payroll,
    c.net_amount_base as net,
    cast(c.net_amount_base is null as integer) as unknown
from wh.forecast.cash_forecast_by_project_month as c
join out.projects as p on c.project_id = p.project_id
order by p.project_key, c.month
