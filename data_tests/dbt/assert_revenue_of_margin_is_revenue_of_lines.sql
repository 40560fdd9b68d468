-- A project's revenue in margin is the published revenue of its contract lines; of a project without a contract line, what was invoiced
-- on no other project's line (a document may name one project and the contract of another).
with margin as (

    select * from {{ ref('margin_by_project_month') }}

),

line_months as (

    select * from {{ ref('revenue_by_contract_line_month') }}

),

invoice_lines as (

    select * from {{ ref('int_contracts__invoice_lines_attributed') }}

),

projects_with_lines as (

    select distinct project_id
    from line_months

),

both_sides as (

    select
        project_id,
        month,
        revenue_amount_base as margin_amount,
        0 as line_amount
    from margin

    union all

    select
        project_id,
        month,
        0 as margin_amount,
        coalesce(revenue_amount_base, 0) as line_amount
    from line_months

    union all

    select
        invoice_lines.project_id,
        invoice_lines.issue_month as month,
        0 as margin_amount,
        coalesce(invoice_lines.net_amount_base, 0) as line_amount
    from invoice_lines
    left join projects_with_lines
        on invoice_lines.project_id = projects_with_lines.project_id
    where
        invoice_lines.is_project_known
        and invoice_lines.contract_line_id is null
        and projects_with_lines.project_id is null

)

select
    project_id,
    month,
    sum(margin_amount) as margin_amount,
    sum(line_amount) as line_amount
from both_sides
group by
    project_id,
    month
having sum(margin_amount) <> sum(line_amount)
