{#- What is left to spend, by each formula, from the same amounts: products of amounts, divided last. -#}
{#- The weights in ten thousandths. -#}
{%- set weight_of_cpi = (var('eac_weight_of_cpi') * 10000) | round | int -%}
{%- set weight_of_spi = 10000 - weight_of_cpi -%}

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

-- cents; time in its twelfth place
counted_out as (

    select
        project_id,
        month,
        {%- for part in ['rest', 'ac', 'pv', 'ev'] %}
        {{ whole_number(('left' if part == 'rest' else part) ~ '_amount', 2) }} as {{ part }},
        {%- endfor %}
        {%- for part in ['ac_last_3', 'ev_last_3', 'ac_last_6', 'ev_last_6'] %}
        {{ whole_number(part, 2) }} as {{ part }},
        {%- endfor %}
        {{ whole_number('es_months', 12) }} as es,
        {{ whole_number('at_months', 0) }} as at_months
    from measured
    where left_amount > 0

),

-- cost of one unit of earned value times the other index, eight places: products of amounts, not of rounded indices
factored as (

    select
        project_id,
        month,
        rest,
        ac,
        ev,
        ac_last_3,
        ev_last_3,
        ac_last_6,
        ev_last_6,
        case when ev > 0 and ac > 0 and pv > 0 then {{ whole_share('ac', 'pv', 'ev', 6) }} end as cpi_spi,
        case when ev > 0 and ac > 0 and es > 0 and at_months > 0 then {{ whole_share('ac', 'at_months', 'es', 18) }} end as cpi_spi_t,
        case
            when ev > 0 and ac > 0 and pv > 0
                then {{ whole_share('ac', 'pv', '(' ~ weight_of_cpi ~ ' * pv + ' ~ weight_of_spi ~ ' * ac)', 10) }}
        end as weighted
    from counted_out

),

reckoned as (

    select
        project_id,
        month,
        case when ev > 0 and ac > 0 then {{ whole_share('rest', 'ac', 'ev') }} end as cpi,
        {%- for method in ['cpi_spi', 'cpi_spi_t', 'weighted'] %}
        case when {{ method }} > 0 then {{ whole_share('rest', method, 'ev', -6) }} end as {{ method }},
        {%- endfor %}
        {%- for months in [3, 6] %}
        case when ev_last_{{ months }} > 0 and ac_last_{{ months }} > 0
            then {{ whole_share('rest', 'ac_last_' ~ months, 'ev_last_' ~ months) }}
        end as last_{{ months }}{{ ',' if not loop.last }}
        {%- endfor %}
    from factored

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
    case
        -- nothing is left
        when measured.left_amount <= 0 then cast(0 as decimal(18, 2))
        else {{ money('measured.left_amount') }}
    end as remaining_at_budget_etc_amount,
    {%- for method in ['cpi', 'cpi_spi', 'cpi_spi_t', 'last_3', 'last_6', 'weighted'] %}
    case
        when measured.left_amount <= 0 then cast(0 as decimal(18, 2))
        else {{ from_whole('reckoned.' ~ method, 2, digits=18) }}
    end as {{ method }}_etc_amount,
    {%- endfor %}
    case
        when measured.left_amount <= 0 then cast(0 as decimal(18, 2))
        else {{ money('measured.left_amount * measured.overrun_factor') }}
    end as reference_class_etc_amount
from measured
left join reckoned
    on measured.project_id = reckoned.project_id
    and measured.month = reckoned.month
