{#- Two versions of a project's margin, side by side: each measure as stated, and at the rates of the earlier version, at which
    alone the two can be compared. The difference of the two differences is the currency's. -#}
{%- set costs = bridge_costs() -%}
{%- set base = "'" ~ var('base_currency') ~ "'" -%}

with versions as (

    select * from {{ ref('int_margin__versions_named') }}

),

stated as (

    select * from {{ ref('int_margin__versions_stated') }}

),

plan_rates as (

    select * from {{ ref('int_plans__rates_to_base') }}

),

-- whole in the reporting currency, or no version to walk from or to
judged as (

    select
        project_id,
        version,
        count(*) = count(amount_base) as is_known,
        max(case when measure = 'revenue' then 1 else 0 end) = 1 as has_revenue,
        max(case when measure not in ('revenue', 'loss_provision') then 1 else 0 end) = 1 as has_cost
    from stated
    group by
        project_id,
        version

),

known as (

    select
        versions.project_id,
        versions.version,
        versions.place,
        versions.plan_version_id,
        versions.dated_on,
        versions.month
    from versions
    inner join judged
        on versions.project_id = judged.project_id
        and versions.version = judged.version
    where
        judged.is_known
        -- what has happened may have no revenue yet, or no cost; a plan without either says nothing
        and (versions.version = 'actual' or (judged.has_revenue and judged.has_cost))

),

pairs as (

    select
        from_versions.project_id,
        from_versions.version as from_version,
        to_versions.version as to_version,
        from_versions.plan_version_id as from_plan_version_id,
        to_versions.plan_version_id as to_plan_version_id,
        from_versions.dated_on as from_date,
        to_versions.dated_on as to_date
    from known as from_versions
    inner join known as to_versions
        on from_versions.project_id = to_versions.project_id
        and from_versions.place < to_versions.place

),

sides as (

    select
        project_id,
        from_version,
        to_version,
        from_plan_version_id,
        from_version as version,
        'from' as side
    from pairs

    union all

    select
        project_id,
        from_version,
        to_version,
        from_plan_version_id,
        to_version as version,
        'to' as side
    from pairs

),

valued as (

    select
        sides.project_id,
        sides.from_version,
        sides.to_version,
        sides.side,
        stated.measure,
        stated.amount_base,
        -- the reporting currency has no rate; without a rate, or an amount in the currency, no currency effect is told
        case
            when stated.currency_code = {{ base }} then stated.amount_base
            else coalesce({{ money(to_base('stated.amount', 'plan_rates.rate_to_base')) }}, stated.amount_base)
        end as amount_at_from_rates
    from sides
    inner join stated
        on sides.project_id = stated.project_id
        and sides.version = stated.version
    left join plan_rates
        on sides.project_id = plan_rates.project_id
        and sides.from_plan_version_id = plan_rates.plan_version_id
        and stated.currency_code = plan_rates.currency_code

),

summed as (

    select
        project_id,
        from_version,
        to_version
        {%- for side in ['from', 'to'] %}
        {%- for measure in ['revenue', 'loss_provision'] + costs %},
        sum(case when side = '{{ side }}' and measure = '{{ measure }}' then amount_base else 0 end)
            as {{ side }}_{{ measure }}_amount_base,
        sum(case when side = '{{ side }}' and measure = '{{ measure }}' then amount_at_from_rates else 0 end)
            as {{ side }}_{{ measure }}_amount_at_from_rates
        {%- endfor %}
        {%- endfor %}
    from valued
    group by
        project_id,
        from_version,
        to_version

)

select
    pairs.project_id,
    pairs.from_version,
    pairs.to_version,
    pairs.from_plan_version_id,
    pairs.to_plan_version_id,
    pairs.from_date,
    pairs.to_date
    {%- for side in ['from', 'to'] %},
    summed.{{ side }}_revenue_amount_base - summed.{{ side }}_loss_provision_amount_base
    {%- for cost in costs %} - summed.{{ side }}_{{ cost }}_amount_base{% endfor %} as {{ side }}_margin_amount_base,
    summed.{{ side }}_revenue_amount_at_from_rates - summed.{{ side }}_loss_provision_amount_base
    {%- for cost in costs %} - summed.{{ side }}_{{ cost }}_amount_at_from_rates{% endfor %} as {{ side }}_margin_amount_at_from_rates,
    summed.{{ side }}_revenue_amount_at_from_rates,
    summed.{{ side }}_loss_provision_amount_base
    {%- for cost in costs %},
    summed.{{ side }}_{{ cost }}_amount_at_from_rates
    {%- endfor %}
    {%- endfor %}
from pairs
inner join summed
    on pairs.project_id = summed.project_id
    and pairs.from_version = summed.from_version
    and pairs.to_version = summed.to_version
