{#- A dimension is as bad as the worst of its leading KPIs (FEMA: health is the worse of CPI and SPI); where none of them is
    rated, as the worst of the supporting ones. A value counts for as many months after its own as the dictionary says. -#}
with judged as (

    select * from {{ ref('int_kpi__values_judged') }}

),

project_months as (

    select * from {{ ref('int_registers__project_months') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

subject_months as (

    select
        'project' as subject_type,
        project_id as subject_id,
        month
    from project_months
    {%- for group, expression in kpi_groups() %}

    union

    select
        '{{ group }}' as subject_type,
        {{ expression }} as subject_id,
        project_months.month
    from project_months
    inner join projects
        on project_months.project_id = projects.project_id
    {%- endfor %}

    union

    select
        subject_type,
        subject_id,
        month
    from judged

),

offsets as (

    {{ numbers(36) }}

),

carried as (

    select
        judged.subject_type,
        judged.subject_id,
        cast({{ dbt.dateadd('month', 'offsets.number', 'judged.month') }} as date) as month,
        judged.kpi_code,
        judged.dimension,
        judged.role,
        judged.status,
        judged.status_reason
        || case when offsets.number > 0 then ' (Value of ' || substring(cast(judged.month as {{ dbt.type_string() }}), 1, 7) || '.)' else '' end
            as status_reason,
        row_number() over (
            partition by
                judged.subject_type,
                judged.subject_id,
                judged.kpi_code,
                {{ dbt.dateadd('month', 'offsets.number', 'judged.month') }}
            order by offsets.number
        ) as place
    from judged
    inner join offsets
        on judged.carried_months >= offsets.number
    where
        judged.status <> 'not_rated'
        and judged.role in ('leading', 'supporting')

),

latest as (

    select
        carried.subject_type,
        carried.subject_id,
        carried.month,
        carried.kpi_code,
        carried.dimension,
        carried.role,
        {{ status_rank('carried.status') }} as status_rank,
        carried.status_reason,
        max(case when carried.role = 'leading' then 1 else 0 end) over (
            partition by carried.subject_type, carried.subject_id, carried.month, carried.dimension
        ) as has_leading
    from carried
    inner join subject_months
        on carried.subject_type = subject_months.subject_type
        and carried.subject_id = subject_months.subject_id
        and carried.month = subject_months.month
    where carried.place = 1

),

deciding as (

    select
        subject_type,
        subject_id,
        month,
        kpi_code,
        dimension,
        status_rank,
        status_reason,
        max(status_rank) over (partition by subject_type, subject_id, month, dimension) as worst_rank,
        count(*) over (partition by subject_type, subject_id, month, dimension) as deciding_kpis
    from latest
    where role = 'leading' or has_leading = 0

),

rated as (

    select
        subject_type,
        subject_id,
        month,
        dimension,
        worst_rank,
        max(deciding_kpis) as deciding_kpis,
        {{ dbt.listagg('status_reason', "' '", 'order by kpi_code') }} as reasons
    from deciding
    where status_rank = worst_rank
    group by
        subject_type,
        subject_id,
        month,
        dimension,
        worst_rank

),

dimensions as (
    {% for dimension in scorecard_dimensions() %}
    select '{{ dimension }}' as dimension {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    subject_months.subject_type,
    subject_months.subject_id,
    subject_months.month,
    dimensions.dimension,
    {{ status_of_rank('coalesce(rated.worst_rank, 0)') }} as status,
    coalesce(
        rated.reasons,
        'No KPI of ' || dimensions.dimension || ' has a value with a threshold in this month.'
    ) as status_reason,
    cast(coalesce(rated.deciding_kpis, 0) as integer) as deciding_kpis
from subject_months
cross join dimensions
left join rated
    on subject_months.subject_type = rated.subject_type
    and subject_months.subject_id = rated.subject_id
    and subject_months.month = rated.month
    and dimensions.dimension = rated.dimension
