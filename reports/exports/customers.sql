-- One row per customer that a project or a balance names.
with identified as (
    select customer_id from out.projects where customer_id is not null
    union
    select customer_id from wh.core.dim_customers
)
select
    i.customer_id,
    coalesce(nullif(trim(c.customer_name), ''), p.customer_name, i.customer_id) as customer_name
from identified as i
left join wh.core.dim_customers as c on i.customer_id = c.customer_id
left join (select customer_id, any_value(customer_name) as customer_name from out.projects group by customer_id) as p
    on i.customer_id = p.customer_id
order by i.customer_id
