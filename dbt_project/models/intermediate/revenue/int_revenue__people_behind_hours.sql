with contract_lines as (

    select * from {{ ref('int_contracts__obligations_named') }}

),

branches as (

    select * from {{ ref('int_contracts__wbs_branches') }}

),

hours as (

    select * from {{ ref('int_labour__hours_by_person_month') }}

),

line_months as (

    select * from {{ ref('int_revenue__line_months_named') }}

),

-- a person counts from the first month of work on
people as (

    select
        contract_lines.contract_line_id,
        hours.employee_id,
        min(hours.work_month) as first_month
    from contract_lines
    inner join branches
        on contract_lines.project_id = branches.project_id
        and contract_lines.branch_id = branches.branch_id
    inner join hours
        on branches.project_id = hours.project_id
        and branches.wbs_id = coalesce(hours.wbs_id, '')
    where
        contract_lines.revenue_method = 'labour_hours'
        and hours.approval_status in ('approved', 'submitted')
        and hours.hours <> 0
    group by
        contract_lines.contract_line_id,
        hours.employee_id

)

select
    line_months.contract_line_id,
    line_months.month,
    count(people.employee_id) as people
from line_months
left join people
    on line_months.contract_line_id = people.contract_line_id
    and line_months.month >= people.first_month
where line_months.revenue_method = 'labour_hours'
group by
    line_months.contract_line_id,
    line_months.month
