{#- Numerators and denominators of every KPI that is known of a project, from the facts, the marts and what was delivered.
    What is derived goes before what is composed of delivered counts, and that before a delivered value. -#}
{%- set nothing = 'cast(null as decimal(24, 6))' -%}
{#- KPI, numerator, denominator; of running totals -#}
{%- set of_margin = [
    ('gross_margin_pct', 'gross_margin_amount_base_to_date', 'revenue_amount_base_to_date'),
    ('billed_ratio_pct', 'billed_amount_base_to_date', 'revenue_amount_base_to_date'),
    ('quality_cost_pct', 'quality_cost_amount_base_to_date', 'cost_of_sales_amount_base_to_date'),
    ('cost_overrun_pct', 'forecast_cost_amount_base - baseline_cost_amount_base', 'baseline_cost_amount_base')
] -%}
with margin as (

    select * from {{ ref('margin_by_project_month') }}

),

project_months as (

    select * from {{ ref('int_margin__project_months') }}

),

backlog as (

    select * from {{ ref('backlog_by_project_month') }}

),

change_requests as (

    select * from {{ ref('fct_change_requests') }}

),

order_lines as (

    select * from {{ ref('fct_purchase_order_lines') }}

),

tests as (

    select * from {{ ref('fct_acceptance_tests') }}

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
    where {{ numerator }} <> 0 or {{ denominator }} <> 0

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

changes as (

    select
        project_months.project_id,
        project_months.month,
        count(change_requests.change_request_id) as known,
        sum(
            case
                when
                    change_requests.status = 'approved'
                    and change_requests.decided_date <= project_months.measured_on
                    then change_requests.price_amount_base
                else 0
            end
        ) as approved_amount_base,
        -- a draft is nobody's request yet; what was withdrawn without a date never stood open
        sum(
            case
                when
                    change_requests.status = 'submitted'
                    or (change_requests.status <> 'draft' and change_requests.decided_date > project_months.measured_on)
                    then change_requests.price_amount_base
                else 0
            end
        ) as pending_amount_base
    from project_months
    inner join change_requests
        on project_months.project_id = change_requests.project_id
        and project_months.measured_on >= change_requests.requested_date
    group by
        project_months.project_id,
        project_months.month

),

of_changes as (

    select
        prices.project_id,
        prices.month,
        'scope_change_pct' as kpi_code,
        coalesce(changes.approved_amount_base, 0) as numerator,
        prices.original_amount_base as denominator
    from prices
    left join changes
        on prices.project_id = changes.project_id
        and prices.month = changes.month
    where prices.original_amount_base <> 0

    union all

    select
        prices.project_id,
        prices.month,
        'pending_change_pct' as kpi_code,
        coalesce(changes.pending_amount_base, 0) as numerator,
        prices.current_amount_base as denominator
    from prices
    left join changes
        on prices.project_id = changes.project_id
        and prices.month = changes.month
    where prices.current_amount_base <> 0

),

-- a line is due on the day that was promised; what came later was not in time whenever it came
of_orders as (

    select
        project_months.project_id,
        project_months.month,
        'on_time_delivery_pct' as kpi_code,
        sum(case when order_lines.delivered_date <= order_lines.promised_date then 1 else 0 end) as numerator,
        count(*) as denominator
    from project_months
    inner join order_lines
        on project_months.project_id = order_lines.project_id
        and {{ month_of('order_lines.promised_date') }} = project_months.month
        and order_lines.promised_date <= project_months.measured_on
    group by
        project_months.project_id,
        project_months.month

),

attempts as (

    select
        project_id,
        test_id,
        attempt,
        tested_date,
        tested_month,
        is_passed,
        coalesce(defects, 0) as defects,
        case when row_number() over (partition by project_id, test_id order by attempt) = 1 then 1 else 0 end as is_first,
        -- 1 where the test passes by this attempt, -1 where it had passed and does not any longer
        case when is_passed then 1 else 0 end
        - lag(case when is_passed then 1 else 0 end, 1, 0) over (
            partition by project_id, test_id order by attempt
        ) as passed_change
    from tests
    where project_id is not null

),

tests_by_month as (

    select
        project_id,
        tested_month as month,
        sum(is_first) as first_attempts,
        sum(case when is_first = 1 and is_passed then 1 else 0 end) as first_passes,
        count(*) as runs,
        sum(defects) as defects,
        sum(passed_change) as passed_change
    from attempts
    group by
        project_id,
        tested_month

),

accepted as (

    select
        tests_by_month.project_id,
        project_months.month,
        sum(tests_by_month.passed_change) as passed,
        sum(tests_by_month.first_attempts) as tested
    from project_months
    inner join tests_by_month
        on project_months.project_id = tests_by_month.project_id
        and project_months.month >= tests_by_month.month
    group by
        tests_by_month.project_id,
        project_months.month

),

of_tests as (

    select
        project_id,
        month,
        'first_time_right' as kpi_code,
        first_passes as numerator,
        first_attempts as denominator
    from tests_by_month
    where first_attempts > 0

    union all

    select
        project_id,
        month,
        'defects_per_test' as kpi_code,
        defects as numerator,
        runs as denominator
    from tests_by_month

    union all

    select
        project_id,
        month,
        'acceptance_pct' as kpi_code,
        passed as numerator,
        tested as denominator
    from accepted

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
        cast(null as {{ dbt.type_string() }}) as customer_id,
        month,
        kpi_code,
        numerator,
        denominator,
        reference_numerator,
        reference_denominator
    from of_margin

    union all
    {% for step in ['of_changes', 'of_orders', 'of_tests', 'of_complaints', 'of_responses'] %}
    select
        project_id,
        {{ 'case when project_id is null then customer_id end' if step == 'of_responses'
            else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as customer_id,
        month,
        kpi_code,
        numerator,
        {{ nothing if step == 'of_complaints' else 'denominator' }} as denominator,
        {{ nothing }} as reference_numerator,
        {{ nothing }} as reference_denominator
    from {{ step }}
    {{ 'union all' if not loop.last }}
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
        sum(reference_denominator) as reference_denominator
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
        {{ nothing }} as delivered_value,
        'derived' as origin,
        1 as precedence
    from derived_once

    union all

    select
        project_id,
        cast(null as {{ dbt.type_string() }}) as customer_id,
        month,
        kpi_code,
        numerator,
        denominator,
        {{ nothing }} as reference_numerator,
        {{ nothing }} as reference_denominator,
        {{ nothing }} as delivered_value,
        'composed' as origin,
        2 as precedence
    from composed

    union all

    -- a ratio that was delivered as a ratio has no parts: it is shown and not carried to other levels
    select
        project_id,
        cast(null as {{ dbt.type_string() }}) as customer_id,
        month,
        kpi_code,
        case when denominator is not null or aggregation = 'sum' then numerator end as numerator,
        denominator,
        {{ nothing }} as reference_numerator,
        {{ nothing }} as reference_denominator,
        case when denominator is null and aggregation <> 'sum' then numerator end as delivered_value,
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
        offered.delivered_value,
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
    ranked.delivered_value,
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
