{#- States that cannot be, or that leave an index empty: as errors and warnings what a figure lacks or rests on, as notices what
    is merely out of the ordinary. Thresholds of the notices on estimates are practice, no law (docs/decisions.md). -#}
{#- What the rest costs at the performance so far, less the forecast. -#}
{%- set index_less_forecast = divided('(bac_amount - ev_amount) * ac_amount', 'ev_amount', 2, scale=4) ~ ' - bottom_up_etc_amount' -%}
{%- set complete_before = 'bac_amount_before > 0 and ev_amount_before >= bac_amount_before and ev_amount >= bac_amount' -%}

{#- An element may move by a cent because its project's sum is rounded, not the element.
    From, rule, severity, subject, condition, amount at stake, message; of a currency, a project, an element -#}
{%- set rules = [
    ('moved', 'missing_exchange_rate', 'error', 'baseline', 'plan_version_id is not null and not is_plan_known', 'ac_amount',
        "The baseline in force has lines in another currency than the contract''s and no rate of the day of its approval is known;"
        ~ ' there is no BAC, no planned and no earned value. Deliver the exchange rate.'),
    ('moved', 'missing_exchange_rate', 'error', 'purchase_order_line', 'orders_without_rate > 0 and is_latest', 'ac_amount',
        "Open orders in another currency cannot be told in the contract''s, for no rate of the day of the order is known; they are"
        ~ ' in no estimate. Beside it the cost to date. Deliver the exchange rate.'),
    ('moved', 'missing_baseline', 'notice', 'plan_version', 'plan_version_id is null and ac_amount <> 0', 'ac_amount',
        "No baseline is in force at the month''s end, so there is no budget, no planned and no earned value. At stake is the cost to"
        ~ ' date. Deliver a plan_version of kind baseline with its lines.'),
    ('moved', 'missing_progress', 'warning', 'progress', "is_plan_known and ev_source = 'none' and ac_amount <> 0", 'ac_amount',
        "Nothing of the project was measured by the month''s end, so earned value and all that follows from it are empty. At stake is"
        ~ ' the cost to date. Deliver progress of its WBS elements, or of the project.'),
    ('moved', 'nothing_planned', 'notice', 'earned_value', 'pv_amount = 0 and (ev_amount <> 0 or ac_amount <> 0)', 'ac_amount',
        'SPI is empty: the baseline plans nothing up to the month, though work has begun. At stake is the cost to date.'),
    ('moved', 'cost_without_earned_value', 'warning', 'earned_value', 'ev_amount = 0 and ac_amount > 0 and bac_amount > 0', 'ac_amount',
        'The project has cost and has earned nothing: CPI is 0 and no estimate follows from it. Check progress and milestones, or'
        ~ ' where the cost was booked.'),
    ('moved', 'earned_value_without_cost', 'warning', 'earned_value', 'ev_amount > 0 and ac_amount <= 0', 'ev_amount',
        'The project has earned value and has no cost: CPI is empty. Check where its time and cost were booked.'),
    ('moved', 'earned_value_above_budget', 'warning', 'earned_value', 'ev_amount > bac_amount', 'ev_amount - bac_amount',
        'Earned value exceeds the budget at completion; it is not cut. Check the negative lines of the baseline.'),
    ('moved', 'budget_exhausted', 'notice', 'earned_value', 'bac_amount > 0 and ev_amount < bac_amount and ac_amount >= bac_amount',
        'bac_amount - ev_amount',
        'The budget is spent and work is left: TCPI(BAC) is empty. At stake is the work that is left, at budget.'),
    ('moved', 'eac_exceeded', 'notice', 'earned_value', 'ev_amount < bac_amount and bottom_up_etc_amount <= 0',
        'bac_amount - ev_amount',
        'The forecast in force leaves nothing to spend, and work is left: TCPI(EAC) is empty. At stake is that work, at budget.'
        ~ ' Deliver a forecast of what is left.'),
    ('moved', 'earned_value_fell', 'warning', 'earned_value',
        'ev_amount < ev_amount_before and plan_version_id = plan_version_id_before', 'ev_amount_before - ev_amount',
        'Earned value is less than the month before, under the same baseline: progress was taken back. Correct the report that is'
        ~ ' wrong.'),
    ('moved', 'actual_cost_fell', 'notice', 'earned_value', 'ac_amount < ac_amount_before', 'ac_amount_before - ac_amount',
        'Cost to date is less than the month before: more was taken back than spent.'),
    ('moved', 'complete_but_charging', 'notice', 'earned_value', complete_before ~ ' and ac_amount > ac_amount_before',
        'ac_amount - ac_amount_before',
        'Everything was earned the month before, and cost still comes. At stake is the cost of the month.'),
    ('moved', 'commitments_above_estimate', 'warning', 'purchase_order_line', 'uncovered_commitment_amount > 0',
        'uncovered_commitment_amount',
        'Open orders exceed what the plan in force says is left to spend; the estimate at completion holds the orders. Deliver a'
        ~ ' forecast that covers them, or close the orders.'),
    ('moved', 'stale_forecast', 'notice', 'plan_version',
        'is_latest and stale_plan_amount <> 0 and (ev_amount < bac_amount or ev_amount is null)', 'stale_plan_amount',
        'The forecast in force plans months that are over; they are dropped from the estimate, for their cost is known. At stake is'
        ~ ' what was planned for them. Deliver a new forecast.'),
    ('indexed', 'eac_needs_better_performance', 'notice', 'eac', 'tcpi_eac - cpi > 0.10', index_less_forecast,
        'The forecast needs the rest to be done at a cost performance more than 0.10 above the one so far (TCPI(EAC) less CPI). At'
        ~ ' stake is what the rest costs at the performance so far, less the forecast.'),
    ('indexed', 'eac_below_every_index', 'notice', 'eac', 'bottom_up_etc_amount < least_index_etc_amount',
        'least_index_etc_amount - bottom_up_etc_amount',
        'The forecast is below what CPI, CPI × SPI and CPI × SPI(t) each lead to. At stake is the difference to the lowest of them.'),
    ('indexed', 'eac_implies_rising_cpi', 'notice', 'eac', 'percent_complete_pct > 0.20 and cpi_implied - cpi > 0.10',
        index_less_forecast,
        'More than 20 % is complete and the forecast implies a final CPI (BAC / EAC) more than 0.10 above the one so far. At stake is'
        ~ ' what the rest costs at the performance so far, less the forecast.'),
    ('indexed', 'budget_out_of_reach', 'notice', 'eac', 'tcpi_bac > 1.10',
        divided('(bac_amount - ev_amount) * ac_amount', 'ev_amount', 2, scale=4) ~ ' + ac_amount - bac_amount',
        'To end within the budget the rest must be done at a cost performance above 1.10 (TCPI(BAC)). At stake is the overrun at the'
        ~ ' performance so far.'),
    ('indexed', 'spi_flatters', 'notice', 'earned_value', 'percent_complete_pct > 0.66 and spi - spi_t > 0.10',
        'bac_amount - ev_amount',
        'More than 66 % is complete and SPI is more than 0.10 above SPI(t): near the end SPI goes to 1 however late the project is.'
        ~ ' At stake is the work that is left, at budget.'),
    ('elements', 'earned_value_fell', 'notice', 'wbs_element', 'ev_amount_before - ev_amount > 0.01 and is_same_plan',
        'ev_amount_before - ev_amount',
        'Earned value of the element is less than the month before, under the same baseline.'),
    ('elements', 'actual_cost_fell', 'notice', 'wbs_element', 'ac_amount_before - ac_amount > 0.01', 'ac_amount_before - ac_amount',
        'Cost of the element is less than the month before: more was taken back than spent.'),
    ('elements', 'complete_but_charging', 'notice', 'wbs_element',
        complete_before ~ ' and is_same_plan and ac_amount - ac_amount_before > 0.01', 'ac_amount - ac_amount_before',
        'The element was complete the month before, and cost still comes. At stake is the cost of the month.'),
    ('elements', 'cost_without_earned_value', 'notice', 'wbs_element',
        'is_latest and is_planned and ev_amount = 0 and ac_amount > 0', 'ac_amount',
        'The element has cost and has earned nothing by now.'),
    ('elements', 'earned_value_without_cost', 'notice', 'wbs_element',
        'is_latest and ev_amount > 0 and ac_amount <= 0 and not is_level_of_effort', 'ev_amount',
        'The element has earned value and has no cost by now.'),
    ('elements', 'element_without_progress', 'notice', 'wbs_element',
        "is_latest and is_planned and ev_source = 'wbs_elements' and measure is null and pv_amount > 0", 'pv_amount',
        'Work of the element is planned by now, and neither it nor its branch was ever measured: it counts as not begun.')
] -%}

with earned_value as (

    select * from {{ ref('int_evm__by_project_month') }}

),

by_wbs as (

    select * from {{ ref('int_evm__by_wbs_month') }}

),

estimates as (

    select * from {{ ref('int_evm__estimates_by_project_month') }}

),

moved as (

    select
        earned_value.project_id,
        earned_value.month,
        earned_value.currency_code,
        earned_value.plan_version_id,
        earned_value.is_plan_known,
        earned_value.ev_source,
        earned_value.bac_amount,
        earned_value.pv_amount,
        earned_value.ev_amount,
        earned_value.ac_amount,
        earned_value.cpi,
        earned_value.spi,
        earned_value.spi_t,
        estimates.plan_kind,
        estimates.bottom_up_etc_amount,
        estimates.stale_plan_amount,
        estimates.uncovered_commitment_amount,
        estimates.open_commitment_amount,
        estimates.orders_without_rate,
        -- estimates by an index; the lowest of them
        least(estimates.cpi_etc_amount, estimates.cpi_spi_etc_amount, estimates.cpi_spi_t_etc_amount) as least_index_etc_amount,
        lag(earned_value.plan_version_id) over (
            partition by earned_value.project_id
            order by earned_value.month
        ) as plan_version_id_before,
        lag(earned_value.bac_amount) over (
            partition by earned_value.project_id
            order by earned_value.month
        ) as bac_amount_before,
        lag(earned_value.ev_amount) over (
            partition by earned_value.project_id
            order by earned_value.month
        ) as ev_amount_before,
        coalesce(
            lag(earned_value.ac_amount) over (
                partition by earned_value.project_id
                order by earned_value.month
            ),
            0
        ) as ac_amount_before,
        lead(earned_value.month) over (
            partition by earned_value.project_id
            order by earned_value.month
        ) is null as is_latest
    from earned_value
    inner join estimates
        on earned_value.project_id = estimates.project_id
        and earned_value.month = estimates.month

),

-- the newest estimates against what the project has shown so far
indexed as (

    select
        project_id,
        month,
        currency_code,
        bac_amount,
        ev_amount,
        ac_amount,
        cpi,
        spi,
        spi_t,
        bottom_up_etc_amount,
        least_index_etc_amount,
        cast({{ divided('ev_amount', 'bac_amount', 12, scale=2) }} as decimal(38, 12)) as percent_complete_pct,
        cast({{ divided('bac_amount - ev_amount', 'bac_amount - ac_amount', 12, scale=2) }} as decimal(38, 12)) as tcpi_bac,
        cast({{ divided('bac_amount - ev_amount', 'bottom_up_etc_amount', 12, scale=2) }} as decimal(38, 12)) as tcpi_eac,
        cast({{ divided('bac_amount', 'ac_amount + bottom_up_etc_amount', 12, scale=2) }} as decimal(38, 12)) as cpi_implied
    from moved
    where
        is_latest
        and bac_amount > 0
        and ev_amount > 0
        and ev_amount < bac_amount
        and ac_amount > 0

),

elements as (

    select
        project_id,
        wbs_id,
        month,
        currency_code,
        is_level_of_effort,
        ev_source,
        measure,
        is_planned,
        bac_amount,
        pv_amount,
        ev_amount,
        ac_amount,
        plan_version_id = lag(plan_version_id) over (
            partition by project_id, wbs_id
            order by month
        ) as is_same_plan,
        lag(bac_amount) over (
            partition by project_id, wbs_id
            order by month
        ) as bac_amount_before,
        lag(ev_amount) over (
            partition by project_id, wbs_id
            order by month
        ) as ev_amount_before,
        coalesce(
            lag(ac_amount) over (
                partition by project_id, wbs_id
                order by month
            ),
            0
        ) as ac_amount_before,
        lead(month) over (
            partition by project_id, wbs_id
            order by month
        ) is null as is_latest
    from by_wbs
    where wbs_id is not null

),

found as (
    {% for relation, rule, severity, subject, condition, amount, message in rules %}
    select
        '{{ rule }}' as rule,
        '{{ severity }}' as severity,
        '{{ subject }}' as subject,
        {%- if rule == 'missing_exchange_rate' %}
        'currency' as entity_type,
        currency_code as entity,
        {%- elif relation == 'elements' %}
        'wbs element' as entity_type,
        wbs_id as entity,
        {%- else %}
        'project' as entity_type,
        project_id as entity,
        {%- endif %}
        project_id,
        month,
        '{{ message }}' as message,
        {{ money(amount) }} as amount,
        currency_code as unit
    from {{ relation }}
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select
    rule,
    severity,
    subject,
    entity_type,
    entity,
    project_id,
    month,
    cast(null as date) as occurred_on,
    message,
    amount as amount_at_stake,
    unit
from found
