-- One row per project, month, measure and document that stands under the figure; flows in the month that they belong to,
-- balances at the end of each month. Of labour there are the sums that are published, by role and WBS element.
with hours as (
    select
        project_id,
        month,
        coalesce(wbs_id, '') as wbs_key,
        coalesce(role_id, '') as role_key,
        sum(hours) as hours,
        bool_or(is_hours_withheld) as is_withheld
    from wh.core.fct_time_entries
    where approval_status in ('submitted', 'approved')
    group by all
),
cost_lines as (
    select
        *,
        -- keys of plain equality: any other makes the join below one of every row with every row
        case when origin = 'time_sheets' then project_id end as hours_of,
        coalesce(wbs_id, '') as wbs_key,
        coalesce(role_id, '') as role_key,
        -- hours stand beside a cost only where all of them are in it
        count(*) over (partition by origin, project_id, cost_month, wbs_id, role_id) = 1 as has_all_hours
    from wh.core.fct_cost_lines
    where is_project_known is distinct from false
),
costs as (
    select
        c.project_id,
        c.cost_month as month,
        case c.category when 'uninstalled_material' then 'material' else c.category end as measure,
        case when c.category = 'labour' and c.document_number is null then c.role_id else c.document_number end as document,
        case when c.category <> 'labour' then c.supplier_id end as about,
        concat_ws(
            '; ',
            case c.origin
                when 'time_sheets' then 'hours at the cost rate in force'
                when 'erp' then 'posted' || coalesce(' on ' || c.account_code, '')
                when 'accrual' then 'supplier invoice, not posted yet'
                else 'taken back: the posting has come'
            end,
            case when c.category = 'uninstalled_material' then 'not installed yet' end,
            case
                when c.origin <> 'time_sheets' then null
                when h.is_withheld then 'hours withheld: too few people'
                when h.hours is not null and c.has_all_hours then format('{:,.2f} h', cast(h.hours as double))
            end,
            case when c.is_quality_cost then 'cost of poor quality' end
        ) as detail,
        c.posting_date as document_date,
        c.amount,
        c.currency_code,
        c.amount_base,
        c.is_quality_cost,
        c.wbs_id,
        c.source_file_id,
        c.source_line
    from cost_lines as c
    left join hours as h
        on c.hours_of = h.project_id
        and c.cost_month = h.month
        and c.wbs_key = h.wbs_key
        and c.role_key = h.role_key
),
complaints as (
    select
        c.project_id,
        c.opened_month as month,
        'quality' as measure,
        c.complaint_id as document,
        'complaint' as about,
        'as the register says; no posting names it' as detail,
        c.opened_date as document_date,
        c.cost_amount as amount,
        c.currency_code,
        c.cost_amount_base as amount_base,
        cast(null as varchar) as wbs_id,
        c.source_file_id,
        c.source_line
    from wh.core.fct_complaints as c
    semi join wh.ops.exceptions as e
        on e.rule = 'complaint_cost_not_posted'
        and c.complaint_id = e.entity
        and c.project_id = e.project_id
),
contract_lines as (
    select
        r.project_id,
        r.month,
        r.contract_line_id as document,
        'contract ' || r.contract_id as about,
        concat_ws(
            '; ',
            'by ' || replace(r.revenue_method, '_', ' '),
            'progress ' || format('{:.1f} %', cast(100 * r.progress_pct as double)),
            'to date ' || format('{:,.2f}', cast(r.revenue_to_date_amount as double))
            || coalesce(' of ' || format('{:,.2f}', cast(r.transaction_price_amount as double)), '') || ' ' || r.currency_code,
            'catch-up ' || format('{:,.2f}', cast(nullif(r.catch_up_amount, 0) as double)),
            r.no_revenue_reason
        ) as detail,
        r.revenue_amount,
        r.revenue_amount_base,
        r.loss_provision_change_amount,
        r.loss_provision_change_amount_base,
        r.currency_code
    from wh.margin.revenue_by_contract_line_month as r
),
revenues as (
    select
        project_id,
        month,
        'revenue' as measure,
        document,
        about,
        detail,
        cast(null as date) as document_date,
        revenue_amount as amount,
        currency_code,
        revenue_amount_base as amount_base,
        cast(null as varchar) as wbs_id,
        cast(null as varchar) as source_file_id,
        cast(null as varchar) as source_line
    from contract_lines
    where revenue_amount is null or revenue_amount <> 0 or coalesce(revenue_amount_base, 0) <> 0
    union all
    select
        project_id,
        month,
        'loss_provision_change',
        document,
        about,
        detail,
        null,
        loss_provision_change_amount,
        currency_code,
        loss_provision_change_amount_base,
        null,
        null,
        null
    from contract_lines
    where coalesce(loss_provision_change_amount, 0) <> 0 or coalesce(loss_provision_change_amount_base, 0) <> 0
),
invoice_lines as (
    select
        l.project_id,
        l.issue_month as month,
        l.invoice_id as document,
        coalesce(c.customer_name, l.customer_id, l.counterparty_id) as about,
        concat_ws('; ', replace(l.type, '_', ' '), case when l.is_remainder then 'what its lines leave over' else 'line ' || l.line_id end)
            as detail,
        l.issue_date as document_date,
        l.net_amount as amount,
        l.currency_code,
        l.net_amount_base as amount_base,
        l.wbs_id,
        l.source_file_id,
        l.source_line,
        l.contract_line_id
    from wh.core.fct_invoice_lines as l
    left join wh.core.dim_customers as c on l.customer_id = c.customer_id
    where l.direction = 'customer' and l.is_project_known is distinct from false
),
as_invoiced as (
    -- a project without a contract line earns what it invoices
    select * from invoice_lines
    where contract_line_id is null and project_id not in (select project_id from wh.core.dim_contract_lines where project_id is not null)
),
invoice_projects as (
    select
        invoice_id,
        counterparty_id,
        case when is_project_known is distinct from false then project_id end as project_id,
        sum(net_amount) as net_amount
    from wh.core.fct_invoice_lines
    where direction = 'customer'
    group by all
),
invoice_totals as (
    select
        invoice_id,
        count(distinct counterparty_id) as counterparties,
        count(*) as projects,
        sum(net_amount) as net_amount
    from invoice_projects
    group by invoice_id
),
shares as (
    select
        p.invoice_id,
        p.project_id,
        t.projects,
        cast(p.net_amount as double) as net_amount,
        cast(t.net_amount as double) as total_net_amount,
        cast(
            sum(p.net_amount) over (
                partition by p.invoice_id order by coalesce(p.project_id, '') rows between unbounded preceding and current row
            ) as double
        ) as running_net_amount
    from invoice_projects as p
    join invoice_totals as t on p.invoice_id = t.invoice_id
    where t.counterparties <= 1 and (t.projects = 1 or t.net_amount <> 0)
),
payments as (
    select
        s.project_id,
        p.paid_month as month,
        'collected' as measure,
        p.invoice_id as document,
        'payment ' || p.payment_id as about,
        case when s.projects > 1 then 'this project''s part of the payment' else 'with tax' end as detail,
        p.paid_date as document_date,
        case
            when s.projects = 1 then p.payment_amount
            else cast(round(p.payment_amount * s.running_net_amount / s.total_net_amount, 2) as decimal(18, 2))
                - cast(
                    round(p.payment_amount * (s.running_net_amount - s.net_amount) / s.total_net_amount, 2) as decimal(18, 2)
                )
        end as amount,
        p.currency_code,
        case
            when s.projects = 1 then p.payment_amount_base
            else cast(round(p.payment_amount_base * s.running_net_amount / s.total_net_amount, 2) as decimal(18, 2))
                - cast(
                    round(p.payment_amount_base * (s.running_net_amount - s.net_amount) / s.total_net_amount, 2)
                    as decimal(18, 2)
                )
        end as amount_base,
        cast(null as varchar) as wbs_id,
        p.source_file_id,
        p.source_line
    from wh.core.fct_payments as p
    join shares as s on p.invoice_id = s.invoice_id
    where p.direction = 'customer' and s.project_id is not null
),
open_items as (
    select
        project_id,
        month,
        'receivable' as measure,
        invoice_id as document,
        coalesce(customer_id, counterparty_id) as about,
        concat_ws(
            '; ',
            replace(item_type, '_', ' '),
            case when days_overdue > 0 then days_overdue || ' days overdue' else 'not due' end
        ) as detail,
        issue_date as document_date,
        open_amount as amount,
        currency_code,
        open_amount_base as amount_base,
        cast(null as varchar) as wbs_id,
        source_file_id,
        source_line
    from wh.margin.receivables_ageing
),
balances as (
    select
        b.project_id,
        b.month,
        v.measure,
        b.contract_id as document,
        'contract' as about,
        v.detail,
        cast(null as date) as document_date,
        v.amount,
        b.currency_code,
        v.amount_base,
        cast(null as varchar) as wbs_id,
        cast(null as varchar) as source_file_id,
        cast(null as varchar) as source_line
    from wh.margin.contract_balances_by_contract_month as b,
        lateral (
            values
                ('receivable', 'retained by the customer: shown as retention', -b.retention_amount, -b.retention_amount_base),
                ('retention', 'retained by the customer', b.retention_amount, b.retention_amount_base),
                (
                    'contract_asset',
                    'revenue to date ' || format('{:,.2f}', cast(b.revenue_to_date as double)) || ' less billed to date '
                    || format('{:,.2f}', cast(b.billed_to_date as double)) || ' ' || b.currency_code,
                    b.contract_asset_amount,
                    b.contract_asset_amount_base
                ),
                (
                    'contract_liability',
                    'billed to date ' || format('{:,.2f}', cast(b.billed_to_date as double)) || ' less revenue to date '
                    || format('{:,.2f}', cast(b.revenue_to_date as double)) || ' ' || b.currency_code,
                    b.contract_liability_amount,
                    b.contract_liability_amount_base
                ),
                ('loss_provision', 'expected loss not incurred yet', b.loss_provision_amount, b.loss_provision_amount_base),
                ('backlog', 'price less revenue to date', b.backlog_amount, b.backlog_amount_base)
        ) as v (measure, detail, amount, amount_base)
    where coalesce(v.amount, 0) <> 0 or coalesce(v.amount_base, 0) <> 0
),
every_document as (
    select * exclude (is_quality_cost) from costs
    union all by name
    select * exclude (is_quality_cost) replace ('quality' as measure) from costs where is_quality_cost
    union all by name
    select * from complaints
    union all by name
    select * from revenues
    union all by name
    select *, 'revenue' as measure from as_invoiced
    union all by name
    select *, 'billed' as measure from invoice_lines
    union all by name
    select * from payments
    union all by name
    select * from open_items
    union all by name
    select * from balances
)
select
    p.project_key,
    d.month,
    d.measure,
    d.document,
    d.about,
    d.detail,
    d.document_date,
    cast(d.amount as decimal(18, 2)) as amount,
    d.currency_code,
    cast(d.amount_base as decimal(18, 2)) as amount_base,
    d.wbs_id,
    d.source_file_id,
    d.source_line
from every_document as d
join out.projects as p on d.project_id = p.project_id
semi join out.months as m on d.month = m.month
