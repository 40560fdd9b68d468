{#- What every margin mart sums month by month; the rest of a row is derived from these by margin_columns. -#}
{% macro margin_measures() -%}
    {{ return([
        'revenue_amount_base',
        'labour_cost_amount_base',
        'subcontract_cost_amount_base',
        'material_cost_amount_base',
        'equipment_cost_amount_base',
        'travel_cost_amount_base',
        'other_cost_amount_base',
        'loss_provision_change_amount_base',
        'quality_cost_amount_base',
        'cost_of_sales_amount_base',
        'billed_amount_base',
        'collected_amount_base'
    ]) }}
{%- endmacro %}

{#- Plans at completion, as in force at the end of a month: no sums over months. Revenue, cost and margin of each are there
    together or not at all. -#}
{% macro margin_plans() -%}
    {{ return(['as_sold', 'baseline', 'forecast']) }}
{%- endmacro %}

{#- numerator / denominator where the denominator is above zero, a fraction of six places. -#}
{% macro margin_pct(margin, revenue) -%}
    cast(case when {{ revenue }} > 0 then {{ divided(margin, revenue, 6) }} end as decimal(18, 6))
{%- endmacro %}

{#- The last steps of a margin mart, from a step `measured` (its key, month, margin_measures, fx_effect_amount_base, revenue and
    cost of each of margin_plans, has_open_exceptions): running sums, margins, and ratios of sums. One home, so that a ratio is
    made the same way at every level. A currency effect is unknown from the first month on of which it is. -#}
{% macro margin_columns(key) -%}
{%- set window -%}
partition by {{ key | join(', ') }} order by month
            rows between unbounded preceding and current row
{%- endset -%}
running as (

    select
        {{ key | join(',\n        ') }},
        month,
        {%- for measure in margin_measures() %}
        {{ measure }},
        sum({{ measure }}) over (
            {{ window }}
        ) as {{ measure }}_to_date,
        {%- endfor %}
        fx_effect_amount_base,
        case
            when count(*) over (
            {{ window }}
        ) = count(fx_effect_amount_base) over (
            {{ window }}
        )
                then sum(fx_effect_amount_base) over (
            {{ window }}
        )
        end as fx_effect_amount_base_to_date,
        {%- for plan in margin_plans() %}
        {{ plan }}_revenue_amount_base,
        {{ plan }}_cost_amount_base,
        {%- endfor %}
        has_open_exceptions,
        max(case when has_open_exceptions then 1 else 0 end) over (
            {{ window }}
        ) = 1 as has_open_exceptions_to_date
    from measured

)

select
    {{ key | join(',\n    ') }},
    month,
    {%- for suffix in ['', '_to_date'] %}
    {%- for measure in margin_measures() if measure not in ('billed_amount_base', 'collected_amount_base') %}
    {{ money(measure ~ suffix) }} as {{ measure }}{{ suffix }},
    {%- endfor %}
    {{ money('revenue_amount_base' ~ suffix ~ ' - cost_of_sales_amount_base' ~ suffix) }} as gross_margin_amount_base{{ suffix }},
    {{ margin_pct('revenue_amount_base' ~ suffix ~ ' - cost_of_sales_amount_base' ~ suffix, 'revenue_amount_base' ~ suffix) }}
        as gross_margin_pct{{ suffix }},
    {%- for measure in ('billed_amount_base', 'collected_amount_base') %}
    {{ money(measure ~ suffix) }} as {{ measure }}{{ suffix }},
    {%- endfor %}
    {{ money('fx_effect_amount_base' ~ suffix) }} as fx_effect_amount_base{{ suffix }},
    {{ money('revenue_amount_base' ~ suffix ~ ' - cost_of_sales_amount_base' ~ suffix ~ ' - fx_effect_amount_base' ~ suffix) }}
        as gross_margin_at_budget_rates_amount_base{{ suffix }},
    {%- endfor %}
    {%- for plan in margin_plans() %}
    {{ money(plan ~ '_revenue_amount_base') }} as {{ plan }}_revenue_amount_base,
    {{ money(plan ~ '_cost_amount_base') }} as {{ plan }}_cost_amount_base,
    {{ money(plan ~ '_revenue_amount_base - ' ~ plan ~ '_cost_amount_base') }} as {{ plan }}_margin_amount_base,
    {{ margin_pct(plan ~ '_revenue_amount_base - ' ~ plan ~ '_cost_amount_base', plan ~ '_revenue_amount_base') }}
        as {{ plan }}_margin_pct,
    {%- endfor %}
    has_open_exceptions,
    has_open_exceptions_to_date
from running
{%- endmacro %}

{#- A margin mart above the project: its months summed over the projects of a group, then divided. `group`: an expression over
    dim_projects; projects without one stand together under '(none)'. `name`: its column, where that is not the expression. -#}
{% macro margin_rolled_up(group, name=none) -%}
{%- set column = name or group -%}
{%- set value = group if name else "coalesce(projects." ~ group ~ ", '(none)')" -%}
with project_months as (

    select * from {{ ref('margin_by_project_month') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

months as (

    select * from {{ ref('dim_months') }}

),

summed as (

    select
        {{ value }} as {{ column }},
        project_months.month,
        {%- for measure in margin_measures() %}
        sum(project_months.{{ measure }}) as {{ measure }},
        {%- endfor %}
        -- of one project unknown, of all unknown
        case
            when count(*) = count(project_months.fx_effect_amount_base) then sum(project_months.fx_effect_amount_base)
        end as fx_effect_amount_base,
        {%- for plan in margin_plans() %}
        sum(project_months.{{ plan }}_revenue_amount_base) as {{ plan }}_revenue_amount_base,
        sum(project_months.{{ plan }}_cost_amount_base) as {{ plan }}_cost_amount_base,
        {%- endfor %}
        max(case when project_months.has_open_exceptions then 1 else 0 end) = 1 as has_open_exceptions
    from project_months
    inner join projects
        on project_months.project_id = projects.project_id
    group by
        {{ value }},
        project_months.month

),

-- a project that lies ahead of the others leaves no gap between them
spans as (

    select
        {{ column }},
        min(month) as first_month,
        max(month) as last_month
    from summed
    group by {{ column }}

),

measured as (

    select
        spans.{{ column }},
        months.month,
        {%- for measure in margin_measures() %}
        coalesce(summed.{{ measure }}, 0) as {{ measure }},
        {%- endfor %}
        case when summed.month is null then 0 else summed.fx_effect_amount_base end as fx_effect_amount_base,
        {%- for plan in margin_plans() %}
        summed.{{ plan }}_revenue_amount_base,
        summed.{{ plan }}_cost_amount_base,
        {%- endfor %}
        coalesce(summed.has_open_exceptions, false) as has_open_exceptions
    from spans
    inner join months
        on months.month between spans.first_month and spans.last_month
    left join summed
        on spans.{{ column }} = summed.{{ column }}
        and months.month = summed.month

),

{{ margin_columns([column]) }}
{%- endmacro %}
