{%- set base = "'" ~ var('base_currency') ~ "'" -%}

with cost_lines as (

    select * from {{ ref('fct_cost_lines') }}

),

hours as (

    select * from {{ ref('int_labour__hours_by_person_month') }}

),

branches as (

    select * from {{ ref('int_contracts__wbs_branches') }}

),

holders as (

    select * from {{ ref('int_eac__holders_named') }}

),

rates_to_base as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

summed as (

    select
        cost_lines.project_id,
        branches.branch_id,
        cost_lines.cost_month as month,
        cost_lines.currency_code,
        sum(cost_lines.amount) as amount,
        sum(cost_lines.amount_base) as amount_base,
        sum(case when cost_lines.category = 'uninstalled_material' then cost_lines.amount else 0 end) as uninstalled_amount,
        sum(case when cost_lines.category = 'uninstalled_material' then cost_lines.amount_base else 0 end)
            as uninstalled_amount_base,
        -- what is done again earns nothing a second time
        sum(
            case
                when cost_lines.is_quality_cost and cost_lines.category <> 'uninstalled_material' then cost_lines.amount
                else 0
            end
        ) as quality_amount,
        sum(
            case
                when cost_lines.is_quality_cost and cost_lines.category <> 'uninstalled_material'
                    then cost_lines.amount_base
                else 0
            end
        ) as quality_amount_base,
        -- what is missing in a row of the fact is missing here
        min(case when cost_lines.is_complete then 1 else 0 end) = 1 as is_complete
    from cost_lines
    left join branches
        on cost_lines.project_id = branches.project_id
        and coalesce(cost_lines.wbs_id, '') = branches.wbs_id
    where cost_lines.is_project_known
    group by
        cost_lines.project_id,
        branches.branch_id,
        cost_lines.cost_month,
        cost_lines.currency_code

),

-- cost in another currency than the holder's comes through the reporting currency, at the month's average (IAS 21.22)
converted as (

    select
        holders.holder_kind,
        holders.holder_id,
        summed.month,
        {%- for measure in ['amount', 'uninstalled_amount', 'quality_amount'] %}
        case
            when holders.currency_code = {{ base }} then cast(summed.{{ measure }}_base as decimal(38, 6))
            when summed.currency_code = holders.currency_code then cast(summed.{{ measure }} as decimal(38, 6))
            else
                cast(
                    {{ divided('summed.' ~ measure ~ '_base', 'rates_to_base.average_rate_to_base', 6, scale=12) }}
                    as decimal(38, 6)
                )
        end as {{ measure }},
        {%- endfor %}
        summed.amount_base,
        summed.is_complete
        and (summed.currency_code = holders.currency_code or rates_to_base.average_rate_to_base is not null) as is_complete,
        case
            when summed.currency_code <> holders.currency_code and rates_to_base.average_rate_to_base is null
                then summed.amount_base
        end as unconverted_amount_base
    from summed
    inner join holders
        on summed.project_id = holders.project_id
        and (holders.holder_kind = 'project' or summed.branch_id = holders.branch_id)
    left join rates_to_base
        on holders.currency_code = rates_to_base.currency_code
        and summed.month = rates_to_base.month

),

costs as (

    select
        holder_kind,
        holder_id,
        month,
        sum(coalesce(amount, 0)) as amount,
        sum(coalesce(uninstalled_amount, 0)) as uninstalled_amount,
        sum(coalesce(quality_amount, 0)) as quality_amount,
        sum(coalesce(amount_base, 0)) as amount_base,
        sum(coalesce(unconverted_amount_base, 0)) as unconverted_amount_base,
        cast(0 as decimal(38, 4)) as hours,
        min(case when is_complete then 1 else 0 end) as is_complete
    from converted
    group by
        holder_kind,
        holder_id,
        month

),

-- hours of people, whether or not a rate gives them a cost; private like everything here
worked as (

    select
        holders.holder_kind,
        holders.holder_id,
        hours.work_month as month,
        cast(0 as decimal(38, 6)) as amount,
        cast(0 as decimal(38, 6)) as uninstalled_amount,
        cast(0 as decimal(38, 6)) as quality_amount,
        cast(0 as decimal(38, 2)) as amount_base,
        cast(0 as decimal(38, 2)) as unconverted_amount_base,
        cast(sum(hours.hours) as decimal(38, 4)) as hours,
        1 as is_complete
    from hours
    left join branches
        on hours.project_id = branches.project_id
        and coalesce(hours.wbs_id, '') = branches.wbs_id
    inner join holders
        on hours.project_id = holders.project_id
        and (holders.holder_kind = 'project' or branches.branch_id = holders.branch_id)
    where hours.approval_status in ('approved', 'submitted')
    group by
        holders.holder_kind,
        holders.holder_id,
        hours.work_month

),

costs_with_hours as (

    select
        holder_kind,
        holder_id,
        month,
        amount,
        uninstalled_amount,
        quality_amount,
        amount_base,
        unconverted_amount_base,
        hours,
        is_complete
    from costs

    union all

    select
        holder_kind,
        holder_id,
        month,
        amount,
        uninstalled_amount,
        quality_amount,
        amount_base,
        unconverted_amount_base,
        hours,
        is_complete
    from worked

)

select
    holder_kind,
    holder_id,
    month,
    cast(sum(amount) as decimal(38, 6)) as amount,
    cast(sum(uninstalled_amount) as decimal(38, 6)) as uninstalled_amount,
    cast(sum(quality_amount) as decimal(38, 6)) as quality_amount,
    cast(sum(amount_base) as decimal(38, 2)) as amount_base,
    cast(sum(unconverted_amount_base) as decimal(38, 2)) as unconverted_amount_base,
    cast(sum(hours) as decimal(38, 4)) as hours,
    min(is_complete) = 1 as is_complete
from costs_with_hours
group by
    holder_kind,
    holder_id,
    month
