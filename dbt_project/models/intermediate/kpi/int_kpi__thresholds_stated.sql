with delivered as (

    select * from {{ ref('kpi_thresholds') }}

),

own as (

    select * from {{ source('ledger', 'kpi_thresholds') }}

),

own_kpis as (

    select distinct kpi_code
    from own

)

select
    delivered.kpi_code,
    delivered.customer_id,
    delivered.business_group,
    delivered.applies_to,
    delivered.valid_from,
    delivered.valid_to,
    delivered.target,
    delivered.amber_lower,
    delivered.amber_upper,
    delivered.red_lower,
    delivered.red_upper
from delivered
left join own_kpis
    on delivered.kpi_code = own_kpis.kpi_code
where own_kpis.kpi_code is null

union all

select
    kpi_code,
    customer_id,
    business_group,
    applies_to,
    valid_from,
    valid_to,
    target,
    amber_lower,
    amber_upper,
    red_lower,
    red_upper
from own
