-- Every roll-up holds the whole firm's months: nothing falls out of a group, nothing stands in two.
with firm as (

    select
        month,
        sum(revenue_amount_base) as revenue_amount_base,
        sum(cost_of_sales_amount_base) as cost_of_sales_amount_base,
        sum(gross_margin_amount_base) as gross_margin_amount_base,
        sum(collected_amount_base) as collected_amount_base
    from {{ ref('margin_by_project_month') }}
    group by month

),

levels as (
    {% for level in ['programme', 'customer', 'business_group', 'market'] %}
    select
        '{{ level }}' as level,
        month,
        sum(revenue_amount_base) as revenue_amount_base,
        sum(cost_of_sales_amount_base) as cost_of_sales_amount_base,
        sum(gross_margin_amount_base) as gross_margin_amount_base,
        sum(collected_amount_base) as collected_amount_base
    from {{ ref('margin_by_' ~ level ~ '_month') }}
    group by month
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    levels.level,
    coalesce(firm.month, levels.month) as month,
    firm.gross_margin_amount_base as firm_amount,
    levels.gross_margin_amount_base as level_amount
from firm
full outer join levels
    on firm.month = levels.month
where
    firm.revenue_amount_base is distinct from levels.revenue_amount_base
    or firm.cost_of_sales_amount_base is distinct from levels.cost_of_sales_amount_base
    or firm.gross_margin_amount_base is distinct from levels.gross_margin_amount_base
    or firm.collected_amount_base is distinct from levels.collected_amount_base
