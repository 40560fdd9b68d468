-- One row per project, month and method of estimating the cost at completion; in the contract's currency.
select
    p.project_key,
    e.month,
    replace(e.method, '_', ' ') as method,
    e.etc_amount as to_go,
    e.eac_amount as eac,
    e.vac_amount as variance,
    coalesce(e.no_eac_reason, case when e.is_stale then 'rests on a plan that time has overtaken' end) as note
from wh.forecast.eac_by_project_month_method as e
join out.projects as p on e.project_id = p.project_id
join out.months as m on e.month = m.month
order by p.project_key, e.month, e.eac_amount nulls last, e.method
