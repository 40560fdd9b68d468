with payments as (

    select * from {{ ref('stg_erp__payments') }}

),

invoice_lines as (

    select * from {{ ref('int_invoices__lines_attributed') }}

),

rates_to_base as (

    select * from {{ ref('int_currency__daily_rates_to_base') }}

),

invoice_projects as (

    select
        invoice_id,
        direction,
        counterparty_id,
        case when is_project_known then project_id end as project_id,
        sum(net_amount) as net_amount
    from invoice_lines
    group by
        invoice_id,
        direction,
        counterparty_id,
        case when is_project_known then project_id end

),

invoice_totals as (

    select
        invoice_id,
        direction,
        count(distinct counterparty_id) as counterparties,
        count(*) as projects,
        sum(net_amount) as net_amount
    from invoice_projects
    group by
        invoice_id,
        direction

),

-- each project's share of an invoice, as running sums; an invoice number that two parties share, or a document of
-- several projects whose net is zero, has no shares
shares as (

    select
        invoice_projects.invoice_id,
        invoice_projects.direction,
        invoice_projects.project_id,
        invoice_totals.projects,
        invoice_totals.net_amount as total_net_amount,
        invoice_projects.net_amount,
        sum(invoice_projects.net_amount) over (
            partition by invoice_projects.invoice_id, invoice_projects.direction
            order by coalesce(invoice_projects.project_id, '')
            rows between unbounded preceding and current row
        ) as running_net_amount
    from invoice_projects
    inner join invoice_totals
        on invoice_projects.invoice_id = invoice_totals.invoice_id
        and invoice_projects.direction = invoice_totals.direction
    where
        invoice_totals.counterparties = 1
        and (invoice_totals.projects = 1 or invoice_totals.net_amount <> 0)

),

valued as (

    select
        payments.payment_id,
        payments.invoice_id,
        payments.direction,
        payments.paid_on,
        {{ month_of('payments.paid_on') }} as paid_month,
        payments.currency_code,
        payments.amount,
        {{ money(to_base('payments.amount', 'rates_to_base.rate_to_base')) }} as amount_base,
        payments.source_file_id,
        payments.source_line
    from payments
    left join rates_to_base
        on payments.currency_code = rates_to_base.currency_code
        and payments.paid_on = rates_to_base.rate_date

)

select
    valued.payment_id,
    valued.invoice_id,
    valued.direction,
    valued.paid_on,
    valued.paid_month,
    shares.project_id,
    valued.currency_code,
    case
        when coalesce(shares.projects, 1) = 1 then {{ money('valued.amount') }}
        else
            {{ money(divided('valued.amount * shares.running_net_amount', 'shares.total_net_amount', 6)) }}
            - {{ money(divided('valued.amount * (shares.running_net_amount - shares.net_amount)',
                'shares.total_net_amount', 6)) }}
    end as amount,
    case
        when coalesce(shares.projects, 1) = 1 then valued.amount_base
        else
            {{ money(divided('valued.amount_base * shares.running_net_amount', 'shares.total_net_amount', 6)) }}
            - {{ money(divided('valued.amount_base * (shares.running_net_amount - shares.net_amount)',
                'shares.total_net_amount', 6)) }}
    end as amount_base,
    valued.source_file_id,
    valued.source_line
from valued
left join shares
    on valued.invoice_id = shares.invoice_id
    and valued.direction = shares.direction
