-- One row per canonical table: when it came last, whether it is late, and which figures wait for it.
with now as (
    select max(as_of) as as_of
    from wh.ops.refreshes
    where status = 'published'
),
stated as (
    select
        f.*,
        case
            when f.is_late then 'late'
            when f.files = 0 then 'nothing delivered'
            when f.is_late is null then 'no expectation set'
            else 'in time'
        end as state,
        case f.table_name
            when 'time_entry' then 'labour cost, progress by cost, utilisation'
            when 'cost_line' then 'cost of sales, cost to date, earned value'
            when 'cost_rate' then 'labour cost'
            when 'bill_rate' then 'revenue of time and material'
            when 'employee' then 'labour cost by role, utilisation'
            when 'invoice' then 'billed, receivables, revenue as invoiced'
            when 'invoice_line' then 'billed, revenue as invoiced, accruals'
            when 'payment' then 'collected, receivables, days of sales'
            when 'exchange_rate' then 'every amount in the reporting currency'
            when 'contract_line' then 'revenue, balances, backlog'
            when 'contract_price' then 'revenue, backlog, loss provisions'
            when 'plan_line' then 'progress by cost, margin at completion, loss provisions'
            when 'plan_version' then 'progress by cost, margin at completion, loss provisions'
            when 'progress' then 'earned value, forecast'
            when 'purchase_order_line' then 'accruals, supply on time'
            when 'gl_balance' then 'the reconciliation to the ledger'
            when 'project' then 'every page: which projects there are'
            when 'schedule_task' then 'schedule, milestones'
            when 'schedule_link' then 'schedule'
            when 'milestone' then 'milestones, revenue by milestone'
            when 'risk' then 'risks, forecast'
            when 'change_request' then 'changes, forecast'
            when 'resource_plan' then 'people forecast'
            when 'sales_opportunity' then 'upsell pipeline'
            when 'survey_response' then 'customer scores'
            when 'complaint' then 'customer scores, cost of poor quality'
            when 'safety_incident' then 'safety'
            when 'acceptance_test' then 'quality'
            when 'handover_item' then 'gates and closing lists'
            when 'kpi_observation' then 'scorecard'
        end as figures
    from wh.ops.feed_freshness as f
)
select
    s.feed,
    s.table_name,
    s.files,
    s.last_delivered_at,
    s.expected_by_at,
    s.state,
    case when s.is_late then round(date_diff('minute', s.expected_by_at, now.as_of) / 1440.0, 1) end as days_late,
    s.figures,
    case s.state
        when 'late' then 'these figures stand as of the last delivery'
        when 'nothing delivered' then 'these figures are missing'
    end as meaning
from stated as s
cross join now
order by s.is_late desc nulls last, s.feed, s.table_name
