with dimensions_judged as (

    select * from {{ ref('int_kpi__dimensions_judged') }}

),

margin as (

    select * from {{ ref('margin_by_project_month') }}

),

commentaries as (

    select * from {{ ref('int_kpi__commentaries_shown') }}

),

statuses as (

    {{ dimensions_beside('project') }}

),

words as (

    select
        project_id,
        month,
        {{ dbt.listagg("topic || ': ' || commentary", "' '", 'order by topic') }} as commentary
    from commentaries
    group by
        project_id,
        month

)

select
    statuses.subject_id as project_id,
    statuses.month,
    {{- scorecard_statuses('statuses') }}
    {{- scorecard_margin('margin') }}
    words.commentary,
    words.project_id is not null as has_commentary,
    statuses.overall_status = 'red' and words.project_id is null as is_commentary_missing,
    case
        when statuses.overall_status = 'red' and words.project_id is null
            then 'No commentary for a red: ' || statuses.red_dimensions || '.'
        when words.project_id is null then 'No commentary.'
    end as commentary_note
from statuses
left join margin
    on statuses.subject_id = margin.project_id
    and statuses.month = margin.month
left join words
    on statuses.subject_id = words.project_id
    and statuses.month = words.month
order by
    project_id,
    month
