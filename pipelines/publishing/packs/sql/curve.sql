-- One row per pack and month up to the reported one: planned value, earned value and actual cost. In the currency of the contracts where
-- all of a pack's projects share one; else in the reporting currency, of the programmes, whose earned value is published in it.
with measured as (
    select
        s.scope_key,
        e.*
    from wh.forecast.earned_value_by_project_month as e
    join out.scopes as s on e.project_id = s.project_id
    cross join out.reported as r
    where
        e.month <= r.month
        and e.bac_amount is not null
        and e.pv_amount is not null
        and e.ev_amount is not null
        and e.ac_amount is not null
),
currencies as (
    select
        scope_key,
        min(currency_code) as currency_code,
        count(distinct currency_code) as currencies
    from measured
    group by scope_key
)
select
    m.scope_key,
    m.month,
    c.currency_code,
    count(*) as projects,
    sum(m.bac_amount) as bac,
    sum(m.pv_amount) as pv,
    sum(m.ev_amount) as ev,
    sum(m.ac_amount) as ac
from measured as m
join currencies as c on m.scope_key = c.scope_key and c.currencies = 1
group by m.scope_key, m.month, c.currency_code
union all
select
    c.scope_key,
    e.month,
    null as currency_code,
    sum(e.measured_projects) as projects,
    sum(e.bac_amount_base) as bac,
    sum(e.pv_amount_base) as pv,
    sum(e.ev_amount_base) as ev,
    sum(e.ac_amount_base) as ac
from wh.forecast.earned_value_by_programme_month as e
join currencies as c on c.currencies > 1
join out.reported as r on e.month <= r.month
left join out.programmes as g on e.programme_id = g.programme_id
where
    e.bac_amount_base is not null
    and e.pv_amount_base is not null
    and e.ev_amount_base is not null
    and e.ac_amount_base is not null
    and (c.scope_key = '' or c.scope_key = g.programme_key)
group by c.scope_key, e.month
order by scope_key, month
