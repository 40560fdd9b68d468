with invoice_lines as (

    select * from {{ ref('fct_invoice_lines') }}

)

select
    project_id,
    issue_month as month,
    sum(coalesce(net_amount_base, 0)) as revenue_amount_base
from invoice_lines
where
    direction = 'customer'
    and is_project_known
group by
    project_id,
    issue_month
