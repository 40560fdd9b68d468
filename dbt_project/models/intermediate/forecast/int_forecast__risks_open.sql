with risks as (

    select * from {{ ref('fct_risks') }}

),

months as (

    select * from {{ ref('int_forecast__months_measured') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

rates as (

    select * from {{ ref('int_currency__daily_rates_to_base') }}

),

-- in the project's currency, at the rates of the day it was raised; a point that is missing is the likely one
valued as (

    select
        risks.project_id,
        -- two registers of one project may call two risks alike
        risks.delivered_project_id || ' ' || risks.risk_id as risk_key,
        risks.risk_id,
        risks.kind,
        risks.status,
        risks.raised_date,
        risks.closed_date,
        risks.probability_pct,
        risks.currency_code,
        risks.cost_likely_amount,
        coalesce(risks.cost_low_amount > risks.cost_likely_amount, false)
        or coalesce(risks.cost_high_amount < risks.cost_likely_amount, false) as is_out_of_order,
        {%- for point, expression in [
            ('low', 'least(coalesce(risks.cost_low_amount, risks.cost_likely_amount), risks.cost_likely_amount)'),
            ('likely', 'risks.cost_likely_amount'),
            ('high', 'greatest(coalesce(risks.cost_high_amount, risks.cost_likely_amount), risks.cost_likely_amount)')
        ] %}
        case
            when risks.currency_code = projects.currency_code then cast({{ expression }} as decimal(38, 6))
            else
                cast(
                    {{ divided(expression ~ ' * risk_rates.rate_to_base', 'project_rates.rate_to_base', 6, scale=12) }}
                    as decimal(38, 6)
                )
        end as {{ point }}_amount
        {{- ',' if not loop.last }}
        {%- endfor %}
    from risks
    inner join projects
        on risks.project_id = projects.project_id
    left join rates as risk_rates
        on risks.currency_code = risk_rates.currency_code
        and risks.raised_date = risk_rates.rate_date
    left join rates as project_rates
        on projects.currency_code = project_rates.currency_code
        and risks.raised_date = project_rates.rate_date

)

select
    months.project_id,
    months.month,
    valued.risk_key,
    valued.risk_id,
    valued.kind,
    valued.probability_pct,
    valued.low_amount,
    valued.likely_amount,
    valued.high_amount,
    cast(valued.probability_pct * valued.likely_amount as decimal(38, 10)) as emv_amount,
    cast(
        valued.probability_pct * (valued.low_amount + 4 * valued.likely_amount + valued.high_amount) as decimal(38, 10)
    ) as six_three_point_amount,
    valued.is_out_of_order,
    valued.currency_code,
    valued.cost_likely_amount
from months
inner join valued
    on months.project_id = valued.project_id
    and valued.raised_date <= months.measured_on
    -- one that is no longer open was so until its day of closing; without a day nobody knows until when
    and (
        valued.status = 'open'
        or valued.closed_date > months.measured_on
    )
