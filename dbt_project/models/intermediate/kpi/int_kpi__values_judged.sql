{#- Thresholds in force at the end of the month, the status that they give, and the sentence that explains it. -#}
with charted as (

    select * from {{ ref('int_kpi__values_charted') }}

),

dictionary as (

    select * from {{ ref('int_kpi__dictionary_stated') }}

),

thresholds as (

    select * from {{ ref('int_kpi__thresholds_stated') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

programmes as (

    select * from {{ ref('dim_programmes') }}

),

attributes as (

    select
        'project' as subject_type,
        project_id as subject_id,
        customer_id,
        business_group
    from projects

    union all

    select
        'programme' as subject_type,
        programme_id as subject_id,
        customer_id,
        cast(null as {{ dbt.type_string() }}) as business_group
    from programmes

    union all

    select distinct
        'customer' as subject_type,
        customer_id as subject_id,
        customer_id,
        cast(null as {{ dbt.type_string() }}) as business_group
    from projects
    where customer_id is not null

    union all

    select distinct
        'business_group' as subject_type,
        business_group as subject_id,
        cast(null as {{ dbt.type_string() }}) as customer_id,
        business_group
    from projects
    where business_group is not null

),

attributed as (

    select
        charted.subject_type,
        charted.subject_id,
        charted.month,
        charted.kpi_code,
        case charted.subject_type when 'project' then 'project' else 'group' end as level,
        coalesce(attributes.customer_id, '') as customer_id,
        coalesce(attributes.business_group, '') as business_group
    from charted
    left join attributes
        on charted.subject_type = attributes.subject_type
        and charted.subject_id = attributes.subject_id

),

-- a threshold holds for thousands of rows: it is looked up once for each kind of them
looked_up as (

    select distinct
        kpi_code,
        month,
        cast({{ dbt.last_day('month', 'month') }} as date) as month_end_date,
        level,
        customer_id,
        business_group
    from attributed

),

ranked as (

    select
        looked_up.kpi_code,
        looked_up.month,
        looked_up.level,
        looked_up.customer_id,
        looked_up.business_group,
        thresholds.target,
        thresholds.amber_lower,
        thresholds.amber_upper,
        thresholds.red_lower,
        thresholds.red_upper,
        row_number() over (
            partition by
                looked_up.kpi_code,
                looked_up.month,
                looked_up.level,
                looked_up.customer_id,
                looked_up.business_group
            order by
                case when thresholds.customer_id is not null then 0 else 1 end,
                case when thresholds.business_group is not null then 0 else 1 end,
                case when thresholds.applies_to is not null then 0 else 1 end,
                thresholds.valid_from desc
        ) as place
    from looked_up
    inner join thresholds
        on looked_up.kpi_code = thresholds.kpi_code
        and looked_up.month_end_date >= thresholds.valid_from
        and (thresholds.valid_to is null or looked_up.month_end_date <= thresholds.valid_to)
        and (thresholds.customer_id is null or looked_up.customer_id = thresholds.customer_id)
        and (thresholds.business_group is null or looked_up.business_group = thresholds.business_group)
        and (thresholds.applies_to is null or looked_up.level = thresholds.applies_to)

),

in_force as (

    select
        attributed.subject_type,
        attributed.subject_id,
        attributed.kpi_code,
        attributed.month,
        ranked.target,
        ranked.amber_lower,
        ranked.amber_upper,
        ranked.red_lower,
        ranked.red_upper
    from attributed
    inner join ranked
        on attributed.kpi_code = ranked.kpi_code
        and attributed.month = ranked.month
        and attributed.level = ranked.level
        and attributed.customer_id = ranked.customer_id
        and attributed.business_group = ranked.business_group
    where ranked.place = 1

),

judged as (

    select
        charted.subject_type,
        charted.subject_id,
        charted.month,
        charted.kpi_code,
        coalesce(dictionary.kpi_name, charted.kpi_code) as kpi_name,
        dictionary.kpi_code is not null as is_in_dictionary,
        dictionary.dimension,
        dictionary.unit,
        coalesce(dictionary.direction, 'target_band') as direction,
        coalesce(dictionary.role, 'shown') as role,
        coalesce(dictionary.carried_months, 0) as carried_months,
        dictionary.numerator as numerator_name,
        dictionary.denominator as denominator_name,
        charted.numerator,
        charted.denominator,
        charted.reference_numerator,
        charted.reference_denominator,
        charted.value,
        coalesce(charted.delivered_target, in_force.target) as target,
        charted.delivered_target is not null as is_target_delivered,
        in_force.amber_lower,
        in_force.amber_upper,
        in_force.red_lower,
        in_force.red_upper,
        {{ kpi_status('charted.value', 'in_force') }} as status_by_thresholds,
        -- without thresholds a delivered target divides what is met from what is not
        case
            when charted.value is null or charted.delivered_target is null then null
            when dictionary.direction = 'higher_is_better'
                then case when charted.value >= charted.delivered_target then 'green' else 'amber' end
            when dictionary.direction = 'lower_is_better'
                then case when charted.value <= charted.delivered_target then 'green' else 'amber' end
        end as status_by_target,
        charted.origin,
        charted.items,
        charted.projects,
        charted.value_1_before,
        charted.value_2_before,
        charted.value_3_before,
        charted.points,
        charted.centre_line,
        charted.mean_moving_range,
        charted.lower_limit,
        charted.upper_limit,
        charted.upper_range_limit,
        charted.is_above_limit,
        charted.is_below_limit,
        charted.is_western_electric_4,
        charted.is_nelson_2,
        charted.side_of_run,
        -- how far a value lies outside of the band of green
        greatest(
            coalesce(in_force.amber_lower - charted.value, 0),
            coalesce(charted.value - in_force.amber_upper, 0),
            0
        ) as distance,
        greatest(
            coalesce(in_force.amber_lower - charted.value_1_before, 0),
            coalesce(charted.value_1_before - in_force.amber_upper, 0),
            0
        ) as distance_before,
        coalesce(in_force.amber_lower, in_force.amber_upper) is not null as has_band
    from charted
    left join dictionary
        on charted.kpi_code = dictionary.kpi_code
    left join in_force
        on charted.subject_type = in_force.subject_type
        and charted.subject_id = in_force.subject_id
        and charted.kpi_code = in_force.kpi_code
        and charted.month = in_force.month

),

stated as (

    select
        subject_type,
        subject_id,
        month,
        kpi_code,
        kpi_name,
        is_in_dictionary,
        dimension,
        unit,
        direction,
        role,
        carried_months,
        numerator,
        denominator,
        reference_numerator,
        reference_denominator,
        value,
        target,
        is_target_delivered,
        amber_lower,
        amber_upper,
        red_lower,
        red_upper,
        coalesce(status_by_thresholds, status_by_target, 'not_rated') as status,
        status_by_thresholds is not null as is_judged_by_thresholds,
        origin,
        items,
        projects,
        value_1_before,
        value_2_before,
        value_3_before,
        points,
        centre_line,
        mean_moving_range,
        lower_limit,
        upper_limit,
        upper_range_limit,
        is_above_limit,
        is_below_limit,
        is_western_electric_4,
        is_nelson_2,
        side_of_run,
        case
            when value is null or value_1_before is null then null
            when value = value_1_before then 'unchanged'
            when direction = 'higher_is_better' then case when value > value_1_before then 'improving' else 'worsening' end
            when direction = 'lower_is_better' then case when value < value_1_before then 'improving' else 'worsening' end
            when not has_band then case when value > value_1_before then 'rising' else 'falling' end
            when distance = distance_before then 'unchanged'
            when distance < distance_before then 'improving'
            else 'worsening'
        end as trend,
        -- rounded as people read it, unless that would hide on which side of a threshold it lies
        {{ kpi_figure(
            'case when round(value, 4) in (amber_lower, amber_upper, red_lower, red_upper) then value'
            ~ ' else cast(round(value, 4) as decimal(28, 12)) end',
            'unit'
        ) }} as value_in_words,
        {{ bounds_in_words('amber_lower', 'amber_upper', 'unit', 'from', 'to', 'up to') }} as green_in_words,
        {{ bounds_in_words('red_lower', 'red_upper', 'unit', 'below', 'or above', 'above') }} as red_in_words,
        case
            when items is not null then ' (of ' || cast(items as {{ dbt.type_string() }}) || ')'
            when numerator is null then ''
            when reference_denominator is not null
                then
                    ' (' || {{ plain_part('numerator') }} || ' / ' || {{ plain_part('denominator') }} || ' less '
                    || {{ plain_part('reference_numerator') }} || ' / ' || {{ plain_part('reference_denominator') }} || ')'
            when denominator is not null
                then
                    ' (' || coalesce(numerator_name || ' ', '') || {{ plain_part('numerator') }} || ' / '
                    || coalesce(denominator_name || ' ', '') || {{ plain_part('denominator') }} || ')'
            else ''
        end as parts_in_words
    from judged

)

select
    subject_type,
    subject_id,
    month,
    kpi_code,
    kpi_name,
    is_in_dictionary,
    dimension,
    unit,
    direction,
    role,
    carried_months,
    numerator,
    denominator,
    reference_numerator,
    reference_denominator,
    value,
    target,
    amber_lower,
    amber_upper,
    red_lower,
    red_upper,
    status,
    case
        when value is null
            then
                kpi_name || ' has no value: '
                || case
                    when denominator <= 0 or reference_denominator <= 0
                        then coalesce('what it is divided by is not above zero' || nullif(parts_in_words, ''), 'nothing to divide by')
                    else 'a part of it is not known' || parts_in_words
                end
        when status = 'not_rated'
            then
                kpi_name || ' ' || value_in_words || parts_in_words || ' is not rated: '
                || case
                    when not is_in_dictionary then 'it is not in the KPI dictionary'
                    else 'no threshold is in force'
                end
        else
            kpi_name || ' ' || value_in_words || parts_in_words || ' is ' || status || ': '
            || case
                when not is_judged_by_thresholds and status = 'green' then 'it meets the delivered target ' || {{ kpi_figure('target', 'unit') }}
                when not is_judged_by_thresholds then 'it misses the delivered target ' || {{ kpi_figure('target', 'unit') }}
                when status = 'red' and value < red_lower then 'below ' || {{ kpi_figure('red_lower', 'unit') }}
                when status = 'red' then 'above ' || {{ kpi_figure('red_upper', 'unit') }}
                when status = 'amber' and value < amber_lower then 'below ' || {{ kpi_figure('amber_lower', 'unit') }}
                when status = 'amber' then 'above ' || {{ kpi_figure('amber_upper', 'unit') }}
                else 'inside its band'
            end
            || coalesce('; green ' || green_in_words, '')
            || coalesce('; red ' || red_in_words, '')
            || case
                when is_judged_by_thresholds and is_target_delivered then '; delivered target ' || {{ kpi_figure('target', 'unit') }}
                else ''
            end
    end || '.' as status_reason,
    origin,
    projects,
    value_1_before as previous_1_value,
    value_2_before as previous_2_value,
    value_3_before as previous_3_value,
    trend,
    points,
    centre_line,
    mean_moving_range,
    lower_limit as lower_control_limit,
    upper_limit as upper_control_limit,
    upper_range_limit as upper_moving_range_limit,
    is_western_electric_4,
    is_nelson_2,
    is_above_limit or is_below_limit as is_beyond_limits,
    -- each rule by its name
    nullif(
        trim(
            case when is_above_limit then 'above_upper_limit ' else '' end
            || case when is_below_limit then 'below_lower_limit ' else '' end
            || case when is_western_electric_4 then 'western_electric_4 ' else '' end
            || case when is_nelson_2 then 'nelson_2 ' else '' end
        ),
        ''
    ) as signal,
    nullif(
        case when is_above_limit then 'Above the upper control limit. ' else '' end
        || case when is_below_limit then 'Below the lower control limit. ' else '' end
        || case
            when is_nelson_2 then '9 months in a row ' || side_of_run || ' the centre line (Western Electric rule 4 and Nelson rule 2).'
            when is_western_electric_4 then '8 months in a row ' || side_of_run || ' the centre line (Western Electric rule 4).'
            else ''
        end,
        ''
    ) as signal_reason
from stated
