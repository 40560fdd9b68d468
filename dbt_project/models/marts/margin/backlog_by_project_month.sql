with contract_line_months as (

    select * from {{ ref('int_revenue__backlog_by_contract_line_month') }}

),

invoice_lines as (

    select * from {{ ref('fct_invoice_lines') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

billings as (

    select
        project_id,
        issue_month as month,
        case when count(*) = count(net_amount_base) then sum(net_amount_base) end as billed_amount_base
    from invoice_lines
    where direction = 'customer'
    group by
        project_id,
        issue_month

),

-- sums of whole lines: one line of unknown worth leaves the sum unknown
summed as (

    select
        contract_line_months.project_id,
        contract_line_months.month,
        projects.currency_code,
        {%- for measure in ['opening_amount', 'bookings_amount', 'changes_amount', 'revenue_amount', 'closing_amount'] %}
        case
            when max(case when contract_line_months.currency_code <> projects.currency_code then 1 else 0 end) = 0
                then sum(contract_line_months.{{ measure }})
        end as {{ measure }},
        case
            when count(*) = count(contract_line_months.{{ measure }}_base) then sum(contract_line_months.{{ measure }}_base)
        end as {{ measure }}_base {{ ',' if not loop.last }}
        {%- endfor %}
    from contract_line_months
    inner join projects
        on contract_line_months.project_id = projects.project_id
    group by
        contract_line_months.project_id,
        contract_line_months.month,
        projects.currency_code

)

select
    summed.project_id,
    summed.month,
    summed.currency_code,
    {{ money('summed.opening_amount') }} as opening_amount,
    {{ money('summed.opening_amount_base') }} as opening_amount_base,
    {{ money('summed.bookings_amount') }} as bookings_amount,
    {{ money('summed.bookings_amount_base') }} as bookings_amount_base,
    {{ money('summed.changes_amount') }} as changes_amount,
    {{ money('summed.changes_amount_base') }} as changes_amount_base,
    {{ money('summed.revenue_amount') }} as revenue_amount,
    {{ money('summed.revenue_amount_base') }} as revenue_amount_base,
    -- what the currencies did to it: the rest, by definition
    {{ money(
        'summed.closing_amount_base - summed.opening_amount_base - summed.bookings_amount_base'
        ~ ' - summed.changes_amount_base + summed.revenue_amount_base'
    ) }} as fx_amount_base,
    {{ money('summed.closing_amount') }} as closing_amount,
    {{ money('summed.closing_amount_base') }} as closing_amount_base,
    case
        when billings.project_id is null then cast(0 as decimal(18, 2))
        else {{ money('billings.billed_amount_base') }}
    end as billed_amount_base,
    cast({{ divided('summed.bookings_amount_base', 'billings.billed_amount_base', 6) }} as decimal(18, 6))
        as book_to_bill_ratio
from summed
left join billings
    on summed.project_id = billings.project_id
    and summed.month = billings.month
order by
    project_id,
    month
