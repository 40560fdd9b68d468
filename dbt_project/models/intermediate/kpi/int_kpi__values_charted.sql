{#- Individuals and moving ranges (XmR): mean ± 3 · mean moving range / 1.128, where 1.128 is d2 of two points (NIST/SEMATECH
    e-Handbook 6.3.2.2); the limit of the ranges is D4 = 3.267 times their mean. Everything is reckoned from the months up to
    the row's own, so that a later month changes no earlier row. -#}
{%- set so_far -%}
partition by valued.subject_type, valued.subject_id, valued.kpi_code
            order by valued.month
            rows between unbounded preceding and current row
{%- endset -%}
{%- set in_order = 'partition by subject_type, subject_id, kpi_code order by month' -%}
with kpi_values as (

    select * from {{ ref('int_kpi__values_by_subject_month') }}

),

dictionary as (

    select * from {{ ref('int_kpi__dictionary_stated') }}

),

-- a month without a value is no point; what comes after it has no neighbour
points as (

    select
        subject_type,
        subject_id,
        kpi_code,
        month,
        value,
        delivered_target,
        {%- for number in range(1, 9) %}
        lag(value, {{ number }}) over ({{ in_order }}) as value_{{ number }}_before,
        {%- endfor %}
        lag(month, 1) over ({{ in_order }}) as month_1_before,
        lag(month, 7) over ({{ in_order }}) as month_7_before,
        lag(month, 8) over ({{ in_order }}) as month_8_before
    from kpi_values
    where value is not null

),

valued as (

    select
        points.subject_type,
        points.subject_id,
        points.kpi_code,
        points.month,
        points.value,
        points.delivered_target,
        {%- for number in range(1, 9) %}
        points.value_{{ number }}_before,
        {%- endfor %}
        points.month_7_before = cast({{ dbt.dateadd('month', -7, 'points.month') }} as date) as are_8_in_a_row,
        points.month_8_before = cast({{ dbt.dateadd('month', -8, 'points.month') }} as date) as are_9_in_a_row,
        case
            when points.month_1_before = cast({{ dbt.dateadd('month', -1, 'points.month') }} as date)
                then abs(points.value - points.value_1_before)
        end as moving_range,
        coalesce(dictionary.is_charted, true) as is_charted,
        dictionary.natural_lower,
        dictionary.natural_upper
    from points
    left join dictionary
        on points.kpi_code = dictionary.kpi_code

),

counted as (

    select
        valued.subject_type,
        valued.subject_id,
        valued.kpi_code,
        valued.month,
        valued.value,
        valued.delivered_target,
        {%- for number in range(1, 9) %}
        valued.value_{{ number }}_before,
        {%- endfor %}
        valued.are_8_in_a_row,
        valued.are_9_in_a_row,
        valued.natural_lower,
        valued.natural_upper,
        valued.is_charted,
        count(*) over ({{ so_far }}) as points,
        sum(valued.value) over ({{ so_far }}) as value_sum,
        count(valued.moving_range) over ({{ so_far }}) as ranges,
        sum(valued.moving_range) over ({{ so_far }}) as range_sum
    from valued

),

limited as (

    select
        subject_type,
        subject_id,
        kpi_code,
        month,
        value,
        delivered_target,
        {%- for number in range(1, 9) %}
        value_{{ number }}_before,
        {%- endfor %}
        are_8_in_a_row,
        are_9_in_a_row,
        natural_lower,
        natural_upper,
        points,
        is_charted and points >= 8 and ranges > 0 as is_published,
        range_sum,
        cast({{ divided('value_sum', 'points', 10, 10) }} as decimal(28, 10)) as mean_value,
        cast({{ divided('range_sum', 'ranges', 10, 10) }} as decimal(28, 10)) as mean_range,
        cast({{ divided('range_sum * 3000', 'ranges * 1128', 10, 10) }} as decimal(28, 10)) as three_sigma
    from counted

),

judged as (

    select
        subject_type,
        subject_id,
        kpi_code,
        month,
        value,
        {%- for number in range(1, 4) %}
        value_{{ number }}_before,
        {%- endfor %}
        points,
        is_published,
        mean_value,
        mean_range,
        case
            when natural_lower is null or mean_value - three_sigma >= natural_lower then mean_value - three_sigma
        end as lower_limit,
        case
            when natural_upper is null or mean_value + three_sigma <= natural_upper then mean_value + three_sigma
        end as upper_limit,
        -- a process that has never moved has no side of its own mean: its runs are those beside the delivered target
        {%- for number in range(0, 9) %}
        {%- set value = 'value' if number == 0 else 'value_' ~ number ~ '_before' %}
        sign({{ value }} - case when range_sum = 0 then coalesce(delivered_target, mean_value) else mean_value end)
        {{- ' +' if number != 7 and number != 8 }}
        {%- if number == 7 %} as side_of_8, {% elif number == 8 %} as side_of_the_9th, {% endif %}
        {%- endfor %}
        are_8_in_a_row,
        are_9_in_a_row
    from limited

)

select
    kpi_values.subject_type,
    kpi_values.subject_id,
    kpi_values.month,
    kpi_values.kpi_code,
    kpi_values.numerator,
    kpi_values.denominator,
    kpi_values.reference_numerator,
    kpi_values.reference_denominator,
    kpi_values.value,
    kpi_values.delivered_target,
    kpi_values.origin,
    kpi_values.items,
    kpi_values.projects,
    judged.value_1_before,
    judged.value_2_before,
    judged.value_3_before,
    cast(judged.points as integer) as points,
    case when judged.is_published then judged.mean_value end as centre_line,
    case when judged.is_published then judged.mean_range end as mean_moving_range,
    cast(case when judged.is_published then judged.lower_limit end as decimal(28, 10)) as lower_limit,
    cast(case when judged.is_published then judged.upper_limit end as decimal(28, 10)) as upper_limit,
    cast(case when judged.is_published then judged.mean_range * 3.267 end as decimal(28, 10)) as upper_range_limit,
    coalesce(judged.is_published and judged.value > judged.upper_limit, false) as is_above_limit,
    coalesce(judged.is_published and judged.value < judged.lower_limit, false) as is_below_limit,
    coalesce(judged.is_published and judged.are_8_in_a_row and abs(judged.side_of_8) = 8, false) as is_western_electric_4,
    coalesce(
        judged.is_published
        and judged.are_9_in_a_row
        and abs(judged.side_of_8 + judged.side_of_the_9th) = 9,
        false
    ) as is_nelson_2,
    case when judged.side_of_8 > 0 then 'above' else 'below' end as side_of_run
from kpi_values
left join judged
    on kpi_values.subject_type = judged.subject_type
    and kpi_values.subject_id = judged.subject_id
    and kpi_values.kpi_code = judged.kpi_code
    and kpi_values.month = judged.month
