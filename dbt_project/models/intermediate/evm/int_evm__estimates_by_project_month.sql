{#- What is left to spend, by each formula, from the same amounts: products of amounts, divided last. -#}
{%- set weight_of_spi = 1 - var('eac_weight_of_cpi') -%}

with earned_value as (

    select * from {{ ref('int_evm__by_project_month') }}

),

project_costs as (

    select * from {{ ref('int_eac__costs_by_project_month') }}

),

class_overruns as (

    select * from {{ ref('int_evm__class_overruns_by_month') }}

),

moved as (

    select
        project_id,
        month,
        ac_amount,
        ev_amount,
        coalesce(lag(ac_amount) over (partition by project_id order by month), 0) as ac_amount_before,
        lag(ev_amount) over (partition by project_id order by month) as ev_amount_before
    from earned_value

),

-- months in which something was spent, counted
counted as (

    select
        project_id,
        month,
        ac_amount,
        ev_amount,
        ac_amount_before,
        -- nothing spent, nothing earned
        case when ac_amount_before = 0 then coalesce(ev_amount_before, 0) else ev_amount_before end as ev_amount_before,
        ac_amount > ac_amount_before as is_spent,
        sum(case when ac_amount > ac_amount_before then 1 else 0 end) over (
            partition by project_id
            order by month
            rows between unbounded preceding and current row
        ) as months_spent
    from moved

),

lately as (

    select
        counted.project_id,
        counted.month,
        {%- for months in [3, 6] %}
        counted.ac_amount - since_{{ months }}.ac_amount_before as ac_last_{{ months }},
        counted.ev_amount - since_{{ months }}.ev_amount_before as ev_last_{{ months }}{{ ',' if not loop.last }}
        {%- endfor %}
    from counted
    {%- for months in [3, 6] %}
    left join counted as since_{{ months }}
        on counted.project_id = since_{{ months }}.project_id
        and counted.months_spent = since_{{ months }}.months_spent + {{ months - 1 }}
        and since_{{ months }}.is_spent
    {%- endfor %}

),

measured as (

    select
        earned_value.project_id,
        earned_value.month,
        earned_value.measured_on,
        earned_value.currency_code,
        earned_value.is_plan_known,
        earned_value.ev_source,
        earned_value.bac_amount,
        earned_value.pv_amount,
        earned_value.ev_amount,
        earned_value.ac_amount,
        earned_value.es_months,
        earned_value.at_months,
        earned_value.bac_amount - earned_value.ev_amount as left_amount,
        lately.ac_last_3,
        lately.ev_last_3,
        lately.ac_last_6,
        lately.ev_last_6,
        project_costs.open_commitment_amount,
        project_costs.uncovered_commitment_amount,
        project_costs.orders_without_rate,
        project_costs.plan_version_id as forecast_version_id,
        project_costs.plan_kind,
        project_costs.etc_amount as bottom_up_etc_amount,
        case when project_costs.plan_kind = 'forecast' then project_costs.stale_plan_amount end as stale_plan_amount,
        project_costs.no_eac_reason,
        class_overruns.projects as class_projects,
        case
            when class_overruns.projects >= {{ var('reference_class_min_projects') }} then class_overruns.overrun_factor
        end as overrun_factor
    from earned_value
    inner join project_costs
        on earned_value.project_id = project_costs.project_id
        and earned_value.month = project_costs.month
    inner join lately
        on earned_value.project_id = lately.project_id
        and earned_value.month = lately.month
    left join class_overruns
        on earned_value.month = class_overruns.month

),

-- cost of one unit of earned value, times the two other indices: the amounts stay exact, eight places in between
factored as (

    select
        project_id,
        month,
        case when pv_amount > 0 then {{ amount_share('ac_amount', 'pv_amount', 'ev_amount', 8) }} end as cpi_spi_factor,
        case
            when es_months > 0 and at_months > 0
                then {{ amount_share('ac_amount', 'at_months', 'es_months', 8, factor_places=0, divisor_places=12) }}
        end as cpi_spi_t_factor,
        case
            when pv_amount > 0
                then
                    {{ amount_share(
                        'ac_amount', 'pv_amount',
                        'cast(' ~ var('eac_weight_of_cpi') ~ ' as decimal(20, 4)) * pv_amount + cast(' ~ weight_of_spi
                        ~ ' as decimal(20, 4)) * ac_amount', 8, divisor_places=6
                    ) }}
        end as weighted_factor
    from measured
    where
        ev_amount > 0
        and ac_amount > 0

)

select
    measured.project_id,
    measured.month,
    measured.measured_on,
    measured.currency_code,
    measured.is_plan_known,
    measured.ev_source,
    measured.bac_amount,
    measured.pv_amount,
    measured.ev_amount,
    measured.ac_amount,
    measured.open_commitment_amount,
    measured.uncovered_commitment_amount,
    measured.orders_without_rate,
    measured.forecast_version_id,
    measured.plan_kind,
    measured.stale_plan_amount,
    measured.no_eac_reason,
    measured.class_projects,
    case when measured.plan_kind = 'forecast' then measured.bottom_up_etc_amount end as bottom_up_etc_amount,
    {%- set formulas = [
        ('remaining_at_budget', 'measured.left_amount'),
        ('cpi', amount_share('measured.left_amount', 'measured.ac_amount', 'measured.ev_amount')),
        ('cpi_spi', amount_share('measured.left_amount', 'factored.cpi_spi_factor', 'measured.ev_amount', factor_places=8)),
        ('cpi_spi_t', amount_share('measured.left_amount', 'factored.cpi_spi_t_factor', 'measured.ev_amount', factor_places=8)),
        ('last_3', amount_share('measured.left_amount', 'measured.ac_last_3', 'measured.ev_last_3')),
        ('last_6', amount_share('measured.left_amount', 'measured.ac_last_6', 'measured.ev_last_6')),
        ('weighted', amount_share('measured.left_amount', 'factored.weighted_factor', 'measured.ev_amount', factor_places=8)),
        ('reference_class', 'measured.left_amount * measured.overrun_factor')
    ] -%}
    {%- set conditions = {
        'cpi': 'measured.ev_amount > 0 and measured.ac_amount > 0',
        'cpi_spi': 'measured.pv_amount > 0 and factored.cpi_spi_factor > 0',
        'cpi_spi_t': 'factored.cpi_spi_t_factor > 0',
        'last_3': 'measured.ev_last_3 > 0 and measured.ac_last_3 > 0',
        'last_6': 'measured.ev_last_6 > 0 and measured.ac_last_6 > 0',
        'weighted': 'measured.pv_amount > 0 and factored.weighted_factor > 0'
    } -%}
    {%- for method, formula in formulas %}
    case
        -- nothing is left
        when measured.left_amount <= 0 then cast(0 as decimal(18, 2))
        {%- if method in conditions %}
        when {{ conditions[method] }} then {{ money(formula) }}
        {%- else %}
        else {{ money(formula) }}
        {%- endif %}
    end as {{ method }}_etc_amount{{ ',' if not loop.last }}
    {%- endfor %}
from measured
left join factored
    on measured.project_id = factored.project_id
    and measured.month = factored.month
