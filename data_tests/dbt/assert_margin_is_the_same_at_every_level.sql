-- Every roll-up holds the whole firm's months: nothing falls out of a group, nothing stands in two. That holds for what is
-- summed over months, to date, and for plans at completion.
{% set levels = ['programme', 'customer', 'business_group', 'market', 'key_projects'] %}
{% set measures = [
    'revenue_amount_base', 'labour_cost_amount_base', 'subcontract_cost_amount_base', 'material_cost_amount_base',
    'equipment_cost_amount_base', 'travel_cost_amount_base', 'other_cost_amount_base',
    'loss_provision_change_amount_base', 'quality_cost_amount_base', 'cost_of_sales_amount_base',
    'gross_margin_amount_base', 'billed_amount_base', 'collected_amount_base',
    'as_sold_revenue_amount_base', 'as_sold_cost_amount_base', 'as_sold_margin_amount_base',
    'baseline_revenue_amount_base', 'baseline_cost_amount_base', 'baseline_margin_amount_base',
    'forecast_revenue_amount_base', 'forecast_cost_amount_base', 'forecast_margin_amount_base'
] %}

with firm as (

    select
        month
        {%- for measure in measures %},
        sum({{ measure }}) as {{ measure }}
        {%- endfor %}
    from {{ ref('margin_by_project_month') }}
    group by month

),

levels as (
    {% for level in levels %}
    select
        '{{ level }}' as level,
        month
        {%- for measure in measures %},
        sum({{ measure }}) as {{ measure }}
        {%- endfor %}
    from {{ ref('margin_by_' ~ level ~ '_month') }}
    group by month
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

named as (
    {% for level in levels %}
    select '{{ level }}' as level
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- a level that misses a whole month has none of its amounts
compared as (
    {% for measure in measures %}
    select
        named.level,
        firm.month,
        '{{ measure }}' as measure,
        firm.{{ measure }} as firm_amount,
        levels.{{ measure }} as level_amount
    from firm
    cross join named
    left join levels
        on firm.month = levels.month
        and named.level = levels.level

    union all
    {% endfor %}
    select
        levels.level,
        levels.month,
        'months of no project' as measure,
        cast(null as decimal(18, 2)) as firm_amount,
        levels.revenue_amount_base as level_amount
    from levels
    left join firm
        on levels.month = firm.month
    where firm.month is null

)

select
    level,
    month,
    measure,
    firm_amount,
    level_amount
from compared
where firm_amount is distinct from level_amount
