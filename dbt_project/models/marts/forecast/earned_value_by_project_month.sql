{#- A date so far away says no more than that the pace is next to nothing. -#}
{%- set longest_months = 1200 -%}
{%- set converted_measures = ['bac_amount', 'pv_amount', 'ev_amount', 'ac_amount'] -%}

with earned_value as (

    select * from {{ ref('int_evm__by_project_month') }}

),

estimates as (

    select * from {{ ref('int_evm__estimates_by_project_month') }}

),

rates as (

    select * from {{ ref('int_evm__rates_by_project_month') }}

),

judged as (

    select
        earned_value.project_id,
        earned_value.month,
        earned_value.measured_on,
        earned_value.currency_code,
        earned_value.plan_version_id,
        earned_value.plan_first_month,
        earned_value.ev_source,
        earned_value.bac_amount,
        earned_value.pv_amount,
        earned_value.ev_amount,
        earned_value.ac_amount,
        earned_value.is_complete,
        earned_value.is_cost_complete,
        earned_value.cpi,
        earned_value.spi,
        earned_value.loe_share_pct,
        earned_value.at_months,
        earned_value.pd_months,
        earned_value.es_months,
        earned_value.spi_t,
        earned_value.ieac_t_months,
        -- the estimate that the project itself states, else the one that its cost so far makes
        case when estimates.plan_kind = 'forecast' then 'bottom_up' else 'cpi' end as tcpi_eac_method,
        -- empty where there is no estimate, whatever is ordered
        case
            when estimates.plan_kind = 'forecast' then estimates.bottom_up_etc_amount
            when estimates.cpi_etc_amount is not null then greatest(estimates.cpi_etc_amount, estimates.open_commitment_amount)
        end as etc_amount,
        -- a formula's estimate before it was rounded: what is left, done at the cost of a unit so far
        coalesce(estimates.plan_kind <> 'forecast', true)
        and estimates.cpi_etc_amount >= estimates.open_commitment_amount as is_at_cpi,
        cast(floor(earned_value.ieac_t_months) as integer) as whole_months
    from earned_value
    inner join estimates
        on earned_value.project_id = estimates.project_id
        and earned_value.month = estimates.month

),

dated as (

    select
        project_id,
        month,
        cast({{ dbt.dateadd('month', 'whole_months', 'plan_first_month') }} as date) as last_month_begins_on
    from judged
    where ieac_t_months <= {{ longest_months }}

)

select
    judged.project_id,
    judged.month,
    judged.currency_code,
    judged.plan_version_id as baseline_version_id,
    judged.ev_source,
    {{ money('judged.bac_amount') }} as bac_amount,
    {{ money('judged.pv_amount') }} as pv_amount,
    {{ money('judged.ev_amount') }} as ev_amount,
    {{ money('judged.ac_amount') }} as ac_amount,
    {{ money('judged.ev_amount - judged.ac_amount') }} as cv_amount,
    {{ money('judged.ev_amount - judged.pv_amount') }} as sv_amount,
    judged.cpi,
    judged.spi,
    cast(
        case
            when judged.ev_amount < judged.bac_amount and judged.ac_amount < judged.bac_amount
                then {{ amount_ratio('judged.bac_amount - judged.ev_amount', 'judged.bac_amount - judged.ac_amount') }}
        end as decimal(38, 12)
    ) as tcpi_bac,
    cast(
        case
            when judged.ev_amount >= judged.bac_amount then null
            when judged.is_at_cpi then judged.cpi
            when judged.etc_amount > 0
                then {{ amount_ratio('judged.bac_amount - judged.ev_amount', 'judged.etc_amount') }}
        end as decimal(38, 12)
    ) as tcpi_eac,
    judged.tcpi_eac_method,
    {{ amount_ratio('judged.ev_amount', 'judged.bac_amount') }} as percent_complete_pct,
    {{ amount_ratio('judged.ac_amount', 'judged.bac_amount') }} as percent_spent_pct,
    judged.loe_share_pct,
    judged.at_months,
    judged.pd_months,
    judged.es_months,
    cast(judged.es_months - judged.at_months as decimal(38, 12)) as sv_t_months,
    judged.spi_t,
    judged.ieac_t_months,
    -- the day in which the fraction of the last month lies; a whole month ends on its last day
    cast(
        {{ dbt.dateadd(
            'day',
            'cast(ceil((judged.ieac_t_months - judged.whole_months) * extract(day from '
            ~ dbt.last_day('dated.last_month_begins_on', 'month') ~ ')) as integer) - 1',
            'dated.last_month_begins_on'
        ) }} as date
    ) as forecast_finish_date,
    judged.is_complete,
    judged.is_cost_complete,
    {%- for measure in converted_measures %}
    {{ money(to_base('judged.' ~ measure, 'rates.rate_to_base')) }} as {{ measure }}_base{{ ',' if not loop.last }}
    {%- endfor %}
from judged
left join dated
    on judged.project_id = dated.project_id
    and judged.month = dated.month
left join rates
    on judged.project_id = rates.project_id
    and judged.month = rates.month
