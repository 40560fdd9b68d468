with moments as (

    select * from {{ ref('int_eac__moments_named') }}

),

costs as (

    select * from {{ ref('int_eac__costs_by_holder_month') }}

),

costs_before_changes as (

    select * from {{ ref('int_eac__costs_before_changes') }}

),

plans as (

    select * from {{ ref('int_eac__plans_by_holder_month') }}

),

commitments as (

    select * from {{ ref('int_eac__commitments_by_holder') }}

),

-- ordered by then and not invoiced yet
committed as (

    select
        moments.holder_kind,
        moments.holder_id,
        moments.moment_kind,
        moments.moment_on,
        {{ money('sum(commitments.open_amount)') }} as open_amount,
        {{ money('sum(commitments.open_amount_base)') }} as open_amount_base,
        sum(commitments.rows_without_amount) as orders_without_rate
    from moments
    inner join commitments
        on moments.holder_kind = commitments.holder_kind
        and moments.holder_id = commitments.holder_id
        and moments.moment_on between commitments.open_from and commitments.open_to
    group by
        moments.holder_kind,
        moments.holder_id,
        moments.moment_kind,
        moments.moment_on

),

-- cost of the months before, and of the month itself
spent as (

    select
        moments.holder_kind,
        moments.holder_id,
        moments.moment_kind,
        moments.moment_on,
        {%- for measure in ['amount', 'uninstalled_amount', 'quality_amount', 'amount_base', 'unconverted_amount_base', 'hours'] %}
        sum(case when costs.month < moments.month then costs.{{ measure }} else 0 end) as {{ measure }}_before,
        sum(case when costs.month = moments.month then costs.{{ measure }} else 0 end) as {{ measure }}_within,
        {%- endfor %}
        min(case when costs.is_complete then 1 else 0 end) = 1 as is_complete
    from moments
    inner join costs
        on moments.holder_kind = costs.holder_kind
        and moments.holder_id = costs.holder_id
        and costs.month <= moments.month
    group by
        moments.holder_kind,
        moments.holder_id,
        moments.moment_kind,
        moments.moment_on

),

planned as (

    select
        moments.holder_kind,
        moments.holder_id,
        moments.moment_kind,
        moments.moment_on,
        {%- for measure in ['amount', 'uninstalled_amount', 'amount_base', 'hours'] %}
        sum(plans.{{ measure }}) as {{ measure }}_planned,
        sum(case when plans.month = moments.month then plans.{{ measure }} else 0 end) as {{ measure }}_planned_within,
        sum(case when plans.month > moments.month then plans.{{ measure }} else 0 end) as {{ measure }}_planned_after,
        {%- endfor %}
        sum(plans.rows_without_amount) as rows_without_amount,
        sum(plans.rows_without_base) as rows_without_base
    from moments
    inner join plans
        on moments.holder_kind = plans.holder_kind
        and moments.holder_id = plans.holder_id
        and moments.plan_version_id = plans.plan_version_id
    group by
        moments.holder_kind,
        moments.holder_id,
        moments.moment_kind,
        moments.moment_on

),

