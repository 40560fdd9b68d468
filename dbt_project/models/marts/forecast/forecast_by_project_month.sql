{#- In the reporting currency at the baseline's own rate, like earned value: estimates of several projects are added up so. -#}
{%- set converted_measures = [
    'ac_amount',
    'recommended_eac_amount',
    'eac_p10_amount',
    'eac_p50_amount',
    'eac_p80_amount',
    'eac_p90_amount',
    'open_risk_emv_amount',
    'open_opportunity_emv_amount',
    'pending_change_price_amount',
    'pending_change_cost_amount',
    'revenue_at_completion_amount',
    'margin_at_completion_amount',
    'project_manager_eac_amount',
    'finance_eac_amount',
] -%}

with months as (

    select * from {{ ref('int_forecast__months_measured') }}

),

recommended as (

    select * from {{ ref('int_forecast__methods_recommended') }}

),

simulated as (

    select * from {{ ref('int_forecast__costs_simulated') }}

),

registers as (

    select * from {{ ref('int_forecast__registers_by_project_month') }}

),

revenue as (

    select * from {{ ref('int_forecast__revenue_at_completion') }}

),

author_estimates as (

    select * from {{ ref('int_forecast__author_estimates') }}

),

rates as (

    select * from {{ ref('int_evm__rates_by_project_month') }}

),

authors as (

    select
        project_id,
        month,
        max(case when author = 'project_manager' then eac_amount end) as project_manager_eac_amount,
        max(case when author = 'finance' then eac_amount end) as finance_eac_amount
    from author_estimates
    group by
        project_id,
        month

),

joined as (

    select
        months.project_id,
        months.month,
        months.currency_code,
        months.progress_band,
        months.ac_amount,
        recommended.recommended_method,
        recommended.recommendation_reason,
        recommended.projects,
        recommended.etc_amount,
        recommended.eac_amount as recommended_eac_amount,
        {{ money('simulated.eac_p10') }} as eac_p10_amount,
        {{ money('simulated.eac_p50') }} as eac_p50_amount,
        {{ money('simulated.eac_p80') }} as eac_p80_amount,
        {{ money('simulated.eac_p90') }} as eac_p90_amount,
        coalesce(simulated.is_calibrated, false) as is_range_calibrated,
        registers.open_risk_emv_amount,
        registers.open_opportunity_emv_amount,
        registers.open_risk_three_point_amount,
        registers.open_opportunity_three_point_amount,
        registers.pending_change_count,
        registers.pending_change_price_amount,
        registers.pending_change_cost_amount,
        registers.pending_change_expected_price_amount,
        registers.pending_change_expected_cost_amount,
        revenue.revenue_amount as revenue_at_completion_amount,
        revenue.revenue_amount - recommended.eac_amount as margin_at_completion_amount,
        authors.project_manager_eac_amount,
        authors.finance_eac_amount,
        rates.rate_to_base
    from months
    inner join recommended
        on months.project_id = recommended.project_id
        and months.month = recommended.month
    inner join registers
        on months.project_id = registers.project_id
        and months.month = registers.month
    left join simulated
        on months.project_id = simulated.project_id
        and months.month = simulated.month
    left join revenue
        on months.project_id = revenue.project_id
        and months.month = revenue.month
    left join authors
        on months.project_id = authors.project_id
        and months.month = authors.month
    left join rates
        on months.project_id = rates.project_id
        and months.month = rates.month

)

select
    project_id,
    month,
    currency_code,
    progress_band,
    recommended_method,
    recommendation_reason,
    cast(projects as bigint) as finished_projects,
    {{ money('ac_amount') }} as ac_amount,
    {{ money('etc_amount') }} as recommended_etc_amount,
    {{ money('recommended_eac_amount') }} as recommended_eac_amount,
    eac_p10_amount,
    eac_p50_amount,
    eac_p80_amount,
    eac_p90_amount,
    is_range_calibrated,
    {{ money('open_risk_emv_amount') }} as open_risk_emv_amount,
    {{ money('open_opportunity_emv_amount') }} as open_opportunity_emv_amount,
    {{ money('open_risk_three_point_amount') }} as open_risk_three_point_amount,
    {{ money('open_opportunity_three_point_amount') }} as open_opportunity_three_point_amount,
    {{ money('recommended_eac_amount + open_risk_emv_amount - open_opportunity_emv_amount') }} as risk_adjusted_eac_amount,
    cast(pending_change_count as bigint) as pending_change_count,
    {{ money('pending_change_price_amount') }} as pending_change_price_amount,
    {{ money('pending_change_cost_amount') }} as pending_change_cost_amount,
    {{ money('pending_change_expected_price_amount') }} as pending_change_expected_price_amount,
    {{ money('pending_change_expected_cost_amount') }} as pending_change_expected_cost_amount,
    {{ money('revenue_at_completion_amount') }} as revenue_at_completion_amount,
    {{ money('margin_at_completion_amount') }} as margin_at_completion_amount,
    {{ margin_pct('margin_at_completion_amount', 'revenue_at_completion_amount') }} as margin_at_completion_pct,
    {{ money('project_manager_eac_amount') }} as project_manager_eac_amount,
    {{ money('finance_eac_amount') }} as finance_eac_amount,
    {%- for measure in converted_measures %}
    {{ money(to_base(measure, 'rate_to_base')) }} as {{ measure }}_base{{ ',' if not loop.last }}
    {%- endfor %}
from joined
