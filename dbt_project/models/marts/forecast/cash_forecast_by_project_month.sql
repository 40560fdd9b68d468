{%- set kinds = [
    ('billings', ['billing']), ('collections', ['collection', 'retention']), ('retention_released', ['retention']),
    ('supplier_payments', ['supplier']), ('payroll', ['payroll'])
] -%}
{%- set ways = [('', 'project_amount'), ('_base', 'amount_base')] -%}

with movements as (

    select * from {{ ref('int_cash__movements_expected') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

customer_lags as (

    select * from {{ ref('int_cash__customer_lags') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

horizon as (

    {{ cash_horizon() }}

),

offsets as (

    {{ numbers(var('cash_horizon_months') - 1) }}

),

spans as (

    select
        project_id,
        max(month) as last_month
    from movements
    where project_id is not null
    group by project_id

),

-- every month up to the last movement, so that the running sum has no gap
project_months as (

    select
        spans.project_id,
        cast({{ dbt.dateadd('month', 'offsets.number', 'horizon.first_month') }} as date) as month
    from spans
    cross join horizon
    inner join offsets
        on cast({{ dbt.dateadd('month', 'offsets.number', 'horizon.first_month') }} as date) <= spans.last_month

),

summed as (

    select
        project_months.project_id,
        project_months.month,
        {%- for suffix, column in ways %}
        {%- for name, members in kinds %}
        -- a movement without a rate leaves its month unknown
        case
            when count(case when movements.kind in ('{{ members | join("', '") }}') and movements.{{ column }} is null then 1 end) = 0
                then
                    coalesce(
                        sum(case when movements.kind in ('{{ members | join("', '") }}') then movements.{{ column }} end), 0
                    )
        end as {{ name }}_amount{{ suffix }}{{ ',' if not (loop.last and suffix == '_base') }}
        {%- endfor %}
        {%- endfor %}
    from project_months
    left join movements
        on project_months.project_id = movements.project_id
        and project_months.month = movements.month
    group by
        project_months.project_id,
        project_months.month

),

netted as (

    select
        project_id,
        month,
        {%- for suffix, column in ways %}
        {%- for name, members in kinds %}
        {{ name }}_amount{{ suffix }},
        {%- endfor %}
        supplier_payments_amount{{ suffix }} + payroll_amount{{ suffix }} as payments_amount{{ suffix }},
        collections_amount{{ suffix }} - supplier_payments_amount{{ suffix }} - payroll_amount{{ suffix }} as net_amount{{ suffix }}
        {{- ',' if suffix == '' }}
        {%- endfor %}
    from summed

)

select
    netted.project_id,
    netted.month,
    projects.currency_code,
    {%- for suffix, column in ways %}
    {%- for name in ['billings', 'collections', 'retention_released', 'supplier_payments', 'payroll', 'payments', 'net'] %}
    {{ money('netted.' ~ name ~ '_amount' ~ suffix) }} as {{ name }}_amount{{ suffix }},
    {%- endfor %}
    case
        when count(*) over (
            partition by netted.project_id order by netted.month rows between unbounded preceding and current row
        ) = count(netted.net_amount{{ suffix }}) over (
            partition by netted.project_id order by netted.month rows between unbounded preceding and current row
        )
            then
                {{ money('sum(netted.net_amount' ~ suffix ~ ') over (partition by netted.project_id order by netted.month'
                    ~ ' rows between unbounded preceding and current row)') }}
    end as cumulative_net_amount{{ suffix }},
    {%- endfor %}
    cast(customer_lags.collection_lag_days as integer) as collection_lag_days,
    customer_lags.collection_lag_basis
from netted
inner join projects
    on netted.project_id = projects.project_id
left join customer_lags
    on projects.customer_id = customer_lags.customer_id
order by
    project_id,
    month
