-- One row per contract with unbilled work at the end of the latest complete month, by age.
with latest as (
    select max(month) as month
    from out.months
    where is_complete and has_figures
)
select
    latest.month,
    w.contract_id,
    max(coalesce(p.project_name, w.project_id)) as project_name,
    max(w.owner) as owner,
    sum(w.unbilled_amount_base) filter (where w.bucket = '0-30') as to_30,
    sum(w.unbilled_amount_base) filter (where w.bucket = '31-60') as to_60,
    sum(w.unbilled_amount_base) filter (where w.bucket = '61-90') as to_90,
    sum(w.unbilled_amount_base) filter (where w.bucket = '91-180') as to_180,
    sum(w.unbilled_amount_base) filter (where w.bucket = '181+') as over_180,
    sum(w.unbilled_amount_base) as unbilled,
    max(w.oldest_age_days) as oldest_days
from wh.margin.wip_ageing as w
join latest on w.month = latest.month
left join out.projects as p on w.project_id = p.project_id
group by latest.month, w.contract_id
order by unbilled desc nulls last, w.contract_id
