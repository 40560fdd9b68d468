{#- What people's billable time under contract lines by the hour is worth at its bill rates, and how much of that was recognised:
    a line that has reached its cap earns less than its time is worth, its other costs bearing their part. -#}
with time_valued as (

    select * from {{ ref('int_revenue__time_valued') }}

),

recognised as (

    select * from {{ ref('int_revenue__time_and_material_recognised') }}

),

rates_to_base as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

employees as (

    select * from {{ ref('stg_erp__employees') }}

),

earned as (

    select
        contract_line_id,
        month,
        revenue_to_date_amount - coalesce(lag(revenue_to_date_amount) over (
            partition by contract_line_id order by month
        ), 0) as revenue_amount,
        revenue_to_date_amount + above_cap_amount - coalesce(lag(revenue_to_date_amount + above_cap_amount) over (
            partition by contract_line_id order by month
        ), 0) as worth_amount
    from recognised

),

valued as (

    select
        contract_line_id,
        employee_id,
        work_month as month,
        currency_code,
        sum(hours) as hours,
        sum(hours * hourly_rate) as standard_amount
    from time_valued
    where hourly_rate is not null
    group by
        contract_line_id,
        employee_id,
        work_month,
        currency_code

),

converted as (

    select
        valued.employee_id,
        valued.month,
        valued.hours,
        cast({{ to_base('cast(valued.standard_amount as decimal(30, 6))', 'rates_to_base.average_rate_to_base') }}
            as decimal(38, 6)) as standard_amount_base,
        earned.revenue_amount,
        earned.worth_amount
    from valued
    inner join earned
        on valued.contract_line_id = earned.contract_line_id
        and valued.month = earned.month
    left join rates_to_base
        on valued.currency_code = rates_to_base.currency_code
        and valued.month = rates_to_base.month
    where
        valued.hours <> 0
        and earned.worth_amount <> 0

)

select
    converted.employee_id,
    coalesce(employees.role_id, '(none)') as role,
    coalesce(employees.cost_centre, '(none)') as cost_centre,
    coalesce(employees.market, '(none)') as market,
    converted.month,
    sum(converted.hours) as hours,
    sum(converted.standard_amount_base) as standard_amount_base,
    sum({{ divided('converted.standard_amount_base * converted.revenue_amount', 'converted.worth_amount', 6) }})
        as revenue_amount_base
from converted
inner join employees
    on converted.employee_id = employees.employee_id
where converted.standard_amount_base is not null
group by
    converted.employee_id,
    coalesce(employees.role_id, '(none)'),
    coalesce(employees.cost_centre, '(none)'),
    coalesce(employees.market, '(none)'),
    converted.month
