{#- Utilisation of the groups of one cut of the people (role, cost_centre or market), month by month, under the name `column`.
    Hours of each measure are shown only where int_people__groups_withheld does not name the group, and capacity where enough
    people stand behind it. Absence that is withheld is not taken off the capacity: the difference would tell it. -#}
{% macro utilisation(cut, column) -%}
{%- set minimum = var('minimum_group') -%}
{%- set measures = ['billable', 'internal', 'absent'] -%}
with hours as (

    select * from {{ ref('int_people__hours_by_measure') }}

),

capacities as (

    select * from {{ ref('int_people__capacity_by_person_month') }}

),

realised as (

    select * from {{ ref('int_people__time_realised') }}

),

withheld as (

    select * from {{ ref('int_people__groups_withheld') }}

),

worked as (

    select
        {{ cut }} as {{ column }},
        month,
        {%- for measure in measures %}
        sum(case when measure = '{{ measure }}' then hours else 0 end) as {{ measure }}_hours
        {{- ',' if not loop.last }}
        {%- endfor %}
    from hours
    where {{ cut }} is not null
    group by
        {{ cut }},
        month

),

available as (

    select
        {{ cut }} as {{ column }},
        month,
        sum(capacity_hours) as capacity_hours,
        count(case when capacity_hours <> 0 then employee_id end) as people
    from capacities
    group by
        {{ cut }},
        month

),

valued as (

    select
        {{ cut }} as {{ column }},
        month,
        sum(standard_amount_base) as standard_amount_base,
        sum(revenue_amount_base) as revenue_amount_base,
        count(*) as people
    from realised
    group by
        {{ cut }},
        month

),

hidden as (

    select
        group_name as {{ column }},
        month,
        {%- for measure in measures %}
        max(case when measure = '{{ measure }}' then 1 else 0 end) = 1 as is_{{ measure }}_withheld
        {{- ',' if not loop.last }}
        {%- endfor %}
    from withheld
    where cut = '{{ cut }}'
    group by
        group_name,
        month

),

named as (

    select
        {{ column }},
        month
    from worked

    union

    select
        {{ column }},
        month
    from available

),

shown as (

    select
        named.{{ column }},
        named.month,
        {%- for measure in measures %}
        coalesce(hidden.is_{{ measure }}_withheld, false) or coalesce(available.people, 0) < {{ minimum }}
            as is_{{ measure }}_withheld,
        case
            when
                not coalesce(hidden.is_{{ measure }}_withheld, false)
                and coalesce(available.people, 0) >= {{ minimum }}
                then coalesce(worked.{{ measure }}_hours, 0)
        end as {{ measure }}_hours,
        {%- endfor %}
        case when coalesce(available.people, 0) >= {{ minimum }} then available.capacity_hours end as contracted_hours,
        case when valued.people >= {{ minimum }} then valued.standard_amount_base end as standard_amount_base,
        case when valued.people >= {{ minimum }} then valued.revenue_amount_base end as revenue_amount_base
    from named
    left join worked
        on named.{{ column }} = worked.{{ column }}
        and named.month = worked.month
    left join available
        on named.{{ column }} = available.{{ column }}
        and named.month = available.month
    left join valued
        on named.{{ column }} = valued.{{ column }}
        and named.month = valued.month
    left join hidden
        on named.{{ column }} = hidden.{{ column }}
        and named.month = hidden.month

),

netted as (

    select
        {{ column }},
        month,
        is_billable_withheld,
        is_internal_withheld,
        is_absent_withheld,
        contracted_hours,
        contracted_hours - coalesce(absent_hours, 0) as capacity_hours,
        billable_hours,
        internal_hours,
        absent_hours,
        contracted_hours - coalesce(absent_hours, 0) - billable_hours - internal_hours as free_hours,
        case when not is_billable_withheld then standard_amount_base end as standard_amount_base,
        revenue_amount_base
    from shown

)

select
    {{ column }},
    month,
    cast(contracted_hours as decimal(18, 2)) as contracted_hours,
    cast(capacity_hours as decimal(18, 2)) as capacity_hours,
    cast(billable_hours as decimal(18, 2)) as billable_hours,
    cast(internal_hours as decimal(18, 2)) as internal_hours,
    cast(absent_hours as decimal(18, 2)) as absent_hours,
    cast(case when free_hours > 0 then free_hours else 0 * free_hours end as decimal(18, 2)) as bench_hours,
    cast(case when free_hours < 0 then -free_hours else 0 * free_hours end as decimal(18, 2)) as over_booked_hours,
    {%- for name, top in [('billable', 'billable_hours'), ('internal', 'internal_hours'),
        ('total', 'billable_hours + internal_hours')] %}
    cast({{ divided(top, 'capacity_hours', 6) }} as decimal(18, 6)) as {{ name }}_utilisation_pct,
    {%- endfor %}
    cast(
        case
            when standard_amount_base > 0
                then {{ divided('revenue_amount_base', 'standard_amount_base', 6) }}
        end as decimal(18, 6)
    ) as realisation_pct,
    is_billable_withheld or is_internal_withheld or is_absent_withheld as has_withheld_hours
from netted
{%- endmacro %}
