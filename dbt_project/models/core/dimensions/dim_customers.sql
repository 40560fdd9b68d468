with customers as (

    select * from {{ ref('stg_erp__customers') }}

)

select
    customer_id,
    customer_name,
    country_code,
    segment,
    payment_terms_days,
    vat_id
from customers
order by customer_id
