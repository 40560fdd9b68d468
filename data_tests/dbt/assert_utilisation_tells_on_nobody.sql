-- Counted anew: published hours of a group are of enough people, and so are those of a group less those of another one of
-- another cut. What longer sums would tell is proved in pipelines/disclosure.py and tried in its tests.
{%- set minimum = var('minimum_group') %}
{%- set cuts = [
    ('role', 'role_id', 'utilisation_by_role_month'),
    ('cost_centre', 'cost_centre', 'utilisation_by_cost_centre_month'),
    ('market', 'market', 'utilisation_by_market_month')
] %}
{%- set measures = ['billable', 'internal', 'absent'] %}
with worked as (

    select
        employee_id,
        month,
        measure,
        role,
        cost_centre,
        market,
        sum(hours) as hours
    from {{ ref('int_people__hours_by_measure') }}
    group by
        employee_id,
        month,
        measure,
        role,
        cost_centre,
        market
    having sum(hours) <> 0

),

shown as (
    {% for cut, column, mart in cuts %}
    {%- for measure in measures %}
    select
        '{{ cut }}' as cut,
        {{ column }} as group_name,
        month,
        '{{ measure }}' as measure
    from {{ ref(mart) }}
    where {{ measure }}_hours is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

members as (

    select
        shown.cut,
        shown.group_name,
        shown.month,
        shown.measure,
        worked.employee_id
    from shown
    inner join worked
        on shown.month = worked.month
        and shown.measure = worked.measure
        and shown.group_name = case shown.cut
            when 'role' then worked.role
            when 'cost_centre' then worked.cost_centre
            else worked.market
        end

),

sizes as (

    select
        cut,
        group_name,
        month,
        measure,
        count(*) as people
    from members
    group by
        cut,
        group_name,
        month,
        measure

),

-- groups of different cuts that have people in common
meetings as (

    select
        members.cut,
        members.group_name,
        members.month,
        members.measure,
        others.cut as other_cut,
        others.group_name as other_group_name,
        count(*) as people
    from members
    inner join members as others
        on members.employee_id = others.employee_id
        and members.month = others.month
        and members.measure = others.measure
        and members.cut < others.cut
    group by
        members.cut,
        members.group_name,
        members.month,
        members.measure,
        others.cut,
        others.group_name

)

select
    cut || ' ' || group_name as hours_of,
    month,
    measure,
    people
from sizes
where people < {{ minimum }}

union all

select
    meetings.cut || ' ' || meetings.group_name || ' less ' || meetings.other_cut || ' ' || meetings.other_group_name
        as hours_of,
    meetings.month,
    meetings.measure,
    sizes.people + other_sizes.people - 2 * meetings.people as people
from meetings
inner join sizes
    on meetings.cut = sizes.cut
    and meetings.group_name = sizes.group_name
    and meetings.month = sizes.month
    and meetings.measure = sizes.measure
inner join sizes as other_sizes
    on meetings.other_cut = other_sizes.cut
    and meetings.other_group_name = other_sizes.group_name
    and meetings.month = other_sizes.month
    and meetings.measure = other_sizes.measure
where sizes.people + other_sizes.people - 2 * meetings.people between 1 and {{ minimum - 1 }}
