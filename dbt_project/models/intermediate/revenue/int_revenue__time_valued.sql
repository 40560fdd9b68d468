with contract_lines as (

    select * from {{ ref('int_contracts__lines_named') }}

),

branches as (

    select * from {{ ref('int_contracts__wbs_branches') }}

),

time_entries as (

    select * from {{ ref('int_labour__time_entries_costed') }}

),

rate_periods as (

    select * from {{ ref('int_revenue__bill_rate_periods') }}

),

hourly_lines as (

    select
        contract_line_id,
        project_id,
        branch_id
    from contract_lines
    where
        is_project_known
        and revenue_method = 'time_and_material'

),

-- people's days under a line; time that the sheet does not call billable or not is, under a contract by the hour
days as (

    select
        hourly_lines.contract_line_id,
        hourly_lines.project_id,
        hourly_lines.branch_id,
        time_entries.employee_id,
        time_entries.role_id,
        time_entries.work_date,
        time_entries.work_month,
        sum(time_entries.hours) as hours
    from time_entries
    inner join branches
        on time_entries.project_id = branches.project_id
        and coalesce(time_entries.wbs_id, '') = branches.wbs_id
    inner join hourly_lines
        on branches.project_id = hourly_lines.project_id
        and branches.branch_id = hourly_lines.branch_id
    where
        time_entries.is_costed
        and coalesce(time_entries.is_billable, true)
    group by
        hourly_lines.contract_line_id,
        hourly_lines.project_id,
        hourly_lines.branch_id,
        time_entries.employee_id,
        time_entries.role_id,
        time_entries.work_date,
        time_entries.work_month

),

rated as (

    select
        days.contract_line_id,
        days.project_id,
        days.branch_id,
        days.employee_id,
        days.role_id,
        days.work_date,
        days.work_month,
        days.hours,
        case
            when person_rates.contract_line_id is not null then person_rates.hourly_rate
            when role_rates.contract_line_id is not null then role_rates.hourly_rate
            else any_rates.hourly_rate
        end as hourly_rate,
        case
            when person_rates.contract_line_id is not null then person_rates.currency_code
            when role_rates.contract_line_id is not null then role_rates.currency_code
            else any_rates.currency_code
        end as currency_code,
        case
            when person_rates.contract_line_id is not null then 1
            when role_rates.contract_line_id is not null then 2
            when any_rates.contract_line_id is not null then 3
            else 4
        end as preference
    from days
    left join rate_periods as person_rates
        on days.contract_line_id = person_rates.contract_line_id
        and person_rates.holder_kind = 'person'
        and days.employee_id = person_rates.holder_id
        and days.work_date between person_rates.period_from and person_rates.period_to
    left join rate_periods as role_rates
        on days.contract_line_id = role_rates.contract_line_id
        and role_rates.holder_kind = 'role'
        and days.role_id = role_rates.holder_id
        and days.work_date between role_rates.period_from and role_rates.period_to
    left join rate_periods as any_rates
        on days.contract_line_id = any_rates.contract_line_id
        and any_rates.holder_kind = 'any'
        and days.work_date between any_rates.period_from and any_rates.period_to

),

-- a day is billed once: where several lines pay for a branch, under the one whose rate fits best
placed as (

    select
        contract_line_id,
        employee_id,
        role_id,
        work_date,
        work_month,
        hours,
        hourly_rate,
        currency_code,
        row_number() over (
            partition by project_id, branch_id, employee_id, role_id, work_date
            order by preference, contract_line_id
        ) as place
    from rated

)

select
    contract_line_id,
    employee_id,
    role_id,
    work_date,
    work_month,
    currency_code,
    hours,
    hourly_rate
from placed
where place = 1
