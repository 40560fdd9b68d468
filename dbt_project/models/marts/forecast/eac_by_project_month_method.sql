{%- set methods = [
    'bottom_up', 'remaining_at_budget', 'cpi', 'cpi_spi', 'cpi_spi_t', 'last_3', 'last_6', 'weighted', 'reference_class'
] -%}

with estimates as (

    select * from {{ ref('int_evm__estimates_by_project_month') }}

),

unpivoted as (

    {%- for method in methods %}
    select
        project_id,
        month,
        '{{ method }}' as method,
        currency_code,
        bac_amount,
        ac_amount,
        open_commitment_amount,
        {%- if method == 'bottom_up' %}
        -- covers them already (int_eac__moments_measured)
        uncovered_commitment_amount as commitment_not_estimated_amount,
        forecast_version_id as plan_version_id,
        stale_plan_amount,
        bottom_up_etc_amount as formula_etc_amount,
        {%- else %}
        greatest(open_commitment_amount - {{ method }}_etc_amount, 0) as commitment_not_estimated_amount,
        cast(null as {{ dbt.type_string() }}) as plan_version_id,
        cast(null as decimal(18, 2)) as stale_plan_amount,
        {{ method }}_etc_amount as formula_etc_amount,
        {%- endif %}
        case
            when {{ method }}_etc_amount is not null then cast(null as {{ dbt.type_string() }})
            {%- if method == 'bottom_up' %}
            when plan_kind is null or plan_kind <> 'forecast' then 'no_forecast'
            else no_eac_reason
            {%- else %}
            when bac_amount is null then 'no_baseline'
            when ev_amount is null then 'no_progress'
            {%- if method == 'reference_class' %}
            else 'too_few_ended_projects'
            {%- else %}
            when ac_amount <= 0 then 'nothing_spent'
            when ev_amount <= 0 then 'nothing_earned'
            {%- if method in ('cpi_spi', 'weighted') %}
            else 'nothing_planned'
            {%- elif method in ('last_3', 'last_6') %}
            else 'too_few_months_with_cost_and_progress'
            {%- else %}
            else 'no_time_passed'
            {%- endif %}
            {%- endif %}
            {%- endif %}
        end as no_eac_reason
    from estimates
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

-- what is ordered will be paid: the estimate of what is left holds the open orders, it is never added to them
covered as (

    select
        project_id,
        month,
        method,
        currency_code,
        bac_amount,
        ac_amount,
        open_commitment_amount,
        plan_version_id,
        stale_plan_amount,
        no_eac_reason,
        formula_etc_amount,
        commitment_not_estimated_amount,
        case when formula_etc_amount is not null then greatest(formula_etc_amount, open_commitment_amount) end as etc_amount
    from unpivoted

)

select
    project_id,
    month,
    method,
    currency_code,
    {{ money('bac_amount') }} as bac_amount,
    {{ money('ac_amount') }} as ac_amount,
    {{ money('etc_amount') }} as etc_amount,
    {{ money('ac_amount + etc_amount') }} as eac_amount,
    {{ money('bac_amount - ac_amount - etc_amount') }} as vac_amount,
    {{ money('open_commitment_amount') }} as open_commitment_amount,
    {{ money('case when formula_etc_amount is not null then commitment_not_estimated_amount end') }}
        as commitment_not_estimated_amount,
    plan_version_id,
    {{ money('stale_plan_amount') }} as stale_plan_amount,
    coalesce(stale_plan_amount <> 0, false) as is_stale,
    no_eac_reason
from covered
