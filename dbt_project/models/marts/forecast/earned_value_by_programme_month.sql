{#- At the rates of each baseline: an index that moves with the market tells nothing of performance. -#}
{%- set measures = ['bac_amount', 'pv_amount', 'ev_amount', 'ac_amount'] -%}

with earned_value as (

    select * from {{ ref('int_evm__by_project_month') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

rates as (

    select * from {{ ref('int_plans__rates_to_base') }}

),

converted as (

    select
        projects.programme_id,
        earned_value.month,
        earned_value.bac_amount is not null
        and earned_value.ev_amount is not null
        and rates.rate_to_base is not null as is_measured,
        {%- for measure in measures %}
        {{ to_base('earned_value.' ~ measure, 'rates.rate_to_base') }} as {{ measure }}_base,
        {%- endfor %}
        {{ to_base('earned_value.loe_bac_amount', 'rates.rate_to_base') }} as loe_bac_amount_base,
        earned_value.ac_amount_base as booked_cost_amount_base
    from earned_value
    inner join projects
        on earned_value.project_id = projects.project_id
    left join rates
        on earned_value.project_id = rates.project_id
        and earned_value.plan_version_id = rates.plan_version_id
        and earned_value.currency_code = rates.currency_code
    where projects.programme_id is not null

),

summed as (

    select
        programme_id,
        month,
        cast(count(*) as integer) as projects,
        cast(count(case when is_measured then 1 end) as integer) as measured_projects,
        {%- for measure in measures + ['loe_bac_amount', 'booked_cost_amount'] %}
        {{ money('sum(case when is_measured then ' ~ measure ~ '_base end)') }} as {{ measure }}_base{{ ',' if not loop.last }}
        {%- endfor %}
    from converted
    group by
        programme_id,
        month

)

select
    programme_id,
    month,
    projects,
    measured_projects,
    bac_amount_base,
    pv_amount_base,
    ev_amount_base,
    ac_amount_base,
    booked_cost_amount_base,
    {{ money('ev_amount_base - ac_amount_base') }} as cv_amount_base,
    {{ money('ev_amount_base - pv_amount_base') }} as sv_amount_base,
    cast(
        case when ac_amount_base > 0 then {{ amount_ratio('ev_amount_base', 'ac_amount_base') }} end as decimal(38, 12)
    ) as cpi,
    cast(
        case when pv_amount_base > 0 then {{ amount_ratio('ev_amount_base', 'pv_amount_base') }} end as decimal(38, 12)
    ) as spi,
    cast(
        case
            when ev_amount_base < bac_amount_base and ac_amount_base < bac_amount_base
                then {{ amount_ratio('bac_amount_base - ev_amount_base', 'bac_amount_base - ac_amount_base') }}
        end as decimal(38, 12)
    ) as tcpi_bac,
    {{ amount_ratio('ev_amount_base', 'bac_amount_base') }} as percent_complete_pct,
    {{ amount_ratio('ac_amount_base', 'bac_amount_base') }} as percent_spent_pct,
    {{ amount_ratio('loe_bac_amount_base', 'bac_amount_base') }} as loe_share_pct
from summed
