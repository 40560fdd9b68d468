with programmes as (

    select * from {{ ref('stg_erp__programmes') }}

),

customers as (

    select * from {{ ref('stg_erp__customers') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

)

select
    programmes.programme_id,
    programmes.programme_name,
    programmes.customer_id,
    customers.customer_name,
    {{ role_holder('programmes.programme_manager', 'parameters.pseudonym_key') }} as programme_manager
from programmes
left join customers
    on programmes.customer_id = customers.customer_id
cross join parameters
order by programme_id
