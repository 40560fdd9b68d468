{#- Revenue recognised to date by measured progress, rounded once to the cent (IFRS 15.39-45, B14-B19; Example 19 for
    material that is not installed, Example 5B for what a prospective change had settled).

    price           the transaction price in force
    settled         recognised when the last prospective change took effect, material apart; 0 where there was none
    done, total     work done and work expected in all (cost, hours or time), material apart
    done_before     work done when that change took effect; 0 where there was none
    material_done, material_total   cost of material that is not installed, to date and expected: revenue = cost
    cost            cost to date: what is recovered where the work expected in all is unknown (IFRS 15.45)

    The product is divided last: no rounded percentage is used on the way. -#}
{% macro recognised(price, settled, done, done_before, total, material_done, material_total, cost) -%}
    cast(
        case
            when {{ price }} is null then null
            when coalesce({{ total }}, 0) <= 0
                then
                    case
                        when {{ cost }} is null then null
                        when {{ price }} <= 0 then 0
                        else greatest(least({{ cost }}, {{ price }}), 0)
                    end
            when {{ done }} >= {{ total }} then {{ price }} - {{ material_total }} + {{ material_done }}
            when {{ total }} <= {{ done_before }} then {{ settled }} + {{ material_done }}
            else
                {{ divided(
                    '((' ~ material_done ~ ' + ' ~ settled ~ ') * (' ~ total ~ ' - ' ~ done_before ~ ')'
                    ~ ' + greatest(' ~ done ~ ' - ' ~ done_before ~ ', 0)'
                    ~ ' * (' ~ price ~ ' - ' ~ material_total ~ ' - ' ~ settled ~ '))',
                    total ~ ' - ' ~ done_before, 2, scale=6
                ) }}
        end as decimal(38, 2)
    )
{%- endmacro %}
