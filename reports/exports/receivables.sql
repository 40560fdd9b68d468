-- One row per customer, project (none where a document names several or none), month and basis: what was owed at the month's
-- end, by age.
with items as (
    select 'now' as basis, month, customer_id, project_id, bucket, open_amount_base from wh.margin.receivables_ageing
    union all
    select 'closed', month, customer_id, project_id, bucket, open_amount_base from wh.margin.receivables_ageing_as_closed
)
select
    r.basis,
    r.month,
    coalesce(r.customer_id, '(none)') as customer_id,
    coalesce(any_value(c.customer_name), r.customer_id, 'no known customer') as customer_name,
    p.project_key,
    sum(r.open_amount_base) filter (where r.bucket = 'current') as not_due,
    sum(r.open_amount_base) filter (where r.bucket = '1-30') as to_30,
    sum(r.open_amount_base) filter (where r.bucket = '31-60') as to_60,
    sum(r.open_amount_base) filter (where r.bucket = '61-90') as to_90,
    sum(r.open_amount_base) filter (where r.bucket = '91+') as over_90,
    sum(r.open_amount_base) as receivable,
    coalesce(sum(r.open_amount_base) filter (where r.bucket <> 'current'), 0) as overdue,
    count(*) filter (where r.open_amount_base is null) as without_rate
from items as r
left join out.projects as p on r.project_id = p.project_id
left join wh.core.dim_customers as c on r.customer_id = c.customer_id
group by r.basis, r.month, r.customer_id, p.project_key
order by r.basis, r.month, r.customer_id, p.project_key
