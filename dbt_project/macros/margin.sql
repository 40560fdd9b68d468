{#- What every margin mart sums; the rest of a row is derived from these by margin_to_date. -#}
{% macro margin_measures() -%}
    {{ return([
        'revenue_amount_base',
        'labour_cost_amount_base',
        'subcontract_cost_amount_base',
        'material_cost_amount_base',
        'equipment_cost_amount_base',
        'travel_cost_amount_base',
        'other_cost_amount_base',
        'cost_of_sales_amount_base',
        'billed_amount_base',
        'collected_amount_base'
    ]) }}
{%- endmacro %}

{#- The last steps of a margin mart, from a step `measured` (its key, month, margin_measures, has_open_exceptions): running
    sums, margins, and ratios of sums. One home, so that a ratio is made the same way at every level. -#}
{% macro margin_to_date(key) -%}
running as (

    select
        {{ key | join(',\n        ') }},
        month,
        {%- for measure in margin_measures() %}
        {{ measure }},
        sum({{ measure }}) over (
            partition by {{ key | join(', ') }} order by month
            rows between unbounded preceding and current row
        ) as {{ measure }}_to_date,
        {%- endfor %}
        has_open_exceptions,
        max(case when has_open_exceptions then 1 else 0 end) over (
            partition by {{ key | join(', ') }} order by month
            rows between unbounded preceding and current row
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
    cast(
        case
            when revenue_amount_base{{ suffix }} > 0
                then {{ divided(
                    'revenue_amount_base' ~ suffix ~ ' - cost_of_sales_amount_base' ~ suffix,
                    'revenue_amount_base' ~ suffix, 6
                ) }}
        end as decimal(18, 6)
    ) as gross_margin_pct{{ suffix }},
    {%- for measure in ('billed_amount_base', 'collected_amount_base') %}
    {{ money(measure ~ suffix) }} as {{ measure }}{{ suffix }},
    {%- endfor %}
    {%- endfor %}
    has_open_exceptions,
    has_open_exceptions_to_date
from running
{%- endmacro %}

{#- A margin mart above the project: its months summed over the projects of a group (a column of dim_projects; projects
    without one stand together under '(none)'), then divided. -#}
{% macro margin_rolled_up(group) -%}
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
        coalesce(projects.{{ group }}, '(none)') as {{ group }},
        project_months.month,
        {%- for measure in margin_measures() %}
        sum(project_months.{{ measure }}) as {{ measure }},
        {%- endfor %}
        max(case when project_months.has_open_exceptions then 1 else 0 end) = 1 as has_open_exceptions
    from project_months
    inner join projects
        on project_months.project_id = projects.project_id
    group by
        coalesce(projects.{{ group }}, '(none)'),
        project_months.month

),

-- a project that lies ahead of the others leaves no gap between them
spans as (

    select
        {{ group }},
        min(month) as first_month,
        max(month) as last_month
    from summed
    group by {{ group }}

),

measured as (

    select
        spans.{{ group }},
        months.month,
        {%- for measure in margin_measures() %}
        coalesce(summed.{{ measure }}, 0) as {{ measure }},
        {%- endfor %}
        coalesce(summed.has_open_exceptions, false) as has_open_exceptions
    from spans
    inner join months
        on months.month between spans.first_month and spans.last_month
    left join summed
        on spans.{{ group }} = summed.{{ group }}
        and months.month = summed.month

),

{{ margin_to_date([group]) }}
{%- endmacro %}
