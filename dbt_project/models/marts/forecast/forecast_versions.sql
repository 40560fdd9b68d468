{%- set text = dbt.type_string() -%}

with versions as (

    select * from {{ ref('int_evm__versions_compared') }}

),

valued as (

    select
        project_id,
        plan_version_id,
        version_number,
        kind,
        source,
        approved_on,
        month,
        revenue_amount_base,
        cost_amount_base,
        is_known,
        {{ money('revenue_amount_base - cost_amount_base') }} as margin_amount_base,
        previous_plan_version_id,
        {{ money('previous_revenue_amount_base - previous_cost_amount_base') }} as previous_margin_amount_base,
        {{ money('revenue_amount_base - previous_revenue_amount_base') }} as revenue_change_amount_base,
        {{ money('cost_amount_base - previous_cost_amount_base') }} as cost_change_amount_base,
        main_cost_change,
        main_cost_change_amount_base,
        approved_changes
    from versions

)

select
    project_id,
    plan_version_id,
    version_number,
    kind,
    source,
    approved_on as approved_date,
    month,
    revenue_amount_base,
    cost_amount_base,
    margin_amount_base,
    {{ margin_pct('margin_amount_base', 'revenue_amount_base') }} as margin_pct,
    previous_plan_version_id,
    previous_margin_amount_base,
    {{ money('margin_amount_base - previous_margin_amount_base') }} as margin_change_amount_base,
    revenue_change_amount_base,
    cost_change_amount_base,
    approved_changes,
    case
        when not is_known
            then 'No margin: ' || case
                when revenue_amount_base is null and cost_amount_base is null then 'neither revenue nor cost is known.'
                when revenue_amount_base is null then 'its revenue is not known.'
                else 'its cost is not known.'
            end
        when previous_plan_version_id is null then 'First version with a margin.'
        else
            {{ rose_or_fell('Margin', 'margin_amount_base - previous_margin_amount_base', ' ' ~ var('base_currency')) }} || ': '
            || {{ rose_or_fell('revenue', 'revenue_change_amount_base') }} || ', ' || {{ rose_or_fell('cost', 'cost_change_amount_base') }}
            || case
                when main_cost_change is not null
                    then
                        ', most of all ' || main_cost_change || ' ('
                        || case when main_cost_change_amount_base > 0 then '+' else '' end
                        || cast(main_cost_change_amount_base as {{ text }}) || ')'
                else ''
            end
            || '.'
            || case
                when approved_changes > 0
                    then ' Changes approved in between: ' || cast(approved_changes as {{ text }}) || '.'
                else ''
            end
    end as reason
from valued
