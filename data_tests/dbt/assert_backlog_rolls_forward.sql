-- opening + bookings + changes - revenue (+ fx) = closing in both currencies, and each opening is the closing before.
with backlog as (

    select * from {{ ref('backlog_by_project_month') }}

),

with_closing_before as (

    select
        project_id,
        month,
        {%- for suffix in ['', '_base'] %}
        opening_amount{{ suffix }},
        bookings_amount{{ suffix }},
        changes_amount{{ suffix }},
        revenue_amount{{ suffix }},
        closing_amount{{ suffix }},
        lag(closing_amount{{ suffix }}, 1, 0) over (partition by project_id order by month) as closing_before{{ suffix }},
        {%- endfor %}
        fx_amount_base
    from backlog

)

{%- for suffix, fx in [('', '0'), ('_base', 'fx_amount_base')] %}
select
    project_id,
    month,
    '{{ 'reporting' if suffix else 'contract' }} currency' as currency,
    opening_amount{{ suffix }} + bookings_amount{{ suffix }} + changes_amount{{ suffix }} - revenue_amount{{ suffix }} + {{ fx }}
        as expected_amount,
    closing_amount{{ suffix }} as found_amount
from with_closing_before
where
    closing_amount{{ suffix }}
    <> opening_amount{{ suffix }} + bookings_amount{{ suffix }} + changes_amount{{ suffix }} - revenue_amount{{ suffix }} + {{ fx }}
    or opening_amount{{ suffix }} <> closing_before{{ suffix }}
{{ 'union all' if not loop.last }}
{%- endfor %}
