{#- Days from issue to payment where nobody's habit and no terms are known. -#}
{%- set fallback = var('payment_lag_default_days') -%}

with customers as (

    select * from {{ ref('stg_erp__customers') }}

),

lags as (

    select * from {{ ref('int_cash__payment_lags') }}

)

select
    customers.customer_id,
    case
        when own.is_measured then own.days_from_issue
        when customers.payment_terms_days is not null then customers.payment_terms_days
        when firm.is_measured then firm.days_from_issue
        else {{ fallback }}
    end as collection_lag_days,
    case
        when own.is_measured then 'own payments'
        when customers.payment_terms_days is not null then 'payment terms'
        when firm.is_measured then 'all customers'
        else 'default'
    end as collection_lag_basis,
    coalesce(own.documents, 0) as paid_documents
from customers
left join lags as own
    on customers.customer_id = own.party_id
    and own.direction = 'customer'
left join lags as firm
    on firm.party_id = '*'
    and firm.direction = 'customer'
