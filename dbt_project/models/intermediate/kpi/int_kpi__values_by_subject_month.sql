{#- Every level from the same parts: what is above the line is summed, what is below it too, then the one is divided by the
    other. Ratios are never averaged. -#}
with measures as (

    select * from {{ ref('int_kpi__measures_by_project_month') }}

),

items as (

    select * from {{ ref('int_kpi__items_measured') }}

),

steps as (

    select * from {{ ref('int_kpi__steps_measured') }}

),

dictionary as (

    select * from {{ ref('int_kpi__dictionary_stated') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

memberships as (

    select
        project_id,
        'project' as subject_type,
        project_id as subject_id
    from projects
    {%- for group, expression in kpi_groups() %}

    union all

    select
        project_id,
        '{{ group }}' as subject_type,
        {{ expression }} as subject_id
    from projects
    {%- endfor %}

),

placed as (

    select
        memberships.subject_type,
        memberships.subject_id,
        measures.project_id,
        measures.month,
        measures.kpi_code,
        case when memberships.subject_type = 'project' then measures.numerator else measures.carried_numerator end as numerator,
        case when memberships.subject_type = 'project' then measures.denominator else measures.carried_denominator end as denominator,
        measures.reference_numerator,
        measures.reference_denominator,
        case when memberships.subject_type = 'project' then measures.given_value end as given_value,
        measures.delivered_target,
        measures.origin,
        dictionary.aggregation
    from measures
    inner join memberships
        on measures.project_id = memberships.project_id
    left join dictionary
        on measures.kpi_code = dictionary.kpi_code
    where
        memberships.subject_type = 'project'
        or (dictionary.aggregation = 'ratio' and measures.carried_denominator is not null)
        or (dictionary.aggregation = 'sum' and measures.carried_numerator is not null)

    union all

    -- answers of a customer that name no project
    select
        'customer' as subject_type,
        measures.customer_id as subject_id,
        measures.project_id,
        measures.month,
        measures.kpi_code,
        measures.numerator,
        measures.denominator,
        measures.reference_numerator,
        measures.reference_denominator,
        measures.given_value,
        measures.delivered_target,
        measures.origin,
        dictionary.aggregation
    from measures
    inner join dictionary
        on measures.kpi_code = dictionary.kpi_code
    where
        measures.project_id is null
        and dictionary.aggregation = 'ratio'

),

summed as (

    select
        subject_type,
        subject_id,
        month,
        kpi_code,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(reference_numerator) as reference_numerator,
        sum(reference_denominator) as reference_denominator,
        max(given_value) as given_value,
        max(case when subject_type = 'project' then delivered_target end) as delivered_target,
        min(origin) as origin,
        max(aggregation) as aggregation,
        count(distinct project_id) as projects
    from placed
    group by
        subject_type,
        subject_id,
        month,
        kpi_code

),

medians as (

    select
        memberships.subject_type,
        memberships.subject_id,
        items.month,
        items.kpi_code,
        cast(median(items.measure) as decimal(24, 6)) as median_value,
        count(*) as items,
        count(distinct items.project_id) as projects
    from items
    inner join memberships
        on items.project_id = memberships.project_id
    group by
        memberships.subject_type,
        memberships.subject_id,
        items.month,
        items.kpi_code

),

step_sums as (

    select
        memberships.subject_type,
        memberships.subject_id,
        steps.month,
        steps.step,
        sum(steps.passed) as passed,
        sum(steps.attempted) as attempted,
        count(distinct steps.project_id) as projects
    from steps
    inner join memberships
        on steps.project_id = memberships.project_id
    group by
        memberships.subject_type,
        memberships.subject_id,
        steps.month,
        steps.step

),

step_yields as (

    select
        subject_type,
        subject_id,
        month,
        step,
        cast({{ divided('passed', 'attempted', 12) }} as decimal(28, 12)) as step_yield,
        projects
    from step_sums

),

-- a product by its logarithms, which no step without a single pass has
yields as (

    select
        subject_type,
        subject_id,
        month,
        case
            when min(step_yield) = 0 then cast(0 as decimal(28, 12))
            else cast(round(exp(sum(ln(case when step_yield > 0 then step_yield end))), 12) as decimal(28, 12))
        end as value,
        count(*) as items,
        max(projects) as projects
    from step_yields
    group by
        subject_type,
        subject_id,
        month

),

valued as (

    select
        summed.subject_type,
        summed.subject_id,
        summed.month,
        summed.kpi_code,
        summed.numerator,
        summed.denominator,
        summed.reference_numerator,
        summed.reference_denominator,
        -- each cast: of decimals of several scales DuckDB keeps the whole places and gives up the others
        case
            when summed.given_value is not null then cast(summed.given_value as decimal(28, 12))
            when summed.aggregation = 'sum' then cast(summed.numerator as decimal(28, 12))
            when summed.reference_denominator is not null and (summed.denominator <= 0 or summed.reference_denominator <= 0)
                then null
            when summed.denominator > 0
                then
                    cast({{ divided('summed.numerator * dictionary.scale', 'summed.denominator', 12) }} as decimal(28, 12))
                    - cast(
                        coalesce(
                            {{ divided('summed.reference_numerator * dictionary.scale', 'summed.reference_denominator', 12) }},
                            0
                        ) as decimal(28, 12)
                    )
        end as value,
        summed.delivered_target,
        summed.origin,
        cast(null as integer) as items,
        summed.projects
    from summed
    left join dictionary
        on summed.kpi_code = dictionary.kpi_code

    union all

    select
        medians.subject_type,
        medians.subject_id,
        medians.month,
        medians.kpi_code,
        cast(null as decimal(38, 6)) as numerator,
        cast(null as decimal(38, 6)) as denominator,
        cast(null as decimal(38, 6)) as reference_numerator,
        cast(null as decimal(38, 6)) as reference_denominator,
        cast(medians.median_value as decimal(28, 12)) as value,
        cast(null as decimal(24, 6)) as delivered_target,
        'derived' as origin,
        cast(medians.items as integer) as items,
        medians.projects
    from medians

    union all

    select
        subject_type,
        subject_id,
        month,
        'rolled_yield_pct' as kpi_code,
        cast(null as decimal(38, 6)) as numerator,
        cast(null as decimal(38, 6)) as denominator,
        cast(null as decimal(38, 6)) as reference_numerator,
        cast(null as decimal(38, 6)) as reference_denominator,
        value,
        cast(null as decimal(24, 6)) as delivered_target,
        'derived' as origin,
        cast(items as integer) as items,
        projects
    from yields

),

-- a median or a yield that was delivered gives way to the one that is derived
ranked as (

    select
        subject_type,
        subject_id,
        month,
        kpi_code,
        numerator,
        denominator,
        reference_numerator,
        reference_denominator,
        value,
        first_value(delivered_target) over (
            partition by subject_type, subject_id, month, kpi_code
            order by case when delivered_target is null then 1 else 0 end
        ) as delivered_target,
        origin,
        items,
        projects,
        row_number() over (
            partition by subject_type, subject_id, month, kpi_code
            order by case when items is null then 1 else 0 end
        ) as place
    from valued

)

select
    subject_type,
    subject_id,
    month,
    kpi_code,
    cast(numerator as decimal(24, 6)) as numerator,
    cast(denominator as decimal(24, 6)) as denominator,
    cast(reference_numerator as decimal(24, 6)) as reference_numerator,
    cast(reference_denominator as decimal(24, 6)) as reference_denominator,
    cast(value as decimal(28, 12)) as value,
    cast(delivered_target as decimal(24, 6)) as delivered_target,
    origin,
    items,
    cast(projects as integer) as projects
from ranked
where place = 1
