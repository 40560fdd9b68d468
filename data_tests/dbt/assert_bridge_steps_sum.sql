-- The steps of a bridge are the difference of its two margins, none is left over, and a version has one margin in all
-- bridges. As sold and actual are, to the cent, what the margin mart says of them.
with bridges as (

    select
        project_id,
        from_version,
        to_version,
        sum(effect_amount_base) as effect_amount_base,
        sum(case when driver = 'residual' then abs(effect_amount_base) else 0 end) as residual_amount_base,
        min(from_margin_amount_base) as from_margin_amount_base,
        min(to_margin_amount_base) as to_margin_amount_base,
        min(to_date) as to_date
    from {{ ref('margin_bridge') }}
    group by
        project_id,
        from_version,
        to_version

),

margins as (

    select
        project_id,
        from_version as version,
        from_margin_amount_base as margin_amount_base
    from bridges

    union

    select
        project_id,
        to_version as version,
        to_margin_amount_base as margin_amount_base
    from bridges

),

marts as (

    select
        project_id,
        month,
        as_sold_margin_amount_base,
        baseline_margin_amount_base,
        gross_margin_amount_base_to_date
    from {{ ref('margin_by_project_month') }}

),

parameters as (

    select {{ month_of('as_of_date') }} as month
    from {{ ref('int_refresh__parameters_pivoted') }}

)

select
    project_id,
    from_version || ' to ' || to_version as walk,
    'the steps are not the difference' as fault,
    effect_amount_base as found,
    to_margin_amount_base - from_margin_amount_base as expected
from bridges
where effect_amount_base <> to_margin_amount_base - from_margin_amount_base

union all

select
    project_id,
    from_version || ' to ' || to_version as walk,
    'something is left over' as fault,
    residual_amount_base as found,
    0 as expected
from bridges
where residual_amount_base <> 0

union all

select
    project_id,
    version as walk,
    'a version has two margins' as fault,
    min(margin_amount_base) as found,
    max(margin_amount_base) as expected
from margins
group by
    project_id,
    version
having count(*) > 1

union all

select
    margins.project_id,
    margins.version as walk,
    'the margin mart says otherwise' as fault,
    margins.margin_amount_base as found,
    case margins.version
        when 'as_sold' then marts.as_sold_margin_amount_base
        when 'baseline' then marts.baseline_margin_amount_base
        else marts.gross_margin_amount_base_to_date
    end as expected
from margins
cross join parameters
inner join marts
    on margins.project_id = marts.project_id
    and parameters.month = marts.month
where
    margins.version in ('as_sold', 'baseline', 'actual')
    and margins.margin_amount_base is distinct from case margins.version
        when 'as_sold' then marts.as_sold_margin_amount_base
        when 'baseline' then marts.baseline_margin_amount_base
        else marts.gross_margin_amount_base_to_date
    end