-- to date: all of the month, or its part before a change
counted as (

    select
        moments.holder_kind,
        moments.holder_id,
        moments.project_id,
        moments.moment_kind,
        moments.moment_on,
        moments.month,
        moments.is_partial,
        moments.plan_version_id,
        moments.plan_kind,
        {%- for measure in ['amount', 'uninstalled_amount', 'amount_base', 'hours'] %}
        coalesce(spent.{{ measure }}_before, 0) as {{ measure }}_before,
        case
            when moments.is_cut then coalesce(costs_before_changes.{{ measure }}, 0)
            else coalesce(spent.{{ measure }}_within, 0)
        end as {{ measure }}_within,
        coalesce(planned.{{ measure }}_planned, 0) as {{ measure }}_planned,
        coalesce(planned.{{ measure }}_planned_within, 0) as {{ measure }}_planned_within,
        coalesce(planned.{{ measure }}_planned_after, 0) as {{ measure }}_planned_after,
        {%- endfor %}
        coalesce(spent.quality_amount_before, 0)
        + case
            when moments.is_cut then coalesce(costs_before_changes.quality_amount, 0)
            else coalesce(spent.quality_amount_within, 0)
        end as quality_amount,
        coalesce(spent.unconverted_amount_base_before + spent.unconverted_amount_base_within, 0) as unconverted_amount_base,
        coalesce(committed.open_amount, 0) as open_commitment_amount,
        committed.open_amount_base as open_commitment_amount_base,
        coalesce(committed.orders_without_rate, 0) as orders_without_rate,
        coalesce(spent.is_complete, true) as is_complete,
        moments.plan_version_id is not null and coalesce(planned.rows_without_amount, 0) = 0 as is_plan_known,
        coalesce(planned.rows_without_base, 0) = 0 as is_plan_known_in_base
    from moments
    left join spent
        on moments.holder_kind = spent.holder_kind
        and moments.holder_id = spent.holder_id
        and moments.moment_kind = spent.moment_kind
        and moments.moment_on = spent.moment_on
    left join costs_before_changes
        on moments.holder_kind = costs_before_changes.holder_kind
        and moments.holder_id = costs_before_changes.holder_id
        and moments.moment_on = costs_before_changes.moment_on
        and moments.is_cut
    left join planned
        on moments.holder_kind = planned.holder_kind
        and moments.holder_id = planned.holder_id
        and moments.moment_kind = planned.moment_kind
        and moments.moment_on = planned.moment_on
    left join committed
        on moments.holder_kind = committed.holder_kind
        and moments.holder_id = committed.holder_id
        and moments.moment_kind = committed.moment_kind
        and moments.moment_on = committed.moment_on

),

-- a forecast is what is left after the moment: whole months, and of a month under way what it has not yet spent
estimated as (

    select
        holder_kind,
        holder_id,
        project_id,
        moment_kind,
        moment_on,
        month,
        plan_version_id,
        plan_kind,
        is_complete,
        is_plan_known,
        is_plan_known_in_base,
        unconverted_amount_base,
        open_commitment_amount,
        open_commitment_amount_base,
        orders_without_rate,
        amount_within as cost_amount,
        {{ money('amount_before + amount_within') }} as cost_to_date_amount,
        {{ money('uninstalled_amount_before + uninstalled_amount_within') }} as uninstalled_cost_to_date_amount,
        {{ money('quality_amount') }} as quality_cost_to_date_amount,
        amount_base_within as cost_amount_base,
        {{ money('amount_base_before + amount_base_within') }} as cost_to_date_amount_base,
        cast(hours_before + hours_within as decimal(24, 4)) as hours_to_date,
        {%- for measure in ['amount', 'uninstalled_amount', 'amount_base', 'hours'] %}
        {{ measure }}_planned,
        {{ measure }}_planned_after
        + case when is_partial then greatest({{ measure }}_planned_within - {{ measure }}_within, 0) else 0 end
            as {{ measure }}_ahead,
        {%- endfor %}
        case
            when plan_kind = 'forecast'
                then amount_planned - amount_planned_after - case when is_partial then amount_planned_within else 0 end
        end as stale_plan_amount
    from counted

),

