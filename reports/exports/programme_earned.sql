-- One row per programme and month: planned and earned value and actual cost of its projects that can be measured.
select
    g.programme_key,
    e.month,
    e.projects,
    e.measured_projects,
    e.bac_amount_base as bac,
    e.pv_amount_base as pv,
    e.ev_amount_base as ev,
    e.ac_amount_base as ac,
    cast(e.cpi as decimal(18, 6)) as cpi,
    cast(e.spi as decimal(18, 6)) as spi,
    cast(e.percent_complete_pct as decimal(18, 6)) as complete_pct
from wh.forecast.earned_value_by_programme_month as e
join out.programmes as g on e.programme_id = g.programme_id
join out.months as m on e.month = m.month
order by g.programme_key, e.month
