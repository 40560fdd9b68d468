{#- Changes approved between two versions, at the rates of the earlier one, and from which kinds of cost their planned cost is
    taken: from those that rose, by their rise (that fell, where changes save cost); where none did, by what they are. The
    register does not say which. The shares are rounded as running sums, so that they add up. -#}
{%- set costs = bridge_costs() -%}

with pairs as (

    select * from {{ ref('int_margin__version_pairs_measured') }}

),

changes as (

    select * from {{ ref('int_margin__changes_approved') }}

),

plan_rates as (

    select * from {{ ref('int_plans__rates_to_base') }}

),

-- approved up to the day of the later version less those up to the day of the earlier one
approved as (

    select
        pairs.project_id,
        pairs.from_version,
        pairs.to_version,
        case when changes.decided_on <= pairs.to_date then 1 else 0 end
        - case when changes.decided_on <= pairs.from_date then 1 else 0 end as times,
        coalesce(
            {{ money(to_base('changes.price_amount', 'plan_rates.rate_to_base')) }}, changes.price_amount_base
        ) as price_amount_base,
        coalesce(
            {{ money(to_base('changes.cost_amount', 'plan_rates.rate_to_base')) }}, changes.cost_amount_base
        ) as cost_amount_base
    from pairs
    inner join changes
        on pairs.project_id = changes.project_id
    left join plan_rates
        on pairs.project_id = plan_rates.project_id
        and pairs.from_plan_version_id = plan_rates.plan_version_id
        and changes.currency_code = plan_rates.currency_code

),

summed as (

    select
        project_id,
        from_version,
        to_version,
        -- a change of unknown worth is in the price, and in the cost that rose
        sum(times * coalesce(price_amount_base, 0)) as price_amount_base,
        sum(times * coalesce(cost_amount_base, 0)) as cost_amount_base
    from approved
    group by
        project_id,
        from_version,
        to_version

),

rises as (

    select
        pairs.project_id,
        pairs.from_version,
        pairs.to_version,
        summed.price_amount_base,
        summed.cost_amount_base
        {%- for cost in costs %},
        greatest(
            sign(summed.cost_amount_base)
            * (pairs.to_{{ cost }}_amount_at_from_rates - pairs.from_{{ cost }}_amount_at_from_rates),
            0
        ) as {{ cost }}_rise,
        greatest(pairs.from_{{ cost }}_amount_at_from_rates, 0) as {{ cost }}_before
        {%- endfor %}
    from pairs
    inner join summed
        on pairs.project_id = summed.project_id
        and pairs.from_version = summed.from_version
        and pairs.to_version = summed.to_version

),

weighted as (

    select
        project_id,
        from_version,
        to_version,
        price_amount_base,
        cost_amount_base
        {%- for cost in costs %},
        case
            when {{ costs | join('_rise + ') }}_rise > 0 then {{ cost }}_rise
            when {{ costs | join('_before + ') }}_before > 0 then {{ cost }}_before
            else {{ 1 if cost == 'other' else 0 }}
        end as {{ cost }}_weight
        {%- endfor %}
    from rises

),

running as (

    select
        project_id,
        from_version,
        to_version,
        price_amount_base,
        cost_amount_base,
        cast(0 as decimal(18, 2)) as before_labour
        {%- set so_far = [] %}
        {%- for cost in costs %}
        {%- do so_far.append(cost ~ '_weight') %},
        {{ money(divided('cost_amount_base * (' ~ so_far | join(' + ') ~ ')', costs | join('_weight + ') ~ '_weight', 6)) }}
            as up_to_{{ cost }}
        {%- endfor %}
    from weighted

)

select
    project_id,
    from_version,
    to_version,
    price_amount_base,
    cost_amount_base
    {%- for cost in costs %},
    up_to_{{ cost }} - {{ 'before_labour' if loop.first else 'up_to_' ~ costs[loop.index0 - 1] }} as {{ cost }}_amount_base
    {%- endfor %}
from running
