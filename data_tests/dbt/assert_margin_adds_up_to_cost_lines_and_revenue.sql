-- Revenue, each kind of cost, the loss provision, poor quality and what was billed in margin_by_project_month are, to the cent,
-- what revenue, cost lines, complaints and invoice lines of known projects say.
with facts as (

    select
        project_id,
        cost_month as month,
        case category when 'uninstalled_material' then 'material' else category end as measure,
        amount_base
    from {{ ref('fct_cost_lines') }}
    where is_project_known

    union all

    select
        project_id,
        cost_month as month,
        'quality' as measure,
        amount_base
    from {{ ref('fct_cost_lines') }}
    where
        is_project_known
        and is_quality_cost

    union all

    select
        project_id,
        opened_month as month,
        'quality' as measure,
        cost_amount_base as amount_base
    from {{ ref('int_quality__complaints_costed') }}
    where
        is_project_known
        and not is_posted

    union all

    select
        project_id,
        month,
        'revenue' as measure,
        revenue_amount_base as amount_base
    from {{ ref('int_revenue__by_project_month') }}

    union all

    select
        project_id,
        month,
        'loss provision' as measure,
        loss_provision_change_amount_base as amount_base
    from {{ ref('int_revenue__by_project_month') }}

    union all

    select
        project_id,
        issue_month as month,
        'billed' as measure,
        net_amount_base as amount_base
    from {{ ref('fct_invoice_lines') }}
    where
        is_project_known
        and direction = 'customer'

),

margin as (

    select * from {{ ref('margin_by_project_month') }}

),

both_sides as (

    select
        project_id,
        month,
        measure,
        coalesce(amount_base, 0) as fact_amount,
        0 as margin_amount
    from facts
    {% for measure, column in [
        ('revenue', 'revenue_amount_base'),
        ('labour', 'labour_cost_amount_base'),
        ('subcontract', 'subcontract_cost_amount_base'),
        ('material', 'material_cost_amount_base'),
        ('equipment', 'equipment_cost_amount_base'),
        ('travel', 'travel_cost_amount_base'),
        ('other', 'other_cost_amount_base'),
        ('loss provision', 'loss_provision_change_amount_base'),
        ('quality', 'quality_cost_amount_base'),
        ('billed', 'billed_amount_base')
    ] %}
    union all

    select
        project_id,
        month,
        '{{ measure }}' as measure,
        0 as fact_amount,
        {{ column }} as margin_amount
    from margin
    {% endfor %}
)

select
    project_id,
    month,
    measure,
    sum(fact_amount) as fact_amount,
    sum(margin_amount) as margin_amount
from both_sides
group by
    project_id,
    month,
    measure
having sum(fact_amount) <> sum(margin_amount)
