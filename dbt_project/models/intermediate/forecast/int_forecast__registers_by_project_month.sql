with months as (

    select * from {{ ref('int_forecast__months_measured') }}

),

risks as (

    select * from {{ ref('int_forecast__risks_open') }}

),

change_requests as (

    select * from {{ ref('fct_change_requests') }}

),

rates as (

    select * from {{ ref('int_currency__daily_rates_to_base') }}

),

-- what one is worth unknown, what all are worth unknown
exposed as (

    select
        project_id,
        month,
        {%- for kind in ['threat', 'opportunity'] %}
        case
            when count(case when kind = '{{ kind }}' and emv_amount is null then 1 end) = 0
                then sum(case when kind = '{{ kind }}' then emv_amount else 0 end)
        end as {{ kind }}_emv_amount,
        case
            when count(case when kind = '{{ kind }}' and six_three_point_amount is null then 1 end) = 0
                then sum(case when kind = '{{ kind }}' then six_three_point_amount else 0 end)
        end as six_{{ kind }}_three_point_amount,
        count(case when kind = '{{ kind }}' then 1 end) as open_{{ kind }}_count
        {{- ',' if not loop.last }}
        {%- endfor %}
    from risks
    group by
        project_id,
        month

),

-- asked for and not decided by then
pending as (

    select
        months.project_id,
        months.month,
        change_requests.probability_pct,
        {%- for measure in ['price', 'cost'] %}
        case
            when change_requests.currency_code = months.currency_code
                then cast(change_requests.{{ measure }}_amount as decimal(38, 6))
            else
                cast(
                    {{ divided(
                        'change_requests.' ~ measure ~ '_amount * request_rates.rate_to_base', 'project_rates.rate_to_base',
                        6, scale=12
                    ) }} as decimal(38, 6)
                )
        end as {{ measure }}_amount
        {{- ',' if not loop.last }}
        {%- endfor %}
    from months
    inner join change_requests
        on months.project_id = change_requests.project_id
        and change_requests.requested_date <= months.measured_on
        and (
            (change_requests.status = 'submitted' and change_requests.decided_date is null)
            or (change_requests.status <> 'draft' and change_requests.decided_date > months.measured_on)
        )
    left join rates as request_rates
        on change_requests.currency_code = request_rates.currency_code
        and change_requests.requested_date = request_rates.rate_date
    left join rates as project_rates
        on months.currency_code = project_rates.currency_code
        and change_requests.requested_date = project_rates.rate_date

),

pending_summed as (

    select
        project_id,
        month,
        count(*) as pending_change_count,
        count(*) = count(price_amount) and count(*) = count(cost_amount) as is_known,
        {%- for measure in ['price', 'cost'] %}
        case when count(*) = count({{ measure }}_amount) then sum({{ measure }}_amount) end as {{ measure }}_amount,
        case
            when count(*) = count({{ measure }}_amount * probability_pct) then sum({{ measure }}_amount * probability_pct)
        end as expected_{{ measure }}_amount
        {{- ',' if not loop.last }}
        {%- endfor %}
    from pending
    group by
        project_id,
        month

)

select
    months.project_id,
    months.month,
    {%- for kind, name in [('threat', 'risk'), ('opportunity', 'opportunity')] %}
    case
        when exposed.month is null then 0
        else {{ money('exposed.' ~ kind ~ '_emv_amount') }}
    end as open_{{ name }}_emv_amount,
    case
        when exposed.month is null then 0
        else {{ money(divided('exposed.six_' ~ kind ~ '_three_point_amount', '6', 2, scale=10)) }}
    end as open_{{ name }}_three_point_amount,
    {%- endfor %}
    coalesce(exposed.open_threat_count, 0) as open_risk_count,
    coalesce(exposed.open_opportunity_count, 0) as open_opportunity_count,
    coalesce(pending_summed.pending_change_count, 0) as pending_change_count,
    coalesce(pending_summed.is_known, true) as is_pending_change_known,
    {%- for measure in ['price', 'cost'] %}
    case when pending_summed.month is null then 0 else {{ money('pending_summed.' ~ measure ~ '_amount') }} end
        as pending_change_{{ measure }}_amount,
    case when pending_summed.month is null then 0 else {{ money('pending_summed.expected_' ~ measure ~ '_amount') }} end
        as pending_change_expected_{{ measure }}_amount
    {{- ',' if not loop.last }}
    {%- endfor %}
from months
left join exposed
    on months.project_id = exposed.project_id
    and months.month = exposed.month
left join pending_summed
    on months.project_id = pending_summed.project_id
    and months.month = pending_summed.month
