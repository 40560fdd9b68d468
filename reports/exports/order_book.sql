-- One row per project, month and basis: the order book, from the month's opening to its closing. A row with an amount that is not
-- known stands in no sum, so that the sums foot.
with books as (
    select 'now' as basis, * from wh.margin.backlog_by_project_month
    union all
    select 'closed' as basis, * from wh.margin.backlog_by_project_month_as_closed
),
known as (
    select
        *,
        opening_amount_base is not null and bookings_amount_base is not null and changes_amount_base is not null
        and revenue_amount_base is not null and fx_amount_base is not null and closing_amount_base is not null as is_known
    from books
)
select
    k.basis,
    k.month,
    p.project_key,
    case when k.is_known then k.opening_amount_base end as opening,
    case when k.is_known then k.bookings_amount_base end as bookings,
    case when k.is_known then k.changes_amount_base end as changes,
    case when k.is_known then -k.revenue_amount_base end as earned,
    case when k.is_known then k.fx_amount_base end as fx,
    case when k.is_known then k.closing_amount_base end as closing,
    k.billed_amount_base as billed,
    case when not k.is_known then 'a rate or a price is missing' end as state
from known as k
join out.projects as p on k.project_id = p.project_id
where
    not k.is_known or k.opening_amount_base <> 0 or k.bookings_amount_base <> 0 or k.changes_amount_base <> 0
    or k.revenue_amount_base <> 0 or k.fx_amount_base <> 0 or k.closing_amount_base <> 0
order by k.basis, k.month, p.project_key
