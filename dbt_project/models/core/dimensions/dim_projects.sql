with projects as (

    select * from {{ ref('stg_erp__projects') }}

),

customers as (

    select * from {{ ref('stg_erp__customers') }}

),

programmes as (

    select * from {{ ref('stg_erp__programmes') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

)

select
    projects.project_id,
    projects.project_name,
    projects.customer_id,
    customers.customer_name,
    projects.programme_id,
    programmes.programme_name,
    projects.business_group,
    projects.market,
    {{ role_holder('projects.project_manager', 'parameters.pseudonym_key') }} as project_manager,
    projects.currency_code,
    projects.status,
    projects.is_key_project,
    projects.start_date,
    projects.planned_end_date,
    projects.actual_end_date
from projects
left join customers
    on projects.customer_id = customers.customer_id
left join programmes
    on projects.programme_id = programmes.programme_id
cross join parameters
order by project_id
