with contract_lines as (

    select * from {{ ref('int_contracts__obligations_named') }}

),

months as (

    select * from {{ ref('int_eac__months_by_project') }}

),

price_changes as (

    select * from {{ ref('int_contracts__price_changes_dated') }}

),

costs as (

    select * from {{ ref('int_eac__costs_by_holder_month') }}

),

invoice_lines as (

    select * from {{ ref('int_contracts__invoice_lines_attributed') }}

),

milestones as (

    select * from {{ ref('int_revenue__milestones_attributed') }}

),

dated as (

    select
        contract_line_id,
        {{ month_of('start_date') }} as month
    from contract_lines

    union all

    select
        contract_line_id,
        {{ month_of('min(effective_on)') }} as month
    from price_changes
    group by contract_line_id

    union all

    select
        holder_id as contract_line_id,
        min(month) as month
    from costs
    where holder_kind = 'contract_line'
    group by holder_id

    union all

    select
        contract_line_id,
        min(issue_month) as month
    from invoice_lines
    where contract_line_id is not null
    group by contract_line_id

    union all

    select
        contract_line_id,
        {{ month_of('min(actual_date)') }} as month
    from milestones
    group by contract_line_id

),

beginnings as (

    select
        contract_line_id,
        min(month) as first_month
    from dated
    group by contract_line_id

)

select
    contract_lines.contract_line_id,
    months.month,
    contract_lines.contract_id,
    contract_lines.project_id,
    contract_lines.branch_id,
    contract_lines.revenue_method,
    contract_lines.currency_code,
    months.measured_on
from contract_lines
inner join beginnings
    on contract_lines.contract_line_id = beginnings.contract_line_id
inner join months
    on contract_lines.project_id = months.project_id
    and months.month >= beginnings.first_month
where contract_lines.is_project_known
