-- One row per contract and month with unbilled work at the month's end, by age.
select
    w.month,
    p.project_key,
    w.contract_id as contract,
    max(coalesce(p.project_name, w.project_id, 'several projects')) as project_name,
    max(w.owner) as owner,
    sum(w.unbilled_amount_base) filter (where w.bucket = '0-30') as to_30,
    sum(w.unbilled_amount_base) filter (where w.bucket = '31-60') as to_60,
    sum(w.unbilled_amount_base) filter (where w.bucket = '61-90') as to_90,
    sum(w.unbilled_amount_base) filter (where w.bucket = '91-180') as to_180,
    sum(w.unbilled_amount_base) filter (where w.bucket = '181+') as over_180,
    sum(w.unbilled_amount_base) as unbilled,
    max(w.oldest_age_days) as oldest_days,
    case when count(*) > count(w.unbilled_amount_base) then 'no closing rate' end as state
from wh.margin.wip_ageing as w
left join out.projects as p on w.project_id = p.project_id
group by w.month, p.project_key, w.contract_id
order by w.month, w.contract_id
