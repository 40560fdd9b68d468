{#- Numerators and denominators of every KPI that is known of a project, from the facts, the marts and what was delivered.
    What is derived goes before what is composed of delivered counts, and that before a delivered value. -#}
{%- set nothing = 'cast(null as decimal(24, 6))' -%}
{%- set no_value = 'cast(null as decimal(38, 12))' -%}
{%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
{#- KPI, numerator, denominator; of running totals -#}
{%- set of_margin = [
    ('gross_margin_pct', 'gross_margin_amount_base_to_date', 'revenue_amount_base_to_date'),
    ('billed_ratio_pct', 'billed_amount_base_to_date', 'revenue_amount_base_to_date'),
    ('quality_cost_pct', 'quality_cost_amount_base_to_date', 'cost_of_sales_amount_base_to_date'),
    ('cost_overrun_pct', 'forecast_cost_amount_base - baseline_cost_amount_base', 'baseline_cost_amount_base')
] -%}
{#- KPI, mart, numerator, denominator; the marts have counted already -#}
{%- set of_registers = [
    ('milestone_hit_rate_pct', 'milestones', 'hit', 'due'),
    ('on_time_delivery_pct', 'quality', 'supplies_on_time', 'supplies_due'),
    ('first_time_right', 'quality', 'first_time_right', 'first_submissions'),
    ('acceptance_pct', 'quality', 'tests_accepted_to_date', 'tests_judged_to_date'),
    ('defects_per_test', 'quality', 'defects', 'tests_with_defects_told'),
    ('trir', 'safety', 'recordable_cases_12_months', 'hours_12_months'),
    ('ltifr', 'safety', 'lost_time_cases_12_months', 'hours_12_months')
] -%}
with margin as (

    select * from {{ ref('margin_by_project_month') }}

),

earned_value as (

    select * from {{ ref('earned_value_by_project_month') }}

),

plan_rates as (

    select * from {{ ref('int_plans__rates_to_base') }}

),

project_months as (

    select * from {{ ref('int_registers__project_months') }}

),

backlog as (

    select * from {{ ref('backlog_by_project_month') }}

),

change_requests as (

    select * from {{ ref('change_requests_by_project_month') }}

),

milestones as (

    select * from {{ ref('milestone_performance_by_project_month') }}

),

quality as (

    select * from {{ ref('delivery_quality_by_project_month') }}

),

safety as (

    select * from {{ ref('safety_by_project_month') }}

),

responses as (

    select * from {{ ref('fct_survey_responses') }}

),

complaints as (

    select * from {{ ref('fct_complaints') }}

),

observations as (

    select * from {{ ref('fct_kpi_observations') }}

),

dictionary as (

    select * from {{ ref('int_kpi__dictionary_stated') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

-- a project in the currency of its contract; what is carried to other levels at the rates of the baseline
of_earned_value as (
    {% for kpi, denominator in [('cpi', 'ac_amount'), ('spi', 'pv_amount')] %}
    select
        earned_value.project_id,
        earned_value.month,
        '{{ kpi }}' as kpi_code,
        earned_value.ev_amount as numerator,
        earned_value.{{ denominator }} as denominator,
        {{ to_base('earned_value.ev_amount', 'plan_rates.rate_to_base') }} as carried_numerator,
        {{ to_base('earned_value.' ~ denominator, 'plan_rates.rate_to_base') }} as carried_denominator,
        earned_value.{{ kpi }} as given_value
    from earned_value
    left join plan_rates
        on earned_value.project_id = plan_rates.project_id
        and earned_value.baseline_version_id = plan_rates.plan_version_id
        and earned_value.currency_code = plan_rates.currency_code
    where
        earned_value.bac_amount is not null
        and earned_value.ev_amount is not null
        and earned_value.{{ denominator }} is not null
        and (earned_value.ev_amount <> 0 or earned_value.{{ denominator }} <> 0)

    union all
    {% endfor %}
    select
        project_id,
        month,
        'spi_t' as kpi_code,
        es_months as numerator,
        at_months as denominator,
        {{ nothing }} as carried_numerator,
        {{ nothing }} as carried_denominator,
        spi_t as given_value
    from earned_value
    where spi_t is not null

),

of_margin as (
    {% for kpi, numerator, denominator in of_margin %}
    select
        project_id,
        month,
        '{{ kpi }}' as kpi_code,
        {{ numerator }} as numerator,
        {{ denominator }} as denominator,
        {{ nothing }} as reference_numerator,
        {{ nothing }} as reference_denominator
    from margin
    where
        ({{ numerator }} <> 0 and {{ denominator }} is not null)
        or ({{ denominator }} <> 0 and {{ numerator }} is not null)

    union all
    {% endfor %}
    select
        project_id,
        month,
        'margin_erosion_pp' as kpi_code,
        forecast_margin_amount_base as numerator,
        forecast_revenue_amount_base as denominator,
        as_sold_margin_amount_base as reference_numerator,
        as_sold_revenue_amount_base as reference_denominator
    from margin
    where
        forecast_margin_amount_base is not null
        and as_sold_margin_amount_base is not null

),

-- the contract price at the end of each month, in the reporting currency as it was booked
prices as (

    select
        project_id,
        month,
        sum(bookings_amount_base) over (
            partition by project_id order by month
            rows between unbounded preceding and current row
        ) as original_amount_base,
        sum(bookings_amount_base + changes_amount_base) over (
            partition by project_id order by month
            rows between unbounded preceding and current row
        ) as current_amount_base
    from backlog

),

of_changes as (
    {% for kpi, requests, price in [
        ('scope_change_pct', 'approved_price_amount_base_to_date', 'original_amount_base'),
        ('pending_change_pct', 'pending_price_amount_base', 'current_amount_base')
    ] %}
    select
        prices.project_id,
        prices.month,
        '{{ kpi }}' as kpi_code,
        case when change_requests.project_id is null then 0 else change_requests.{{ requests }} end as numerator,
        prices.{{ price }} as denominator
    from prices
    left join change_requests
        on prices.project_id = change_requests.project_id
        and prices.month = change_requests.month
    where prices.{{ price }} <> 0
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

of_registers as (
    {% for kpi, mart, numerator, denominator in of_registers %}
    select
        project_id,
        month,
        '{{ kpi }}' as kpi_code,
        {{ numerator }} as numerator,
        {{ denominator }} as denominator
    from {{ mart }}
    where {{ denominator }} > 0
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

of_responses as (

    select
        project_id,
        customer_id,
        responded_month as month,
        case kind when 'nps' then 'nps' else 'csat_pct' end as kpi_code,
        sum(
            case
                when kind = 'nps' and score >= 9 then 1
                when kind = 'nps' and score <= 6 then -1
                when kind = 'csat' and score >= 4 then 1
                else 0
            end
        ) as numerator,
        count(*) as denominator
    from responses
    group by
        project_id,
        customer_id,
        responded_month,
        kind

),

-- from a project's first complaint on: before it nobody can say that none is open
of_complaints as (

    select
        project_months.project_id,
        project_months.month,
        'complaints_open' as kpi_code,
        sum(
            case when complaints.closed_date is null or complaints.closed_date > project_months.measured_on then 1 else 0 end
        ) as numerator
    from project_months
    inner join complaints
        on project_months.project_id = complaints.project_id
        and project_months.measured_on >= complaints.opened_date
    group by
        project_months.project_id,
        project_months.month

),

derived as (

    select
        project_id,
        {{ no_text }} as customer_id,
        month,
        kpi_code,
        numerator,
        denominator,
        reference_numerator,
        reference_denominator,
        numerator as carried_numerator,
        denominator as carried_denominator,
        {{ no_value }} as given_value
    from of_margin

    union all

    select
        project_id,
        {{ no_text }} as customer_id,
        month,
        kpi_code,
        numerator,
        denominator,
        {{ nothing }} as reference_numerator,
        {{ nothing }} as reference_denominator,
        carried_numerator,
        carried_denominator,
        given_value
    from of_earned_value
    {%- for step in ['of_changes', 'of_registers', 'of_complaints', 'of_responses'] %}

    union all

    select
        project_id,
        {{ 'case when project_id is null then customer_id end' if step == 'of_responses' else no_text }} as customer_id,
        month,
        kpi_code,
        numerator,
        {{ nothing if step == 'of_complaints' else 'denominator' }} as denominator,
        {{ nothing }} as reference_numerator,
        {{ nothing }} as reference_denominator,
        numerator as carried_numerator,
        {{ nothing if step == 'of_complaints' else 'denominator' }} as carried_denominator,
        {{ no_value }} as given_value
    from {{ step }}
    {%- endfor %}

),

-- one row of a KPI and month whatever the source: surveys may name two customers for one project
derived_once as (

    select
        project_id,
        customer_id,
        month,
        kpi_code,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(reference_numerator) as reference_numerator,
        sum(reference_denominator) as reference_denominator,
        sum(carried_numerator) as carried_numerator,
        sum(carried_denominator) as carried_denominator,
        max(given_value) as given_value
    from derived
    group by
        project_id,
        customer_id,
        month,
        kpi_code

),

numbered as (

    select
        observations.project_id,
        observations.observed_month as month,
        observations.kpi_code,
        observations.value,
        observations.target,
        coalesce(dictionary.within_month, 'last') as within_month,
        coalesce(dictionary.aggregation, 'none') as aggregation,
        row_number() over (
            partition by observations.project_id, observations.kpi_code, observations.observed_month
            order by observations.observed_date desc, observations.delivered_project_id
        ) as from_the_last
    from observations
    left join dictionary
        on observations.kpi_code = dictionary.kpi_code
    where observations.project_id is not null

),

delivered as (

    select
        project_id,
        month,
        kpi_code,
        max(case when from_the_last = 1 then target end) as target,
        case max(within_month)
            when 'last' then max(case when from_the_last = 1 then value end)
            else sum(value)
        end as numerator,
        cast(case when max(within_month) = 'mean' then count(*) end as decimal(24, 6)) as denominator,
        max(aggregation) as aggregation
    from numbered
    group by
        project_id,
        month,
        kpi_code

),

composed as (

    select
        above.project_id,
        above.month,
        dictionary.kpi_code,
        above.numerator,
        below.numerator as denominator
    from dictionary
    inner join delivered as above
        on dictionary.numerator_kpi = above.kpi_code
    inner join delivered as below
        on dictionary.denominator_kpi = below.kpi_code
        and above.project_id = below.project_id
        and above.month = below.month

),

offered as (

    select
        project_id,
        customer_id,
        month,
        kpi_code,
        numerator,
        denominator,
        reference_numerator,
        reference_denominator,
        carried_numerator,
        carried_denominator,
        given_value,
        'derived' as origin,
        1 as precedence
    from derived_once

    union all

    select
        project_id,
        {{ no_text }} as customer_id,
        month,
        kpi_code,
        numerator,
        denominator,
        {{ nothing }} as reference_numerator,
        {{ nothing }} as reference_denominator,
        numerator as carried_numerator,
        denominator as carried_denominator,
        {{ no_value }} as given_value,
        'composed' as origin,
        2 as precedence
    from composed

    union all

    -- a ratio that was delivered as a ratio has no parts: it is shown and not carried to other levels
    select
        project_id,
        {{ no_text }} as customer_id,
        month,
        kpi_code,
        case when denominator is not null or aggregation = 'sum' then numerator end as numerator,
        denominator,
        {{ nothing }} as reference_numerator,
        {{ nothing }} as reference_denominator,
        case when denominator is not null or aggregation = 'sum' then numerator end as carried_numerator,
        denominator as carried_denominator,
        cast(case when denominator is null and aggregation <> 'sum' then numerator end as decimal(38, 12)) as given_value,
        'delivered' as origin,
        3 as precedence
    from delivered

),

-- a series has one source: delivered values stand until the first month of which the KPI can be derived
first_derived as (

    select
        project_id,
        kpi_code,
        min(month) as month
    from derived_once
    where
        denominator > 0
        or kpi_code = 'complaints_open'
    group by
        project_id,
        kpi_code

),

ranked as (

    select
        offered.project_id,
        offered.customer_id,
        offered.month,
        offered.kpi_code,
        offered.numerator,
        offered.denominator,
        offered.reference_numerator,
        offered.reference_denominator,
        offered.carried_numerator,
        offered.carried_denominator,
        offered.given_value,
        offered.origin,
        row_number() over (
            partition by offered.project_id, offered.customer_id, offered.month, offered.kpi_code
            order by
                case
                    when offered.origin = 'derived' and offered.month < coalesce(first_derived.month, offered.month) then 1
                    when offered.origin = 'derived' and first_derived.month is null then 1
                    else 0
                end,
                offered.precedence
        ) as place
    from offered
    left join first_derived
        on offered.project_id = first_derived.project_id
        and offered.kpi_code = first_derived.kpi_code
    where
        offered.origin = 'derived'
        or first_derived.month is null
        or offered.month < first_derived.month

)

select
    ranked.project_id,
    ranked.customer_id,
    ranked.month,
    ranked.kpi_code,
    cast(ranked.numerator as decimal(24, 6)) as numerator,
    cast(ranked.denominator as decimal(24, 6)) as denominator,
    cast(ranked.reference_numerator as decimal(24, 6)) as reference_numerator,
    cast(ranked.reference_denominator as decimal(24, 6)) as reference_denominator,
    cast(ranked.carried_numerator as decimal(24, 6)) as carried_numerator,
    cast(ranked.carried_denominator as decimal(24, 6)) as carried_denominator,
    ranked.given_value,
    delivered.target as delivered_target,
    ranked.origin
from ranked
left join projects
    on ranked.project_id = projects.project_id
left join delivered
    on ranked.project_id = delivered.project_id
    and ranked.month = delivered.month
    and ranked.kpi_code = delivered.kpi_code
where
    ranked.place = 1
    -- an unknown reference is named by the warning of the fact that holds it
    and (projects.project_id is not null or (ranked.project_id is null and ranked.customer_id is not null))
