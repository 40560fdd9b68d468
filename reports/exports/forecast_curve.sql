-- One row per project and month: what the month added to planned value, earned value and actual cost, in the reporting currency;
-- added up they are the curves of earned_value_by_project_month. After its latest month what the baseline in force plans still.
with measured as (
    select
        project_id,
        month,
        case when is_known then pv_amount_base else 0 end as pv,
        case when is_known then ev_amount_base else 0 end as ev,
        case when is_known then ac_amount_base else 0 end as ac
    from (
        select
            *,
            bac_amount_base is not null and pv_amount_base is not null and ev_amount_base is not null
            and ac_amount_base is not null as is_known
        from wh.forecast.earned_value_by_project_month
    )
),
latest as (
    select
        project_id,
        max(month) as month,
        max_by(baseline_version_id, month) as baseline_version_id
    from wh.forecast.earned_value_by_project_month
    group by project_id
),
moved as (
    select
        project_id,
        month,
        pv - lag(pv, 1, 0) over by_month as pv,
        ev - lag(ev, 1, 0) over by_month as ev,
        ac - lag(ac, 1, 0) over by_month as ac
    from measured
    window by_month as (partition by project_id order by month)
),
ahead as (
    select
        l.project_id,
        l.month,
        sum(l.plan_amount_base) as pv
    from wh.core.fct_plan_lines as l
    join latest
        on l.project_id = latest.project_id
        and l.plan_version_id = latest.baseline_version_id
        and l.month > latest.month
    join measured
        on latest.project_id = measured.project_id and latest.month = measured.month and measured.pv <> 0
    where l.category not in ('revenue', 'management_reserve')
    group by l.project_id, l.month
)
select
    p.project_key,
    c.month,
    c.pv,
    c.ev,
    c.ac
from (
    select project_id, month, pv, ev, ac from moved
    union all
    select project_id, month, pv, 0, 0 from ahead
) as c
join out.projects as p on c.project_id = p.project_id
where c.pv <> 0 or c.ev <> 0 or c.ac <> 0
order by p.project_key, c.month
