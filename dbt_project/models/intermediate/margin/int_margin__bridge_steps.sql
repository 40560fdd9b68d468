{%- set costs = bridge_costs() -%}
{%- set drivers = bridge_drivers() -%}

with pairs as (

    select * from {{ ref('int_margin__version_pairs_measured') }}

),

labour as (

    select * from {{ ref('int_margin__labour_pairs_split') }}

),

changes as (

    select * from {{ ref('int_margin__change_pairs_valued') }}

),

-- effects on the margin, at the rates of the earlier version: more revenue is good, more cost is not, unless a change pays it
compared as (

    select
        pairs.project_id,
        pairs.from_version,
        pairs.to_version,
        pairs.from_plan_version_id,
        pairs.to_plan_version_id,
        pairs.from_date,
        pairs.to_date,
        pairs.from_margin_amount_base,
        pairs.to_margin_amount_base,
        pairs.to_revenue_amount_at_from_rates - pairs.from_revenue_amount_at_from_rates
        - coalesce(changes.price_amount_base, 0) as price_effect,
        coalesce(changes.price_amount_base, 0) - coalesce(changes.cost_amount_base, 0) as approved_changes_effect,
        {%- for cost in costs %}
        pairs.from_{{ cost }}_amount_at_from_rates - pairs.to_{{ cost }}_amount_at_from_rates
        + coalesce(changes.{{ cost }}_amount_base, 0) as {{ cost }}_effect,
        {%- endfor %}
        coalesce(changes.labour_amount_base, 0) as labour_of_changes,
        labour.hours_effect_amount_base,
        coalesce(labour.is_hours_known, false) as is_hours_known,
        coalesce(labour.has_enough_people, false) as has_enough_people,
        pairs.from_margin_amount_at_from_rates - pairs.from_margin_amount_base
        + pairs.to_margin_amount_base - pairs.to_margin_amount_at_from_rates as fx_effect,
        pairs.from_loss_provision_amount_base - pairs.to_loss_provision_amount_base as risk_effect
    from pairs
    left join labour
        on pairs.project_id = labour.project_id
        and pairs.from_version = labour.from_version
        and pairs.to_version = labour.to_version
    left join changes
        on pairs.project_id = changes.project_id
        and pairs.from_version = changes.from_version
        and pairs.to_version = changes.to_version

),

split as (

    select
        project_id,
        from_version,
        to_version,
        from_plan_version_id,
        to_plan_version_id,
        from_date,
        to_date,
        from_margin_amount_base,
        to_margin_amount_base,
        price_effect,
        approved_changes_effect,
        case
            when is_hours_known and has_enough_people then hours_effect_amount_base + labour_of_changes
            else labour_effect
        end as hours_effect,
        case
            when is_hours_known and has_enough_people then labour_effect - hours_effect_amount_base - labour_of_changes
        end as rate_effect,
        case
            when labour_effect = 0 and hours_effect_amount_base is null then cast(null as {{ dbt.type_string() }})
            when not is_hours_known then 'hours and rate together: one of the two versions has no hours'
            when not has_enough_people then 'hours and rate together: too few people stand behind the hours'
        end as hours_note,
        {%- for cost in costs if cost != 'labour' %}
        {{ cost }}_effect,
        {%- endfor %}
        fx_effect,
        risk_effect,
        -- what no driver explains: nothing
        to_margin_amount_base - from_margin_amount_base - price_effect - approved_changes_effect
        {%- for cost in costs %} - {{ cost }}_effect{% endfor %} - fx_effect - risk_effect as residual_effect
    from compared

),

steps as (
    {% for driver in drivers %}
    select
        project_id,
        from_version,
        to_version,
        {{ loop.index }} as step_number,
        '{{ driver }}' as driver,
        {{ driver }}_effect as effect_amount_base,
        {{ 'hours_note' if driver == 'hours' else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as note,
        from_margin_amount_base,
        to_margin_amount_base,
        from_plan_version_id,
        to_plan_version_id,
        from_date,
        to_date
    from split
    {{ 'where rate_effect is not null' if driver == 'rate' else '' }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    project_id,
    from_version,
    to_version,
    step_number,
    driver,
    effect_amount_base,
    note,
    from_margin_amount_base,
    to_margin_amount_base,
    from_plan_version_id,
    to_plan_version_id,
    from_date,
    to_date
from steps
