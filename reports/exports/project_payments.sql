-- One row per project and month: what suppliers were paid, tax included. A payment of an invoice of several projects goes to
-- them by their net, by running sums, so that the parts are the whole (as what customers paid does in the margin marts); an
-- invoice's number that two suppliers share stands for neither.
with invoices as (
    select
        invoice_id,
        case when is_project_known then project_id end as project_id,
        sum(net_amount) as net_amount
    from wh.core.fct_invoice_lines
    where direction = 'supplier'
    group by 1, 2
),
totals as (
    select
        invoice_id,
        count(distinct counterparty_id) as counterparties
    from wh.core.fct_invoice_lines
    where direction = 'supplier'
    group by invoice_id
),
shares as (
    select
        i.invoice_id,
        i.project_id,
        i.net_amount,
        count(*) over (partition by i.invoice_id) as projects,
        sum(i.net_amount) over (partition by i.invoice_id) as whole,
        sum(i.net_amount) over (
            partition by i.invoice_id order by coalesce(i.project_id, '') rows between unbounded preceding and current row
        ) as running
    from invoices as i
    join totals as t on i.invoice_id = t.invoice_id and t.counterparties = 1
),
paid as (
    select
        s.project_id,
        p.paid_month as month,
        case
            when s.projects = 1 then p.payment_amount_base
            when s.whole <> 0 then
                round(p.payment_amount_base * s.running / s.whole, 2)
                - round(p.payment_amount_base * (s.running - s.net_amount) / s.whole, 2)
        end as paid
    from wh.core.fct_payments as p
    join shares as s on p.invoice_id = s.invoice_id
    where p.direction = 'supplier'
)
select
    project_id,
    month,
    cast(sum(paid) as decimal(18, 2)) as paid
from paid
where project_id is not null
group by project_id, month
order by month, project_id
