with customer_months as (

    select * from {{ ref('int_registers__customer_months') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

responses as (

    select * from {{ ref('fct_survey_responses') }}

),

complaints as (

    select * from {{ ref('fct_complaints') }}

),

receivables as (

    select * from {{ ref('receivables_ageing') }}

),

pipeline as (

    select * from {{ ref('pipeline_by_customer_month') }}

),

windows as (

    select
        customer_id,
        month,
        measured_on,
        cast({{ dbt.dateadd('month', -11, 'month') }} as date) as first_month
    from customer_months

),

-- answers of the month, and of the twelve months that end with it
answered as (

    select
        windows.customer_id,
        windows.month,
        {%- for suffix, since in [('', 'windows.month'), ('_12_months', 'windows.first_month')] %}
        {%- set nps = "responses.kind = 'nps' and responses.responded_date >= " ~ since %}
        {%- set csat = "responses.kind = 'csat' and responses.responded_date >= " ~ since %}
        count(case when {{ nps }} then 1 end) as nps_responses{{ suffix }},
        count(case when {{ nps }} and responses.score >= 9 then 1 end) as promoters{{ suffix }},
        count(case when {{ nps }} and responses.score <= 6 then 1 end) as detractors{{ suffix }},
        count(case when {{ csat }} then 1 end) as csat_responses{{ suffix }},
        count(case when {{ csat }} and responses.score >= 4 then 1 end) as satisfied{{ suffix }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from windows
    left join responses
        on windows.customer_id = responses.customer_id
        and responses.responded_date between windows.first_month and windows.measured_on
    group by
        windows.customer_id,
        windows.month

),

-- a complaint closed before it was opened was closed on that day
complained as (

    select
        projects.customer_id,
        complaints.complaint_id,
        complaints.opened_date,
        case when complaints.closed_date is not null then greatest(complaints.closed_date, complaints.opened_date) end
            as closed_date
    from complaints
    inner join projects
        on complaints.project_id = projects.project_id

),

aged as (

    select
        customer_months.customer_id,
        customer_months.month,
        complained.complaint_id,
        complained.opened_date >= customer_months.month as is_opened,
        coalesce(complained.closed_date between customer_months.month and customer_months.measured_on, false) as is_closed,
        complained.complaint_id is not null
        and coalesce(complained.closed_date > customer_months.measured_on, true) as is_open,
        {{ working_days_between('complained.opened_date', 'complained.closed_date') }} as closure_days,
        {{ working_days_between('complained.opened_date', 'customer_months.measured_on') }} as age_days
    from customer_months
    left join complained
        on customer_months.customer_id = complained.customer_id
        and customer_months.measured_on >= complained.opened_date

),

counted as (

    select
        customer_id,
        month,
        count(case when is_opened then 1 end) as complaints_opened,
        count(case when is_closed then 1 end) as complaints_closed,
        count(case when is_open then 1 end) as complaints_open,
        {{ quantile('case when is_closed then closure_days end', 0.5) }} as closure_days,
        {{ quantile('case when is_closed then closure_days end', 0.9) }} as closure_p90_days,
        {{ quantile('case when is_open then age_days end', 0.5) }} as open_age_days,
        max(case when is_open then age_days end) as oldest_open_age_days
    from aged
    group by
        customer_id,
        month

),

owed as (

    select
        customer_id,
        month,
        {{ known_sum('open_amount_base') }} as receivable_amount_base,
        {{ known_sum('open_amount_base', 'days_overdue > 0') }} as overdue_amount_base,
        max(case when open_amount > 0 then days_overdue end) as oldest_overdue_days
    from receivables
    group by
        customer_id,
        month

)

select
    customer_months.customer_id,
    customer_months.month,
    {%- for suffix in ['', '_12_months'] %}
    cast(
        {{ divided('(answered.promoters' ~ suffix ~ ' - answered.detractors' ~ suffix ~ ') * 100',
            'answered.nps_responses' ~ suffix, 6) }} as decimal(18, 6)
    ) as nps{{ suffix }},
    cast(answered.nps_responses{{ suffix }} as bigint) as nps_responses{{ suffix }},
    cast(answered.promoters{{ suffix }} as bigint) as promoters{{ suffix }},
    cast(answered.detractors{{ suffix }} as bigint) as detractors{{ suffix }},
    cast({{ divided('answered.satisfied' ~ suffix, 'answered.csat_responses' ~ suffix, 6) }} as decimal(18, 6))
        as csat{{ suffix }},
    cast(answered.csat_responses{{ suffix }} as bigint) as csat_responses{{ suffix }},
    cast(answered.satisfied{{ suffix }} as bigint) as satisfied{{ suffix }},
    cast(answered.nps_responses{{ suffix }} + answered.csat_responses{{ suffix }} as bigint) as responses{{ suffix }},
    {%- endfor %}
    cast(counted.complaints_opened as bigint) as complaints_opened,
    cast(counted.complaints_closed as bigint) as complaints_closed,
    cast(counted.complaints_open as bigint) as complaints_open,
    counted.closure_days,
    counted.closure_p90_days,
    counted.open_age_days,
    cast(counted.oldest_open_age_days as bigint) as oldest_open_age_days,
    {{ money('case when owed.customer_id is null then 0 else owed.receivable_amount_base end') }} as receivable_amount_base,
    {{ money('case when owed.customer_id is null then 0 else owed.overdue_amount_base end') }} as overdue_amount_base,
    cast(
        case
            when owed.receivable_amount_base > 0
                then {{ divided('owed.overdue_amount_base', 'owed.receivable_amount_base', 6) }}
        end as decimal(18, 6)
    ) as overdue_pct,
    cast(case when owed.oldest_overdue_days > 0 then owed.oldest_overdue_days else 0 * owed.oldest_overdue_days end as bigint) as oldest_overdue_days
    {%- for measure in pipeline_measures() %},
    pipeline.{{ measure }}
    {%- endfor %}
from customer_months
inner join answered
    on customer_months.customer_id = answered.customer_id
    and customer_months.month = answered.month
inner join counted
    on customer_months.customer_id = counted.customer_id
    and customer_months.month = counted.month
inner join pipeline
    on customer_months.customer_id = pipeline.customer_id
    and customer_months.month = pipeline.month
left join owed
    on customer_months.customer_id = owed.customer_id
    and customer_months.month = owed.month
