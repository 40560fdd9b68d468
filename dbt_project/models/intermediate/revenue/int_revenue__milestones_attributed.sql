with milestones as (

    select * from {{ ref('fct_milestones') }}

),

contract_lines as (

    select * from {{ ref('int_contracts__lines_named') }}

),

-- a milestone that earns without naming a line belongs to the project's only line that earns by milestones
only_lines as (

    select
        project_id,
        min(contract_line_id) as contract_line_id
    from contract_lines
    where revenue_method = 'milestone'
    group by project_id
    having count(*) = 1

)

select
    milestones.delivered_project_id,
    milestones.project_id,
    milestones.milestone_id,
    contract_lines.contract_line_id,
    milestones.is_customer_acceptance,
    coalesce(milestones.forecast_date, milestones.baseline_date) as expected_date,
    milestones.actual_date,
    milestones.revenue_amount,
    contract_lines.revenue_method
from milestones
left join only_lines
    on milestones.project_id = only_lines.project_id
    and milestones.revenue_amount is not null
inner join contract_lines
    on coalesce(milestones.contract_line_id, only_lines.contract_line_id) = contract_lines.contract_line_id
