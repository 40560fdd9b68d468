with customer_months as (

    select * from {{ ref('int_registers__customer_months') }}

),

opportunities as (

    select * from {{ ref('int_registers__opportunity_versions') }}

),

told as (

    select
        customer_months.customer_id,
        customer_months.month,
        opportunities.stage,
        opportunities.kind,
        opportunities.pipeline_amount_base,
        opportunities.weighted_amount_base
    from customer_months
    left join opportunities
        on customer_months.customer_id = opportunities.customer_id
        and customer_months.measured_on >= opportunities.known_from
        and customer_months.measured_on <= coalesce(opportunities.known_to, customer_months.measured_on)

),

summed as (

    select
        customer_id,
        month,
        {{ pipeline_columns() }}
    from told
    group by
        customer_id,
        month

)

select
    customer_id,
    month
    {%- for measure in pipeline_measures() %},
    cast({{ measure }} as {{ 'bigint' if loop.first else 'decimal(18, 2)' }}) as {{ measure }}
    {%- endfor %}
from summed
