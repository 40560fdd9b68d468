{#- Days count only here: a change in the middle of a month parts the month's work. -#}
{%- set base = "'" ~ var('base_currency') ~ "'" -%}

with moments as (

    select * from {{ ref('int_eac__moments_named') }}

),

holders as (

    select * from {{ ref('int_eac__holders_named') }}

),

branches as (

    select * from {{ ref('int_contracts__wbs_branches') }}

),

cost_lines as (

    select * from {{ ref('fct_cost_lines') }}

),

posted_lines as (

    select * from {{ ref('int_cost__lines_classified') }}

),

time_entries as (

    select * from {{ ref('int_labour__time_entries_costed') }}

),

rates_to_base as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

cuts as (

    select
        moments.holder_kind,
        moments.holder_id,
        moments.project_id,
        holders.branch_id,
        holders.currency_code,
        moments.moment_on,
        moments.month
    from moments
    inner join holders
        on moments.holder_kind = holders.holder_kind
        and moments.holder_id = holders.holder_id
    where moments.is_cut

),

dated as (

    select
        project_id,
        coalesce(wbs_id, '') as wbs_id,
        posting_date as cost_date,
        category,
        is_quality_cost,
        amount,
        currency_code,
        amount_base,
        cast(0 as decimal(24, 6)) as hours
    from cost_lines
    where
        posting_date is not null
        and is_project_known

    union all

    select
        project_id,
        coalesce(wbs_id, '') as wbs_id,
        posting_date as cost_date,
        category,
        is_quality_cost,
        amount,
        currency_code,
        amount_base,
        cast(0 as decimal(24, 6)) as hours
    from posted_lines
    where
        treatment = 'cost'
        and category = 'labour'

    union all

    select
        project_id,
        coalesce(wbs_id, '') as wbs_id,
        work_date as cost_date,
        'labour' as category,
        is_quality_cost,
        case when '{{ var("labour_cost_source") }}' = 'timesheets' then cost_amount end as amount,
        currency_code,
        case when '{{ var("labour_cost_source") }}' = 'timesheets' then cost_amount_base end as amount_base,
        hours
    from time_entries
    where is_costed

),

before_cuts as (

    select
        cuts.holder_kind,
        cuts.holder_id,
        cuts.currency_code,
        cuts.moment_on,
        cuts.month,
        dated.currency_code as cost_currency_code,
        cast(sum(dated.amount) as decimal(38, 6)) as amount,
        cast(sum(dated.amount_base) as decimal(38, 6)) as amount_base,
        cast(sum(case when dated.category = 'uninstalled_material' then dated.amount else 0 end) as decimal(38, 6))
            as uninstalled_amount,
        cast(sum(case when dated.category = 'uninstalled_material' then dated.amount_base else 0 end) as decimal(38, 6))
            as uninstalled_amount_base,
        {%- for measure in ['amount', 'amount_base'] %}
        cast(
            sum(
                case
                    when dated.is_quality_cost and dated.category <> 'uninstalled_material' then dated.{{ measure }}
                    else 0
                end
            ) as decimal(38, 6)
        ) as quality_{{ measure }},
        {%- endfor %}
        sum(dated.hours) as hours
    from cuts
    inner join dated
        on cuts.project_id = dated.project_id
        and dated.cost_date between cuts.month and cuts.moment_on
    inner join branches
        on dated.project_id = branches.project_id
        and dated.wbs_id = branches.wbs_id
        and cuts.branch_id = branches.branch_id
    group by
        cuts.holder_kind,
        cuts.holder_id,
        cuts.currency_code,
        cuts.moment_on,
        cuts.month,
        dated.currency_code

)

select
    before_cuts.holder_kind,
    before_cuts.holder_id,
    before_cuts.moment_on,
    {%- for measure in ['amount', 'uninstalled_amount', 'quality_amount'] %}
    cast(
        sum(
            case
                when before_cuts.currency_code = {{ base }} then before_cuts.{{ measure }}_base
                when before_cuts.currency_code = before_cuts.cost_currency_code then before_cuts.{{ measure }}
                else {{ divided('before_cuts.' ~ measure ~ '_base', 'rates_to_base.average_rate_to_base', 6, scale=12) }}
            end
        ) as decimal(38, 6)
    ) as {{ measure }},
    {%- endfor %}
    cast(sum(before_cuts.amount_base) as decimal(38, 2)) as amount_base,
    cast(sum(before_cuts.hours) as decimal(38, 4)) as hours
from before_cuts
left join rates_to_base
    on before_cuts.currency_code = rates_to_base.currency_code
    and before_cuts.month = rates_to_base.month
group by
    before_cuts.holder_kind,
    before_cuts.holder_id,
    before_cuts.moment_on
