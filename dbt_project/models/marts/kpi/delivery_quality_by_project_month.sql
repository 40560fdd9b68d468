with project_months as (

    select * from {{ ref('int_registers__project_months') }}

),

acceptance_tests as (

    select * from {{ ref('fct_acceptance_tests') }}

),

order_lines as (

    select * from {{ ref('fct_purchase_order_lines') }}

),

-- attempts to date; the last one of a test in the month, and to date
attempted as (

    select
        project_months.project_id,
        project_months.month,
        acceptance_tests.attempt,
        acceptance_tests.is_passed,
        acceptance_tests.defects,
        acceptance_tests.tested_date >= project_months.month as is_of_month,
        row_number() over (
            partition by
                project_months.project_id, project_months.month,
                acceptance_tests.delivered_project_id, acceptance_tests.test_id
            order by acceptance_tests.attempt desc
        ) = 1 as is_last
    from project_months
    inner join acceptance_tests
        on project_months.project_id = acceptance_tests.project_id
        and project_months.measured_on >= acceptance_tests.tested_date

),

tested as (

    select
        project_id,
        month,
        count(case when is_of_month then 1 end) as tests,
        count(case when is_of_month and attempt = 1 then 1 end) as first_submissions,
        count(case when is_of_month and attempt = 1 and is_passed then 1 end) as first_time_right,
        -- a test of the month has its last attempt to date in the month
        count(case when is_of_month and is_last then 1 end) as tests_judged,
        count(case when is_of_month and is_last and is_passed then 1 end) as tests_accepted,
        sum(case when is_of_month then defects end) as defects,
        count(case when is_of_month and defects is not null then 1 end) as tests_with_defects_told,
        count(*) as tests_to_date,
        count(case when attempt = 1 then 1 end) as first_submissions_to_date,
        count(case when attempt = 1 and is_passed then 1 end) as first_time_right_to_date,
        count(case when is_last then 1 end) as tests_judged_to_date,
        count(case when is_last and is_passed then 1 end) as tests_accepted_to_date,
        sum(defects) as defects_to_date
    from attempted
    group by
        project_id,
        month

),

-- due by what was promised first; what has not come by then is late
supplied as (

    select
        project_months.project_id,
        project_months.month,
        count(case when coalesce(order_lines.promised_date, order_lines.expected_date) >= project_months.month then 1 end)
            as supplies_due,
        count(
            case
                when
                    coalesce(order_lines.promised_date, order_lines.expected_date) >= project_months.month
                    and order_lines.delivered_date <= coalesce(order_lines.promised_date, order_lines.expected_date)
                    then 1
            end
        ) as supplies_on_time,
        count(*) as supplies_due_to_date,
        count(
            case
                when order_lines.delivered_date <= coalesce(order_lines.promised_date, order_lines.expected_date) then 1
            end
        ) as supplies_on_time_to_date
    from project_months
    inner join order_lines
        on project_months.project_id = order_lines.project_id
        and project_months.measured_on >= coalesce(order_lines.promised_date, order_lines.expected_date)
    group by
        project_months.project_id,
        project_months.month

)

select
    project_months.project_id,
    project_months.month,
    {%- for suffix in ['', '_to_date'] %}
    cast(coalesce(tested.tests{{ suffix }}, 0) as bigint) as tests{{ suffix }},
    cast(coalesce(tested.first_submissions{{ suffix }}, 0) as bigint) as first_submissions{{ suffix }},
    cast(coalesce(tested.first_time_right{{ suffix }}, 0) as bigint) as first_time_right{{ suffix }},
    cast({{ divided('tested.first_time_right' ~ suffix, 'tested.first_submissions' ~ suffix, 6) }} as decimal(18, 6))
        as first_time_right_pct{{ suffix }},
    cast(coalesce(tested.tests_judged{{ suffix }}, 0) as bigint) as tests_judged{{ suffix }},
    cast(coalesce(tested.tests_accepted{{ suffix }}, 0) as bigint) as tests_accepted{{ suffix }},
    cast({{ divided('tested.tests_accepted' ~ suffix, 'tested.tests_judged' ~ suffix, 6) }} as decimal(18, 6))
        as acceptance_pct{{ suffix }},
    cast(
        case when tested.project_id is null or tested.tests{{ suffix }} = 0 then 0 else tested.defects{{ suffix }} end as bigint
    ) as defects{{ suffix }},
    cast(coalesce(supplied.supplies_due{{ suffix }}, 0) as bigint) as supplies_due{{ suffix }},
    cast(coalesce(supplied.supplies_on_time{{ suffix }}, 0) as bigint) as supplies_on_time{{ suffix }},
    cast({{ divided('supplied.supplies_on_time' ~ suffix, 'supplied.supplies_due' ~ suffix, 6) }} as decimal(18, 6))
        as supply_on_time_pct{{ suffix }},
    {%- endfor %}
    cast(coalesce(tested.tests_with_defects_told, 0) as bigint) as tests_with_defects_told,
    cast({{ divided('tested.defects', 'tested.tests_with_defects_told', 6) }} as decimal(18, 6)) as defects_per_test
from project_months
left join tested
    on project_months.project_id = tested.project_id
    and project_months.month = tested.month
left join supplied
    on project_months.project_id = supplied.project_id
    and project_months.month = supplied.month
