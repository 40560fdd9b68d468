-- One row per project, month and basis with a loss provision in the month or before it: opening, what was added and used, what
-- exchange rates did, closing. Closing is at the month's closing rate, what moved it at its average rate.
with lines as (
    select 'now' as basis, month, project_id, loss_provision_amount, loss_provision_amount_base, loss_provision_change_amount_base
    from wh.margin.revenue_by_contract_line_month
    union all
    select 'closed', month, project_id, loss_provision_amount, loss_provision_amount_base, loss_provision_change_amount_base
    from wh.margin.revenue_by_contract_line_month_as_closed
),
summed as (
    select
        basis,
        month,
        project_id,
        -- of a closed month the month before as it was closed, where it was
        case
            when basis = 'closed' and month - interval 1 month in (select month from wh.ops.closes) then 'closed'
            else 'now'
        end as basis_before,
        -- a line that is not tested for a loss has no provision; one without a rate has one that is not known
        case
            when bool_or(loss_provision_amount is not null and loss_provision_amount_base is null) then null
            else coalesce(sum(loss_provision_amount_base), 0)
        end as closing,
        case
            when count(*) = count(loss_provision_change_amount_base)
                then coalesce(sum(loss_provision_change_amount_base) filter (where loss_provision_change_amount_base > 0), 0)
        end as added,
        case
            when count(*) = count(loss_provision_change_amount_base)
                then coalesce(sum(loss_provision_change_amount_base) filter (where loss_provision_change_amount_base < 0), 0)
        end as used
    from lines
    group by basis, month, project_id
),
opened as (
    select
        s.*,
        case when b.project_id is null then 0 else b.closing end as opening
    from summed as s
    left join summed as b
        on s.project_id = b.project_id
        and b.month = s.month - interval 1 month
        and b.basis = s.basis_before
)
select
    o.basis,
    o.month,
    p.project_key,
    o.opening,
    o.added,
    o.used,
    o.closing - o.opening - o.added - o.used as fx,
    o.closing,
    case when o.opening is null or o.added is null or o.closing is null then 'a rate is missing' end as state
from opened as o
join out.projects as p on o.project_id = p.project_id
where coalesce(o.opening, 1) <> 0 or coalesce(o.added, 1) <> 0 or coalesce(o.used, 1) <> 0 or coalesce(o.closing, 1) <> 0
order by o.basis, o.month, p.project_key
