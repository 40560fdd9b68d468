-- One row per project and month: planned and earned value, actual cost and what follows from them; in the contract's currency.
select
    p.project_key,
    e.month,
    e.currency_code,
    e.bac_amount as bac,
    e.pv_amount as pv,
    e.ev_amount as ev,
    e.ac_amount as ac,
    cast(e.cpi as decimal(18, 6)) as cpi,
    cast(e.spi as decimal(18, 6)) as spi,
    cast(e.spi_t as decimal(18, 6)) as spi_t,
    cast(e.percent_complete_pct as decimal(18, 6)) as complete_pct,
    e.forecast_finish_date as finish
from wh.forecast.earned_value_by_project_month as e
join out.projects as p on e.project_id = p.project_id
join out.months as m on e.month = m.month
order by p.project_key, e.month
