-- One row per pack and customer that owes: by age, at the end of the month. The portfolio has what no project is known of, too;
-- a programme the items of its own projects.
with items as (
    select
        '' as scope_key,
        a.*
    from wh.margin.receivables_ageing as a
    join out.reported as r on a.month = r.month
    union all
    select
        s.scope_key,
        a.*
    from wh.margin.receivables_ageing as a
    join out.reported as r on a.month = r.month
    join out.scopes as s on a.project_id = s.project_id
    where s.scope_key <> ''
)
select
    i.scope_key,
    coalesce(max(c.customer_name), i.customer_id, '(none)') as customer_name,
    sum(i.open_amount_base) as receivable,
    sum(i.open_amount_base) filter (where i.bucket = 'current') as not_due,
    sum(i.open_amount_base) filter (where i.bucket = '1-30') as to_30,
    sum(i.open_amount_base) filter (where i.bucket = '31-60') as to_60,
    sum(i.open_amount_base) filter (where i.bucket = '61-90') as to_90,
    sum(i.open_amount_base) filter (where i.bucket = '91+') as over_90,
    sum(i.open_amount_base) filter (where i.bucket <> 'current') as overdue,
    max(i.days_overdue) filter (where i.open_amount_base > 0) as oldest_days,
    case when count(*) > count(i.open_amount_base) then 'no closing rate' end as state
from items as i
left join wh.core.dim_customers as c on i.customer_id = c.customer_id
group by i.scope_key, i.customer_id
having sum(i.open_amount_base) <> 0 or count(*) > count(i.open_amount_base)
order by i.scope_key, receivable desc nulls last, i.customer_id
