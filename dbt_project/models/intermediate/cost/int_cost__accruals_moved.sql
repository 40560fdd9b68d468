{#- Supplier invoices that the ledger has not posted, as the accruals that they make and the reversals that undo them. What
    is open of a line at the end of a month is its net less the share posted by then; a row is the change of that. The
    running open amount is rounded, so that an accrual and its reversals are nothing to the cent. -#}
with invoice_lines as (

    select * from {{ ref('int_invoices__lines_attributed') }}

),

headers as (

    select * from {{ ref('int_invoices__headers_attributed') }}

),

order_lines as (

    select * from {{ ref('int_cost__order_lines_attributed') }}

),

shares as (

    select * from {{ ref('int_cost__supplier_invoices_matched') }}

),

judged_texts as (

    select * from {{ ref('int_quality__texts_judged') }}

),

-- an order of one kind says what its invoices are for
orders as (

    select
        purchase_order_id,
        min(category) as category
    from order_lines
    group by purchase_order_id
    having count(distinct category) = 1

),

supplied as (

    select
        invoice_lines.invoice_id,
        invoice_lines.counterparty_id,
        invoice_lines.line_id,
        invoice_lines.is_remainder,
        invoice_lines.project_id,
        invoice_lines.wbs_id,
        invoice_lines.issue_date,
        invoice_lines.issue_month,
        coalesce(invoice_lines.category, orders.category, 'other') as category,
        invoice_lines.category is null and orders.category is null as is_unclassified,
        invoice_lines.currency_code,
        invoice_lines.net_amount_rounded,
        invoice_lines.net_amount_base_rounded,
        judged_texts.text is not null as is_quality_cost,
        invoice_lines.source_file_id,
        invoice_lines.source_line
    from invoice_lines
    inner join headers
        on invoice_lines.invoice_id = headers.invoice_id
        and invoice_lines.direction = headers.direction
        and invoice_lines.counterparty_id = headers.counterparty_id
    left join orders
        on headers.purchase_order_id = orders.purchase_order_id
    left join judged_texts
        on invoice_lines.description = judged_texts.text
        and judged_texts.signal = 'description'
    where
        invoice_lines.direction = 'supplier'
        and invoice_lines.is_project_known

),

-- open at the end of the month of issue, and of every later month in which something was posted
open_at_month_end as (

    select
        supplied.invoice_id,
        supplied.counterparty_id,
        supplied.line_id,
        supplied.is_remainder,
        supplied.issue_month as month,
        cast(1 as decimal(18, 6)) - coalesce(shares.posted_share, 0) as open_share
    from supplied
    left join shares
        on supplied.invoice_id = shares.invoice_id
        and supplied.counterparty_id = shares.counterparty_id
        and supplied.project_id = shares.project_id
        and supplied.issue_month = shares.month

    union all

    select
        supplied.invoice_id,
        supplied.counterparty_id,
        supplied.line_id,
        supplied.is_remainder,
        shares.month,
        cast(1 as decimal(18, 6)) - shares.posted_share as open_share
    from supplied
    inner join shares
        on supplied.invoice_id = shares.invoice_id
        and supplied.counterparty_id = shares.counterparty_id
        and supplied.project_id = shares.project_id
        and supplied.issue_month < shares.month

),

open_amounts as (

    select
        open_at_month_end.month,
        supplied.invoice_id,
        supplied.counterparty_id,
        supplied.line_id,
        supplied.is_remainder,
        supplied.project_id,
        supplied.wbs_id,
        supplied.issue_date,
        supplied.issue_month,
        supplied.category,
        supplied.is_unclassified,
        supplied.currency_code,
        open_at_month_end.open_share,
        {{ money('supplied.net_amount_rounded * open_at_month_end.open_share') }} as open_amount,
        {{ money('supplied.net_amount_base_rounded * open_at_month_end.open_share') }} as open_amount_base,
        supplied.is_quality_cost,
        supplied.source_file_id,
        supplied.source_line
    from supplied
    inner join open_at_month_end
        on supplied.invoice_id = open_at_month_end.invoice_id
        and supplied.counterparty_id = open_at_month_end.counterparty_id
        and supplied.line_id = open_at_month_end.line_id
        and supplied.is_remainder = open_at_month_end.is_remainder

),

moved as (

    select
        month,
        invoice_id,
        counterparty_id,
        line_id,
        is_remainder,
        project_id,
        wbs_id,
        issue_date,
        issue_month,
        category,
        is_unclassified,
        currency_code,
        open_amount - coalesce(
            lag(open_amount) over (
                partition by invoice_id, counterparty_id, line_id, is_remainder
                order by month
            ),
            0
        ) as amount,
        open_amount_base - coalesce(
            lag(open_amount_base) over (
                partition by invoice_id, counterparty_id, line_id, is_remainder
                order by month
            ),
            0
        ) as amount_base,
        open_amount,
        lead(month) over (
            partition by invoice_id, counterparty_id, line_id, is_remainder
            order by month
        ) is null as is_latest,
        is_quality_cost,
        source_file_id,
        source_line
    from open_amounts

)

select
    -- a row of the month of issue is the accrual; later ones take it back, or bring it back where a posting was cancelled
    case
        when month = issue_month or amount * open_amount > 0 then 'accrual'
        else 'accrual_reversal'
    end as origin,
    month as cost_month,
    invoice_id,
    counterparty_id,
    line_id,
    is_remainder,
    project_id,
    wbs_id,
    issue_date,
    issue_month,
    category,
    is_unclassified,
    case
        when category = 'labour' and '{{ var("labour_cost_source") }}' <> 'erp' then 'labour_left_out'
        else 'cost'
    end as treatment,
    currency_code,
    amount,
    amount_base,
    open_amount,
    is_latest,
    is_quality_cost,
    source_file_id,
    source_line
from moved