-- never below what has been spent, and what is ordered will be: open orders are part of what is left, not added to it
totalled as (

    select
        holder_kind,
        holder_id,
        project_id,
        moment_kind,
        moment_on,
        month,
        plan_version_id,
        plan_kind,
        is_complete,
        is_plan_known,
        is_plan_known_in_base,
        unconverted_amount_base,
        cost_amount,
        cost_amount_base,
        cost_to_date_amount,
        uninstalled_cost_to_date_amount,
        quality_cost_to_date_amount,
        cost_to_date_amount_base,
        hours_to_date,
        stale_plan_amount,
        open_commitment_amount,
        open_commitment_amount_base,
        orders_without_rate,
        amount_planned,
        amount_base_planned,
        {{ money('case when is_plan_known then greatest(cost_to_date_amount + open_commitment_amount, ' ~
            "case when plan_kind = 'forecast' then cost_to_date_amount + amount_ahead else amount_planned end) end") }}
            as total_amount,
        {{ money('case when is_plan_known then greatest(uninstalled_cost_to_date_amount, ' ~
            "case when plan_kind = 'forecast' then uninstalled_cost_to_date_amount + uninstalled_amount_ahead" ~
            ' else uninstalled_amount_planned end) end') }} as uninstalled_eac_amount,
        cast(
            case
                when plan_version_id is not null
                    then
                        greatest(
                            hours_to_date,
                            case when plan_kind = 'forecast' then hours_to_date + hours_ahead else hours_planned end
                        )
            end as decimal(24, 4)
        ) as eac_hours,
        case
            when not is_plan_known then false
            when plan_kind = 'forecast' then amount_ahead < 0
            else cost_to_date_amount > amount_planned
        end as is_above_plan,
        -- what the plan itself says, open orders apart
        case
            when is_plan_known
                then
                    greatest(
                        cost_to_date_amount,
                        case when plan_kind = 'forecast' then cost_to_date_amount + amount_ahead else amount_planned end
                    )
        end as planned_total_amount,
        -- a whole plan of no cost estimates nothing; a forecast of nothing left says that the work is done
        coalesce(is_plan_known and plan_kind <> 'forecast' and amount_planned <= 0, false) as is_plan_empty
    from estimated

),

-- material that costs more than planned does not make the other work cheaper than what it has cost
parted as (

    select
        holder_kind,
        holder_id,
        project_id,
        moment_kind,
        moment_on,
        month,
        plan_version_id,
        plan_kind,
        is_complete,
        is_plan_known,
        is_plan_known_in_base,
        unconverted_amount_base,
        cost_amount,
        cost_amount_base,
        cost_to_date_amount,
        uninstalled_cost_to_date_amount,
        quality_cost_to_date_amount,
        cost_to_date_amount_base,
        hours_to_date,
        eac_hours,
        stale_plan_amount,
        is_above_plan,
        is_plan_empty,
        amount_planned,
        amount_base_planned,
        open_commitment_amount,
        open_commitment_amount_base,
        orders_without_rate,
        planned_total_amount,
        uninstalled_eac_amount,
        greatest(total_amount - uninstalled_eac_amount, cost_to_date_amount - uninstalled_cost_to_date_amount)
        + uninstalled_eac_amount as eac_amount
    from totalled

)

select
    holder_kind,
    holder_id,
    project_id,
    moment_kind,
    moment_on,
    month,
    plan_version_id,
    plan_kind,
    is_complete,
    unconverted_amount_base,
    {{ money('cost_amount') }} as cost_amount,
    {{ money('cost_amount_base') }} as cost_amount_base,
    cost_to_date_amount,
    uninstalled_cost_to_date_amount,
    quality_cost_to_date_amount,
    cost_to_date_amount_base,
    {{ money('eac_amount') }} as eac_amount,
    uninstalled_eac_amount,
    -- what is left is worth in the reporting currency what the plan says that it is
    case
        when eac_amount is null or not is_plan_known_in_base then cast(null as decimal(18, 2))
        when eac_amount = cost_to_date_amount then cost_to_date_amount_base
        -- a plan of nothing has no rate
        when amount_planned = 0 then cost_to_date_amount_base + open_commitment_amount_base
        else
            cost_to_date_amount_base
            + {{ money(divided('(eac_amount - cost_to_date_amount) * amount_base_planned', 'amount_planned', 2, scale=8)) }}
    end as eac_amount_base,
    hours_to_date,
    eac_hours,
    is_above_plan,
    is_plan_empty,
    stale_plan_amount,
    open_commitment_amount,
    -- by which open orders exceed what the plan says is left
    case
        when planned_total_amount is not null
            then {{ money('greatest(cost_to_date_amount + open_commitment_amount - planned_total_amount, 0)') }}
    end as uncovered_commitment_amount,
    orders_without_rate,
    case
        when plan_version_id is null then 'missing_plan'
        when not is_plan_known then 'missing_exchange_rate'
    end as no_eac_reason
from parted
