{#- Threats count negative, opportunities positive: an effect on margin. -#}
with project_months as (

    select * from {{ ref('int_registers__project_months') }}

),

risks as (

    select * from {{ ref('fct_risks') }}

),

plan_lines as (

    select * from {{ ref('fct_plan_lines') }}

),

dated as (

    select
        project_id,
        risk_id,
        kind,
        status,
        raised_date,
        -- one that is said to be over without a day is open in no month
        case when status in ('closed', 'occurred') then greatest(coalesce(closed_date, raised_date), raised_date) end
            as ended_date,
        cost_likely_amount_base,
        emv_amount_base,
        schedule_days,
        probability_pct
    from risks

),

told as (

    select
        project_months.project_id,
        project_months.month,
        dated.kind,
        dated.risk_id is not null
        and coalesce(dated.ended_date > project_months.measured_on, true) as is_open,
        dated.status = 'occurred'
        and dated.kind = 'threat'
        and dated.ended_date <= project_months.measured_on as has_occurred,
        dated.cost_likely_amount_base,
        dated.emv_amount_base,
        dated.schedule_days * dated.probability_pct as expected_days
    from project_months
    left join dated
        on project_months.project_id = dated.project_id
        and project_months.measured_on >= dated.raised_date

),

exposed as (

    select
        project_id,
        month,
        {%- for kind, plural in [('threat', 'threats'), ('opportunity', 'opportunities')] %}
        {%- set condition = "is_open and kind = '" ~ kind ~ "'" %}
        count(case when {{ condition }} then 1 end) as open_{{ plural }},
        {{ known_sum('cost_likely_amount_base', condition) }} as open_{{ kind }}_impact_amount_base,
        {{ known_sum('emv_amount_base', condition) }} as open_{{ kind }}_emv_amount_base,
        sum(case when {{ condition }} then expected_days end) as open_{{ kind }}_expected_days,
        {%- endfor %}
        {{ known_sum('cost_likely_amount_base', 'has_occurred') }} as occurred_threat_amount_base
    from told
    group by
        project_id,
        month

),

-- the reserve of the baseline in force at the month's end, else of the plan as sold
reserves as (

    select
        project_months.project_id,
        project_months.month,
        plan_lines.version_kind,
        {{ known_sum('plan_lines.plan_amount_base') }} as reserve_amount_base
    from project_months
    inner join plan_lines
        on project_months.project_id = plan_lines.project_id
        and project_months.measured_on >= plan_lines.in_force_from_date
        and project_months.measured_on <= coalesce(plan_lines.in_force_to_date, project_months.measured_on)
    where
        plan_lines.category = 'management_reserve'
        and plan_lines.version_kind in ('as_sold', 'baseline')
    group by
        project_months.project_id,
        project_months.month,
        plan_lines.version_kind

),

-- a baseline in force without a reserve has none: it replaces what was sold
baselines as (

    select distinct
        project_months.project_id,
        project_months.month
    from project_months
    inner join plan_lines
        on project_months.project_id = plan_lines.project_id
        and project_months.measured_on >= plan_lines.in_force_from_date
        and project_months.measured_on <= coalesce(plan_lines.in_force_to_date, project_months.measured_on)
    where plan_lines.version_kind = 'baseline'

),

reserved as (

    select
        reserves.project_id,
        reserves.month,
        reserves.reserve_amount_base
    from reserves
    left join baselines
        on reserves.project_id = baselines.project_id
        and reserves.month = baselines.month
    where
        reserves.version_kind = 'baseline'
        or baselines.project_id is null

)

select
    exposed.project_id,
    exposed.month,
    cast(exposed.open_threats as bigint) as open_threats,
    cast(exposed.open_opportunities as bigint) as open_opportunities,
    {{ money('-exposed.open_threat_impact_amount_base') }} as open_threat_impact_amount_base,
    {{ money('exposed.open_opportunity_impact_amount_base') }} as open_opportunity_impact_amount_base,
    {{ money('exposed.open_threat_emv_amount_base') }} as open_threat_emv_amount_base,
    {{ money('exposed.open_opportunity_emv_amount_base') }} as open_opportunity_emv_amount_base,
    {{ money('exposed.open_threat_emv_amount_base + exposed.open_opportunity_emv_amount_base') }} as emv_amount_base,
    cast(exposed.open_threat_expected_days as decimal(18, 2)) as open_threat_expected_days,
    {{ money('reserved.reserve_amount_base') }} as contingency_amount_base,
    {{ money('exposed.occurred_threat_amount_base') }} as occurred_threat_amount_base,
    {{ money('reserved.reserve_amount_base - exposed.occurred_threat_amount_base') }} as contingency_left_amount_base,
    {{ money(
        'reserved.reserve_amount_base - exposed.occurred_threat_amount_base'
        ~ ' + exposed.open_threat_emv_amount_base + exposed.open_opportunity_emv_amount_base'
    ) }} as contingency_cover_amount_base
from exposed
left join reserved
    on exposed.project_id = reserved.project_id
    and exposed.month = reserved.month
